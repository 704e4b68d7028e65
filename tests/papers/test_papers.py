"""One battery over all cards: a new card is tested by being there."""

import ast
import json
import math
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import macaronic.papers
from macaronic.core.languages import parse
from macaronic.curate.datasets import datasets
from macaronic.papers import gallery, landscape, status
from macaronic.papers.paper import SCALES, Paper

CARDS = gallery.modules()
KINDS = ("method", "dataset", "system", "model", "analysis", "survey", "tool", "benchmark")
CLAIM_KINDS = ("number", "direction", "mechanism", "needs")


def name_of(module: ModuleType) -> str:
    return module.PAPER.slug


every_card = pytest.mark.parametrize("card", CARDS, ids=name_of)


def test_ids_and_slugs_are_unique() -> None:
    papers = gallery.papers()
    names = [name for p in papers for name in (p.id, p.slug)]
    assert papers
    assert len(names) == len(set(names))


@every_card
def test_the_card_is_whole(card: ModuleType) -> None:
    paper: Paper = card.PAPER
    number = int(paper.id[1:])
    assert paper.id == f"S{number:03d}"
    assert 1 <= number <= 119
    assert Path(str(card.__file__)).name.startswith(f"{paper.id.lower()}_")
    assert paper.kind in KINDS
    assert paper.url.startswith("https://")
    assert paper.title
    assert re.fullmatch(r"[a-z0-9-]+", paper.slug)
    assert paper.uses
    assert paper.claims
    assert set(paper.cost) == set(SCALES)
    assert set(paper.data) <= set(datasets())
    assert all(task in landscape.tasks() for task in paper.tasks)
    assert all(parse(tag) == tag for tag in paper.languages)


@every_card
def test_claims_say_what_they_are(card: ModuleType) -> None:
    claims = card.PAPER.claims
    assert len({c.id for c in claims}) == len(claims)
    for claim in claims:
        assert claim.kind in CLAIM_KINDS
        assert claim.text
        if claim.reported is not None:
            assert claim.where, f"{claim.id}: a published figure says where it stands"
        if claim.kind == "number":
            assert claim.reported is not None
        if claim.kind == "needs":
            assert claim.needs


@every_card
def test_uses_resolve(card: ModuleType) -> None:
    for dotted in card.PAPER.uses:
        assert gallery.resolve(dotted) is not None


@every_card
def test_the_file_is_short_and_flat(card: ModuleType) -> None:
    text = Path(str(card.__file__)).read_text("utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 150
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert (ast.get_docstring(tree) or "").startswith(f"{card.PAPER.id}:")
    assert card.reproduce.__doc__


@every_card
def test_smoke_needs_no_data_and_is_deterministic(
    card: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MACARONIC_DATA", str(tmp_path))
    paper: Paper = card.PAPER
    checks = card.reproduce("smoke", np.random.default_rng(1))
    assert checks == card.reproduce("smoke", np.random.default_rng(1))
    kinds = {claim.id: claim.kind for claim in paper.claims}
    assert len({c.claim for c in checks}) == len(checks)
    assert {c.claim for c in checks} <= set(kinds)
    measured = {c.claim for c in checks if c.value is not None}
    unable = {c.claim for c in checks if c.note.startswith("no sandbox here")}
    assert {name for name, kind in kinds.items() if kind not in ("needs", "number")} <= measured | unable
    for check in checks:
        numbers = [x for x in (check.value, check.low, check.high) if x is not None]
        assert all(math.isfinite(x) for x in numbers)
        if check.low is not None and check.high is not None and check.value is not None:
            assert check.low <= check.value <= check.high
    new = status.as_entries(paper, checks, scale="smoke", seed=1)
    verdicts = {claim.id: status.claim_status(claim, new) for claim in paper.claims}
    assert "contradicted" not in verdicts.values(), verdicts


@every_card
def test_without_its_data_a_card_says_so(card: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not card.PAPER.data:
        pytest.skip("reads no data from elsewhere")
    monkeypatch.setenv("MACARONIC_DATA", str(tmp_path))
    checks = card.reproduce("small", np.random.default_rng(1))
    assert checks
    assert all(check.value is None and "is not in" in check.note for check in checks)


@every_card
def test_stored_results_are_whole(card: ModuleType) -> None:
    paper: Paper = card.PAPER
    kinds = {claim.id for claim in paper.claims}
    for entry in status.stored(paper, status.FOLDER):
        assert set(entry) == status.KEYS
        assert entry["claim"] in kinds
        assert entry["scale"] in SCALES
        assert isinstance(entry["value"], float)
        assert entry["command"] == (f"macaronic reproduce {paper.slug} --scale {entry['scale']} --seed {entry['seed']}")


def test_every_results_file_has_a_card() -> None:
    folder = Path(str(macaronic.papers.__path__[0])) / "results"
    ids = {paper.id for paper in gallery.papers()}
    for path in folder.glob("*.json"):
        assert path.stem in ids
        json.loads(path.read_text("utf-8"))


def test_find_knows_ids_and_slugs_and_suggests() -> None:
    from macaronic.core.errors import UnknownName

    assert gallery.find("s078")[0] is gallery.find("csw-survey")[0]
    with pytest.raises(UnknownName, match="csw-survey"):
        gallery.find("csw-survy")


def test_resolve_refuses_what_is_not_there() -> None:
    from macaronic.core.errors import UnknownName

    with pytest.raises(UnknownName, match="Result"):
        gallery.resolve("core.result.Resultt")
    with pytest.raises(UnknownName):
        gallery.resolve("core.no_such_module")
