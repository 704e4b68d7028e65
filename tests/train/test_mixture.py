"""Training on a mixture: exact shares, said, and the same rows for any number of processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from macaronic.core.errors import UnknownName
from macaronic.train.recipe import Recipe
from macaronic.train.run import train


@pytest.fixture
def named(tmp_path: Path) -> tuple[str, ...]:
    for name, text in (("fi", "hyvää päivää "), ("en", "good day ")):
        (tmp_path / f"{name}.txt").write_text(f"{text * 6}\n" * 30)
    return tuple(f"{name}={tmp_path}/{name}.txt" for name in ("fi", "en"))


def test_shares_are_exact(named, tmp_path: Path) -> None:
    recipe = Recipe(tokenizer=256, steps=8, batch=4, length=16, data=named, shares={"fi": 3, "en": 1}, warmup=0.0)
    result = train(recipe, out=tmp_path / "run")
    assert [(s, came, units) for _, s, _, came, units in result.shares] == [("fi", 0.75, 384.0), ("en", 0.25, 128.0)]
    assert "fi" in (tmp_path / "run" / "report.html").read_text()


def test_phases_of_a_file_come_one_after_the_other(named, tmp_path: Path) -> None:
    (tmp_path / "phases.toml").write_text(
        '[[phase]]\nname = "stable"\nweights = {fi = 1, en = 1}\nbudget = 128\n'
        '[[phase]]\nname = "anneal"\nweights = {fi = 1}\nbudget = 64\n'
    )
    recipe = Recipe(tokenizer=256, batch=2, length=16, data=named, phases=str(tmp_path / "phases.toml"))
    result = train(recipe, out=tmp_path / "run")
    assert result.steps == 6
    assert [(p, s, came) for p, s, _, came, _ in result.shares] == [
        ("stable", "fi", 0.5), ("stable", "en", 0.5), ("anneal", "fi", 1.0), ("anneal", "en", 0.0),
    ]  # fmt: skip


def test_a_weight_of_no_source_is_named(named, tmp_path: Path) -> None:
    recipe = Recipe(tokenizer=256, steps=2, batch=2, length=16, data=named, shares={"fj": 1})
    with pytest.raises(UnknownName, match="'fi'"):
        train(recipe, out=tmp_path / "run")
