"""Words that are taken for names: written with a capital where nothing asks for one, and known to no list."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
MOSTLY = 0.6
"""Where more of a sentence's words than this are capitalised, capitals mark no names."""
NOUNS = ("de", "lb")
"""Languages that write every noun with a capital."""


def marked(named: Flags, word: NDArray[np.int64], stop: Flags, offsets: NDArray[np.int64]) -> tuple[Flags, Flags]:
    """Which words carry a capital that may mark a name, and which of them begin a sentence.

    Args:
        named: whether each of n words is capitalised.
        word: place of each word among all tokens, ascending, shape (n,).
        stop: whether each token is a sign that a sentence may begin behind, shape (tokens,).
        offsets: where each sentence's words begin among the n, shape (s + 1,).

    >>> marked(np.array([True, False, True, False]), np.arange(4), np.zeros(4, bool), np.array([0, 4]))[1].tolist()
    [True, False, False, False]
    """
    sizes = np.diff(offsets)
    share = np.bincount(np.repeat(np.arange(len(sizes)), sizes), named, len(sizes)) / np.maximum(sizes, 1)
    capital = named & np.repeat(share < MOSTLY, sizes)
    begins = np.zeros(len(named), dtype=np.bool_)
    begins[offsets[:-1][sizes > 0]] = True
    begins |= stop[np.maximum(word - 1, 0)] & (word > 0)
    return capital, begins
