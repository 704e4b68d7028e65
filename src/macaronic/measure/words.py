"""The language words of a batch as flat arrays: the one pass over tokens that every measure starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from macaronic.core.columns import token_layer
from macaronic.core.corpus import layers_of
from macaronic.core.errors import UsageError
from macaronic.core.languages import is_language
from macaronic.measure.symcom import Pair
from macaronic.text.scripts import COMMON, script_names, script_numbers

Ints = NDArray[np.int64]


class Cells(NamedTuple):
    """A sparse table of counts: `n[i]` stands in row `row[i]` under key `key[i]`; sorted, no cell twice."""

    row: Ints
    key: Ints
    n: Ints


@dataclass(frozen=True)
class Words:
    """The language words of R sentences.

    Attributes:
        languages: the k languages that occur.
        language: position in `languages` of each of the N language words.
        offsets: where each sentence begins among them, shape (R + 1,).
        tokens: all tokens of each sentence, with or without a language, shape (R,).
        tags: the P part-of-speech tags that occur on words of the two languages compared.
        tagged: (sentence, 2 * tag + side) -> words, side 0 for the first language of the pair and 1 for the second.
        scripts: (sentence, position in `text.scripts.script_names`) -> letters.
    """

    languages: tuple[str, ...]
    language: NDArray[np.int32]
    offsets: Ints
    tokens: Ints
    tags: tuple[str, ...]
    tagged: Cells
    scripts: Cells


_ROWS = 2048  # texts looked at together: more of them no longer fit in the processor's cache

NO_CELLS = Cells(*(np.zeros(0, dtype=np.int64) for _ in range(3)))


def tally(row: Ints, key: Ints, shape: tuple[int, int], weight: Ints | None = None) -> Cells:
    """Count (row, key) pairs, or add up their weights, without looking at each row in turn.

    Args:
        row: row of each item, below `shape[0]`.
        key: key of each item, below `shape[1]`.
        shape: how many rows and keys there could be.
        weight: what an item counts; 1 when left out.

    Returns:
        The cells with an item, sorted by row, then key.

    >>> [a.tolist() for a in tally(np.array([0, 0, 1]), np.array([2, 2, 0]), (2, 3))]
    [[0, 1], [2, 0], [2, 1]]
    """
    rows, keys = shape
    cell = row * keys + key
    if rows * keys <= 16 * len(cell) + 4096:
        dense = np.bincount(cell, weight, minlength=rows * keys)
        found = np.flatnonzero(dense > 0)
        count = dense[found]
    else:
        order = np.argsort(cell, kind="stable")
        found = cell[order]
        first = np.flatnonzero(np.diff(found, prepend=-1))
        held = np.ones(len(cell), dtype=np.int64) if weight is None else weight[order]
        count = np.add.reduceat(held, first) if len(first) else held
        found = found[first]
    return Cells(found // keys, found % keys, count.astype(np.int64, copy=False))


def runs(values: NDArray[Any], offsets: Ints) -> tuple[Ints, Ints]:
    """Where runs of equal values begin: at each change and at the first value of each row.

    Args:
        values: flat over the rows.
        offsets: where each row begins, shape (R + 1,).

    Returns:
        The first position of each run, and how many runs begin before each offset, shape (R + 1,).

    >>> start, bounds = runs(np.array([1, 1, 2, 2, 2]), np.array([0, 4, 5]))
    >>> start.tolist(), bounds.tolist()
    ([0, 2, 4], [0, 2, 3])
    """
    change = np.empty(len(values), dtype=np.bool_)
    change[:1] = True
    np.not_equal(values[1:], values[:-1], out=change[1:])
    begins = offsets[:-1]
    change[begins[begins < offsets[1:]]] = True
    return np.flatnonzero(change), true_before(change, offsets)


def true_before(mask: NDArray[np.bool_], offsets: Ints) -> Ints:
    """How many entries of a mask are true before each offset.

    >>> true_before(np.array([True, False, True]), np.array([0, 2, 3])).tolist()
    [0, 1, 2]
    """
    total = np.zeros(len(mask) + 1, dtype=np.int32)
    np.cumsum(mask, out=total[1:], dtype=np.int32)
    return total[offsets].astype(np.int64)


def language_words(
    batch: pa.RecordBatch,
    *,
    languages: Sequence[str] | None = None,
    layer: str = "lang",
    pos_layer: str = "pos",
    pair: Pair | None = None,
    scripts: bool = False,
) -> Words:
    """Read the language words of a batch.

    Args:
        batch: rows with a token layer of word labels.
        languages: the languages that count; all when left out. Words of others are treated as having no language.
        layer: the layer of word labels.
        pos_layer: the layer of part-of-speech tags; it may be missing.
        pair: the two languages that SyMCoM compares; without it no tags are counted.
        scripts: whether to look at the text for its scripts.

    Raises:
        UsageError: the batch has no such layer of word labels.

    >>> from macaronic.core.corpus import to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> batch = to_batch([Utterance.from_words(["so", ",", "chalo"], layers={"lang": ["en", "other", "hi-Latn"]})])
    >>> words = language_words(batch)
    >>> words.languages, words.language.tolist(), words.offsets.tolist(), words.tokens.tolist()
    (('en', 'hi-Latn'), [0, 1], [0, 2], [3])
    """
    layers = layers_of(batch.schema)
    if layer not in layers:
        has = ", ".join(layers) or "none"
        raise UsageError(f"expected a token layer {layer!r}; the layers are: {has}.\nIdentify the languages first.")
    codes, labels, offsets = token_layer(batch, layer)
    names, language = _counted(codes, labels, languages)
    counts = language >= 0
    at = np.flatnonzero(counts)
    spoken = np.take(language, at)
    tags: tuple[str, ...] = ()
    tagged = NO_CELLS
    if pair and pos_layer in layers:
        sides = [names.get(name, -2) for name in pair]
        tags, tagged = _tagged(batch, pos_layer, spoken, at, offsets, sides)
    return Words(
        languages=tuple(names),
        language=spoken,
        offsets=true_before(counts, offsets),
        tokens=np.diff(offsets),
        tags=tags,
        tagged=tagged,
        scripts=script_letters(batch.column("text")) if scripts else NO_CELLS,
    )


def _counted(
    codes: NDArray[np.int32], labels: list[str], languages: Sequence[str] | None
) -> tuple[dict[str, int], NDArray[np.int32]]:
    """The languages that occur, and for each token its language's number or -1."""
    seen = np.bincount(codes + 1, minlength=len(labels) + 1)[1:]
    names: dict[str, int] = {}
    number = np.full(len(labels) + 1, -1, dtype=np.int32)  # the last entry answers for null (-1)
    for code, label in enumerate(labels):
        if seen[code] and is_language(label) and (languages is None or label in languages):
            number[code] = names.setdefault(label, len(names))
    return names, np.take(number, codes, mode="wrap")


