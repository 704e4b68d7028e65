"""Which words of a corrected sentence shall change language: six selectors, and a ranking of finished mixtures.

Source: S059 (the selectors and the rankings; the reference figures are those of its code for Lang-8).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, pi, sqrt
from typing import Literal

import numpy as np

from macaronic.core.errors import UnknownName, UsageError

Stretch = tuple[int, int]
"""Words from, and behind the last."""

Phrase = tuple[str, int, int]
"""Label, first word, behind the last word."""

Method = Literal["ratio-token", "cont-token", "rand-phrase", "ratio-phrase", "overlap-phrase", "noun-token"]
METHODS: tuple[Method, ...] = (
    "ratio-token",
    "cont-token",
    "rand-phrase",
    "ratio-phrase",
    "overlap-phrase",
    "noun-token",
)
LABELS = frozenset({"NP", "VP", "PP", "ADJP", "ADVP"})
USUAL_SHARE = 0.15
"""The length, as a share of the sentence, that `overlap-phrase` looks for in a sentence without errors."""

_NOUNS = frozenset({"NOUN", "PROPN"})
_CHUNKS: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    ("NP", frozenset({"DET", "ADJ", "NUM"}), frozenset({"NOUN", "PROPN"})),
    ("VP", frozenset({"AUX", "PART"}), frozenset({"VERB"})),
    ("ADJP", frozenset({"ADV"}), frozenset({"ADJ"})),
    ("ADVP", frozenset(), frozenset({"ADV"})),
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Mean and standard deviation, over learners' mixed sentences, of the share of English and of the switches."""

    share: float
    share_sd: float
    switches: float
    switches_sd: float


LANG8 = {
    "zh": Reference(0.8458, 0.130, 2.64, 1.79),
    "ko": Reference(0.7962, 0.167, 2.39, 1.53),
    "ja": Reference(0.7350, 0.165, 2.92, 2.23),
}
"""Learners of English on Lang-8, by the other language. Source: S059's code."""


def select(
    method: Method,
    words: Sequence[str],
    *,
    rng: np.random.Generator,
    phrases: Sequence[Phrase] = (),
    pos: Sequence[str] = (),
    edits: Sequence[Stretch] = (),
    ratio: float = 0.2,
) -> tuple[Stretch, ...]:
    """The stretches of a corrected sentence that a method would translate; none when it finds none.

    Args:
        method: one of `METHODS`.
        words: the corrected sentence, n words.
        rng: where the randomness comes from.
        phrases: constituents (label, first word, behind the last), for the phrase methods.
        pos: UPOS of every word, for `noun-token`.
        edits: where the corrections stand in this sentence, for `overlap-phrase`.
        ratio: the wanted share of the words, for the ratio methods and `cont-token`, in (0, 1].

    Raises:
        UnknownName: a method that is not known.
        UsageError: a ratio outside (0, 1].

    Source: S059.

    >>> of = np.random.default_rng(1)
    >>> select("noun-token", "the old house".split(), pos=("DET", "ADJ", "NOUN"), rng=of)
    ((2, 3),)
    >>> select("ratio-phrase", "the old house fell".split(), phrases=[("NP", 0, 3), ("VP", 3, 4)], ratio=0.3, rng=of)
    ((3, 4),)
    """
    if method not in METHODS:
        raise UnknownName("span selector", method, METHODS)
    if not 0 < ratio <= 1:
        raise UsageError(f"the ratio is a share of the words, above 0 and at most 1; got {ratio}")
    n = len(words)
    if method == "ratio-token":
        return ratio_token(words, ratio=ratio, rng=rng)
    if method == "cont-token":
        return cont_token(n, ratio=ratio, rng=rng)
    if method == "noun-token":
        return noun_token(pos, rng=rng)
    inner = [(start, end) for label, start, end in phrases if label.split("-")[0] in LABELS and 0 < end - start < n]
    if method == "rand-phrase":
        return _one(inner, rng)
    if method == "ratio-phrase":
        return _one(_least(inner, lambda span: abs(span[1] - span[0] - ratio * n)), rng)
    return overlap_phrase(inner, n, edits=edits, rng=rng)


def ratio_token(words: Sequence[str], *, ratio: float, rng: np.random.Generator) -> tuple[Stretch, ...]:
    """⌊ratio * n⌋ words taken at random, each a stretch of its own; words without a letter or digit are not taken.

    >>> ratio_token("a b c d .".split(), ratio=0.8, rng=np.random.default_rng(1))
    ((0, 1), (1, 2), (2, 3), (3, 4))
    """
    open_words = [i for i, word in enumerate(words) if any(map(str.isalnum, word))]
    count = min(share_of(len(words), ratio), len(open_words))
    chosen = sorted(rng.permutation(open_words)[:count].tolist()) if count else []
    return tuple((i, i + 1) for i in chosen)


