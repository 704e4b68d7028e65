"""Which runs of units hang together on every side: the decomposition of a permutation, without recursion."""

from __future__ import annotations

from macaronic.synth.lattice.tree import Ranks


def intervals(ranks: Ranks) -> list[tuple[int, int]]:
    """The strong intervals of some orders of the same units, single units and the whole left out.

    A run of units is an interval when it is a run on every side; it is strong when no other interval crosses it. They
    nest, so they make a tree. Units are put on a stack one after the other; as soon as some of its top entries are a
    run on every side, they become one entry (shift-reduce; Zhang, Gildea & Chiang 2008), and runs of entries that go
    the same way on all sides are kept as one flat node.

    Args:
        ranks: for each side the place of every unit; the first one need not be 0, 1, 2, ...

    Returns:
        (first unit, behind the last), smaller spans before those that hold them.

    >>> intervals(((0, 1, 2, 3), (0, 2, 1, 3)))
    [(1, 3)]
    >>> intervals(((0, 1, 2, 3), (1, 3, 0, 2)))
    []
    """
    count = len(ranks[0])
    others = [places for places in ranks if any(place != unit for unit, place in enumerate(places))]
    if not others:
        return []
    owner = [[0] * count for _ in others]
    for places, at in zip(others, owner):
        for unit, place in enumerate(places):
            at[place] = unit
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    stack: list[_Entry] = []
    for unit in range(count):
        entry: _Entry = (unit, unit + 1, [(places[unit], places[unit] + 1) for places in others])
        while True:
            size = _reach(stack, entry, owner, unit)
            if not size:
                break
            parts = [*stack[-size:], entry]
            del stack[-size:]
            entry = (parts[0][0], parts[-1][1], _joined(parts))
            way = _way(parts) if size == 1 else ()
            inner = parts[0][:2]
            if way and found.get(inner) == way:
                del found[inner]
            found[entry[:2]] = way
        stack.append(entry)
    found.pop((0, count), None)
    return sorted(found, key=lambda span: (span[1] - span[0], span[0]))


_Entry = tuple[int, int, list[tuple[int, int]]]
"""First unit, behind the last, and the run of places that they take on each other side."""


def _joined(parts: list[_Entry]) -> list[tuple[int, int]]:
    sides = range(len(parts[0][2]))
    return [(min(part[2][s][0] for part in parts), max(part[2][s][1] for part in parts)) for s in sides]


def _way(parts: list[_Entry]) -> tuple[int, ...]:
    """For two neighbours: 1 where the second stands behind the first, -1 where it stands before it."""
    return tuple(1 if one < two else -1 for one, two in zip(parts[0][2], parts[1][2]))


def _reach(stack: list[_Entry], entry: _Entry, owner: list[list[int]], now: int) -> int:
    """How many entries of the stack's top make a run with this one on every side; 0 when none do.

    Stops as soon as the places in between belong to a unit that is still to come.
    """
    runs = list(entry[2])
    for size in range(1, len(stack) + 1):
        first, _, more = stack[-size]
        whole = entry[1] - first
        fits = True
        for side, (low, high) in enumerate(more):
            old_low, old_high = runs[side]
            new_low, new_high = min(low, old_low), max(high, old_high)
            places = owner[side]
            if new_low < old_low and max(places[new_low:old_low]) > now:
                return 0
            if old_high < new_high and max(places[old_high:new_high]) > now:
                return 0
            runs[side] = (new_low, new_high)
            fits = fits and new_high - new_low == whole
        if fits:
            return size
    return 0
