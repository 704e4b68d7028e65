"""Two processes with a batch each are one process with the doubled batch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from macaronic.train import recipe as recipes
from macaronic.train.run import train


def test_two_processes_are_one_with_the_doubled_batch(sums, tmp_path: Path, monkeypatch) -> None:
    distributed = pytest.importorskip("torch.distributed", reason="torch has no distributed part here")
    if not distributed.is_available() or not distributed.is_gloo_available():
        pytest.skip("gloo is not available")
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in sums))
    words = ["train", "run", "prompt-completion", "--data", "rows.jsonl", "--model", "0.3m", "--tokenizer", "256"]
    words += ["--steps", "6", "--length", "24", "--evaluate-every", "3", "--save-every", "3", "-q"]
    env = os.environ | {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    two = [*launch, "-m", "macaronic", *words, "--batch", "4", "--out", "two"]
    done = subprocess.run(two, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("report two") == 1
    monkeypatch.chdir(tmp_path)
    told = json.loads((tmp_path / "two" / "trained.json").read_text())
    one = train(replace(recipes.load("two/recipe.toml"), batch=8), out="one")
    assert one.validation_loss == pytest.approx(told["validation_loss"], abs=1e-4)
    assert len(one.curve) == len(told["curve"]) == 8
    for a, b in zip(one.curve, told["curve"], strict=True):
        assert a == pytest.approx(tuple(b), abs=1e-4)
