"""The page on streams says what happens."""

import doctest
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "stream.md"


def test_python_blocks_are_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text("utf-8").replace("```\n", "\n")
    example = doctest.DocTestParser().get_doctest(text, {}, "stream.md", str(PAGE), 0)
    assert len(example.examples) > 10
    assert doctest.DocTestRunner().run(example).failed == 0
