"""How far people agree beyond chance: Krippendorff's alpha, Cohen's and Fleiss' kappa, of one label and of all.

A *unit* is what each person gave one label to (or None, for nothing). Where people cut a text into different tokens
the units are the pieces between all their cuts, and each piece has the label of the token that it lies in. Every
measure is a function of counts that add up over sentences, so that its interval is that of resampled sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Unit = tuple[str | None, ...]
Reading = tuple[Sequence[tuple[int, int]], Sequence[str | None]]
"""Somebody's tokens of a sentence (start, end) and their labels."""


def units_of(readings: Sequence[Reading | None]) -> list[Unit]:
    """The pieces of a sentence between all the cuts that people made, with the label that each person gave.

    Args:
        readings: tokens and labels of each person, offsets in code points; None for who has not read the sentence.

    Returns:
        One label a person for every piece that lies in somebody's token.

    >>> whole, cut = ([(0, 9)], ["mixed"]), ([(0, 6), (6, 9)], ["en", "hi-Latn"])
    >>> units_of([whole, cut, None])
    [('mixed', 'en', None), ('mixed', 'hi-Latn', None)]
    """
    present = [reading for reading in readings if reading is not None]
    if present and all(reading[0] == present[0][0] for reading in present):
        return list(zip(*(reading[1] if reading else (None,) * len(present[0][0]) for reading in readings)))
    cuts = sorted({offset for tokens, _ in present for token in tokens for offset in token})
    inside = {start for tokens, _ in present for token in tokens for start in _between(token, cuts)}
    columns = [_by_start(reading, cuts) if reading else {} for reading in readings]
    return [tuple(column.get(start) for column in columns) for start in sorted(inside)]


def _between(token: tuple[int, int], cuts: Sequence[int]) -> list[int]:
    return [start for start, end in pairwise(cuts) if token[0] <= start and end <= token[1]]


def _by_start(reading: Reading, cuts: Sequence[int]) -> dict[int, str | None]:
    return {start: label for token, label in zip(*reading, strict=True) for start in _between(token, cuts)}


@dataclass(frozen=True, slots=True)
class Ratings:
    """Labels of many units by the same people.

    Args:
        codes: number of the label of each unit (rows) by each person (columns), -1 for none, shape (n, people).
        names: the labels that the codes point at.
        sentence: number of the sentence of each unit, ascending, shape (n,).
        sentences: how many sentences there are.
    """

    codes: Ints
    names: tuple[str, ...]
    sentence: Ints
    sentences: int

    def of(self, *people: int) -> Ratings:
        """The ratings of some of the people."""
        return Ratings(self.codes[:, list(people)], self.names, self.sentence, self.sentences)


def ratings(sentences: Sequence[Sequence[Unit]]) -> Ratings:
    """Units of sentences as numbers.

    Args:
        sentences: the units of each sentence; every unit has one label (or None) a person.

    >>> ratings([[("en", "en")], [("en", "hi"), (None, "hi")]]).codes.tolist()
    [[0, 0], [0, 1], [-1, 1]]
    """
    flat = [unit for units in sentences for unit in units]
    names = tuple(sorted({label for unit in flat for label in unit if label is not None}))
    place: Mapping[str | None, int] = {**{name: i for i, name in enumerate(names)}, None: -1}
    people = len(flat[0]) if flat else 0
    codes = np.array([[place[label] for label in unit] for unit in flat], np.int64).reshape(len(flat), people)
    return Ratings(codes, names, np.repeat(np.arange(len(sentences)), [len(s) for s in sentences]), len(sentences))


def _counts(rated: Ratings) -> Floats:
    """How often each label was given to each unit, shape (n, labels)."""
    counts = np.zeros((len(rated.codes), len(rated.names)))
    row, column = np.nonzero(rated.codes >= 0)
    np.add.at(counts, (row, rated.codes[row, column]), 1)
    return counts


def _by_sentence(columns: Floats, rated: Ratings) -> Floats:
    """Sums of units' columns over each sentence, shape (sentences, k)."""
    sums = np.zeros((rated.sentences, columns.shape[1]))
    np.add.at(sums, rated.sentence, columns)
    return sums


def coincidences(rated: Ratings) -> Floats:
    """What alpha is made of: for each sentence the coincidences within each label, and how often each was given.

    Returns:
        shape (sentences, 2 * labels); units with fewer than two labels count for nothing.

    Source: Krippendorff 2011, the coincidence matrix (its diagonal and its margins).
    """
    counts = _counts(rated)
    given = counts.sum(1, keepdims=True)
    paired = counts * (given > 1)
    same = paired * (paired - 1) / np.maximum(given - 1, 1)
    return _by_sentence(np.concatenate([same, paired], axis=1), rated)


def alpha_of(sums: Floats) -> Floats:
    """Krippendorff's alpha (nominal) of rows of summed `coincidences`, shape (B,); NaN where only one label occurs."""
    same, margin = np.split(sums, 2, axis=1)
    n = margin.sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1 - (n - 1) * (n - same.sum(1)) / (n**2 - (margin**2).sum(1)))


