"""The aligner: planted dictionaries come back, priors count, and nothing depends on chance."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, UnknownName
from macaronic.synth.align import METHODS, Aligner, Alignment, align
from macaronic.text.words import words

DATA = os.environ.get("MACARONIC_DATA")


def planted(seed: int, pairs: int = 120, *, size: int = 30, shuffled: bool = False):
    """Sentences of made-up words whose translations are known, with the gold links."""
    rng = np.random.default_rng(seed)
    text, gold = [], []
    for _ in range(pairs):
        ids = rng.choice(size, rng.integers(2, 9), replace=False)
        order = rng.permutation(len(ids)) if shuffled else np.arange(len(ids))
        text.append(([f"qa{i}x" for i in ids], [f"{ids[k]}zo" for k in order]))
        gold.append({(int(k), place) for place, k in enumerate(order)})
    return text, gold


def scores(found: list[Alignment], gold: list[set[tuple[int, int]]]) -> tuple[float, float]:
    links = [(row, link) for row, one in enumerate(found) for link in one.links]
    right = sum(link in gold[row] for row, link in links)
    return right / max(1, len(links)), right / sum(map(len, gold))


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_dictionary_is_recovered(seed: int, shuffled: bool) -> None:
    text, gold = planted(seed, shuffled=shuffled)
    precision, recall = scores(align(text), gold)
    assert precision > 0.97
    assert recall > 0.9


def test_the_order_of_the_pairs_does_not_matter() -> None:
    text, _ = planted(5, 60)
    forward, backward = align(text), align(text[::-1])[::-1]
    assert [one.links for one in forward] == [one.links for one in backward]


def test_the_same_pairs_give_the_same_links() -> None:
    text, _ = planted(6, 50, shuffled=True)
    assert align(text) == align(text)


def test_sides_can_be_exchanged() -> None:
    text, gold = planted(7, shuffled=True)
    turned = align([(b, a) for a, b in text])
    back = [Alignment(tuple(sorted((j, i) for i, j in one.links)), one.confidence) for one in turned]
    assert scores(back, gold)[0] > 0.97


def test_empty_and_one_word_sides() -> None:
    found = align([([], []), (["a"], []), ([], ["b"]), (["Oslo"], ["Oslo"]), (["one"], ["two", "three"])])
    assert found[:3] == [Alignment()] * 3
    assert found[3].links == ((0, 0),)
    assert align([]) == []
    assert align([([], [])]) == [Alignment()]


def test_numbers_names_and_marks_link_to_themselves() -> None:
    text = [
        (["In", "1984", ",", "Orwell", "wrote", "."], ["सन", "1984", "में", "ऑरवेल", "ने", "लिखा", "।"]),
        (["Delhi", "has", "32", "gates", "!"], ["दिल्ली", "में", "32", "द्वार", "हैं", "!"]),
        (["It", "rained", "in", "Delhi", "."], ["दिल्ली", "में", "बारिश", "हुई", "।"]),
    ]
    found = [set(one.links) for one in align(text, source="en", target="hi")]
    assert {(1, 1), (5, 6)} <= found[0]
    assert {(0, 0), (2, 2), (4, 5)} <= found[1]
    assert (3, 0) in found[2]


def test_a_dictionary_decides_between_words_that_are_seen_together_only() -> None:
    text = [(["alpha", "beta"], ["uno", "dos"])] * 3
    crossed = align(text, dictionary={"Alpha": ["dos"], "beta": {"uno"}})
    assert crossed[0].links == ((0, 1), (1, 0))


def test_extra_text_helps_and_is_not_returned() -> None:
    text, gold = planted(8, 200, size=120, shuffled=True)
    alone, helped = align(text[:12]), align(text[:12], extra=text[12:])
    assert len(helped) == 12
    assert scores(helped, gold[:12])[1] > scores(alone, gold[:12])[1]


def test_forms_of_one_stem_share_what_is_learnt() -> None:
    endings = ["da", "dan", "lar", "ların", "ı", "ın", "dır", "la"]
    text = [(["kitap" + e, "qq"], ["vv", "book"]) for e in endings] + [
        (["masa" + e, "ww"], ["uu", "table"]) for e in endings
    ]
    text += [(["kitaplı", "masalı"], ["table", "book"])]
    assert align(text, least=0.0)[-1].links == ((0, 1), (1, 0))


def test_long_sentences() -> None:
    text, _gold = planted(9, 80, size=60)
    long = ([w for a, _ in text for w in a][:500], [w for _, b in text for w in b][:500])
    found = align([*text, long])[-1]
    assert len(long[0]) == len(long[1])
    assert len(long[0]) > 350
    assert sum(i == j for i, j in found.links) > 0.8 * len(long[0])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.text(max_size=6), max_size=7), st.lists(st.text(max_size=6), max_size=7)), max_size=6
    ),
    st.sampled_from(METHODS),
)
def test_links_are_ascending_inside_and_confident_within_bounds(text, method) -> None:
    found = align(text, method=method)
    assert len(found) == len(text)
    for (a, b), one in zip(text, found):
        assert list(one.links) == sorted(set(one.links))
        assert len(one.links) == len(one.confidence)
        assert all(0 <= i < len(a) and 0 <= j < len(b) for i, j in one.links)
        assert all(0 <= value <= 1 for value in one.confidence)


def test_methods_contain_each_other() -> None:
    text, _ = planted(10, 30, size=60, shuffled=True)
    found = {m: [set(one.links) for one in align(text, method=m, least=0.0)] for m in METHODS}
    for row in range(len(text)):
        assert found["intersect"][row] == found["forward"][row] & found["backward"][row]
        assert found["union"][row] == found["forward"][row] | found["backward"][row]
        assert found["intersect"][row] <= found["grow-diag"][row] <= found["grow-diag-final-and"][row]
        assert found["grow-diag-final-and"][row] <= found["union"][row]


def test_intersected_links_are_one_to_one() -> None:
    text, _ = planted(11, 60, size=20, shuffled=True)
    for one in align(text, least=0.0):
        assert len({i for i, _ in one.links}) == len({j for _, j in one.links}) == len(one.links)


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'intersect'"):
        align([], method="intersec")


def test_progress_rises_to_one() -> None:
    seen: list[float] = []
    align(planted(1, 5)[0], progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_a_saved_aligner_aligns_alike(tmp_path: Path) -> None:
    text, gold = planted(12, 150, shuffled=True)
    fitted = Aligner.fit(text[:120], source="rw", target="fr", dictionary={"qa1x": ["1zo"]})
    found = fitted.align(text[120:])
    precision, recall = scores(found, gold[120:])
    assert precision > 0.95
    assert recall > 0.9
    fitted.save(tmp_path / "model")
    again = Aligner.load(tmp_path / "model")
    assert again.languages == ("rw", "fr")
    assert again.align(text[120:]) == found
    assert again.align([(["unseen"], ["Unseen"])])[0].links == ((0, 0),)


def test_a_folder_without_an_aligner(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="expected a saved aligner"):
        Aligner.load(tmp_path)


@pytest.mark.skipif(not DATA, reason="MACARONIC_DATA does not name the folder of data sets")
def test_real_pairs_have_links() -> None:
    place = Path(str(DATA)) / "parallel-ntrex" / "ntrex200.jsonl"
    if not place.exists():
        pytest.skip(f"{place} is absent")
    rows = {row["lang"]: row["sentences"] for row in map(json.loads, place.open(encoding="utf-8"))}
    text = [(words(a), words(b)) for a, b in zip(rows["kin"], rows["fra"])]
    found = align(text, source="rw", target="fr")
    assert np.mean([len(one.links) >= 3 for one in found]) > 0.97


def test_overlong_sentences_are_neither_learnt_from_nor_linked() -> None:
    long = ([f"a{i}" for i in range(1100)], [f"b{i}" for i in range(1100)])
    short = (["Paris", "1947"], ["Paris", "1947"])
    found = align([long, short])
    assert found[0].links == ()
    assert found[1] == align([short])[0]
