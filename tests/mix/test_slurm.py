"""The batch script is one that a shell accepts."""

import subprocess

import pytest

from macaronic.core.errors import UsageError
from macaronic.mix.slurm import array_job


def test_the_script_is_sound() -> None:
    script = array_job("macaronic mix sweep 'my text.txt' --out runs", proxies=64, tasks=100, at_once=8)
    assert "--array=1-64%8" in script
    assert "'my text.txt'" in script
    assert '--part "$SLURM_ARRAY_TASK_ID/64"' in script
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


def test_nothing_to_run_is_refused() -> None:
    with pytest.raises(UsageError, match="at least one proxy"):
        array_job("x", proxies=0)
