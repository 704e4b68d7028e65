"""The README's commands run, and what it shows is what they print."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"^```(?:console|shell)\n(.*?)^```", re.M | re.S)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.M | re.S)


def shown() -> list[tuple[str, str]]:
    """(command, output) of every `$ ...` line in the README's console blocks that shows its output."""
    found = []
    for block in BLOCK.findall(README.read_text("utf-8")):
        for piece in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = piece.partition("\n")
            found.append((command.strip(), output.rstrip()))
    return found


@pytest.mark.parametrize(("command", "output"), shown(), ids=lambda x: x[:40] if isinstance(x, str) else "")
def test_console_blocks_are_true(command: str, output: str, tmp_path: Path) -> None:
    words = shlex.split(command)
    if words[0] in ("pip", "make", "git", "cat"):
        pytest.skip(f"{words[0]} is not run inside the tests")
    if "|" in words or ">" in words:
        pytest.skip("a pipeline: its parts are tested elsewhere")
    assert words[0] == "macaronic"
    env = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "macaronic", *words[1:]],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=env,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    if output:
        assert done.stdout.rstrip() == output


def test_python_blocks_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = PYTHON.findall(README.read_text("utf-8"))
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_the_first_screen_shows_code_and_output() -> None:
    head = "\n".join(README.read_text("utf-8").splitlines()[:30])
    assert "$ macaronic" in head
    assert "```" in head
