"""Sampling: distinct, mixed, seeded, and near what is asked."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.synth.lattice.worlds import DOG, DOG_PARSE, HOUSE, row, rows, words

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.parallel import Parallel
from macaronic.measure.cmi import cmi
from macaronic.synth.lattice import CONSTRAINTS, Tree, lattice, sample, tree
from macaronic.synth.lattice.pool import drawn, listed
from macaronic.synth.lattice.reach import reach, value
from macaronic.synth.lattice.spoken import measured, spoken, token_counts
from macaronic.synth.mixed import Mixed


def rng() -> np.random.Generator:
    """Chance, always the same."""
    return np.random.default_rng(7)


def straight(size: int) -> Parallel:
    """A long row whose languages have the same order."""
    links = {("en", "es"): " ".join(f"{i}-{i}" for i in range(size))}
    return row({tag: " ".join(words(tag, size)) for tag in ("en", "es")}, links)


def switch_fraction(one: Mixed) -> float:
    """Switch points by the places where one could be."""
    langs = [lang for lang in one.langs if lang != "other"]
    return sum(a != b for a, b in pairwise(langs)) / (len(langs) - 1)


def test_all_mixed_sentences_of_a_small_lattice() -> None:
    found = sample(DOG, "ec", n=100, rng=rng())
    assert len(found.sentences) == 14
    assert all(one.is_mixed for one in found.sentences)
    counted = sample(DOG, "ec", n=100, count=True, rng=rng())
    assert counted.count == len(counted.sentences) == 16
    assert len(sample(DOG, "ec", n=15, count=True, rng=rng()).sentences) == 14
    assert len(sample(DOG, "ec", n=100, monolingual=True, rng=rng()).sentences) == 16


def test_words_know_where_they_come_from() -> None:
    for one in sample(HOUSE, "ec", n=100, rng=rng()).sentences:
        texts = {tag: HOUSE.texts[tag].words for tag in HOUSE.tags}
        assert [texts[side][place] for side, place in zip(one.sides, one.index)] == list(one.words)
        assert one.langs == one.sides


def test_seeded() -> None:
    pair = straight(40)
    first, again = (sample(pair, "ec", n=5, rng=rng()).sentences for _ in range(2))
    assert first == again
    assert len({one.words for one in first}) == 5


def test_all_of_a_lattice_when_as_many_are_wanted() -> None:
    assert len(sample(straight(9), "ec", n=600, rng=rng()).sentences) == 2**9 - 2


def test_matrix_language() -> None:
    found = sample(DOG, "mlf", n=100, parse=DOG_PARSE, rng=rng())
    assert len(found.sentences) == 10
    for one in found.sentences:
        assert ("eats" in one.words) == (one.meta["matrix"] == "en")
    alone = sample(DOG, "mlf", n=100, parse=DOG_PARSE, main="es", rng=rng())
    assert {one.meta["matrix"] for one in alone.sentences} == {"es"}


@pytest.mark.parametrize("target", [5, 20, 35, 50])
@pytest.mark.parametrize("constraint", CONSTRAINTS)
@pytest.mark.parametrize("size", [25, 300])
def test_target_cmi(target: float, constraint: Any, size: int) -> None:
    found = sample(straight(size), constraint, n=10, target_cmi=target, rng=rng())
    assert len(found.sentences) == 10
    assert np.mean([abs(one.cmi - target) for one in found.sentences]) <= 3
    assert found.sentences[0].meta["asked_cmi"] == target
    assert found.sentences[0].meta["reached_cmi"] == pytest.approx(found.sentences[0].cmi, abs=1e-3)


@pytest.mark.parametrize("wanted", [0.1, 0.5, 0.9])
def test_switch_fraction(wanted: float) -> None:
    found = sample(straight(40), "ec", n=5, switch_fraction=wanted, rng=rng())
    assert all(abs(switch_fraction(one) - wanted) < 0.06 for one in found.sentences)


@pytest.mark.parametrize("wanted", [0.1, 0.5, 0.9])
def test_embedded_share(wanted: float) -> None:
    found = sample(straight(40), "ec", n=5, embedded_share=wanted, main="es", rng=rng())
    assert all(abs(one.langs.count("en") / 40 - wanted) < 0.06 for one in found.sentences)


def test_length() -> None:
    links = {("en", "es"): " ".join(f"{i}-{2 * i} {i}-{2 * i + 1}" for i in range(20))}
    pair = row({"en": " ".join(words("en", 20)), "es": " ".join(words("es", 40))}, links)
    found = sample(pair, "ec", n=5, length=1.7, rng=rng())
    assert all(abs(len(one.words) / 20 - 1.7) < 0.1 for one in found.sentences)


def test_several_wishes() -> None:
    found = sample(straight(60), "ec", n=5, target_cmi=20, switch_fraction=0.1, rng=rng())
    assert all(abs(one.cmi - 20) < 7 and abs(switch_fraction(one) - 0.1) < 0.07 for one in found.sentences)


def test_unreachable() -> None:
    found = sample(DOG, "ec", target_cmi=5, rng=rng())
    assert found.reason == "target unreachable"
    assert found.detail == "cmi 5 asked, 25 to 50 can be reached"
    nearest = sample(DOG, "ec", target_cmi=5, tolerance=None, rng=rng())
    assert nearest.sentences[0].cmi == 25
    many = sample(straight(60), "ec", length=3, tolerance=1, rng=rng())
    assert many.detail == "length 3 asked, 1 to 1 can be reached"


def test_a_rare_amount_is_found_by_counting() -> None:
    # of 2^60 sentences 60 have one embedded word
    found = sample(straight(60), "ec", n=3, target_cmi=100 / 60, tolerance=0.01, rng=rng())
    assert found.sentences
    assert all(min(one.langs.count("en"), one.langs.count("es")) == 1 for one in found.sentences)


def test_no_sentence() -> None:
    one_word = row({"en": "dog", "es": "perro"}, {("en", "es"): "0-0"})
    assert sample(one_word, "ec", rng=rng()).reason == "no equivalence point"
    closed = row({"en": "the of", "es": "la de"}, {("en", "es"): "0-0 1-1"})
    assert sample(closed, "mlf", rng=rng()).reason == "no switchable word"
    assert sample(row({"en": "dog", "es": ""}, {}), "ec", rng=rng()).reason == "empty side"


def test_names_alone_do_not_make_a_sentence_mixed() -> None:
    pair = row({"en": "Ana , 5", "es": "Ana , 5"}, {("en", "es"): "0-0 1-1 2-2"})
    assert sample(pair, "ec", rng=rng()).reason == "no equivalence point"


@pytest.mark.parametrize(
    ("setting", "value_"),
    [("n", 0), ("target_cmi", 101), ("switch_fraction", 2), ("embedded_share", -1), ("length", -1)],
)
def test_bad_settings(setting: str, value_: float) -> None:
    with pytest.raises(UsageError, match=setting):
        sample(DOG, "ec", **{"rng": rng(), setting: value_})  # type: ignore[arg-type]


def test_unknown_constraint() -> None:
    with pytest.raises(UnknownName, match="mlf"):
        sample(DOG, "mfl", rng=rng())  # type: ignore[arg-type]


def test_three_languages() -> None:
    texts = {"en": "the dog eats bread", "es": "el perro come pan", "hi": "कुत्ता रोटी खाता है"}
    pair = row(texts, {("en", "es"): "0-0 1-1 2-2 3-3", ("en", "hi"): "1-0 2-2 3-1"})
    found = sample(pair, "ec", n=200, rng=rng())
    assert any(len(set(one.sides)) == 3 for one in found.sentences)
    assert any(one.cmi > 50 for one in found.sentences)


def test_uniform() -> None:
    found = tree(straight(3))
    assert isinstance(found, Tree)
    automaton = lattice(found, "ec")
    paths, _, _ = drawn(automaton, spoken(found), each=4000, rng=rng())
    _, counts = np.unique(paths, axis=0, return_counts=True)
    assert len(counts) == 8
    assert counts.min() > 400
    assert counts.max() < 600


@given(
    pair=rows(), constraint=st.sampled_from(CONSTRAINTS), target=st.sampled_from([None, 30.0]), seed=st.integers(0, 9)
)
@settings(max_examples=120, deadline=None)
def test_any_row(pair: Parallel, constraint: Any, target: float | None, seed: int) -> None:
    found = sample(pair, constraint, n=4, target_cmi=target, rng=np.random.default_rng(seed))
    assert bool(found.sentences) == (found.reason is None)
    for one in found.sentences:
        assert one.is_mixed
        if target is not None:
            assert abs(one.cmi - target) <= 10 + 1e-6
        if constraint != "mlf":
            said = list(zip(one.sides, one.index))
            assert all(a[0] != b[0] or b[1] == a[1] + 1 for a, b in pairwise(said))


@given(
    rows(most=6), st.sampled_from(CONSTRAINTS), st.sampled_from(["cmi", "switch_fraction", "embedded_share", "length"])
)
@settings(max_examples=60, deadline=None)
def test_exact_counts_are_those_of_the_listed_sentences(pair: Parallel, constraint: Any, measure: Any) -> None:
    found = tree(pair)
    if not isinstance(found, Tree) or not lattice(found, constraint).count():
        return
    automaton, said = lattice(found, constraint), spoken(found)
    paths, _ = listed(automaton)
    assert len(paths) == automaton.count()
    exact = reach(automaton, said, measure)
    assert exact is not None
    cells = {round(value(said, measure, exact.counts(cell))[0], 6) for cell in exact.all()}
    assert cells == {round(float(v), 6) for v in measured(said, paths, [measure])[measure]}


@given(rows(most=6))
@settings(max_examples=40, deadline=None)
def test_measured_as_the_measures_do(pair: Parallel) -> None:
    found = tree(pair)
    if not isinstance(found, Tree):
        return
    automaton, said = lattice(found, "mlf"), spoken(found)
    paths, _ = listed(automaton)
    got = measured(said, paths, ["cmi", "switch_fraction"])
    assert (token_counts(said, paths).sum(axis=1) == said.tokens[paths].sum(axis=1)).all()
    for at, path in enumerate(paths[:20].tolist()):
        one = said.mixed(path, said.texts(path), "mlf", {})
        assert got["cmi"][at] == pytest.approx(cmi(one.langs))
        if len(one.words) > 1:
            assert got["switch_fraction"][at] == pytest.approx(100 * switch_fraction(one))
