"""A row of parallel text before it has a tree: what is wrong with it, and its links."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from macaronic.core.parallel import Parallel
from macaronic.synth.mixed import Outcome, Reason, links

Links = dict[tuple[int, int], tuple[tuple[int, int], ...]]
"""(side, side) -> linked word positions."""


def sides(row: Parallel, main: str | None) -> Sides:
    """The sides of a row; `main` is the first one when it is left out or not there."""
    tags = row.tags
    found = {(a, b): links(row, tags[a], tags[b]) for a, b in combinations(range(len(tags)), 2)}
    words = tuple(text.words for text in row.texts.values())
    known = {pair: some for pair, some in found.items() if some}
    return Sides(row, tags, words, tags.index(main) if main in tags else 0, known)


@dataclass(frozen=True, slots=True)
class Sides:
    """A row as its sides in order.

    Args:
        row: the row.
        tags: its languages.
        words: the words of each side.
        main: the side to count against.
        links: the links of each two sides that have some.
    """

    row: Parallel
    tags: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    main: int
    links: Links

    def without(self, reason: Reason, detail: str) -> Outcome:
        """An empty outcome."""
        return Outcome(self.row.group, reason=reason, detail=detail)

    def tied(self) -> Links:
        """The links, and one between the marks that end the sides, where an aligner left them all alone."""
        found = dict(self.links)
        last = [len(own) - 1 for own in self.words]
        taken = any(pair[0] == last[a] or pair[1] == last[b] for (a, b), pairs in found.items() for pair in pairs)
        if not taken and all(not any(map(str.isalnum, own[-1])) for own in self.words):
            for side in range(1, len(self.tags)):
                found[0, side] = (*found.get((0, side), ()), (last[0], last[side]))
        return found

    def problem(self, main: str | None, min_links: int, max_words: int) -> Outcome | None:
        """Why the row cannot have a tree; None when it can."""
        if len(self.tags) < 2:
            return self.without("empty side", "a row needs two languages")
        if main is not None and main not in self.tags:
            return self.without("empty side", f"no side {main!r}, only {', '.join(self.tags)}")
        for tag, own in zip(self.tags, self.words):
            if not own:
                return self.without("empty side", f"{tag} has no word")
            if len(own) > max_words:
                return self.without("too long", f"{tag} has {len(own)} words, the limit is {max_words}")
        return self._linked(min_links)

    def _linked(self, min_links: int) -> Outcome | None:
        for (a, b), pairs in self.links.items():
            for i, j in pairs:
                if not (0 <= i < len(self.words[a]) and 0 <= j < len(self.words[b])):
                    sizes = f"{self.tags[a]} has {len(self.words[a])} words, {self.tags[b]} {len(self.words[b])}"
                    return self.without("misnumbered alignment", f"link {i}-{j}, but {sizes} (counted from 0)")
        count = sum(map(len, self.links.values()))
        if not count:
            return self.without("unaligned", "no link between the sides")
        if count < min_links:
            return self.without("too few links", f"{count} links, at least {min_links} are wanted")
        return None

    def unlinked(self, tied: Links) -> tuple[str, ...]:
        """Notes on the words that have no link."""
        seen: list[set[int]] = [set() for _ in self.tags]
        for (a, b), pairs in tied.items():
            for i, j in pairs:
                seen[a].add(i)
                seen[b].add(j)
        counts = ((tag, len(own) - len(got)) for tag, own, got in zip(self.tags, self.words, seen))
        told = [f"{tag} {count}" for tag, count in counts if count]
        return (f"unaligned words, kept with a neighbour: {', '.join(told)}",) if told else ()
