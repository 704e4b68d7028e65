"""The README's commands run, and what it shows is what they print."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from macaronic import bundled

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"^```(?:console|shell)\n(.*?)^```", re.M | re.S)


def shown() -> list[tuple[str, str]]:
    """(command, output) of every `$ ...` line in the README's console blocks that shows its output."""
    found = []
    for block in BLOCK.findall(README.read_text("utf-8")):
        for piece in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = piece.partition("\n")
            found.append((command.strip(), output.rstrip()))
    return found


def files(folder: Path) -> None:
    """The files that the README's commands name."""
    rows = bundled.parallel()
    for name, tag in (("kinyarwanda", "sw"), ("french", "fr")):
        (folder / f"{name}.txt").write_text("\n".join(row[tag] for row in rows), "utf-8")
    (folder / "chat.txt").write_text("so chill yaar\n", "utf-8")
    with open(folder / "tagged.conllu", "w", encoding="utf-8") as file:
        for number, (_, words, labels, _) in enumerate(bundled.mixed("tr/de")):
            file.write(f"# author = a{number % 6}\n")
            for i, (word, label) in enumerate(zip(words, labels), 1):
                file.write(f"{i}\t{word}" + "\t_" * 7 + f"\tLang={label}\n")
            file.write("\n")


def test_console_blocks_are_true(tmp_path: Path) -> None:
    files(tmp_path)
    env = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
    ran = 0
    for command, output in shown():
        words = shlex.split(command)
        if words[0] in ("pip", "make"):
            continue
        module = ["-m", "macaronic", *words[1:]] if words[0] == "macaronic" else words[1:]
        assert words[0] in ("macaronic", "python")
        where = tmp_path if words[0] == "macaronic" else README.parent
        done = subprocess.run(
            [sys.executable, *module], capture_output=True, text=True, cwd=where, env=env, timeout=240
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        shown_there, here = output, done.stdout.rstrip()
        if words[1:2] == ["demo"]:  # how many sentences there are depends on the version of Django
            shown_there, here = (re.sub(r"\d[\d,]*", "#", text) for text in (shown_there, here))
        assert not output or here == shown_there, command
        ran += 1
    assert ran >= 5


def test_python_blocks_are_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example = doctest.DocTestParser().get_doctest(README.read_text("utf-8"), {}, "README.md", str(README), 0)
    assert example.examples
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example).failed == 0


def test_the_first_screen_shows_code_and_output() -> None:
    head = "\n".join(README.read_text("utf-8").splitlines()[:30])
    assert "$ macaronic" in head
    assert "```" in head
