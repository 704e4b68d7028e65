"""A generative model of a language's words: how likely a word is, letter after letter.

It needs a word list, not labels, and works from some hundred words on. Every step is an array operation over all
letters of all words at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]

ALPHABET = 500
"""How many letters an unseen letter is one of."""

_EDGE = "\x02"


@dataclass(frozen=True, slots=True)
class Letters:
    """Counts of letter n-grams and of the contexts that they stand in, by hash.

    Args:
        order: length of the longest n-gram.
        grams: hashes of the n-grams seen, ascending, shape (g,).
        counts: how often each was seen, shape (g,).
        contexts: hashes of the contexts (n-grams without their last letter), ascending, shape (c,).
        totals: how many letters followed each context, shape (c,).
        kinds: how many different letters followed each context, shape (c,).
    """

    order: int
    grams: Keys
    counts: NDArray[np.float32]
    contexts: Keys
    totals: NDArray[np.float32]
    kinds: NDArray[np.float32]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The parts as arrays, for saving."""
        return {name: np.asarray(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Letters:
        """The model whose `arrays` these are."""
        return cls(int(arrays["order"]), *(arrays[name] for name in cls.__slots__[1:]))


def fit(words: Sequence[str], weights: Sequence[float] | Floats, *, order: int = 5) -> Letters:
    """Count letter n-grams.

    Args:
        words: different words.
        weights: how much each counts, above 0 (the square root of its frequency serves well).
        order: length of the longest n-gram, at least 1.

    Returns:
        The model.

    >>> model = fit(["the", "then", "this"], [1, 1, 1])
    >>> bool(log_probability(model, ["thin"])[0] > log_probability(model, ["nith"])[0])
    True
    """
    hashes, letter, word = _contexts(words, order)
    weight = np.asarray(weights, dtype=np.float64)[word]
    grams, counts, contexts, totals, kinds = [], [], [], [], []
    for context, valid in hashes:
        keys, first, where = np.unique(_joined(context[valid], letter[valid]), return_index=True, return_inverse=True)
        grams.append(keys)
        counts.append(np.bincount(where, weight[valid], minlength=len(keys)))
        before, which = np.unique(context[valid][first], return_inverse=True)
        contexts.append(before)
        totals.append(np.bincount(which, counts[-1], minlength=len(before)))
        kinds.append(np.bincount(which, minlength=len(before)))
    by_gram, by_context = np.argsort(np.concatenate(grams)), np.argsort(np.concatenate(contexts))
    return Letters(
        order,
        np.concatenate(grams)[by_gram],
        np.concatenate(counts)[by_gram].astype(np.float32),
        np.concatenate(contexts)[by_context],
        np.concatenate(totals)[by_context].astype(np.float32),
        np.concatenate(kinds)[by_context].astype(np.float32),
    )


def log_probability(model: Letters, words: Sequence[str]) -> Floats:
    """The log-probability of each word, its end included: Witten-Bell interpolation from short contexts to long.

    Args:
        model: from `fit`.
        words: n words.

    Returns:
        Natural logarithms, shape (n,).

    Source: Witten & Bell 1991, method C.
    """
    if not len(words):
        return np.zeros(0)
    p, word = _steps(model, words)
    return np.bincount(word, np.log(p), minlength=len(words)).astype(np.float64)


def _steps(model: Letters, words: Sequence[str]) -> tuple[Floats, NDArray[np.int64]]:
    """The probability of each letter and end in its place, and the word that it belongs to."""
    hashes, letter, word = _contexts(words, model.order)
    p = np.full(len(letter), 1.0 / ALPHABET)
    for context, valid in hashes:
        at, found = _look_up(model.contexts, context)
        found &= valid
        gram, seen = _look_up(model.grams, _joined(context, letter))
        count = np.where(seen & found, model.counts[gram], 0.0)
        kinds, total = model.kinds[at].astype(np.float64), model.totals[at].astype(np.float64)
        p = np.where(found, (count + kinds * p) / (total + kinds), p)
    return p, word


def _contexts(words: Sequence[str], order: int) -> tuple[list[tuple[Keys, NDArray[np.bool_]]], Keys, NDArray[np.int64]]:
    """For every letter (and end) of every word: hashes of its contexts of length 0 to order - 1, and which exist."""
    text = "".join(f"{_EDGE}{word}{_EDGE}" for word in words)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words)) + 2
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    inside = np.ones(len(points), dtype=bool)
    inside[starts] = False
    at = np.flatnonzero(inside)
    word = np.repeat(np.arange(len(words)), lengths)[at]
    behind = at - starts[word]
    context = np.full(len(at), 0x9E3779B97F4A7C15, dtype=np.uint64)
    hashes = [(context, np.ones(len(at), dtype=bool))]
    for n in range(1, order):
        valid = behind >= n
        letter = points[np.where(valid, at - n, 0)]
        context = context + _mixed(letter * np.uint64(64) + np.uint64(n))
        hashes.append((context, valid))
    return hashes, points[at], word


def _joined(context: Keys, letter: Keys) -> Keys:
    return _mixed(context ^ _mixed(letter + np.uint64(0x51ED270B)))


def _mixed(key: Keys) -> Keys:
    """A well-spread 64-bit hash (the finaliser of splitmix64)."""
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


def _look_up(known: Keys, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return at, known[at] == keys
