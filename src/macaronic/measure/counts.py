"""Additive counts of a corpus in bounded memory: all that its measures and their intervals need.

Every measure of a corpus is a function of sums over sentences. The sums are kept for blocks of consecutive sentences:
one sentence a block for small corpora; when there are too many, neighbouring blocks are joined, so that a corpus of any
size takes the memory of `MAX_BLOCKS` sentences. Resampling blocks then gives intervals; blocks of several sentences
also carry what is alike in neighbouring sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from macaronic.measure.sentences import Sentences
from macaronic.measure.values import Floats, neighbour_sums, sentence_values, tagged_counts
from macaronic.measure.words import Cells, Ints, tally
from macaronic.text.scripts import script_names

MAX_BLOCKS = 4096

Flags = NDArray[np.bool_]

PLAIN = ("sentences", "tokens", "words", "top", "switches", "steps", "mixed", "complexity", "shifts", "mixed_shifts")
"""Sums that each corpus has: `steps` are neighbouring language words, `shifts` changes of main language from one
sentence to the next."""


@dataclass(frozen=True)
class Counts:
    """Sums over the sentences of a corpus, by block.

    Attributes:
        sentences: how many sentences there are.
        block: sentences a block, a power of two.
        starts: first sentence of each of the m blocks.
        columns: name -> sum over each block, shape (m,). A name that is missing stands for zeros.
        lengths: (block, span length) -> spans.
        pairs: (from, to) -> switches in the whole corpus.
        opening: main language of the first sentence that has a clear one, and whether that sentence is mixed.
        opening_at: number of that sentence.
        closing: main language of the last sentence that has a clear one.
    """

    sentences: int
    block: int
    starts: Ints
    columns: dict[str, Floats]
    lengths: Cells
    pairs: dict[tuple[str, str], int]
    opening: tuple[str, bool] | None = None
    opening_at: int = 0
    closing: str | None = None

    def family(self, prefix: str) -> list[str]:
        """What stands behind `prefix:` in the column names, sorted: `family("language")` gives the languages."""
        return sorted(name.partition(":")[2] for name in self.columns if name.startswith(prefix + ":"))

    def total(self, name: str) -> float:
        """The sum of a column over the corpus, 0 for a name that is missing."""
        return float(self.columns[name].sum()) if name in self.columns else 0.0


def count(sentences: Sentences, *, start: int = 0, block: int = 1) -> Counts:
    """The counts of some sentences.

    Args:
        sentences: the sentences, in the order of the text.
        start: how many sentences of the corpus came before, so that blocks begin at multiples of `block`.
        block: sentences a block.

    >>> from macaronic.core.corpus import to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> from macaronic.measure.sentences import summarise
    >>> from macaronic.measure.words import language_words
    >>> batch = to_batch([Utterance.from_words(["so", "chalo"], layers={"lang": ["en", "hi-Latn"]})])
    >>> counts = count(summarise(language_words(batch)))
    >>> counts.total("switches"), counts.family("language"), counts.pairs
    (1.0, ['en', 'hi-Latn'], {('en', 'hi-Latn'): 1})
    """
    s = sentences
    rows = len(s.tokens)
    group = (start + np.arange(rows)) // block
    first = np.flatnonzero(np.diff(group, prepend=-1))
    where = group - group[:1].sum()
    languages = s.languages
    columns = {name: _summed(values, first) for name, values in _by_sentence(s).items()}
    main = np.flatnonzero(s.matrix >= 0)
    mains = Cells(main, s.matrix[main], np.ones(len(main), dtype=np.int64))
    for family, names, cells in (
        ("language", languages, s.parts),
        ("matrix_language", languages, mains),
        ("script", script_names(), s.scripts),
    ):
        columns |= _spread(family, names, Cells(where[cells.row], cells.key, cells.n), len(first))
    clear = np.flatnonzero(s.clear)
    pairs = {(languages[a], languages[b]): int(s.pairs[a, b]) for a, b in np.argwhere(s.pairs).tolist()}
    return Counts(
        sentences=rows,
        block=block,
        starts=first.astype(np.int64),
        columns=columns,
        lengths=_regrouped(s.lengths, where, len(first)),
        pairs=pairs,
        opening=(languages[s.matrix[clear[0]]], bool(s.spans[clear[0]] > 1)) if len(clear) else None,
        opening_at=int(clear[0]) if len(clear) else 0,
        closing=languages[s.matrix[clear[-1]]] if len(clear) else None,
    )


def merge(parts: Sequence[Counts], *, block: int = 1) -> Counts:
    """The counts of corpora read one after the other: the same as those of the whole, in blocks of at least `block`.

    Args:
        parts: counts of consecutive stretches of a corpus.
        block: the least number of sentences a block, a power of two.
    """
    live = [part for part in parts if part.sentences]
    if not live:
        return parts[0] if parts else empty()
    before = np.cumsum([0, *(part.sentences for part in live)])
    size = max(block, *(part.block for part in live))
    group = np.concatenate([at + part.starts for at, part in zip(before[:-1].tolist(), live, strict=True)]) // size
    first = np.flatnonzero(np.diff(group, prepend=-1))
    where = np.cumsum(np.diff(group, prepend=group[0]) > 0, dtype=np.int64)
    offsets = np.cumsum([0, *(len(part.starts) for part in live)])
    columns = {name: _summed(_joined(live, name), first) for name in dict.fromkeys(n for p in live for n in p.columns)}
    rows = np.concatenate([part.lengths.row + at for at, part in zip(offsets[:-1].tolist(), live, strict=True)])
    lengths = Cells(rows, *(np.concatenate([part.lengths[i] for part in live]) for i in (1, 2)))
    starts = np.concatenate([at + part.starts for at, part in zip(before[:-1].tolist(), live, strict=True)])[first]
    pairs: dict[tuple[str, str], int] = {}
    for part in live:
        for pair, n in part.pairs.items():
            pairs[pair] = pairs.get(pair, 0) + n
    merged = Counts(int(before[-1]), size, starts, columns, _regrouped(lengths, where, len(first)), pairs)
    return _with_shifts(merged, live, before)


class Tally:
    """The counts of a stream of batches, holding at most a few thousand blocks at a time."""

    def __init__(self) -> None:
        self._held: list[Counts] = []
        self._seen, self._block = 0, 1

    def add(self, sentences: Sentences) -> None:
        """Count the sentences that come next."""
        self._widen(len(sentences.tokens))
        self._hold(count(sentences, start=self._seen, block=self._block))

    def join(self, counts: Counts) -> None:
        """Take over the sentences that come next, counted elsewhere.

        A block that reaches over the end of one of this tally's blocks is counted where it begins.
        """
        self._widen(counts.sentences)
        self._block = max(self._block, counts.block)
        self._hold(counts)

    def _widen(self, rows: int) -> None:
        while self._seen + rows > self._block * MAX_BLOCKS:
            self._block *= 2

    def _hold(self, counts: Counts) -> None:
        self._held.append(counts)
        self._seen += counts.sentences
        if sum(len(part.starts) for part in self._held) > 2 * MAX_BLOCKS or len(self._held) >= 64:
            self._held = [self.counts()]

    def counts(self) -> Counts:
        """The counts of all sentences so far."""
        return merge(self._held, block=self._block)


def accumulate(stream: Iterable[Sentences]) -> Counts:
    """The counts of all sentences of a stream of batches, in bounded memory."""
    so_far = Tally()
    for sentences in stream:
        so_far.add(sentences)
    return so_far.counts()


def empty() -> Counts:
    """The counts of nothing."""
    nothing = np.zeros(0, dtype=np.int64)
    return Counts(0, 1, nothing, {}, Cells(nothing, nothing, nothing), {})


def _by_sentence(s: Sentences) -> dict[str, Floats]:
    """Columns with one number a sentence."""
    words = s.words.astype(np.float64)
    some, mixed, shift = s.words > 0, s.switches > 0, _shifts(s)
    with np.errstate(invalid="ignore", divide="ignore"):
        complexity = np.where(some, 1 - (s.top - s.switches) / words, 0.0)
    plain = (
        np.ones(len(words)), s.tokens, words, s.top, s.switches, np.maximum(words - 1, 0), mixed, complexity,
        shift, shift & mixed,
    )  # fmt: skip
    columns = {name: np.asarray(values, dtype=np.float64) for name, values in zip(PLAIN, plain, strict=True)}
    columns |= {"spans": s.spans.astype(np.float64), "squares": s.squares.astype(np.float64)}
    columns |= {f"near{i}": values for i, values in enumerate(neighbour_sums(s))}
    in_scripts = np.bincount(s.scripts.row, minlength=len(words))
    columns |= {"in_script": _flags(in_scripts > 0), "in_scripts": _flags(in_scripts > 1)}
    for name, values in sentence_values(s, k=2).items():
        defined = ~np.isnan(values)
        columns[f"seen:{name}"] = _flags(defined)
        columns[f"sum:{name}"] = np.where(defined, values, 0.0)
    return columns | _by_tag(s)


def _by_tag(s: Sentences) -> dict[str, Floats]:
    if not s.tags:
        return {}
    counts = tagged_counts(s)
    columns: dict[str, Floats] = {}
    used = counts.sum(axis=(0, 2)) > 0
    for i, tag in enumerate(s.tags):
        if used[i]:
            first, second = counts[:, i, 0], counts[:, i, 1]
            seen = first + second
            columns |= {f"tag0:{tag}": first, f"tag1:{tag}": second, f"seen:symcom:{tag}": _flags(seen > 0)}
            columns[f"sum:symcom:{tag}"] = (first - second) / np.maximum(seen, 1)
    return columns


def _flags(true: Flags) -> Floats:
    return true.astype(np.float64)


def _shifts(s: Sentences) -> Flags:
    """Whether a sentence's main language is clear and differs from the last clear one before it."""
    shift = np.zeros(len(s.tokens), dtype=np.bool_)
    clear = np.flatnonzero(s.clear)
    shift[clear[1:]] = np.diff(s.matrix[clear]) != 0
    return shift


