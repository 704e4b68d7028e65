import doctest
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "extract-translate.md"


def test_the_examples_are_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example = doctest.DocTestParser().get_doctest(PAGE.read_text("utf-8"), {}, PAGE.name, str(PAGE), 0)
    assert len(example.examples) > 15
    assert doctest.DocTestRunner().run(example).failed == 0
