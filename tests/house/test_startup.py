"""Starting up is light: what must not be loaded to print help."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "transformers", "sklearn", "pyarrow.dataset", "matplotlib", "pyarrow", "numpy", "scipy", "langcodes")
ALLOWED_LATER = {"pyarrow", "numpy", "scipy", "langcodes"}


def loaded(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint('loaded:', '|'.join(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.rsplit("loaded:", 1)[1].strip().split("|")) - {""}


def test_importing_loads_nothing_heavy() -> None:
    assert loaded("import macaronic") == set()


@pytest.mark.parametrize("words", [["--help"], ["identify", "--help"], ["build", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    run = "from macaronic.cli.main import run\ntry: run()\nexcept SystemExit: pass\nprint()"
    code = f"sys.argv = ['macaronic', *{words!r}]\n{run}"
    assert loaded(code) - ALLOWED_LATER == set()
