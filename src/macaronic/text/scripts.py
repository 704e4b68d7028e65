"""Which script a word is written in (ISO 15924), for one word or a column of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from macaronic.text.codepoints import table

COMMON = ("Zyyy", "Zinh", "Zzzz")
"""Codes of characters that belong to no single script."""

UNSPACED = frozenset({"Hani", "Hira", "Kana", "Thai", "Laoo", "Khmr", "Mymr"})
"""Codes of scripts that are written without spaces between words."""


@cache
def script_names() -> tuple[str, ...]:
    """Codes of all scripts, in the order of `script_numbers`; the three of `COMMON` come first.

    Example:
        >>> script_names()[:4]
        ('Zyyy', 'Zinh', 'Zzzz', 'Adlm')
    """
    return (*COMMON, *sorted(set(table().script) - set(COMMON)))


@cache
def _numbers() -> NDArray[np.uint8]:
    names = {name: i for i, name in enumerate(script_names())}
    return np.array([names[script] for script in table().script], dtype=np.uint8)[table().index]


def script_numbers(text: str) -> NDArray[np.uint8]:
    """Script of each code point of a text, as positions in `script_names`.

    Args:
        text: n code points.

    Returns:
        uint8 array of shape (n,).

    Example:
        >>> [script_names()[i] for i in script_numbers("a1क")]
        ['Latn', 'Zyyy', 'Deva']
    """
    return _numbers()[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)]


@lru_cache(maxsize=1 << 16)
def script_of(word: str) -> str:
    """Say which script most of a word is in.

    Marks, digits and punctuation do not count unless there is nothing else; of two scripts with the same count the
    one that comes first wins.

    Args:
        word: any string.

    Returns:
        ISO 15924 code; ``Zyyy`` when the word has no letters of any script (also for the empty string).

    Example:
        >>> [script_of(w) for w in ("chai", "चाय", "شاي", "123", "#हिन्दी")]
        ['Latn', 'Deva', 'Arab', 'Zyyy', 'Deva']
    """
    counts = Counter(number for number in script_numbers(word).tolist() if number >= len(COMMON))
    return script_names()[counts.most_common(1)[0][0]] if counts else "Zyyy"


def scripts_of(words: pa.Array | pa.ChunkedArray | Sequence[str]) -> pa.DictionaryArray:
    """Say which script each word of a column is in; each distinct word is looked at once.

    Args:
        words: n words; a null stays null.

    Returns:
        Dictionary array of n ISO 15924 codes.

    Example:
        >>> scripts_of(["chai", "चाय", "chai"]).to_pylist()
        ['Latn', 'Deva', 'Latn']
    """
    column = words if isinstance(words, pa.Array | pa.ChunkedArray) else pa.array(words, pa.string())
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    coded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
    codes = _codes(coded.dictionary)
    present, inverse = np.unique(codes, return_inverse=True)
    names = pa.array([script_names()[i] for i in present.tolist()], pa.string())
    indices = pc.take(pa.array(inverse.astype(np.int32)), coded.indices)
    return pa.DictionaryArray.from_arrays(indices, names)


def _codes(words: pa.Array) -> NDArray[np.uint8]:
    """Script number of each of n words, no nulls."""
    out = np.zeros(len(words), dtype=np.uint8)
    lengths = pc.utf8_length(words).to_numpy(zero_copy_only=False).astype(np.int64)
    number = script_numbers("".join(words.to_pylist()))
    counted = np.flatnonzero(number >= len(COMMON))
    if not len(counted):
        return out
    row = np.repeat(np.arange(len(words)), lengths)[counted]
    number = number[counted]
    first = np.flatnonzero(np.diff(row, prepend=-1))
    low, high = np.minimum.reduceat(number, first), np.maximum.reduceat(number, first)
    out[row[first]] = low
    names = script_names()
    for at in row[first][low != high].tolist():
        out[at] = names.index(script_of(words[at].as_py()))
    return out


def script_shares(text: str) -> dict[str, float]:
    """Share of each script among the characters of a text that belong to a script.

    Args:
        text: any text.

    Returns:
        ISO 15924 code to share, largest first; shares sum to 1; empty when no character has a script.

    Example:
        >>> script_shares("ab कख")
        {'Deva': 0.5, 'Latn': 0.5}
    """
    counts = np.bincount(script_numbers(text), minlength=len(script_names()))
    counts[: len(COMMON)] = 0
    total = int(counts.sum())
    order = [int(i) for i in np.lexsort((np.arange(len(counts)), -counts)) if counts[i]]
    return {script_names()[i]: int(counts[i]) / total for i in order}
