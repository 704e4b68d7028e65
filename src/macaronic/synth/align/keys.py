"""Distinct numbers among many, and which of them each is: `numpy.unique` with its inverse, several times as fast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from macaronic.synth.align.types import Ints


def distinct(keys: Ints) -> tuple[Ints, Ints]:
    """The distinct keys, ascending, and the place of each given key among them.

    Key and position are sorted as one number where both fit into 63 bits, which spares the slow indirect sort.

    Args:
        keys: numbers from 0, (N,).

    >>> unique, place = distinct(np.array([7, 3, 7]))
    >>> unique.tolist(), place.tolist()
    ([3, 7], [1, 0, 1])
    """
    shift = max(1, len(keys)).bit_length()
    if not len(keys) or int(keys.max()).bit_length() + shift > 63:
        unique, place = np.unique(keys, return_inverse=True)
        return unique, place
    both = (keys << shift) | np.arange(len(keys))
    both.sort()
    order = both & ((1 << shift) - 1)
    both >>= shift
    new = np.empty(len(keys), bool)
    new[0] = True
    np.not_equal(both[1:], both[:-1], out=new[1:])
    place = np.empty(len(keys), np.int64)
    place[order] = np.cumsum(new) - 1
    return both[new], place


def united(arrays: Sequence[Ints]) -> Ints:
    """The distinct numbers of several arrays, ascending.

    >>> united([np.array([3, 1]), np.array([2, 3])]).tolist()
    [1, 2, 3]
    """
    both = np.concatenate(arrays)
    both.sort()
    return both[np.concatenate([[True], both[1:] != both[:-1]])] if len(both) else both
