"""In which order items come: those that teach most first, and a random one in ten."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from macaronic.annotate.rules import plain

HEAD = 500
"""So many places are filled with care; the rest follows by uncertainty alone."""

FADING = 0.5
"""What a word still teaches each further time it comes."""


class Unsure(NamedTuple):
    """An item to come: its words, and how unsure the tagger is of each, in [0, 1]."""

    number: int
    words: tuple[str, ...]
    doubts: tuple[float, ...]


def queue(items: Sequence[Unsure], by_chance: Callable[[int], bool]) -> list[tuple[int, float, str]]:
    """(item, place, way) for every item: `unsure` ones in a good order, and at every tenth place one by `chance`.

    An item's worth is the mean doubt of its words, where a word counts half each further time that it comes: the worth
    of a set grows less the larger it is, so taking the best next one each time is never far from the best set.

    Args:
        items: to be ordered.
        by_chance: whether an item is of the random tenth.

    >>> doubtful = [Unsure(1, ("bro",), (0.9,)), Unsure(2, ("bro",), (0.8,)), Unsure(3, ("yaar",), (0.7,))]
    >>> [number for number, _, _ in queue(doubtful, lambda number: False)]
    [1, 3, 2]
    """
    chance = [item.number for item in items if by_chance(item.number)]
    rest = _greedy([item for item in items if not by_chance(item.number)])
    found: list[tuple[int, float, str]] = []
    while rest or chance:
        take_chance = chance and (len(found) % 10 == 9 or not rest)
        number = (chance if take_chance else rest).pop(0)
        found.append((number, float(len(found)), "chance" if take_chance else "unsure"))
    return found


def _greedy(items: Sequence[Unsure]) -> list[int]:
    """Numbers in order of worth beside what stands before; worths only fall, so an old one is a bound."""
    seen: Counter[str] = Counter()
    plains = {item.number: [plain(word) for word in item.words] for item in items}

    def worth(item: Unsure) -> float:
        gains = [doubt * FADING ** seen[word] for word, doubt in zip(plains[item.number], item.doubts)]
        return sum(gains) / max(1, len(gains))

    heap = [(-worth(item), place) for place, item in enumerate(items)]
    heapq.heapify(heap)
    order: list[int] = []
    while heap and len(order) < HEAD:
        _, place = heapq.heappop(heap)
        now = -worth(items[place])
        if heap and now > heap[0][0]:
            heapq.heappush(heap, (now, place))
            continue
        order.append(items[place].number)
        seen.update(plains[items[place].number])
    return order + [items[place].number for _, place in sorted(heap)]
