"""The words behind the symbols of an automaton, and what a set of paths measures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from macaronic.synth.lattice.tree import Tree
from macaronic.synth.mixed import Mixed, word_label

Measure = Literal["cmi", "switch_fraction", "embedded_share", "length"]
Paths = npt.NDArray[np.int32]
"""(sentences, units) the symbols `unit * sides + side` in order."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """What each symbol says.

    Args:
        tree: the row.
        said: for each symbol its words, their language labels, their side's tag as often, and their places.
        words: (symbols) how many words.
        tokens: (symbols) how many of them have a language.
        by_side: (symbols, sides) the same, in the column of their side.
    """

    tree: Tree
    said: list[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], range]]
    words: npt.NDArray[np.int64]
    tokens: npt.NDArray[np.int64]
    by_side: npt.NDArray[np.int64]

    def texts(self, path: list[int]) -> tuple[str, ...]:
        """The words of one path."""
        words: list[str] = []
        for symbol in path:
            words += self.said[symbol][0]
        return tuple(words)

    def mixed(self, path: list[int], words: tuple[str, ...], method: str, meta: Mapping[str, Any]) -> Mixed:
        """One path as a mixed sentence."""
        langs: list[str] = []
        sides: list[str] = []
        index: list[int] = []
        for symbol in path:
            _, labels, side, places = self.said[symbol]
            langs += labels
            sides += side
            index += places
        return Mixed(words, tuple(langs), tuple(sides), tuple(index), self.tree.group, method, meta=meta)


def spoken(tree: Tree) -> Spoken:
    """The tables of a tree."""
    labels = [
        tuple([tag if word.isalpha() else word_label(word, tag) for word in own])
        for tag, own in zip(tree.tags, tree.words)
    ]
    said = [
        (own[a:b], marks[a:b], (tag,) * (b - a), range(a, b))
        for unit in tree.units
        for tag, own, marks, (a, b) in zip(tree.tags, tree.words, labels, unit.runs)
    ]
    words = np.array([len(one[0]) for one in said], np.int64)
    tokens = words - np.array([one[1].count("other") for one in said], np.int64)
    by_side = np.zeros((len(said), len(tree.tags)), np.int64)
    by_side[np.arange(len(said)), np.arange(len(said)) % len(tree.tags)] = tokens
    return Spoken(tree, said, words, tokens, by_side)


def measured(said: Spoken, paths: Paths, measures: Collection[Measure]) -> dict[Measure, Floats]:
    """What paths measure, in percent, as `macaronic.measure` does: words without a language are left out.

    Args:
        said: the tables.
        paths: the paths.
        measures: what is wanted: `cmi`, `switch_fraction` (switch points by the places where one could be),
            `embedded_share` (words of other sides than the main one) and `length` (words by those of the main side).

    Returns:
        One value a path for each of them.
    """
    counts = token_counts(said, paths)
    total = np.maximum(counts.sum(axis=1), 1)
    found: dict[Measure, Floats] = {}
    for name in measures:
        if name == "cmi":
            found[name] = 100 * (1 - counts.max(axis=1) / total)
        elif name == "embedded_share":
            found[name] = 100 * (1 - counts[:, said.tree.main] / total)
        elif name == "length":
            found[name] = 100 * said.words[paths].sum(axis=1) / len(said.tree.words[said.tree.main])
        else:
            points = _switches(paths % len(said.tree.tags), said.tokens[paths])
            found[name] = 100 * points / np.maximum(total - 1, 1)
    return found


def token_counts(said: Spoken, paths: Paths) -> npt.NDArray[np.int64]:
    """(paths, sides) the words of each side that have a language."""
    return np.asarray(said.by_side[paths].sum(axis=1), np.int64)


def _switches(spoken_by: Paths, tokens: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Changes of side between units that hold a word with a language."""
    places = np.where(tokens > 0, np.arange(tokens.shape[1]), -1)
    last = np.maximum.accumulate(places, axis=1)[:, :-1]
    before = np.take_along_axis(spoken_by, np.maximum(last, 0), axis=1)
    changed = (before != spoken_by[:, 1:]) & (last >= 0) & (tokens[:, 1:] > 0)
    return np.asarray(changed.sum(axis=1), np.int64)
