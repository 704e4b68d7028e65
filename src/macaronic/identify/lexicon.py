"""How often each known word is used in each language, in a few bytes a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.identify.hashing import keys

STEP = 0.2
"""Nats of log-frequency in one step of the stored byte."""


@dataclass(frozen=True)
class Lexicon:
    """Word frequencies of several languages, by hashed word.

    Args:
        key: sorted uint32 keys of n words, shape (n,).
        start: where each word's entries begin, shape (n + 1,).
        language: position of the language of each entry.
        level: `-log(frequency) / STEP` of each entry, one byte.
        languages: how many languages there are.
    """

    key: NDArray[np.uint32]
    start: NDArray[np.int64]
    language: NDArray[np.uint8]
    level: NDArray[np.uint8]
    languages: int

    def frequencies(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Relative frequency of each word in each language, 0 where it is not listed, shape (n, languages)."""
        out = np.zeros((len(words), self.languages), dtype=np.float32)
        if not len(self.key) or not words:
            return out
        asked = keys(words)
        at = np.minimum(np.searchsorted(self.key, asked), len(self.key) - 1)
        hit = np.flatnonzero(self.key[at] == asked)
        first, count = self.start[at[hit]], np.diff(self.start)[at[hit]]
        entry = np.repeat(first - np.concatenate([[0], np.cumsum(count)[:-1]]), count) + np.arange(count.sum())
        out[np.repeat(hit, count), self.language[entry]] = np.exp(-STEP * self.level[entry].astype(np.float32))
        return out


def fit(counts: Sequence[Mapping[str, float]], *, limit: int | Sequence[int]) -> Lexicon:
    """Keep the most frequent words of each language.

    Args:
        counts: word -> relative frequency, one mapping a language.
        limit: most words to keep of a language (one number, or one a language).

    >>> table = fit([{"no": 0.01, "si": 0.01}, {"no": 0.001}], limit=10)
    >>> [[f"{f:.3f}" for f in row] for row in table.frequencies(["no"]).tolist()]
    [['0.010', '0.001']]
    """
    limits = [limit] * len(counts) if isinstance(limit, int) else list(limit)
    key, language, level = [], [], []
    for number, (counted, most) in enumerate(zip(counts, limits, strict=True)):
        top = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most]
        key.append(keys([word for word, _ in top]))
        level.append(np.clip(np.round(-np.log(np.array([f for _, f in top], dtype=np.float64)) / STEP), 0, 255))
        language.append(np.full(len(top), number, dtype=np.uint8))
    flat, owner, value = np.concatenate(key), np.concatenate(language), np.concatenate(level).astype(np.uint8)
    order = np.lexsort((owner, flat))
    unique, first = np.unique(flat[order], return_index=True)
    start = np.concatenate([first, [len(flat)]]).astype(np.int64)
    return Lexicon(unique.astype(np.uint32), start, owner[order], value[order], len(counts))


def pack(lexicon: Lexicon) -> dict[str, NDArray[np.uint8]]:
    """The lexicon as byte arrays that compress well: key gaps by byte plane, entry counts, languages, levels."""
    gaps = np.diff(lexicon.key.astype(np.int64), prepend=0).astype(np.uint32)
    planes = np.stack([(gaps >> np.uint32(8 * i)).astype(np.uint8) for i in range(4)])
    sizes = np.diff(lexicon.start).astype(np.uint8)
    return {"gaps": planes, "sizes": sizes, "language": lexicon.language, "level": lexicon.level}


def unpack(stored: Mapping[str, NDArray[np.uint8]], languages: int) -> Lexicon:
    """The lexicon that `pack` stored."""
    gaps = sum(stored["gaps"][i].astype(np.uint32) << np.uint32(8 * i) for i in range(4))
    start = np.concatenate([[0], np.cumsum(stored["sizes"], dtype=np.int64)]).astype(np.int64)
    return Lexicon(np.cumsum(gaps, dtype=np.uint32), start, stored["language"], stored["level"], languages)