def _tagged(
    batch: pa.RecordBatch, layer: str, language: NDArray[np.int32], at: Ints, offsets: Ints, pair: list[int]
) -> tuple[tuple[str, ...], Cells]:
    codes, labels, own = token_layer(batch, layer)
    if not np.array_equal(own, offsets):
        raise UsageError(f"the layers of word labels and {layer!r} differ in length; each needs one label a token")
    names = {name: i for i, name in enumerate(dict.fromkeys(labels))}
    number = np.array([*(names[name] for name in labels), -1], dtype=np.int64)
    tag = number[codes[at]]
    use = (tag >= 0) & ((language == pair[0]) | (language == pair[1]))
    row = np.repeat(np.arange(len(offsets) - 1), np.diff(np.searchsorted(at[use], offsets)))
    key = 2 * tag[use] + (language[use] == pair[1])
    return tuple(names), tally(row, key, (len(offsets) - 1, 2 * len(names)))


def script_letters(texts: pa.Array) -> Cells:
    """How many letters and vowel signs of each script each text holds; digits, spaces and punctuation have none.

    Args:
        texts: n strings.

    Returns:
        (text, position in `text.scripts.script_names`) -> letters.

    >>> cells = script_letters(pa.array(["ok ठीक", "12"]))
    >>> [(row, script_names()[key], n) for row, key, n in zip(*(a.tolist() for a in cells))]
    [(0, 'Deva', 3), (0, 'Latn', 2)]
    """
    parts = [_script_letters(pc.fill_null(texts.slice(at, _ROWS), "")) for at in range(0, len(texts), _ROWS)]
    if not parts:
        return NO_CELLS
    row = np.concatenate([part.row + i * _ROWS for i, part in enumerate(parts)])
    return Cells(row, *(np.concatenate([part[i] for part in parts]) for i in (1, 2)))


def _script_letters(texts: pa.Array) -> Cells:
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(pc.utf8_length(texts).to_numpy(zero_copy_only=False), out=offsets[1:])
    number = script_numbers("".join(texts.to_pylist()))
    seen = np.zeros(len(script_names()), dtype=np.bool_)
    seen[number] = True
    present = np.flatnonzero(seen[len(COMMON) :]) + len(COMMON)
    letters = [np.diff(true_before(number == script, offsets)) for script in present.tolist()]
    counts = np.stack(letters, axis=1) if letters else np.zeros((len(texts), 0), dtype=np.int64)
    row, column = np.nonzero(counts)
    return Cells(row, present[column], counts[row, column])
