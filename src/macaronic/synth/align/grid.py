"""Pairs of sentences as padded blocks of cells: a cell is a pair of forms that stand in some pair of sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from macaronic.synth.align.keys import distinct, united
from macaronic.synth.align.types import Floats, Ints

VOLUME = 150_000
"""At most so many word pairs in one block (a single pair of sentences may have more)."""

_SORTED_AT_ONCE = 1 << 22
_NONE = np.zeros((0, 0, 0), np.int32)


@dataclass(frozen=True, slots=True)
class Block:
    """Sentence pairs of similar length.

    Args:
        rows: which pairs, (B,).
        lengths: words of the first and the second side, each (B,).
        words: forms of the first (B, n) and the second side (B, m); -1 behind the end of a sentence.
        cells: the cell of every word pair, (B, n, m); 0 behind the end of a sentence.
    """

    rows: Ints
    lengths: tuple[Ints, Ints]
    words: tuple[Ints, Ints]
    cells: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Cells:
    """Pairs of forms, ascending; the first is a place holder for padding.

    Args:
        first, second: the forms of each cell, (C,).
        together: how many word pairs fall into each cell, (C,); 0 in the place holder.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    together: Floats


def laid(
    first: tuple[Ints, Ints], second: tuple[Ints, Ints], *, kept: tuple[Ints, Ints] | None = None
) -> tuple[list[Block], Cells]:
    """Blocks and cells of parallel sentences.

    Args:
        first: forms and starts of the sentences of the first side, as `numbered` gives them.
        second: the same of the second side.
        kept: first and second forms of cells that must be there although no pair of sentences holds them.

    >>> blocks, cells = laid((np.array([0, 1]), np.array([0, 2])), (np.array([0]), np.array([0, 1])))
    >>> blocks[0].cells.tolist(), cells.first.tolist()
    ([[[1], [2]]], [0, 0, 1])
    """
    forms = max(int(second[0].max(initial=0)), int(kept[1].max(initial=0)) if kept else 0)
    shift = forms.bit_length()
    given = [] if kept is None else [(kept[0] << shift | kept[1]) + 1]
    blocks: list[Block] = []
    parts: list[tuple[Ints, list[Block]]] = []
    for blank in _parts(first, second, shift):
        unique, place = distinct(np.concatenate([[0], *(key.ravel() for _, key in blank)]))
        flat = np.split(place[1:].astype(np.int32), np.cumsum([key.size for _, key in blank])[:-1])
        made = [replace(block, cells=at.reshape(key.shape)) for (block, key), at in zip(blank, flat)]
        parts.append((unique, made))
    alone = len(parts) == 1 and not given
    unique = parts[0][0] if alone else united([np.zeros(1, np.int64), *(own for own, _ in parts), *given])
    together = np.zeros(len(unique), np.float32)
    for own, made in parts:
        place = np.searchsorted(unique, own).astype(np.int32)
        for block in made if alone else [replace(block, cells=place[block.cells]) for block in made]:
            np.add.at(together, block.cells.ravel(), np.float32(1))
            blocks.append(block)
    together[0] = 0
    pairs = np.maximum(unique - 1, 0)
    return blocks, Cells((pairs >> shift).astype(np.int32), (pairs & ((1 << shift) - 1)).astype(np.int32), together)


def _parts(first: tuple[Ints, Ints], second: tuple[Ints, Ints], shift: int) -> Iterator[list[tuple[Block, Ints]]]:
    """Blocks, still without cells, with the key of every word pair; as many at once as are sorted together."""
    part: list[tuple[Block, Ints]] = []
    size = 0
    for rows in _batches(np.diff(first[1]), np.diff(second[1])):
        a, b = _padded(*first, rows), _padded(*second, rows)
        key = ((a[:, :, None] << shift) | b[:, None, :]) + 1
        key[(a < 0)[:, :, None] | (b < 0)[:, None, :]] = 0
        if part and size + key.size > _SORTED_AT_ONCE:
            yield part
            part, size = [], 0
        part.append((Block(rows, ((a >= 0).sum(1), (b >= 0).sum(1)), (a, b), _NONE), key))
        size += key.size
    if part:
        yield part


def _batches(n: Ints, m: Ints) -> Iterator[Ints]:
    """Rows of similar lengths, none empty, each batch of at most VOLUME word pairs."""
    full = np.flatnonzero((n > 0) & (m > 0))
    order = full[np.lexsort((m[full], n[full] // 4, np.maximum(n, m)[full] // 16))]
    start = wide = high = 0
    for at, row in enumerate(order.tolist()):
        new = max(wide, int(n[row])), max(high, int(m[row]))
        if at > start and new[0] * new[1] * (at + 1 - start) > VOLUME:
            yield order[start:at]
            start, new = at, (int(n[row]), int(m[row]))
        wide, high = new
    if len(order):
        yield order[start:]


def _padded(ids: Ints, starts: Ints, rows: Ints) -> Ints:
    lengths = starts[rows + 1] - starts[rows]
    place = np.arange(int(lengths.max()))
    inside = place < lengths[:, None]
    if not len(ids):
        return np.full(inside.shape, -1)
    return np.where(inside, ids[np.minimum(starts[rows][:, None] + place, len(ids) - 1)], -1)
