"""Statuses follow from stored results alone."""

import json
from pathlib import Path

import pytest

from macaronic import __version__
from macaronic.core.errors import FormatError
from macaronic.papers import status
from macaronic.papers.paper import Check, Claim, Paper, unanswered

NUMBER = Claim("figure", "a published figure", "number", reported=0.95, where="table 1", tolerance=0.01)
ORDER = Claim("order", "a difference above nothing", "direction", at_least=0.0)
PROPERTY = Claim("property", "a share", "mechanism", at_least=1.0)
ELSEWHERE = Claim("elsewhere", "on a large machine", "needs", needs="a GPU: run this")
PAPER = Paper("S001", "toy", "A toy", "method", "https://example.org", (), (NUMBER, ORDER, PROPERTY, ELSEWHERE))


def entry(
    claim: str, value: float | None, scale: str = "small", version: str = __version__, seed: int = 1
) -> status.Entry:
    check = Check(claim, value)
    return {**status.as_entries(PAPER, [check], scale=scale, seed=seed)[0], "version": version}


@pytest.mark.parametrize(
    ("claim", "value", "expected"),
    [
        (NUMBER, 0.945, "reproduced"),
        (NUMBER, 0.93, "contradicted"),
        (ORDER, 0.0, "direction"),
        (ORDER, -0.01, "contradicted"),
        (PROPERTY, 1.0, "mechanism"),
        (PROPERTY, 0.999, "contradicted"),
        (ELSEWHERE, 0.5, "needs"),
    ],
)
def test_one_entry_decides(claim: Claim, value: float, expected: str) -> None:
    assert status.claim_status(claim, [entry(claim.id, value)]) == expected


def test_nothing_measured() -> None:
    assert status.claim_status(ORDER, []) == "not run"
    assert status.claim_status(ORDER, [entry("order", None)]) == "not run"
    assert status.claim_status(ELSEWHERE, []) == "needs"


def test_the_newest_entry_decides() -> None:
    assert status.claim_status(ORDER, [entry("order", 1.0), entry("order", -1.0, seed=2)]) == "contradicted"
    assert status.claim_status(ORDER, [entry("order", -1.0), entry("order", 1.0, seed=2)]) == "direction"


def test_a_larger_scale_decides_over_a_newer_smaller_one() -> None:
    assert status.claim_status(ORDER, [entry("order", -1.0, "small"), entry("order", 1.0, "smoke")]) == "contradicted"


def test_another_version_decides_nothing() -> None:
    assert status.claim_status(ORDER, [entry("order", 1.0, version="0.0.0")]) == "not run"


def test_a_paper_has_the_best_that_it_earned_unless_contradicted() -> None:
    held = [entry("order", 1.0), entry("property", 1.0)]
    assert status.paper_status(PAPER, []) == "needs"
    assert status.paper_status(PAPER, held) == "direction"
    assert status.paper_status(PAPER, [*held, entry("figure", 0.95)]) == "reproduced"
    assert status.paper_status(PAPER, [*held, entry("figure", 0.5)]) == "contradicted"


def test_store_replaces_the_same_run_and_keeps_the_rest(tmp_path: Path) -> None:
    status.store(PAPER, [entry("order", 1.0), entry("property", 1.0)], tmp_path)
    status.store(PAPER, [entry("order", 2.0)], tmp_path)
    status.store(PAPER, [entry("order", 3.0, seed=2)], tmp_path)
    kept = [(e["claim"], e["value"], e["seed"]) for e in status.stored(PAPER, tmp_path)]
    assert kept == [("property", 1.0, 1), ("order", 2.0, 1), ("order", 3.0, 2)]


def test_a_run_without_data_undoes_nothing(tmp_path: Path) -> None:
    status.store(PAPER, [entry("order", 1.0)], tmp_path)
    empty = status.as_entries(PAPER, unanswered(PAPER, "no data"), scale="small", seed=1)
    status.store(PAPER, empty, tmp_path)
    assert [e["value"] for e in status.stored(PAPER, tmp_path)] == [1.0]


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MACARONIC_RESULTS", str(tmp_path))
    assert status.store(PAPER, [entry("order", 1.0)]) == tmp_path / "S001.json"
    assert json.loads((tmp_path / "S001.json").read_text("utf-8"))[0]["version"] == __version__


@pytest.mark.parametrize("text", ["{", "{}", '[{"claim": "x"}]'])
def test_a_broken_results_file_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "S001.json").write_text(text)
    with pytest.raises(FormatError, match="S001"):
        status.stored(PAPER, tmp_path)
