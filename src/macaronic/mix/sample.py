"""Take exactly as much of each as was asked: a seeded draw of whole rows whose units sum to the quota.

Each (row, epoch) has a pseudo-random priority that depends only on the seed and the row's place in the corpus, so
the draw is the same however the corpus is cut into shards, and can be made in bounded memory. An epoch takes every
row once; the last, partial epoch takes the rows of lowest priority until the quota is full, and then goes on
through the next ones for rows that still fit, so that the sum is exact whenever some row makes it so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
Ints = NDArray[np.int64]

BINS = 4096
FILL = 4096
CHOICE = 256
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one shard, in corpus order.

    Args:
        index: the rows' places in the whole corpus, shape (n,).
        bucket: which bucket each belongs to, shape (n,); -1 for none.
        units: how many units each holds, shape (n,), not negative.
        limit: how often each may be taken, shape (n,).
    """

    index: Ints
    bucket: NDArray[np.int32]
    units: Ints
    limit: NDArray[np.int32]


@dataclass(frozen=True)
class Draw:
    """Which rows to take, and how often: full epochs, then a part of one more.

    Args:
        seed: what the priorities depend on.
        epochs: full epochs of each bucket.
        cut: in the partial epoch, rows of lower priority are taken, shape (buckets,).
        extra: row places that are taken besides in the partial epoch.
        achieved: units that come out for each bucket.
    """

    seed: int
    epochs: tuple[int, ...]
    cut: tuple[int, ...]
    extra: tuple[frozenset[int], ...]
    achieved: tuple[int, ...]


def priorities(seed: int, index: Ints, epoch: int) -> U64:
    """A pseudo-random number for each (row, epoch), the same for ever (SplitMix64 finaliser).

    Args:
        seed: any integer.
        index: places in the corpus, shape (n,).
        epoch: which pass over the bucket.

    >>> priorities(1, np.arange(3), 0).tolist() == priorities(1, np.arange(3), 0).tolist()
    True
    """
    with np.errstate(over="ignore"):
        start = np.uint64((seed * 0x632BE59BD9B4E019 + epoch * 0xD1342543DE82EF95) % (1 << 64))
        z = (index.astype(np.uint64) + start) * _MIX[0]
        z = (z ^ (z >> np.uint64(30))) * _MIX[1]
        z = (z ^ (z >> np.uint64(27))) * _MIX[2]
        return z ^ (z >> np.uint64(31))


def capacities(shards: Iterable[Rows], buckets: int) -> tuple[Ints, Ints, Ints]:
    """What there is: units once, units at most (each row as often as its limit), and rows; each of shape (buckets,).

    >>> rows = Rows(np.arange(2), np.zeros(2, np.int32), np.array([3, 4]), np.array([1, 2], np.int32))
    >>> [a.tolist() for a in capacities([rows], 1)]
    [[7], [11], [2]]
    """
    once, most, count = (np.zeros(buckets, np.int64) for _ in range(3))
    for rows in shards:
        kept = (rows.bucket >= 0) & (rows.limit > 0)
        where, units = rows.bucket[kept], rows.units[kept]
        once += _sums(where, units, buckets)
        most += _sums(where, units * rows.limit[kept], buckets)
        count += np.bincount(where, minlength=buckets)
    return once, most, count


def _sums(where: NDArray[np.int32], units: Ints, buckets: int) -> Ints:
    return np.bincount(where, weights=units, minlength=buckets).astype(np.int64)


