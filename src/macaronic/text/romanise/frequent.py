"""Closed lists, project-written: how the most frequent words of a language are typed, which no rule would give."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib import resources

from macaronic.text.romanise.lattice import Spellings, slot
from macaronic.text.romanise.maghrebi import inflected

_MAGHREBI = ("arq", "ary", "aeb")
_INFLECTED = 0.4  # words of the inflected forms for one word of the list


@functools.cache
def spellings(language: str) -> dict[str, Spellings]:
    """Native word to its spellings with weights that sum to 1, the usual one first.

    >>> spellings("hi")["में"][0][0]
    'mein'
    """
    return {word: _weighted(spec) for word, _, spec in _rows(language)}


@functools.cache
def latin(language: str) -> dict[str, float]:
    """Spelling to its share among the listed words; where no frequency is given it falls with the row (Zipf)."""
    shares: dict[str, float] = {}
    for rank, (_, weight, spec) in enumerate(_rows(language), 1):
        for spelling, part in _weighted(spec):
            shares[spelling] = shares.get(spelling, 0.0) + float(weight or 100 / (rank + 9)) * part
    total = sum(shares.values())
    found = {spelling: share / total for spelling, share in shares.items()}
    if language not in _MAGHREBI:
        return found
    for spelling, share in inflected().items():
        found[spelling] = found.get(spelling, 0.0) + share * _INFLECTED
    return {spelling: share / (1 + _INFLECTED) for spelling, share in found.items()}


def _weighted(spec: str) -> Spellings:
    """The usual spelling, then the others by weight; where no weights stand, they fall with the rank."""
    if ":" not in spec:
        spec = ",".join(f"{text}:{1 / rank**1.5}" for rank, text in enumerate(spec.split(","), 1))
    usual, *others = slot(spec)
    return [usual, *sorted(others, key=lambda item: -item[1])]


@functools.cache
def _lines() -> tuple[str, ...]:
    text = resources.files(__package__).joinpath("frequent.tsv").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def _rows(language: str) -> Iterator[tuple[str, str, str]]:
    """(word, frequency or "", spellings) of one language; `ary` and `aeb` share the rows of `arq`."""
    wanted = "arq" if language in _MAGHREBI else language
    for line in _lines():
        tag, word, weight, spec = line.split("\t")
        if tag == wanted:
            yield word, weight, spec
