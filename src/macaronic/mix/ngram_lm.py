"""n-gram language models with modified Kneser-Ney smoothing, as sorted tables: one is learnt in a fraction of a second.

An n-gram is stored under (number of its first n - 1 symbols) * vocabulary + last symbol, so tables are exact for any
vocabulary and order, and a text is looked up one order at a time for all positions at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

BEFORE = 0  # stands before the first symbol of a document
END = 1  # closes a document
UNKNOWN = 2  # any symbol that the vocabulary lacks
RESERVED = 3


@dataclass(frozen=True, slots=True)
class Level:
    """The n-grams of one order.

    Args:
        keys: ascending, shape (n,).
        discounted: count less its discount, over the count of the context, shape (n,).
        left: what the context of the next order hands down to this order, by number of the context n-gram, shape (n,);
            one where the context was never followed by anything.
    """

    keys: Ints
    discounted: Floats
    left: Floats


@dataclass(frozen=True, slots=True)
class NgramLM:
    """A learnt model: `log_probabilities` of text in the same vocabulary.

    Args:
        levels: one an order, from single symbols up.
        root: what the empty context hands down to the uniform distribution, in [0, 1].
        vocabulary: number of symbols, with the three reserved ones.
    """

    levels: tuple[Level, ...]
    root: float
    vocabulary: int

    @property
    def order(self) -> int:
        """The longest n-gram."""
        return len(self.levels)


def padded(symbols: Ints, offsets: Ints, order: int) -> tuple[Ints, Ints]:
    """Documents with `order - 1` marks before each and one END after each.

    Args:
        symbols: all documents one after the other, numbers from RESERVED up or UNKNOWN, shape (n,).
        offsets: where each begins, and the end, shape (documents + 1,).
        order: the longest n-gram.

    Returns:
        the padded symbols, and the document of each, shape (n + documents * order,).

    >>> padded(np.array([3, 4, 5]), np.array([0, 2, 3]), 2)[0].tolist()
    [0, 3, 4, 1, 0, 5, 1]
    """
    lengths = np.diff(offsets)
    document = np.repeat(np.arange(len(lengths)), lengths + order)
    out = np.full(len(symbols) + len(lengths) * order, BEFORE, np.int64)
    out[np.cumsum(lengths + order) - 1] = END
    shift = np.repeat(np.arange(len(lengths)) * order + order - 1, lengths)
    out[np.arange(len(symbols)) + shift] = symbols
    return out, document


def learn(symbols: Ints, offsets: Ints, *, vocabulary: int, order: int = 5) -> NgramLM:
    """Count and smooth: interpolated modified Kneser-Ney.

    Args:
        symbols: documents one after the other, numbers below `vocabulary`, shape (n,).
        offsets: where each document begins, and the end, shape (documents + 1,).
        vocabulary: number of symbols with the reserved ones.
        order: the longest n-gram, from 1.

    Raises:
        UsageError: an order below 1.

    Source: Chen and Goodman 1998, section 4.1.6 (modified Kneser-Ney, discounts from counts of counts).

    >>> text = np.array([3, 4, 3, 4, 3, 5])
    >>> model = learn(text, np.array([0, 6]), vocabulary=6, order=2)
    >>> [round(float(np.exp(p)), 2) for p in log_probabilities(model, np.array([3, 4]), np.array([0, 2]))]
    [0.67, 0.5, 0.07]
    """
    if order < 1:
        raise UsageError(f"the order of an n-gram model must be at least 1; got {order}")
    text, document = padded(symbols, offsets, order)
    event = text != BEFORE
    found = _number(text, document, vocabulary, order)
    levels: list[Level] = []
    root = 1.0
    for k in range(order):
        keys = found[k][0]
        counts = _counts(found, k, event, len(text))
        contexts = len(found[k - 1][0]) if k else 1
        share, left = _smoothed(counts, keys // vocabulary, contexts)
        if k:
            levels[-1] = Level(levels[-1].keys, levels[-1].discounted, left)
        else:
            root = float(left[0])
        levels.append(Level(keys, share, np.ones(0)))
    return NgramLM(tuple(levels), root, vocabulary)


Numbered = tuple[Ints, Ints, Ints]


def _number(text: Ints, document: Ints, vocabulary: int, order: int) -> list[Numbered]:
    """For each order: keys, the number of the n-gram that begins at each position (-1 for none), first positions."""
    found: list[Numbered] = []
    before = np.zeros(len(text), np.int64)
    for k in range(order):
        here = np.full(len(text), -1, np.int64)
        size = max(len(text) - k, 0)
        whole = np.flatnonzero((document[:size] == document[k:]) & (before[:size] >= 0))
        key = before[whole] * vocabulary + text[whole + k]
        keys, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        here[whole] = inverse
        found.append((keys, here, whole[first]))
        before = here
    return found


def _counts(found: list[Numbered], k: int, event: NDArray[np.bool_], size: int) -> Ints:
    """How often each n-gram occurs; below the highest order, after how many different symbols."""
    keys, number, _ = found[k]
    if k == len(found) - 1:
        starts = np.flatnonzero(number[: size - k] >= 0)
        return np.bincount(number[starts], weights=event[starts + k], minlength=len(keys)).astype(np.int64)
    longer = found[k + 1][2]
    longer = longer[event[longer + k + 1]]
    return np.bincount(number[longer + 1], minlength=len(keys)).astype(np.int64)


def _smoothed(counts: Ints, context: Ints, contexts: int) -> tuple[Floats, Floats]:
    """(discounted share of each n-gram in its context, what each context hands down)."""
    discount = _discounts(counts)[np.minimum(counts, 3)]
    total = np.bincount(context, weights=counts, minlength=contexts)
    kept = np.bincount(context, weights=discount, minlength=contexts)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(total > 0, kept / total, 1.0)
        share = np.where(total[context] > 0, (counts - discount) / total[context], 0.0)
    return share, left


def _discounts(counts: Ints) -> Floats:
    """Discounts of counts 0, 1, 2 and 3 or more; plain values where a count of counts is missing."""
    n1, n2, n3, n4 = (int(np.count_nonzero(counts == i)) for i in (1, 2, 3, 4))
    plain = np.array([0.0, 0.5, 0.75, 0.9])
    if not (n1 and n2 and n3 and n4):
        return plain
    y = n1 / (n1 + 2 * n2)
    own = np.array([0.0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])
    good = (own > 0) & (own <= np.arange(4))
    return np.where(good, own, plain)


def log_probabilities(model: NgramLM, symbols: Ints, offsets: Ints) -> Floats:
    """The natural logarithm of each symbol's probability given what stands before it in its document.

    Args:
        model: what was learnt.
        symbols: documents one after the other, shape (n,).
        offsets: where each document begins, and the end, shape (documents + 1,).

    Returns:
        One value a symbol and one an END, document by document, shape (n + documents,); all finite.

    >>> model = learn(np.array([3, 3]), np.array([0, 2]), vocabulary=5, order=1)
    >>> log_probabilities(model, np.array([4]), np.array([0, 1])).shape
    (2,)
    """
    text, document = padded(symbols, offsets, model.order)
    events = np.flatnonzero(text != BEFORE)
    chance = np.full(len(events), 1.0 / (model.vocabulary - 1))
    before = np.zeros(len(text), np.int64)
    handed = np.full(len(events), model.root)
    for k, level in enumerate(model.levels):
        size = len(text) - k
        whole = (document[:size] == document[k:]) & (before[:size] >= 0)
        number = np.full(len(text), -1, np.int64)
        number[:size] = _find(level.keys, np.where(whole, before[:size] * model.vocabulary + text[k:], -1))
        starts = events - k
        if k:
            handed = _at(model.levels[k - 1].left, before[starts], 1.0)
        chance = handed * chance + _at(level.discounted, number[starts], 0.0)
        before = number
    return np.log(chance)


def _find(keys: Ints, wanted: Ints) -> Ints:
    """Where each wanted key stands among ascending keys; -1 for none."""
    if not len(keys):
        return np.full(len(wanted), -1, np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, place, -1)


def _at(values: Floats, places: Ints, missing: float) -> Floats:
    return np.where(places >= 0, values[places], missing) if len(values) else np.full(len(places), missing)
