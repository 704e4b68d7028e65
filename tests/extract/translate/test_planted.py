"""Every kind of fault, planted by a scripted model in five directions: caught or mended rightly, nothing clean lost."""

from types import ModuleType

import pytest

DIRECTIONS = [("en", "ja"), ("ja", "en"), ("en", "es"), ("en", "hi"), ("zh", "en")]


@pytest.mark.parametrize(("source", "to"), DIRECTIONS)
def test_every_planted_fault_is_caught_or_mended(bench: ModuleType, source: str, to: str) -> None:
    trials = [bench.trial(source, to, plant) for plant in bench.PLANTS]
    assert [line for one in trials for line in one.get("wrong", [])] == []
    planted = {one["fault"] for one in trials if one.get("planted")}
    only_elsewhere = {plant.name for plant in bench.PLANTS} - planted
    assert only_elsewhere <= {
        "script left over",
        "other case",
        "other width",
        "source label",
        "still in the source language",
    }
    assert sum(one.get("clean right", 0) for one in trials) > 400


def test_a_model_whose_faults_go_unseen_fails_the_trial(bench: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial itself can fail: without the rules on the text the planted scripts come through."""
    monkeypatch.setattr("macaronic.extract.translate.draft.check_text", lambda *_: None)
    assert bench.trial("en", "ja", bench.Plant("script left over", "script left over")).get("wrong")


@pytest.mark.parametrize(("source", "to"), DIRECTIONS)
def test_alignment_mends_without_guessing(bench: ModuleType, source: str, to: str) -> None:
    found = bench.alignment_trial(source, to)
    assert found["mended"] >= 2
    assert found["mended wrongly"] <= 1