def draw(shards: Callable[[], Iterable[Rows]], quotas: Ints, *, seed: int) -> Draw:
    """Choose rows so that each bucket's units sum to its quota, exactly wherever the rows allow it.

    Reads the shards a few times; memory grows with the number of buckets, not of rows.

    Args:
        shards: gives the rows anew at each call.
        quotas: units wanted from each bucket, shape (buckets,), at most its capacity.
        seed: what the choice depends on.

    Returns:
        the draw, to be used with `copies`.

    >>> rows = Rows(np.arange(5), np.zeros(5, np.int32), np.full(5, 2), np.full(5, 3, np.int32))
    >>> d = draw(lambda: [rows], np.array([14]), seed=1)
    >>> d.epochs, d.achieved, int(copies(d, rows).sum())
    ((1,), (14,), 7)
    """
    buckets = len(quotas)
    epochs, left = _full_epochs(shards, quotas)
    sums, count = (np.zeros((buckets, BINS), np.int64) for _ in range(2))
    for rows in shards():
        for bucket, chosen, order in _partial(rows, epochs, left, seed):
            bins = (order >> np.uint64(52)).astype(np.int32)
            sums[bucket] += _sums(bins, rows.units[chosen], BINS)
            count[bucket] += np.bincount(bins, minlength=BINS)
    crossing = [
        int(np.searchsorted(np.cumsum(sums[b]), left[b], side="right")) if left[b] else 0 for b in range(buckets)
    ]
    whole = [_taken_whole(count[b], crossing[b]) for b in range(buckets)]
    held: list[list[tuple[int, int, int]]] = [[] for _ in range(buckets)]
    for rows in shards():
        for bucket, chosen, order in _partial(rows, epochs, left, seed):
            near = (order >> np.uint64(52)) >= whole[bucket]
            places, sizes = rows.index[chosen][near], rows.units[chosen][near]
            held[bucket] += zip(order[near].tolist(), places.tolist(), sizes.tolist())
            if len(held[bucket]) > 4 * FILL:
                held[bucket] = _nearest(held[bucket], crossing[bucket])
    cut, extra, reached = [], [], []
    for b in range(buckets):
        before = int(sums[b, : whole[b]].sum())
        own, filled = _fill(_nearest(held[b], crossing[b]), int(left[b]) - before)
        cut.append(whole[b])
        extra.append(own)
        reached.append(int(quotas[b] - left[b]) + before + filled)
    return Draw(seed, tuple(int(e) for e in epochs), tuple(cut), tuple(extra), tuple(reached))


def _full_epochs(shards: Callable[[], Iterable[Rows]], quotas: Ints) -> tuple[Ints, Ints]:
    """How many full epochs fit in each quota, and what is left; an epoch only has rows whose limit is higher."""
    buckets = len(quotas)
    by_limit: dict[int, Ints] = {}
    for rows in shards():
        for limit in np.unique(rows.limit[(rows.bucket >= 0) & (rows.limit > 0)]).tolist():
            kept = (rows.bucket >= 0) & (rows.limit == limit)
            by_limit.setdefault(limit, np.zeros(buckets, np.int64))
            by_limit[limit] += _sums(rows.bucket[kept], rows.units[kept], buckets)
    epochs, left = np.zeros(buckets, np.int64), quotas.astype(np.int64).copy()
    for b in range(buckets):
        while True:
            size = sum(int(units[b]) for limit, units in by_limit.items() if limit > epochs[b])
            if not 0 < size <= left[b]:
                break
            left[b] -= size
            epochs[b] += 1
    return epochs, left


def _partial(rows: Rows, epochs: Ints, left: Ints, seed: int) -> Iterable[tuple[int, Ints, U64]]:
    """For each bucket that needs a part of one more epoch: its rows that may still be taken, and their priorities."""
    for bucket in np.unique(rows.bucket[rows.bucket >= 0]).tolist():
        if left[bucket] > 0:
            chosen = np.flatnonzero((rows.bucket == bucket) & (rows.limit > epochs[bucket]))
            if len(chosen):
                yield bucket, chosen, priorities(seed, rows.index[chosen], int(epochs[bucket]))


def _taken_whole(count: Ints, crossing: int) -> int:
    """How many bins are taken whole: those before the crossing, less enough to leave some rows to choose from."""
    before = int(np.cumsum(count)[crossing - 1]) if crossing else 0
    return (
        int(np.searchsorted(np.cumsum(count[:crossing]), max(before - CHOICE, 0), side="right"))
        if before > CHOICE
        else 0
    )


