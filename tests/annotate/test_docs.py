"""docs/annotate.md is true: its commands print what it shows, in order, in one folder."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "annotate.md"
VERSION = re.compile(r"v:\S+")
TEXT = PAGE.read_text("utf-8")


def shown() -> list[tuple[str, str]]:
    """(command, output) of every `$ ...` line of the console blocks."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", TEXT, re.M | re.S):
        for piece in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = piece.partition("\n")
            found.append((command, output))
    return found


def test_commands_and_examples_are_true(cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tweets = re.search(r"`tweets.txt`:\n\n```text\n(.*?)```", TEXT, re.S)
    assert tweets
    (tmp_path / "tweets.txt").write_text(tweets.group(1), "utf-8")
    ran = 0
    for command, output in shown():
        words = shlex.split(command)
        if words[0] in ("sed", "cp"):
            assert shutil.which(words[0])
            subprocess.run(words, cwd=tmp_path, check=True)
            continue
        assert words[:2] == ["macaronic", "annotate"]
        done = cli(*words[1:])
        assert done.code == 0, done.err
        if "--json" not in words:
            assert VERSION.sub("v:", done.out) == VERSION.sub("v:", output), command
        ran += 1
    assert ran > 10
    example = doctest.DocTestParser().get_doctest(TEXT, {}, PAGE.name, str(PAGE), 0)
    assert len(example.examples) > 5
    assert doctest.DocTestRunner().run(example).failed == 0


def test_its_pictures_are_there() -> None:
    named = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", TEXT)
    assert len(named) >= 6
    assert all((PAGE.parent / name).read_bytes()[:4] == b"\x89PNG" for name in named)