def cont_token(n: int, *, ratio: float, rng: np.random.Generator) -> tuple[Stretch, ...]:
    """One window of max(1, ⌊ratio * n⌋) neighbouring words, at a random place.

    >>> cont_token(4, ratio=1, rng=np.random.default_rng(1))
    ((0, 4),)
    """
    if not n:
        return ()
    width = max(1, share_of(n, ratio))
    start = int(rng.integers(n - width + 1))
    return ((start, start + width),)


def noun_token(pos: Sequence[str], *, rng: np.random.Generator) -> tuple[Stretch, ...]:
    """One noun or proper noun, at random.

    >>> noun_token(["PRON", "VERB", "PROPN"], rng=np.random.default_rng(1))
    ((2, 3),)
    """
    return _one([(i, i + 1) for i, tag in enumerate(pos) if tag in _NOUNS], rng)


def overlap_phrase(
    spans: Sequence[Stretch], n: int, *, edits: Sequence[Stretch], rng: np.random.Generator
) -> tuple[Stretch, ...]:
    """The phrase that shares the fewest words with the corrections, the longest of several.

    In a sentence without corrections: the phrase whose length is nearest to 0.15 of the sentence.

    >>> overlap_phrase([(0, 2), (2, 5), (0, 1)], 5, edits=[(3, 4)], rng=np.random.default_rng(1))
    ((0, 2),)
    """
    if not edits:
        return _one(_least(spans, lambda span: abs(span[1] - span[0] - USUAL_SHARE * n)), rng)
    shared = _least(spans, lambda span: sum(max(0, min(span[1], b) - max(span[0], a)) for a, b in edits))
    return _one(_least(shared, lambda span: span[0] - span[1]), rng)


def chunks(pos: Sequence[str]) -> tuple[Phrase, ...]:
    """Phrases out of word classes alone, for sentences without a parse: noun, verb, adjective and adverb groups, and
    prepositional phrases (an adposition and the noun group behind it).

    >>> chunks(["PRON", "VERB", "ADP", "DET", "NOUN", "ADV"])
    (('VP', 1, 2), ('NP', 3, 5), ('ADVP', 5, 6), ('PP', 2, 5))
    """
    found: list[Phrase] = []
    at = 0
    while at < len(pos):
        ends = [(_group_end(pos, at, before, heads), label) for label, before, heads in _CHUNKS]
        end, label = max(ends, key=lambda item: item[0])
        if end > at:
            found.append((label, at, end))
        at = max(end, at + 1)
    groups = {start: end for label, start, end in found if label == "NP"}
    joined = [("PP", i, groups[i + 1]) for i, tag in enumerate(pos) if tag == "ADP" and i + 1 in groups]
    return (*found, *joined)


def rank(
    mixtures: Sequence[Sequence[str]],
    *,
    by: Literal["spf", "frac"],
    reference: Reference,
    english: str = "en",
) -> list[tuple[int, float]]:
    """Mixtures of one sentence in order of how usual they are among learners.

    Args:
        mixtures: the language labels of the words of each.
        by: `spf` looks at the number of switches, `frac` at the share of English words.
        reference: the learners' figures, such as `LANG8["zh"]`.
        english: the tag of the language that is learnt.

    Returns:
        (position, density of the normal distribution), the densest first, ties by position.

    Source: S059 (its baselines over constraint-made mixtures).

    >>> [i for i, _ in rank([["en", "zh", "zh"], ["en"] * 5 + ["zh"]], by="frac", reference=LANG8["zh"])]
    [1, 0]
    """
    scored = []
    for labels in mixtures:
        langs = [label for label in labels if label != "other"]
        if by == "frac":
            value, mean, sd = langs.count(english) / max(len(langs), 1), reference.share, reference.share_sd
        else:
            value = sum(a != b for a, b in pairwise(langs))
            mean, sd = reference.switches, reference.switches_sd
        scored.append(exp(-(((value - mean) / sd) ** 2) / 2) / (sd * sqrt(2 * pi)))
    return sorted(enumerate(scored), key=lambda item: (-item[1], item[0]))


def share_of(n: int, ratio: float) -> int:
    """⌊ratio * n⌋, where 0.3 of 10 is 3.

    >>> share_of(10, 0.3), share_of(9, 0.2)
    (3, 1)
    """
    return int(ratio * n + 1e-9)


def _group_end(pos: Sequence[str], at: int, before: frozenset[str], heads: frozenset[str]) -> int:
    """Behind the group that begins at a place; the place itself where none does."""
    end = at
    while end < len(pos) and pos[end] in before:
        end += 1
    head = end
    while end < len(pos) and pos[end] in heads:
        end += 1
    return end if end > head else at


def _least(spans: Sequence[Stretch], cost: Callable[[Stretch], float]) -> list[Stretch]:
    lowest = min(map(cost, spans), default=0.0)
    return [span for span in spans if cost(span) <= lowest + 1e-9]


def _one(spans: Sequence[Stretch], rng: np.random.Generator) -> tuple[Stretch, ...]:
    """One of different stretches, each as likely."""
    distinct = sorted(set(spans))
    return (distinct[int(rng.integers(len(distinct)))],) if distinct else ()
