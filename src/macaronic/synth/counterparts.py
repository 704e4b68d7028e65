"""Which words of a side have a counterpart on another side, and which of them may be put in its place."""

from __future__ import annotations

from collections.abc import Collection

from macaronic.core.parallel import Parallel
from macaronic.synth import classes as word_classes
from macaronic.synth.mixed import links, word_label
from macaronic.synth.swaps import suits


def counterpart(row: Parallel, main: str, tag: str) -> dict[int, tuple[int, ...]]:
    """Matrix position -> the longest unbroken run of positions that it is linked to on the other side."""
    there: dict[int, list[int]] = {}
    for i, j in links(row, main, tag):
        if i < len(row.texts[main].words) and j < len(row.texts[tag].words):
            there.setdefault(i, []).append(j)
    return {i: _run(sorted(set(js))) for i, js in there.items()}


def _run(places: list[int]) -> tuple[int, ...]:
    runs = [[places[0]]]
    for place in places[1:]:
        if place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    longest = max(runs, key=len)
    return tuple(longest)


def fillable(row: Parallel, main: str, tag: str, free: bool) -> list[int]:
    """Positions of words of the matrix that another language can fill with something else than the word itself."""
    words = row.texts[main].words
    letters = [i for i, w in enumerate(words) if word_label(w, main) != "other"]
    if free:
        return letters
    there, theirs = counterpart(row, main, tag), row.texts[tag].words
    return [i for i in letters if i in there and [words[i].lower()] != [theirs[j].lower() for j in there[i]]]


def fitting(row: Parallel, main: str, tag: str, pos: Collection[str]) -> list[int]:
    """Those positions whose counterpart holds a word that suits the marked classes."""
    there, theirs = counterpart(row, main, tag), word_classes.of(row.texts[tag], tag).pos
    return [i for i in fillable(row, main, tag, False) if suits((theirs[j] for j in there[i]), pos)]


def distinct(row: Parallel, main: str, marks: list[tuple[int, str]], count: int, free: bool) -> list[tuple[int, str]]:
    """The first `count` marks that no two of which are filled by the same word."""
    if free:
        return marks[:count]
    there = {tag: counterpart(row, main, tag) for tag in {tag for _, tag in marks}}
    used: set[tuple[str, int]] = set()
    kept: list[tuple[int, str]] = []
    for i, tag in marks:
        words = {(tag, j) for j in there[tag].get(i, ())}
        if words and words.isdisjoint(used) and len(kept) < count:
            used |= words
            kept.append((i, tag))
    return kept
