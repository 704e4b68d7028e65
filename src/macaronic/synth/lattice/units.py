"""From word links to units: the smallest phrase pairs that hang together on every side, with no word left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

Runs = list[tuple[int, int]]
"""For each side a run of words, as (first, behind the last)."""
Links = Mapping[tuple[int, int], Sequence[tuple[int, int]]]
"""(side, side) -> linked word positions."""
Group = list[tuple[int, int] | None]
"""The same, with None for a side that has none yet."""

WIDEST = 6
"""A unit that would hold more words than this on a side, because of links far apart, gives up the farther links."""


def units(sizes: Sequence[int], links: Links, right: Callable[[int, int], bool]) -> list[Runs]:
    """The units of a row.

    Words that share a link (over any number of steps) belong together; what lies between them is drawn in until every
    unit is one run a side (a consistent phrase pair, Koehn et al. 2003). A unit without a word on some side joins a
    neighbour. A word without a link joins a neighbour on its own side, so that each side stays whole.

    Args:
        sizes: words a side.
        links: positions in range.
        right: (side, word) -> whether an unlinked word goes to the unit on its right rather than on its left.

    Returns:
        One list of runs a unit, by the order of the first side; empty without a link that reaches every side.

    >>> units([3, 2], {(0, 1): [(0, 1), (2, 0)]}, lambda side, word: True)
    [[(0, 1), (1, 2)], [(1, 3), (0, 1)]]
    """
    groups = _single(sizes, links) or _closed(_complete(_closed(_groups(sizes, links)), len(sizes)))
    if not groups:
        return []
    return _filled(groups, sizes, right)


def _single(sizes: Sequence[int], links: Links) -> list[Group]:
    """One group a link where two sides have links from one word to one word alone, as is most frequent; else none."""
    pairs = links.get((0, 1), ()) if len(sizes) == 2 else ()
    if len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(set(pairs)):
        return [[(i, i + 1), (j, j + 1)] for i, j in set(pairs)]
    return []


def _groups(sizes: Sequence[int], links: Links) -> list[Group]:
    """Connected words as one run a side (None where there is none); links that tear a run too wide are given up."""
    starts = [sum(sizes[:side]) for side in range(len(sizes))]
    parent = list(range(sum(sizes)))

    def top(word: int) -> int:
        while parent[word] != word:
            parent[word] = parent[parent[word]]
            word = parent[word]
        return word

    linked: set[int] = set()
    for (a, b), pairs in links.items():
        for i, j in pairs:
            one, two = starts[a] + i, starts[b] + j
            linked |= {one, two}
            parent[top(two)] = top(one)
    found: dict[int, list[list[int]]] = {}
    for word in sorted(linked):
        side = max(s for s in range(len(sizes)) if starts[s] <= word and sizes[s])
        found.setdefault(top(word), [[] for _ in sizes])[side].append(word - starts[side])
    return [[_run(words, starts[side], linked) for side, words in enumerate(group)] for group in found.values()]


def _run(words: list[int], start: int, linked: set[int]) -> tuple[int, int] | None:
    """The run of some words of a side; of words far apart with others between them, the longest stretch."""
    if not words:
        return None
    if words[-1] - words[0] < WIDEST:
        return words[0], words[-1] + 1
    own = set(words)
    stretches = [[words[0]]]
    for before, word in pairwise(words):
        if any(start + between in linked and between not in own for between in range(before + 1, word)):
            stretches.append([])
        stretches[-1].append(word)
    longest = max(stretches, key=len)
    return longest[0], longest[-1] + 1


def _closed(groups: list[Group]) -> list[Group]:
    """Join groups until no two overlap on any side."""
    sides = len(groups[0]) if groups else 0
    changed = True
    while changed:
        changed = False
        for side in range(sides):
            kept: list[Group] = [group for group in groups if group[side] is None]
            last: Group | None = None
            for group in sorted((g for g in groups if g[side] is not None), key=lambda g: g[side] or (0, 0)):
                own, before = group[side], last[side] if last else None
                if last is not None and own and before and own[0] < before[1]:
                    last[:] = [_hull(one, two) for one, two in zip(last, group)]
                    changed = True
                else:
                    last = list(group)
                    kept.append(last)
            groups = kept
    return groups


def _hull(one: tuple[int, int] | None, two: tuple[int, int] | None) -> tuple[int, int] | None:
    if one is None or two is None:
        return one or two
    return min(one[0], two[0]), max(one[1], two[1])


def _complete(groups: list[Group], sides: int) -> list[Group]:
    """Groups with a word on every side; the others join the group before them (or behind) on a side that they have."""
    whole = [group for group in groups if None not in group]
    if len(whole) == len(groups) or not whole:
        return whole
    for group in groups:
        if None in group:
            side = next(s for s in range(sides) if group[s] is not None)
            here = (group[side] or (0, 0))[0]
            near = min(range(len(whole)), key=lambda w: (abs((whole[w][side] or (0, 0))[0] - here), w))
            whole[near] = [_hull(one, two) for one, two in zip(whole[near], group)]
    return whole


def _filled(groups: list[Group], sizes: Sequence[int], right: Callable[[int, int], bool]) -> list[Runs]:
    """Give the words between the groups to their neighbours, side by side."""
    runs = [[run or (0, 0) for run in group] for group in groups]
    for side, size in enumerate(sizes):
        order = sorted(runs, key=lambda own: own[side])
        order[0][side] = (0, order[0][side][1])
        order[-1][side] = (order[-1][side][0], size)
        for before, behind in pairwise(order):
            cut, end = behind[side][0], before[side][1]
            while cut > end and right(side, cut - 1):
                cut -= 1
            before[side] = (before[side][0], cut)
            behind[side] = (cut, behind[side][1])
    return sorted(runs, key=lambda own: own[0])
