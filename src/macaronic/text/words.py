"""Cut text into word tokens, as code-point offsets.

The rules are those of Unicode's annex 29 with the tailoring that `macaronic.text.breaks` lists: a token never holds
white space, never cuts a grapheme cluster, and together the tokens hold every visible code point once. Addresses,
mentions, hashtags and common emoticons are one token each; other punctuation stands alone. Scripts written without
spaces are cut as `macaronic.text.segment` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from macaronic.core.columns import token_layer, token_offsets, token_spans, with_column, with_token_layer
from macaronic.core.corpus import TOKENS, layers_of
from macaronic.text import breaks, segment
from macaronic.text.breaks import Mask, Points
from macaronic.text.segment import Segmenter
from macaronic.text.web import joined_spans

PIECE = 1 << 18
Offsets = NDArray[np.int64]
Ints = NDArray[np.signedinteger[Any]]
_CUT = re.compile("[ \n]")
_KEYCAP = 0x20E3


def words(text: str, *, segmenters: Mapping[str, Segmenter] | None = None) -> list[str]:
    """Cut a text into word tokens and give the strings.

    Args:
        text: any text.
        segmenters: as in `tokenise`.

    Returns:
        The tokens in order.

    Example:
        >>> words("yaar, kal ki meeting don't miss karna 😂👍🏽!")
        ['yaar', ',', 'kal', 'ki', 'meeting', "don't", 'miss', 'karna', '😂', '👍🏽', '!']
    """
    return [text[start:end] for start, end in tokenise(text, segmenters=segmenters)]


def tokenise(text: str, *, segmenters: Mapping[str, Segmenter] | None = None) -> list[tuple[int, int]]:
    """Cut a text into word tokens.

    For many texts `tokenise_batch` is far faster than a loop over this.

    Args:
        text: any text; lone surrogates (which Arrow cannot hold) and NUL are accepted.
        segmenters: how to cut runs of a script written without spaces, by run name (`Hani`, `Jpan`, `Thai`, `Laoo`,
            `Khmr`, `Mymr`); without one the rules in `macaronic.text.segment` apply.

    Returns:
        ``(start, end)`` code-point offsets, ascending, not overlapping.

    Source: Unicode Standard Annex 29.

    Example:
        >>> tokenise("3lach, l'eau!")
        [(0, 5), (5, 6), (7, 12), (12, 13)]
    """
    starts, ends = _cut_text(text, segmenters)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def tokenise_batch(
    texts: pa.Array | pa.ChunkedArray | Sequence[str], *, segmenters: Mapping[str, Segmenter] | None = None
) -> tuple[NDArray[np.int32], NDArray[np.int32], Offsets]:
    """Cut a column of texts into word tokens.

    Args:
        texts: n texts, a list or an Arrow string column; a null counts as empty.
        segmenters: as in `tokenise`.

    Returns:
        ``starts`` and ``ends``, flat int32 arrays of code-point offsets within each text, and ``offsets``, int64 of
        shape (n + 1,): row i has the tokens ``offsets[i]`` to ``offsets[i + 1]``.

    Example:
        >>> starts, ends, offsets = tokenise_batch(["so chill", "", "ok!"])
        >>> starts.tolist(), ends.tolist(), offsets.tolist()
        ([0, 3, 0, 2], [2, 8, 2, 3], [0, 2, 2, 4])
    """
    text, rows = _joined(texts)
    starts, ends = _cut_text(text, segmenters)
    offsets = np.searchsorted(starts, rows).astype(np.int64)
    shift = np.repeat(rows[:-1].astype(starts.dtype), np.diff(offsets))
    starts -= shift
    ends -= shift
    return starts.astype(np.int32, copy=False), ends.astype(np.int32, copy=False), offsets


def annotate(batch: pa.RecordBatch, *, segmenters: Mapping[str, Segmenter] | None = None) -> pa.RecordBatch:
    """Fill the `tokens` column of the rows that have no tokens; rows with tokens stay as they are.

    Args:
        batch: rows of a corpus.
        segmenters: as in `tokenise`.

    Returns:
        The batch with tokens everywhere; in rows that got them every token layer is null.

    Example:
        >>> from macaronic.core.corpus import from_batch, to_batch
        >>> from macaronic.core.utterance import Utterance
        >>> batch = annotate(to_batch([Utterance("so chill!"), Utterance.from_words(["so chill"])]))
        >>> [u.words for u in from_batch(batch)]
        [('so', 'chill', '!'), ('so chill',)]
    """
    old = np.diff(token_offsets(batch))
    bare = old == 0
    if not bare.any():
        return batch
    starts, ends, rows = tokenise_batch(batch.column("text").filter(pa.array(bare)), segmenters=segmenters)
    lengths = old.copy()
    lengths[bare] = np.diff(rows)
    fresh = np.repeat(bare, lengths)
    flat = []
    for new, kept in zip((starts, ends), token_spans(batch), strict=True):
        merged = np.empty(len(fresh), dtype=np.int32)
        merged[fresh], merged[~fresh] = new, kept
        flat.append(merged)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    tokens = pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(flat, ["start", "end"]))
    out = with_column(batch, "tokens", tokens.cast(TOKENS))
    for name in layers_of(batch.schema):
        codes, names, layer = token_layer(batch, name)
        filled = ~bare & (np.diff(layer) == old)
        merged = np.full(len(fresh), -1, dtype=np.int32)
        merged[np.repeat(filled, lengths)] = codes[np.repeat(filled, np.diff(layer))]
        out = with_token_layer(out, name, merged, names)
    return out


def _joined(texts: pa.Array | pa.ChunkedArray | Sequence[str]) -> tuple[str, Offsets]:
    """All rows as one string with a line feed after each, and where each row starts in it (n + 1 positions)."""
    if isinstance(texts, pa.Array | pa.ChunkedArray):
        column = texts.cast(pa.string())
        column = pc.fill_null(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column, "")
        lengths = pc.utf8_length(column).to_numpy(zero_copy_only=False).astype(np.int64)
        rows = pa.LargeListArray.from_arrays(pa.array([0, len(column)], pa.int64()), column)
        text = pc.binary_join(rows, "\n")[0].as_py()
    else:
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        text = "\n".join(texts)
    return text, np.concatenate([[0], np.cumsum(lengths + 1)]).astype(np.int64)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of about PIECE code points that end after white space (or where the text ends)."""
    at = 0
    while at < len(text):
        end = len(text)
        if at + PIECE < end:
            cut = max(text.rfind(" ", at, at + PIECE), text.rfind("\n", at, at + PIECE))
            if cut < 0:
                found = _CUT.search(text, at + PIECE)
                cut = found.start() if found else end - 1
            end = cut + 1
        yield at, end
        at = end


