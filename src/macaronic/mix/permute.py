"""Shuffles that need no memory: where each item goes is computed, so any place of any epoch is reached at once."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_ROUNDS = 6
_ODD = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xD6E8FEB86659FD93)


def key_of(*parts: int | str) -> int:
    """A 64-bit key of what a random choice depends on; the same on every machine.

    >>> key_of(1, "hi", 0) == key_of(1, "hi", 0) != key_of(1, "hi", 1)
    True
    """
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=8).digest(), "little")


def permuted(index: Ints, size: int, key: int) -> Ints:
    """Where a shuffle of `size` items puts each index: a Feistel network, walked until it stays in range.

    Args:
        index: places, each in [0, size), shape (n,).
        size: how many items are shuffled, at most 2^62.
        key: which shuffle, 64 bits.

    Returns:
        the shuffled places, shape (n,); over all indexes a permutation.

    Source: Black and Rogaway 2002, Ciphers with Arbitrary Finite Domains (cycle walking).

    >>> sorted(permuted(np.arange(10), 10, 7).tolist())
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """
    half = max(1, -(-max(size - 1, 1).bit_length() // 2))
    found = _network(index.astype(np.uint64), half, key)
    outside = np.flatnonzero(found >= size)
    while len(outside):
        found[outside] = _network(found[outside], half, key)
        outside = outside[found[outside] >= size]
    return found.astype(np.int64)


def _network(value: NDArray[np.uint64], half: int, key: int) -> NDArray[np.uint64]:
    bits, mask = np.uint64(half), np.uint64((1 << half) - 1)
    left, right = value >> bits, value & mask
    with np.errstate(over="ignore"):
        for turn in range(_ROUNDS):
            mixed = (right + np.uint64((key + turn * 0x632BE59BD9B4E019) % (1 << 64))) * _ODD
            mixed = (mixed ^ (mixed >> np.uint64(32))) * _SPREAD
            mixed ^= mixed >> np.uint64(32)
            left, right = right, left ^ (mixed & mask)
    return (left << bits) | right
