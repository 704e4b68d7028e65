"""The six selectors: what each may take, and the ranking of mixtures."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UnknownName, UsageError
from macaronic.synth.gec.select import LABELS, LANG8, METHODS, Reference, chunks, cont_token, rank, ratio_token, select

POS = ("DET", "ADJ", "NOUN", "PROPN", "VERB", "AUX", "ADP", "PUNCT", "ADV", "PRON", "X", "NUM")
sentences = st.lists(st.sampled_from(POS), min_size=1, max_size=14)
ratios = st.floats(0.01, 1)
seeds = st.integers(0, 2**32)


def of(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@st.composite
def cases(draw):
    pos = draw(sentences)
    n = len(pos)
    edge = st.integers(0, n)
    spans = st.tuples(st.sampled_from([*sorted(LABELS), "S", "NP-SBJ"]), edge, edge)
    phrases = [(label, min(a, b), max(a, b)) for label, a, b in draw(st.lists(spans, max_size=8)) if a != b]
    edits = sorted((min(a, b), max(a, b)) for a, b in draw(st.lists(st.tuples(edge, edge), max_size=4)))
    return pos, phrases, edits


@given(cases(), ratios, seeds, st.sampled_from(METHODS))
def test_what_every_selector_keeps_to(case, ratio, seed, method) -> None:
    pos, phrases, edits = case
    words = ["." if tag == "PUNCT" else tag.lower() for tag in pos]
    asked = {"phrases": phrases, "pos": pos, "edits": edits, "ratio": ratio}
    got = select(method, words, rng=of(seed), **asked)
    assert got == select(method, words, rng=of(seed), **asked)
    n = len(words)
    wanted = math.floor(ratio * n + 1e-9)
    assert all(0 <= a < b <= n for a, b in got)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(got))
    inner = [(a, b) for label, a, b in phrases if label.split("-")[0] in LABELS and b - a < n]
    if method == "ratio-token":
        open_words = sum(word != "." for word in words)
        assert len(got) == min(wanted, open_words)
        assert all(b - a == 1 and words[a] != "." for a, b in got)
    elif method == "cont-token":
        assert [b - a for a, b in got] == [max(1, wanted)]
    elif method == "noun-token":
        assert len(got) == any(tag in ("NOUN", "PROPN") for tag in pos)
        assert all(b - a == 1 and pos[a] in ("NOUN", "PROPN") for a, b in got)
    else:
        assert len(got) == bool(inner)
        assert set(got) <= set(inner)
    if got and method == "ratio-phrase":
        assert abs(got[0][1] - got[0][0] - ratio * n) <= min(abs(b - a - ratio * n) for a, b in inner) + 1e-6
    if got and method == "overlap-phrase" and edits:

        def shared(span):
            return sum(len(set(range(*span)) & set(range(a, b))) for a, b in edits)

        least = min(map(shared, inner))
        assert shared(got[0]) == least
        assert got[0][1] - got[0][0] == max(b - a for a, b in inner if shared((a, b)) == least)


def test_every_choice_is_reached() -> None:
    phrases = [("NP", 0, 2), ("VP", 2, 3), ("S", 0, 4), ("X", 1, 2)]
    seen = {select("rand-phrase", list("abcd"), phrases=phrases, rng=of(i)) for i in range(40)}
    assert seen == {((0, 2),), ((2, 3),)}
    assert {cont_token(3, ratio=0.4, rng=of(i)) for i in range(40)} == {((0, 1),), ((1, 2),), ((2, 3),)}
    assert len({ratio_token(list("abcd"), ratio=0.5, rng=of(i)) for i in range(80)}) == 6


def test_overlap_phrase_without_edits_takes_the_usual_length() -> None:
    phrases = [("NP", 0, 1), ("PP", 2, 5), ("VP", 5, 14)]
    words = [str(i) for i in range(20)]
    assert select("overlap-phrase", words, phrases=phrases, rng=of(1)) == ((2, 5),)  # 0.15 * 20 = 3


def test_nothing_to_take() -> None:
    for method in METHODS:
        assert select(method, [], rng=of(1)) == ()
    assert select("ratio-token", list("abcd"), ratio=0.2, rng=of(1)) == ()  # floor of 0.8
    assert select("rand-phrase", ["a"], phrases=[("NP", 0, 1)], rng=of(1)) == ()  # the whole sentence


@given(sentences)
def test_chunks_are_phrases_of_their_kind(pos) -> None:
    heads = {"NP": {"NOUN", "PROPN"}, "VP": {"VERB"}, "ADJP": {"ADJ"}, "ADVP": {"ADV"}, "PP": {"NOUN", "PROPN"}}
    for label, start, end in chunks(pos):
        assert 0 <= start < end <= len(pos)
        assert pos[end - 1] in heads[label]
        assert (pos[start] == "ADP") == (label == "PP")


def test_the_rankings_by_hand() -> None:
    reference = Reference(share=0.5, share_sd=0.25, switches=2, switches_sd=1)
    mixtures = [["en", "other", "zh"], ["en", "zh", "en"], ["zh", "zh"]]
    by_switches = rank(mixtures, by="spf", reference=reference)
    assert [i for i, _ in by_switches] == [1, 0, 2]
    assert by_switches[0][1] == pytest.approx(1 / math.sqrt(2 * math.pi))
    assert [i for i, _ in rank(mixtures, by="frac", reference=reference)] == [0, 1, 2]
    assert LANG8["zh"].share == 0.8458


def test_bad_requests() -> None:
    with pytest.raises(UnknownName, match="noun-token"):
        select("noun-tokn", ["a"], rng=of(1))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="ratio"):
        select("ratio-token", ["a"], ratio=0, rng=of(1))