def _cut_text(text: str, segmenters: Mapping[str, Segmenter] | None) -> tuple[Ints, Ints]:
    width = np.dtype(np.int32 if len(text) < 1 << 31 else np.int64)  # half the memory where it is enough
    all_starts, all_ends = [np.zeros(0, dtype=width)], [np.zeros(0, dtype=width)]
    for at, end in _pieces(text):
        starts, ends = (part.astype(width) for part in _cut_piece(text[at:end], segmenters or {}))
        starts += at
        ends += at
        all_starts.append(starts)
        all_ends.append(ends)
    return np.concatenate(all_starts), np.concatenate(all_ends)


def _cut_piece(text: str, segmenters: Mapping[str, Segmenter]) -> tuple[Offsets, Offsets]:
    points: Points
    if text.isascii():
        points = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
        kind = breaks.kinds()[:128][points]
        join = breaks.word_joins(kind)
        _lay_spans(join, joined_spans(text, points, kind))
        return _segments(kind, join)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kind = breaks.kinds()[points]
    flag = breaks.flags()[points]
    _free_keycaps(points, kind)
    join = breaks.word_joins(kind)
    whole = breaks.cluster_joins(points, flag)
    join |= whole
    segment.join_unspaced(text, points, kind, join, whole, segmenters)
    _lay_spans(join, joined_spans(text, points, kind))
    join |= whole
    starts, ends = _segments(kind, join)
    return _visible(flag, starts, ends)


def _free_keycaps(points: Points, kind: NDArray[np.uint8]) -> None:
    """Two keycaps in a row are two pictures, not one number."""
    for at in np.flatnonzero(points == _KEYCAP).tolist():
        base = at - 2 if at > 1 and points[at - 1] == 0xFE0F else at - 1
        if base >= 0 and kind[base] != breaks.BLANK and chr(points[base]) in "0123456789#*":
            kind[base] = breaks.PICTOGRAPH


def _lay_spans(join: Mask, spans: list[tuple[int, int]]) -> None:
    for start, end in spans:
        join[start] = False
        join[start + 1 : end] = True
        join[end : end + 1] = False


def _segments(kind: NDArray[np.uint8], join: Mask) -> tuple[Offsets, Offsets]:
    """Tokens between boundaries; white space is cut off on both sides and dropped."""
    blank = kind == breaks.BLANK
    join[blank] = False
    join[1:][blank[:-1]] = False
    boundary = np.flatnonzero(~join)
    ends = np.append(boundary[1:], len(kind))
    words = ~blank[boundary]
    return (boundary, ends) if words.all() else (boundary[words], ends[words])


def _visible(flag: NDArray[np.uint8], starts: Offsets, ends: Offsets) -> tuple[Offsets, Offsets]:
    """Drop tokens with nothing to see and cut direction marks and the like off the ends of the others."""
    hidden = (flag & breaks.INVISIBLE) > 0
    if not len(starts) or not hidden.any():
        return starts, ends
    seen = np.concatenate([[0], np.cumsum(~hidden)])
    keep = seen[ends] > seen[starts]
    starts, ends = starts[keep], ends[keep]
    last = np.maximum.accumulate(np.where((flag & breaks.TRIMMED) > 0, 0, np.arange(len(flag))))
    return starts, last[ends - 1] + 1
