"""Text that somebody has cut into words already, with a single space between them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from macaronic.core.columns import with_tokens


def split_at_spaces(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Tokens of every row at its single spaces, and nowhere else; token layers are dropped.

    Args:
        batch: rows of a corpus.

    Returns:
        The batch with as many tokens in each row as it has words; a blank row has none.

    >>> from macaronic.core.corpus import from_batch, to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> [u.words for u in from_batch(split_at_spaces(to_batch([Utterance("don't , yaar"), Utterance("")])))]
    [("don't", ',', 'yaar'), ()]
    """
    starts: list[int] = []
    ends: list[int] = []
    offsets = [0]
    for text in batch.column("text").to_pylist():
        at = 0
        for word in text.split(" "):
            if word:
                starts.append(at)
                ends.append(at + len(word))
            at += len(word) + 1
        offsets.append(len(starts))
    return with_tokens(batch, np.array(starts, np.int32), np.array(ends, np.int32), np.array(offsets, np.int64))
