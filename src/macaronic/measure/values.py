"""Every measure of a sentence, for many sentences at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from macaronic.measure.sentences import Sentences
from macaronic.measure.words import Cells, Ints

Floats = NDArray[np.float64]

NAMES = (
    "cmi",
    "cu",
    "m_index",
    "language_entropy",
    "span_entropy",
    "i_index",
    "spf",
    "switch_count",
    "switch_entropy",
    "switch_surprisal",
    "burstiness",
    "memory",
    "cs_ratio",
    "symcom",
)
"""The measures of one sentence."""


def sentence_values(sentences: Sentences, *, k: int | None = None) -> dict[str, Floats]:
    """Every measure in `NAMES` of each sentence, NaN where it is not defined.

    The definitions are those of the functions of the same name, which take one sentence.

    Args:
        sentences: counts of R sentences.
        k: languages for the M-index; those present in each sentence when left out.

    Returns:
        name -> values, shape (R,).
    """
    s = sentences
    n, top, switches = s.words.astype(np.float64), s.top.astype(np.float64), s.switches.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.where(n > 1, switches / (n - 1), np.nan)
        return {
            "cmi": np.where(n > 0, 100 * (1 - top / n), 0.0),
            "cu": np.where(n > 0, 50 * (n - top + switches) / n, 0.0),
            "m_index": _m_index(s, k),
            "language_entropy": _entropy(s.parts, s.words),
            "span_entropy": _entropy(s.lengths, s.spans),
            "i_index": q,
            "spf": q,
            "switch_count": switches,
            "switch_entropy": switch_entropy_of(q),
            "switch_surprisal": switch_surprisal_of(q),
            "burstiness": burstiness_of(s.spans.astype(np.float64), n, s.squares.astype(np.float64)),
            "memory": memory_of(*neighbour_sums(s)),
            "cs_ratio": np.where(s.tokens > 0, (n - top) / s.tokens, np.nan),
            "symcom": _symcom(s),
        }


def neighbour_sums(s: Sentences) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """Over neighbouring spans (x, y) of each sentence: their number and the sums of x, y, xx, yy, xy."""
    words, squares = s.words.astype(np.float64), s.squares.astype(np.float64)
    first, last = s.first.astype(np.float64), s.last.astype(np.float64)
    pairs = s.switches.astype(np.float64)
    return pairs, words - last, words - first, squares - last**2, squares - first**2, s.products.astype(np.float64)


def burstiness_of(spans: Floats, words: Floats, squares: Floats) -> Floats:
    """Burstiness from the number of spans and the sums of their lengths and squared lengths; NaN below two spans."""
    deviation = np.sqrt(np.maximum(spans * squares - words**2, 0))
    return np.where(spans > 1, (deviation - words) / (deviation + words), np.nan)


def memory_of(pairs: Floats, x: Floats, y: Floats, xx: Floats, yy: Floats, xy: Floats) -> Floats:
    """Memory from sums over neighbouring spans; NaN where the lengths on a side do not vary."""
    varies = (pairs * xx - x**2) * (pairs * yy - y**2)
    return np.where(varies > 0, (pairs * xy - x * y) / np.sqrt(np.abs(varies)), np.nan)


def switch_entropy_of(q: Floats) -> Floats:
    """-q log2 q, 0 at 0."""
    return np.where(q > 0, -q * np.log2(np.where(q > 0, q, 1)), np.where(q == 0, 0.0, np.nan))


def switch_surprisal_of(q: Floats) -> Floats:
    """log2(1/q), NaN at 0."""
    return np.where(q > 0, -np.log2(np.where(q > 0, q, 1)), np.nan) + 0.0


def _per_row(cells: Cells, weight: Floats, rows: int) -> Floats:
    return np.bincount(cells.row, weight, minlength=rows).astype(np.float64, copy=False)


def _entropy(cells: Cells, total: Ints) -> Floats:
    """Entropy in bits of the counts of each row, whose sum is `total`; NaN for an empty row."""
    repeated = Cells(*(part[cells.n > 1] for part in cells))
    bits = _per_row(repeated, np.asarray(repeated.n * np.log2(repeated.n)), len(total))
    return np.where(total > 0, np.maximum(np.log2(np.maximum(total, 1)) - bits / total, 0), np.nan)


def _m_index(s: Sentences, k: int | None) -> Floats:
    rows = len(s.tokens)
    squares = _per_row(s.parts, s.parts.n.astype(np.float64) ** 2, rows) / np.square(s.words.astype(np.float64))
    languages = np.bincount(s.parts.row, minlength=rows) if k is None else np.full(rows, k)
    value = np.where(languages > 1, (1 - squares) / ((languages - 1) * squares), 0.0)
    return np.where(s.words > 0, value, np.nan)


def _symcom(s: Sentences) -> Floats:
    rows, size = len(s.tokens), 2 * len(s.tags)
    if not size:
        return np.full(rows, np.nan)
    counts = tagged_counts(s)
    return np.asarray(np.abs(counts[:, :, 0] - counts[:, :, 1]).sum(axis=1) / counts.sum(axis=(1, 2)))


def tagged_counts(s: Sentences) -> Floats:
    """Words by sentence, tag and side of the language pair, shape (R, P, 2)."""
    size = 2 * len(s.tags)
    cell = s.tagged.row * size + s.tagged.key
    dense = np.bincount(cell, s.tagged.n, minlength=len(s.tokens) * size).astype(np.float64, copy=False)
    return dense.reshape(len(s.tokens), len(s.tags), 2)