def _with_shifts(merged: Counts, parts: Sequence[Counts], before: Ints) -> Counts:
    """Add the changes of main language from one part to the next, which no part could see."""
    opening, at, closing = None, 0, None
    for part, begin in zip(parts, before.tolist(), strict=False):
        if part.opening is None:
            continue
        language, mixed = part.opening
        if closing is None:
            opening, at = part.opening, begin + part.opening_at
        elif language != closing:
            block = int(np.searchsorted(merged.starts, begin + part.opening_at, side="right")) - 1
            merged.columns["shifts"][block] += 1
            merged.columns["mixed_shifts"][block] += mixed
        closing = part.closing
    return replace(merged, opening=opening, opening_at=at, closing=closing)


def _summed(values: Floats, first: Ints) -> Floats:
    if len(first) == len(values):
        return values.copy()
    return np.asarray(np.add.reduceat(values, first)) if len(first) else values


def _joined(parts: Sequence[Counts], name: str) -> Floats:
    return np.concatenate([part.columns.get(name, np.zeros(len(part.starts))) for part in parts])


def _spread(prefix: str, names: Sequence[str], cells: Cells, blocks: int) -> dict[str, Floats]:
    """One column a key that occurs, named `prefix:key`."""
    keys = np.flatnonzero(np.bincount(cells.key))
    column = np.zeros(len(names), dtype=np.int64)
    column[keys] = np.arange(len(keys))
    cell = column[cells.key] * blocks + cells.row
    dense = np.bincount(cell, cells.n, minlength=len(keys) * blocks).astype(np.float64)
    rows = dense.reshape(len(keys), blocks)
    return {f"{prefix}:{names[key]}": row for key, row in zip(keys.tolist(), rows, strict=True)}


def _regrouped(cells: Cells, where: Ints, blocks: int) -> Cells:
    """The cells with their rows mapped by `where`; rows that fall together are added up."""
    if len(where) == blocks or not len(cells.row):
        return cells
    return tally(where[cells.row], cells.key, (blocks, int(cells.key.max()) + 1), cells.n)
