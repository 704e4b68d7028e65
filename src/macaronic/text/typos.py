"""The kinds of typing errors: where in a word each can be, what it does there, and which one explains a spelling."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Literal

import numpy as np
import regex

from macaronic.text.keyboard import Layout, neighbours
from macaronic.text.words import tokenise

Kind = Literal["swap", "neighbour", "drop", "insert", "repeat", "vowel", "shuffle"]
KINDS: tuple[Kind, ...] = ("swap", "neighbour", "drop", "insert", "repeat", "vowel")
"""The kinds that are used when none are named."""

HINMIX: tuple[Kind, ...] = ("swap", "neighbour", "drop", "shuffle")
"""The kinds that occur in the noisy side of HINMIX (S019)."""

ALL: tuple[Kind, ...] = (*KINDS, "shuffle")
_LEAST: dict[Kind, int] = {"swap": 4, "neighbour": 1, "drop": 4, "insert": 2, "repeat": 2, "vowel": 3, "shuffle": 4}
_VOWELS = frozenset("aeiouаеёиоуыэюяіїєαεηιουω")
_CLUSTER = regex.compile(r"\X")
_LETTERS = regex.compile(r"\p{L}[\p{L}\p{M}]*")

Place = tuple[int, str]
"""A cluster of a word, and what comes in there."""


def clusters(word: str) -> list[str]:
    """The grapheme clusters of a word: what a reader takes for its letters.

    >>> clusters("हिंदी")
    ['हिं', 'दी']
    """
    return list(word) if word.isascii() else _CLUSTER.findall(word)


def kind_of(clean: str, typed: str, *, layout: Layout = "qwerty", keys: Literal["letters", "all"] = "letters") -> str:
    """Which kind of error explains the difference of two spellings; `none` if they are alike, `other` if none does.

    Args:
        clean: the word as it should be.
        typed: the word as it is.
        layout: the keyboard.
        keys: `all` lets a finger land on digits and punctuation too.

    >>> [kind_of("planner", word) for word in ("palnner", "plamner", "plnner", "plannner", "pennalr", "planners")]
    ['swap', 'neighbour', 'vowel', 'repeat', 'shuffle', 'insert']
    """
    a, b = clusters(clean), clusters(typed)
    if a == b:
        return "none"
    head = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    if len(a) == len(b):
        apart = [i for i, (x, y) in enumerate(zip(a, b)) if x != y]
        if len(apart) == 1:
            near = neighbours(a[head], layout, keys=keys)
            return "neighbour" if b[head].lower() in near and near else "other"
        if sorted(a) == sorted(b):
            return "swap" if len(apart) == 2 and apart[1] == head + 1 else "shuffle"
    elif len(a) == len(b) + 1 and a[head + 1 :] == b[head:]:
        return "vowel" if head and _is_vowel(a[head]) else "drop"
    elif len(b) == len(a) + 1 and b[head + 1 :] == a[head:]:
        return "repeat" if head and b[head] == b[head - 1] else "insert"
    return "other"


def places(kind: Kind, letters: list[str], layout: Layout) -> list[Place]:
    """All the places where a word can have an error of a kind.

    The first letter is never dropped or moved, and short words have no errors that would make them unreadable.

    Args:
        kind: the kind.
        letters: the word's clusters.
        layout: the keyboard.

    Returns:
        (cluster, what comes in there), for the two kinds that bring a letter in.

    >>> places("vowel", list("planner"), "qwerty"), places("drop", list("the"), "qwerty")
    ([(2, ''), (5, '')], [])
    """
    every = [i for i, cluster in enumerate(letters) if cluster[0].isalpha()]
    if len(every) < _LEAST[kind]:
        return []
    inner = every[1:]
    if kind == "swap":
        return [(i, "") for i, j in pairwise(inner) if j == i + 1 and letters[i].lower() != letters[j].lower()]
    if kind == "shuffle":
        whole = len(every) == len(letters) and len({letter.lower() for letter in letters[1:-1]}) > 1
        return [(1, "")] if whole else []
    if kind == "drop":
        return [(i, "") for i in inner]
    if kind == "vowel":
        return [(i, "") for i in inner if _is_vowel(letters[i])]
    if kind == "repeat":
        return [(i, letters[i]) for i in every]
    near = [(i, key) for i in every for key in neighbours(letters[i], layout)]
    if kind == "neighbour" or near:
        return near
    return [(i, letters[j]) for i in every for j in every if letters[j] != letters[i]]


def changed(kind: Kind, letters: list[str], at: int, key: str, rng: np.random.Generator) -> tuple[int, int, list[str]]:
    """The error at a place.

    Args:
        kind: the kind.
        letters: the word's clusters.
        at: the place, and `key` what comes in, as `places` gives them.
        key: see `at`.
        rng: for `shuffle`.

    Returns:
        the first cluster that changes, the one behind the last, and the clusters that stand there afterwards.

    >>> changed("neighbour", list("HELLO"), 1, "r", np.random.default_rng(1))
    (1, 2, ['R'])
    """
    if kind == "swap":
        return at, at + 2, _cased([letters[at + 1], letters[at]], letters[at : at + 2])
    if kind == "shuffle":
        return 1, len(letters) - 1, _shuffled(letters[1:-1], rng)
    if kind in ("drop", "vowel"):
        return at, at + 1, []
    if kind == "neighbour":
        return at, at + 1, _cased([key], [letters[at]])
    behind = letters[min(at + 1, len(letters) - 1)]
    return at, at + 1, [letters[at], *_cased([key], [behind])]


def _shuffled(letters: list[str], rng: np.random.Generator) -> list[str]:
    """Another order of letters that are not all the same."""
    new = _cased([letters[i] for i in rng.permutation(len(letters))], letters)
    return new if new != letters else _cased([*new[1:], new[0]], letters)


def _cased(new: list[str], old: list[str]) -> list[str]:
    """Clusters with the capitals where `old` has them."""
    out = []
    for cluster, pattern in zip(new, old):
        turned = cluster.upper() if pattern.isupper() else cluster.lower() if pattern.islower() else cluster
        out.append(turned if len(turned) == len(cluster) else cluster)
    return out


def _is_vowel(cluster: str) -> bool:
    return unicodedata.normalize("NFD", cluster)[0].lower() in _VOWELS


def holds(letters: list[str]) -> bool:
    """Whether clusters put together are still one word, of these very clusters.

    >>> holds(["क", "ल"]), holds(["a", "."]), holds(["a", "\u0301"])
    (True, False, False)
    """
    word = "".join(letters)
    if word.isascii() and word.isalpha():
        return True
    return clusters(word) == letters and (bool(_LETTERS.fullmatch(word)) or tokenise(word) == [(0, len(word))])
