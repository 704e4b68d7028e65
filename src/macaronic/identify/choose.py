"""Which languages is a sentence in? At most three, and one unless the words insist.

A set S of languages scores ``sum over words of max over S of log p(word | language)`` plus the log-weight of each of
its languages, minus a charge for every language beyond the first. The best set is sought by a beam over sets that
grow by one language; a sentence that one language explains to within the charge is never looked at twice.

Source: the objective is that of label selection by integer programming (ILP4LID), solved here by a beam.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.identify.decode import path_values

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
MOST = 3


@dataclass(frozen=True, slots=True)
class Charges:
    """What a set of languages costs, in nats.

    Args:
        second: charge for a second language.
        third: charge for a third.
        a_word: charge for each language beyond the first, for each word of the sentence.
        name: weight of words that are written like names, in [0, 1].
        switch: chance of a change of language from one word to the next; 0.5 makes changes free.
        beam: how many sets are kept while they grow.
    """

    second: float = 5.0
    third: float = 7.0
    a_word: float = 0.35
    name: float = 0.1
    switch: float = 0.2
    beam: int = 3


def language_sets(
    score: Floats, offsets: Ints, prior: Floats, charges: Charges, contact: Floats | None = None
) -> tuple[NDArray[np.int16], Floats]:
    """The languages of each sentence.

    Args:
        score: clipped log-likelihoods of n words in L languages, shape (n, L).
        offsets: where each sentence's words begin, shape (s + 1,).
        prior: log-weight of each language, shape (L,).
        charges: what more languages cost.
        contact: what is taken off the charge when two languages meet, shape (L, L), symmetric.

    Returns:
        Language numbers, -1 where there are fewer, shape (s, 3); and the total of each single language, shape (s, L).

    >>> score = np.array([[0, -9], [0, -9], [-9, 0], [-9, 0]], dtype=np.float32)
    >>> language_sets(score, np.array([0, 2, 4]), np.zeros(2, np.float32), Charges())[0].tolist()
    [[0, -1, -1], [1, -1, -1]]
    """
    sentences = len(offsets) - 1
    best = np.full((sentences, MOST), -1, dtype=np.int16)
    single = np.zeros((sentences, score.shape[1]), dtype=np.float32)
    full = np.flatnonzero(np.diff(offsets))
    if not len(full):
        return best, single
    single[full] = np.add.reduceat(score, offsets[:-1][full], axis=0)
    total = single + prior
    best[full, 0] = total[full].argmax(axis=1)
    value = np.where(np.arange(sentences) < 0, 0, total.max(axis=1))
    size = np.diff(offsets)
    spare = charges.second - (float(contact.max()) if contact is not None else 0.0)
    open_ = np.flatnonzero((single.max(axis=1) < -spare) & (size > 1))
    if len(open_) and score.shape[1] > 1:
        meet = contact if contact is not None else np.zeros((score.shape[1],) * 2, dtype=np.float32)
        _grow(score, offsets, prior, charges, meet, open_, total, best, value)
    return best, single


def _grow(
    score: Floats,
    offsets: Ints,
    prior: Floats,
    charges: Charges,
    meet: Floats,
    open_: Ints,
    total: Floats,
    best: NDArray[np.int16],
    value: Floats,
) -> None:
    """Improve `best` and `value` of the sentences `open_` by sets of two and three languages."""
    size = np.diff(offsets)[open_]
    begin = np.concatenate([[0], np.cumsum(size)])
    row = np.repeat(offsets[:-1][open_] - begin[:-1], size) + np.arange(begin[-1])
    words = score[row]
    sentence = np.repeat(np.arange(len(open_)), size)
    beam = min(charges.beam, words.shape[1])
    sets = _best(total[open_], beam)[:, :, None]
    for charge in (charges.second, charges.third)[: words.shape[1] - 1]:
        sets, gained = _widened(words, begin, sentence, sets, prior, meet, beam)
        cost = charge + charges.a_word * size
        if sets.shape[2] == MOST:
            cost = cost + charges.second + charges.a_word * size
        if charges.switch < 0.5:
            column = sets[:, 0][sentence]
            kept = np.take_along_axis(words, column, axis=1)
            free = np.add.reduceat(kept.max(axis=1), begin[:-1])
            gained[:, 0] += path_values(kept, begin, charges.switch) - free
        found = gained[:, 0] - cost
        better = np.flatnonzero(found > value[open_])
        best[open_[better], : sets.shape[2]] = sets[better, 0]
        value[open_[better]] = found[better]


def _widened(
    words: Floats, begin: Ints, sentence: Ints, sets: Ints, prior: Floats, meet: Floats, beam: int
) -> tuple[Ints, Floats]:
    """The `beam` best sets with one more language: sets (s, beam, k + 1), their totals with priors (s, beam)."""
    count, width, size = sets.shape
    languages = words.shape[1]
    totals = np.empty((count, width, languages), dtype=np.float32)
    for place in range(width):
        chosen = sets[:, place]
        covered = np.take_along_axis(words, chosen[sentence], axis=1).max(axis=1)
        totals[:, place] = np.add.reduceat(np.maximum(words, covered[:, None]), begin[:-1], axis=0)
        totals[:, place] += prior + prior[chosen].sum(axis=1)[:, None] + meet[chosen].max(axis=1)
        if size > 1:
            totals[:, place] += meet[chosen[:, 0], chosen[:, 1]][:, None]
        np.put_along_axis(totals[:, place], chosen, -np.inf, axis=1)
    flat = totals.reshape(count, -1)
    order = _best(flat, beam * (size + 1))
    grown = np.concatenate(
        [np.take_along_axis(sets, (order // languages)[:, :, None], axis=1), (order % languages)[:, :, None]], axis=2
    )
    return _distinct(grown, np.take_along_axis(flat, order, axis=1), beam)


def _best(values: Floats, count: int) -> Ints:
    """Places of the `count` largest values of each row, the largest first, of equals the first, shape (s, count)."""
    count = min(count, values.shape[1])
    if count == values.shape[1]:
        return np.argsort(-values, axis=1, kind="stable")
    top = np.sort(np.argpartition(-values, count - 1, axis=1)[:, :count], axis=1)
    return np.take_along_axis(top, np.argsort(-np.take_along_axis(values, top, axis=1), axis=1, kind="stable"), axis=1)


def _distinct(grown: Ints, value: Floats, beam: int) -> tuple[Ints, Floats]:
    """The first `beam` sets that are not the same languages in another order."""
    sorted_ = np.sort(grown, axis=2)
    keep = np.ones(grown.shape[:2], dtype=bool)
    for late in range(1, grown.shape[1]):
        same = (sorted_[:, :late] == sorted_[:, late : late + 1]).all(axis=2)
        keep[:, late] = ~same.any(axis=1)
    order = np.argsort(~keep, axis=1, kind="stable")[:, :beam]
    return np.take_along_axis(grown, order[:, :, None], axis=1), np.take_along_axis(value, order, axis=1)
