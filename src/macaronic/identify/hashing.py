"""Words as numbers: normal form, whole-word keys and hashed character n-grams, all in arrays.

The hashes are part of the model file's format: changing them makes every trained model useless.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32]
ORDER = 5
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_EDGE = ("\x02", "\x03")
_LONG = re.compile(r"(.)\1{2,}")
_DOUBLE = re.compile(r"(.)\1+")
_FOLD = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'", "ـ": None, "\u200c": None, "\u200d": None})


def normal(word: str) -> str:
    """Lower case, one apostrophe, no stretching beyond two equal letters.

    >>> normal("SOOOO"), normal("Don’t")
    ('soo', "don't")
    """
    low = word.lower()
    if low.isascii():
        return low if len(low) < 3 else _LONG.sub(r"\1\1", low)
    return _LONG.sub(r"\1\1", low.translate(_FOLD).replace("i̇", "i"))


def squeezed(word: str) -> str:
    """A normal form with every double letter made single, tried when the word itself is not listed.

    >>> squeezed("soo")
    'so'
    """
    return _DOUBLE.sub(r"\1", word)


def doubled(word: str) -> bool:
    """Whether a word has a double letter, and so is changed by `squeezed`."""
    return _DOUBLE.search(word) is not None


def _finish(hashed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    hashed = (hashed ^ (hashed >> np.uint64(30))) * _MIX
    return hashed ^ (hashed >> np.uint64(27))


def _points(words: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Code points of all words with their edge marks, and where each word starts (n + 1)."""
    left, right = _EDGE
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words)) + 2
    text = left + (right + left).join(words) + right if words else ""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return points.astype(np.uint64), np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def keys(words: Sequence[str]) -> NDArray[np.uint32]:
    """A 29-bit key of each whole word, shape (n,).

    >>> bool(keys(["a", "b", "a"])[0] == keys(["a"])[0])
    True
    """
    if not words:
        return np.zeros(0, dtype=np.uint32)
    points, starts = _points(words)
    place = (np.arange(len(points)) - np.repeat(starts[:-1], np.diff(starts))).astype(np.uint64)
    mixed = _finish((points + np.uint64(1)) * _PRIME + (place + np.uint64(1)) * np.uint64(0xD6E8FEB86659FD93))
    total = np.add.reduceat(mixed, starts[:-1])
    return (_finish(total) >> np.uint64(35)).astype(np.uint32)


def ngrams(words: Sequence[str], buckets: int, *, order: int = ORDER) -> tuple[Rows, NDArray[np.int64]]:
    """Buckets of each word's character 1- to `order`-grams, edges marked.

    Args:
        words: n words in normal form.
        buckets: how many buckets there are.
        order: longest n-gram.

    Returns:
        Bucket numbers flat over the words, and offsets of shape (n + 1,).

    >>> rows, offsets = ngrams(["so", "no"], 1 << 16)
    >>> offsets.tolist()
    [0, 8, 16]
    """
    if not words:
        return np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int64)
    points, starts = _points(words)
    word = np.repeat(np.arange(len(words)), np.diff(starts))
    end = starts[1:][word]
    spot = np.arange(len(points))
    rolling = np.zeros(len(points), dtype=np.uint64)
    found: list[NDArray[np.uint64]] = []
    owner: list[NDArray[np.int64]] = []
    for size in range(1, order + 1):
        shifted = np.zeros(len(points), dtype=np.uint64)
        if size <= len(points):
            shifted[: len(points) - size + 1] = points[size - 1 :]
        rolling = (rolling * np.uint64(0x100000001B3)) ^ ((shifted + np.uint64(1)) * _PRIME)
        fits = spot + size <= end
        if size == 1:
            fits &= points > 3
        found.append(_finish(rolling[fits] + np.uint64(size)))
        owner.append(word[fits])
    owners = np.concatenate(owner)
    order_of = np.argsort(owners, kind="stable")
    rows = ((np.concatenate(found)[order_of] >> np.uint64(20)) % np.uint64(buckets)).astype(np.int32)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(words)))]).astype(np.int64)
    return rows, offsets