def _nearest(held: list[tuple[int, int, int]], crossing: int) -> list[tuple[int, int, int]]:
    """The rows up to the bin in which the quota is crossed, and the next ones up to `FILL`, in order."""
    held.sort()
    needed = sum(1 for order, _, _ in held if order >> 52 <= crossing)
    return held[: max(needed, FILL)]


def _fill(candidates: list[tuple[int, int, int]], room: int) -> tuple[frozenset[int], int]:
    """Rows in order of priority that fit in the room, then an exchange that closes the gap that is left.

    Returns:
        the places of the rows that are taken, and how many units they fill.
    """
    taken: dict[int, int] = {}
    filled = 0
    for _, index, units in candidates:
        if 0 < units <= room - filled:
            taken[index] = units
            filled += units
        if filled == room:
            return frozenset(taken), filled
    spare: dict[int, int] = {}
    for _, index, units in candidates:
        if index not in taken and units:
            spare.setdefault(units, index)
    for gap in range(room - filled, 0, -1):
        for out, units in reversed(taken.items()):
            if units + gap in spare:
                return frozenset(taken) - {out} | {spare[units + gap]}, filled + gap
    return frozenset(taken), filled


def exactly(
    shards: Callable[[], Iterable[Rows]], quotas: Ints, limits: Ints, *, names: Sequence[str], seed: int
) -> Draw:
    """Draw; what a small bucket's whole rows cannot fill to the unit goes to the largest bucket that has room.

    Args:
        shards: gives the rows anew at each call.
        quotas: units wanted from each bucket, shape (buckets,).
        limits: units that each bucket may give at most, shape (buckets,).
        names: of the buckets; of equally large ones the last by name gives.
        seed: what the choice depends on.

    >>> rows = Rows(np.arange(3), np.array([0, 1, 1], np.int32), np.array([5, 1, 1]), np.ones(3, np.int32))
    >>> exactly(lambda: [rows], np.array([4, 1]), np.array([5, 2]), names=["a", "b"], seed=1).achieved
    (0, 1)
    """
    wanted = quotas.astype(np.int64).copy()
    chosen = draw(shards, wanted, seed=seed)
    short = int(wanted.sum()) - sum(chosen.achieved)
    filled = [i for i in range(len(wanted)) if chosen.achieved[i] == wanted[i]]
    room = [i for i in filled if limits[i] - wanted[i] >= short]
    if not short or not room:
        return chosen
    wanted[max(room, key=lambda i: (wanted[i], names[i]))] += short
    again = draw(shards, wanted, seed=seed)
    return again if sum(again.achieved) > sum(chosen.achieved) else chosen


def copies(chosen: Draw, rows: Rows) -> NDArray[np.int32]:
    """How often each row is taken, shape (n,).

    >>> rows = Rows(np.arange(2), np.zeros(2, np.int32), np.array([1, 1]), np.array([9, 9], np.int32))
    >>> copies(draw(lambda: [rows], np.array([4]), seed=0), rows).tolist()
    [2, 2]
    """
    epochs, cut = np.array(chosen.epochs, np.int64), np.array(chosen.cut, np.int64)
    count = np.zeros(len(rows.index), np.int32)
    for bucket in np.unique(rows.bucket[rows.bucket >= 0]).tolist():
        own = np.flatnonzero((rows.bucket == bucket) & (rows.limit > 0) & (rows.units > 0))
        count[own] = np.minimum(rows.limit[own], epochs[bucket])
        more = own[rows.limit[own] > epochs[bucket]]
        order = priorities(chosen.seed, rows.index[more], int(epochs[bucket])) >> np.uint64(52)
        below = order < cut[bucket]
        if chosen.extra[bucket]:
            below |= np.isin(rows.index[more], np.fromiter(chosen.extra[bucket], np.int64))
        count[more[below]] += 1
    return count
