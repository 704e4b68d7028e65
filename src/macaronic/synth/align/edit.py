"""Edit distance of many pairs of words at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from macaronic.synth.align.types import Floats, Ints

LONGEST = 16
"""Letters behind these are not looked at."""

_PIECE = 1 << 16
_LOOKED_AT = 1 << 20


def likeness(first: Sequence[str], second: Sequence[str], a: Ints, b: Ints, *, least: float = 0.5) -> Floats:
    """1 - edit distance / the longer length, for pairs of words; 0 where it is below `least`.

    Args:
        first, second: the words of either side.
        a, b: which words make the pairs, each (P,).
        least: at least so alike; lets most pairs be refused by a look at which letters they have.

    >>> likeness(["nation"], ["nacion", "reino"], np.array([0, 0]), np.array([0, 1])).round(2).tolist()
    [0.8299999833106995, 0.0]
    """
    found = np.zeros(len(a), np.float32)
    codes, sizes = _codes(first)
    other_codes, other_sizes = _codes(second)
    hopeful = _hopeful(_letters(first), _letters(second), sizes, other_sizes, a, b, least)
    for start in range(0, len(hopeful), _PIECE):
        at = hopeful[start : start + _PIECE]
        i, j = a[at], b[at]
        steps = _distances(codes[i], other_codes[j], sizes[i], other_sizes[j])
        found[at] = 1 - steps / np.maximum(1, np.maximum(sizes[i], other_sizes[j]))
    found[found < least] = 0
    return found


def _hopeful(
    letters: NDArray[np.uint64],
    others: NDArray[np.uint64],
    sizes: NDArray[np.int16],
    other_sizes: NDArray[np.int16],
    a: Ints,
    b: Ints,
    least: float,
) -> Ints:
    """The pairs that may be so alike: each letter that only one word has costs a step at least."""
    count, other_count = _bits(letters), _bits(others)
    kept = []
    for start in range(0, len(a), _LOOKED_AT):
        i, j = a[start : start + _LOOKED_AT], b[start : start + _LOOKED_AT]
        steps = np.maximum(count[i], other_count[j]) - _bits(letters[i] & others[j])
        allowed = (1 - least) * np.maximum(sizes[i], other_sizes[j]) + 1e-9
        kept.append(start + np.flatnonzero(steps <= allowed))
    return np.concatenate(kept) if kept else np.zeros(0, np.int64)


def _letters(words: Sequence[str]) -> NDArray[np.uint64]:
    """Which letters a word has, as bits (letters that share a bit only let more pairs through)."""
    return np.array([sum(1 << bit for bit in {ord(c) % 63 for c in word[:LONGEST]}) for word in words], np.uint64)


def _bits(masks: NDArray[np.uint64]) -> NDArray[np.uint8]:
    if hasattr(np, "bitwise_count"):
        return np.asarray(np.bitwise_count(masks), np.uint8)
    return np.asarray(np.unpackbits(masks.view(np.uint8).reshape(-1, 8), axis=1).sum(1), np.uint8)


def _codes(words: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
    codes = np.zeros((len(words), LONGEST), np.int32)
    sizes = np.zeros(len(words), np.int16)
    for row, word in enumerate(words):
        points = [ord(c) for c in word[:LONGEST]]
        codes[row, : len(points)] = points
        sizes[row] = len(points)
    return codes, sizes


def _distances(
    a: NDArray[np.int32], b: NDArray[np.int32], n: NDArray[np.int16], m: NDArray[np.int16]
) -> NDArray[np.int16]:
    """Levenshtein's table, one row after the other, for all pairs together."""
    width, deep = int(m.max(initial=0)), int(n.max(initial=0))
    a, b = np.ascontiguousarray(a.T), np.ascontiguousarray(b.T)
    row = np.repeat(np.arange(width + 1, dtype=np.int16)[:, None], len(n), 1)
    last = m[None].astype(np.int64)
    found = np.take_along_axis(row, last, 0)[0]
    for i in range(1, deep + 1):
        above, row = row, np.empty_like(row)
        row[0] = i
        for j in range(1, width + 1):
            np.minimum(above[j], row[j - 1], out=row[j])
            row[j] += 1
            np.minimum(row[j], above[j - 1] + (a[i - 1] != b[j - 1]), out=row[j])
        found = np.where(n >= i, np.take_along_axis(row, last, 0)[0], found)
    return np.asarray(found, np.int16)
