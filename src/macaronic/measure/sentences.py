"""What the measures of many sentences are computed from: a few whole numbers for each sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.measure.words import Cells, Ints, Words, runs, tally


@dataclass(frozen=True)
class Sentences:
    """Counts of R sentences.

    Attributes:
        languages: the k languages that occur.
        tokens: all tokens, (R,).
        words: language words N, (R,).
        spans: spans r, (R,); a sentence has max(r - 1, 0) switch points.
        first: length of the first span, 0 without one, (R,).
        last: length of the last span, (R,).
        squares: sum of squared span lengths, (R,).
        products: sum over neighbouring spans of the product of their lengths, (R,).
        top: words of the main language, (R,).
        matrix: position of the main language in `languages`, -1 without one, (R,); of equals the one that comes first.
        clear: whether the main language has more words than any other, (R,).
        parts: (sentence, language) -> words.
        lengths: (sentence, span length) -> spans.
        pairs: switches from each language to each other one in all sentences, (k, k).
        tags: part-of-speech tags.
        tagged: (sentence, 2 * tag + side) -> words.
        scripts: (sentence, script) -> letters.
    """

    languages: tuple[str, ...]
    tokens: Ints
    words: Ints
    spans: Ints
    first: Ints
    last: Ints
    squares: Ints
    products: Ints
    top: Ints
    matrix: Ints
    clear: NDArray[np.bool_]
    parts: Cells
    lengths: Cells
    pairs: Ints
    tags: tuple[str, ...]
    tagged: Cells
    scripts: Cells

    @property
    def switches(self) -> Ints:
        """Switch points of each sentence, (R,)."""
        return np.maximum(self.spans - 1, 0)


def summarise(words: Words) -> Sentences:
    """Count everything that the measures need, for all sentences at once.

    >>> from macaronic.core.corpus import to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> from macaronic.measure.words import language_words
    >>> batch = to_batch([Utterance.from_words("a b c".split(), layers={"lang": ["en", "en", "hi"]})])
    >>> s = summarise(language_words(batch))
    >>> s.words.tolist(), s.top.tolist(), s.spans.tolist(), s.pairs.tolist()
    ([3], [2], [2], [[0, 1], [0, 0]])
    """
    rows, k = len(words.tokens), len(words.languages)
    start, bounds = runs(words.language, words.offsets)
    length = np.diff(start, append=len(words.language))
    language = words.language[start].astype(np.int64)
    spans = np.diff(bounds)
    row = np.repeat(np.arange(rows), spans)
    inner = row[1:] == row[:-1]
    parts = tally(row, language, (rows, k), length)
    top, matrix, clear = _main_language(row, language, parts, rows, k)
    some = spans > 0
    ends = np.zeros((2, rows), dtype=np.int64)
    ends[0, some], ends[1, some] = length[bounds[:-1][some]], length[bounds[1:][some] - 1]
    return Sentences(
        languages=words.languages,
        tokens=words.tokens,
        words=np.diff(words.offsets),
        spans=spans,
        first=ends[0],
        last=ends[1],
        squares=_sums(length * length, bounds),
        products=_sums(np.where(inner, length[1:] * length[:-1], 0), np.minimum(bounds, max(len(start) - 1, 0))),
        top=top,
        matrix=matrix,
        clear=clear,
        parts=parts,
        lengths=tally(row, length, (rows, int(length.max(initial=0)) + 1)),
        pairs=np.bincount((language[:-1] * k + language[1:])[inner], minlength=k * k).reshape(k, k),
        tags=words.tags,
        tagged=words.tagged,
        scripts=words.scripts,
    )


def _sums(values: Ints, bounds: Ints) -> Ints:
    total = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=total[1:])
    return np.diff(total[bounds])


def _main_language(row: Ints, language: Ints, parts: Cells, rows: int, k: int) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Words of the main language, its number, and whether it stands alone, for each sentence."""
    top, matrix = np.zeros(rows, dtype=np.int64), np.full(rows, -1, dtype=np.int64)
    first = np.flatnonzero(np.diff(parts.row, prepend=-1))
    if not len(first):
        return top, matrix, np.zeros(rows, dtype=np.bool_)
    top[parts.row[first]] = np.maximum.reduceat(parts.n, first)
    at_top = parts.n == top[parts.row]
    winners = np.bincount(parts.row[at_top], minlength=rows)
    matrix[parts.row[at_top]] = parts.key[at_top]
    tied = np.flatnonzero(winners[row] > 1)
    if len(tied):
        cell = parts.row * k + parts.key
        here = row[tied] * k + language[tied]
        leads = tied[at_top[np.searchsorted(cell, here)]][::-1]
        matrix[row[leads]] = language[leads]  # the last write, the first such span of the sentence, stays
    return top, matrix, winners == 1