def label_alpha_of(sums: Floats, label: int) -> Floats:
    """The same for one label against all others."""
    same, margin = np.split(sums, 2, axis=1)
    n, one = margin.sum(1), margin[:, label]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1 - (n - 1) * (one - same[:, label]) / (one * (n - one)))


def krippendorff_alpha(units: Sequence[Sequence[str | None]]) -> float | None:
    """Agreement of any number of people on nominal labels, some of which may be missing, at most 1.

    Args:
        units: one label a person for each unit, None where a person gave none.

    Returns:
        None without two labels on one unit, or when only one label occurs.

    Source: Krippendorff 2011, "Computing Krippendorff's alpha-reliability", nominal metric.

    >>> krippendorff_alpha([("a", "a"), ("a", "b"), ("b", "b"), (None, "b")])
    0.4444444444444444
    """
    return defined(alpha_of(coincidences(ratings([[tuple(unit) for unit in units]]))))


def defined(values: Floats) -> float | None:
    """The first value, or None where it is not a number."""
    return float(values[0]) if len(values) and np.isfinite(values[0]) else None


def pair_counts(rated: Ratings) -> Floats:
    """What Cohen's kappa of two people is made of: for each sentence how often both gave each label, and each of them.

    Returns:
        shape (sentences, 3 * labels); units that one of them left out count for nothing.
    """
    k = len(rated.names)
    first, second = rated.codes[:, 0], rated.codes[:, 1]
    both = np.flatnonzero((first >= 0) & (second >= 0))
    columns = np.zeros((len(first), 3 * k))
    same = both[first[both] == second[both]]
    columns[same, first[same]] = 1
    columns[both, k + first[both]] = 1
    columns[both, 2 * k + second[both]] = 1
    return _by_sentence(columns, rated)


def kappa_of(sums: Floats, label: int | None = None) -> Floats:
    """Cohen's kappa of rows of summed `pair_counts`, of all labels or of one against the rest, shape (B,)."""
    same, first, second = np.split(sums, 3, axis=1)
    n = first.sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        if label is None:
            seen, chance = same.sum(1) / n, (first * second).sum(1) / n**2
        else:
            a, b = first[:, label], second[:, label]
            seen, chance = (n - a - b + 2 * same[:, label]) / n, (a * b + (n - a) * (n - b)) / n**2
        return np.asarray((seen - chance) / (1 - chance))


def cohen_kappa(first: Sequence[str | None], second: Sequence[str | None]) -> float | None:
    """Agreement of two people beyond chance, in [-1, 1].

    Args:
        first: a label a unit, None where the person gave none.
        second: as many.

    Returns:
        None without units that both labelled, or when both always say the same one label.

    Source: Cohen 1960.

    >>> cohen_kappa(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    0.5
    """
    return defined(kappa_of(pair_counts(ratings([list(zip(first, second, strict=True))]))))


def fleiss_kappa(votes: Sequence[Sequence[str]]) -> float | None:
    """Agreement beyond chance of several people on the same items, in [-1, 1].

    Args:
        votes: labels of each item; items with another number of labels than most have are left out.

    Returns:
        None without items with two labels or more, or when everybody always says the same.

    Source: Fleiss 1971.

    >>> round(fleiss_kappa([["a", "a", "a"], ["a", "a", "b"], ["b", "b", "b"]]), 4)
    0.55
    """
    if not votes:
        return None
    n = Counter(map(len, votes)).most_common(1)[0][0]
    held = [labels for labels in votes if len(labels) == n]
    if n < 2 or len({label for labels in held for label in labels}) < 2:
        return None
    return defined(fleiss_of(fleiss_counts(ratings([[tuple(labels) for labels in held]]))))


def fleiss_counts(rated: Ratings) -> Floats:
    """What Fleiss' kappa is made of: for each sentence its units, their agreement, and how often each label was given.

    Returns:
        shape (sentences, 2 + labels); only units with as many labels as most units with two or more have.
    """
    counts = _counts(rated)
    given = counts.sum(1)
    several = given[given > 1]
    n = Counter(several.tolist()).most_common(1)[0][0] if len(several) else 2
    kept = given == n
    agreed = ((counts**2).sum(1) - n) / (n * (n - 1))
    return _by_sentence(np.column_stack([kept, kept * agreed, counts * kept[:, None]]), rated)


def fleiss_of(sums: Floats) -> Floats:
    """Fleiss' kappa of rows of summed `fleiss_counts`, shape (B,)."""
    units, agreed, given = sums[:, 0], sums[:, 1], sums[:, 2:]
    with np.errstate(divide="ignore", invalid="ignore"):
        seen = agreed / units
        chance = ((given / given.sum(1, keepdims=True)) ** 2).sum(1)
        return np.asarray((seen - chance) / (1 - chance))


def confusion(rated: Ratings) -> Ints:
    """How often the first person gave one label (rows) and the second another (columns), shape (labels, labels).

    >>> confusion(ratings([[("en", "en"), ("en", "hi")]])).tolist()
    [[1, 1], [0, 0]]
    """
    k = len(rated.names)
    table = np.zeros((k, k), np.int64)
    both = (rated.codes[:, 0] >= 0) & (rated.codes[:, 1] >= 0)
    np.add.at(table, (rated.codes[both, 0], rated.codes[both, 1]), 1)
    return table
