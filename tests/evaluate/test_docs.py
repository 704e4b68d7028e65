"""The pages about evaluating show what the code gives."""

import doctest
import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_examples_are_true() -> None:
    failed, tried = doctest.testfile(str(ROOT / "docs" / "eval.md"), module_relative=False)
    assert tried > 8
    assert not failed


def test_the_pages_of_benchmarks_are_fresh(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("write_eval_docs", ROOT / "tools" / "write_eval_docs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(sys, "argv", ["write_eval_docs.py", "--check"])
    assert module.main() == 0, f"run `make docs`: {capsys.readouterr().out}"
