"""How alike two texts are, and how alike they must be for a replacement to count."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from macaronic.core.protocols import Embedder

_LONG = 15
_CHUNK = 512
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class CharacterNgrams:
    """An embedder that needs no model: hashed counts of letter n-grams, square-rooted, of length one.

    It sees spelling, not meaning: a translation lowers the similarity by as much as it changes letters. For meaning
    hand a sentence encoder in its place.

    Args:
        dimensions: how many buckets.
        shortest: shortest n-gram, in code points.
        longest: longest n-gram.

    >>> a, b, c = CharacterNgrams().embed(["so good", "So  good!", "mal"])
    >>> bool(a @ b > 0.8), bool(a @ c < 0.2)
    (True, True)
    """

    dimensions: int = 2048
    shortest: int = 2
    longest: int = 4

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, shape (n, dimensions), float32; an empty text is a row of zeros."""
        parts = [self._counts(texts[at : at + _CHUNK]) for at in range(0, len(texts), _CHUNK)]
        rows: NDArray[np.float32] = (
            np.sqrt(np.concatenate(parts)) if parts else np.zeros((0, self.dimensions), dtype=np.float32)
        )
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float32] = np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)
        return unit

    def _counts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        plain = [" ".join(unicodedata.normalize("NFKC", text).casefold().split()) for text in texts]
        padded = [f" {text} " if text else "" for text in plain]
        letters = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
        row = np.repeat(np.arange(len(texts)), [len(text) for text in padded])
        cells = []
        for size in range(self.shortest, self.longest + 1):
            if len(letters) < size:
                break
            inside = row[: len(row) - size + 1] == row[size - 1 :]
            powers = np.array([pow(int(_ODD), k + 1, 1 << 64) for k in range(size)], dtype=np.uint64)
            hashed = (sliding_window_view(letters, size)[inside] * powers).sum(axis=1, dtype=np.uint64)
            hashed = (hashed ^ (hashed >> np.uint64(29))) * _MIX
            bucket = ((hashed >> np.uint64(32)) % np.uint64(self.dimensions)).astype(np.int64)
            cells.append(row[: len(inside)][inside] * self.dimensions + bucket)
        flat = np.concatenate(cells) if cells else np.zeros(0, dtype=np.int64)
        counted = np.bincount(flat, minlength=len(texts) * self.dimensions)
        return counted.reshape(len(texts), self.dimensions).astype(np.float32)


def similarity(embedder: Embedder, first: Sequence[str], second: Sequence[str]) -> NDArray[np.float64]:
    """The cosine of each text of one list with the text at the same place of another; 1 for equal texts.

    Args:
        embedder: what maps texts to vectors of any length.
        first: n texts.
        second: n texts.

    Returns:
        Shape (n,), in [-1, 1]; 0 where a vector is all zeros.

    >>> similarity(CharacterNgrams(), ["so good", ""], ["so good", "x"]).tolist()
    [1.0, 0.0]
    """
    if not len(first):
        return np.zeros(0)
    place = {text: number for number, text in enumerate(dict.fromkeys([*first, *second]))}
    vectors = np.asarray(embedder.embed(list(place)), dtype=np.float64)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    a, b = np.array([place[text] for text in first]), np.array([place[text] for text in second])
    cosine = np.clip(np.einsum("ij,ij->i", vectors[a], vectors[b]), -1.0, 1.0)
    return np.where(a == b, 1.0, cosine)


def least(words: int) -> float:
    """The similarity that a changed text must keep: 0.1 with more than 15 words, else 0.

    Source: S015.

    >>> least(15), least(16)
    (0.0, 0.1)
    """
    return 0.1 if words > _LONG else 0.0
