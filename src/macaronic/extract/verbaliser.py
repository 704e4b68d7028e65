"""The commonest words of each text label as its verbaliser: what a few-shot classifier compares a text with.

A classifier that is shown a handful of texts a class needs words that stand for a class. Its plain name is one word;
records with both levels give a hundred.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.extract.record import Record
from macaronic.text.words import words as word_tokens

Floats = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Floats]
"""From texts to rows of length 1, shape (n, d)."""
Source = Literal["text", "spans"]


def verbaliser(records: Sequence[Record], *, most: int = 100, source: Source = "text") -> dict[str, tuple[str, ...]]:
    """The words of each text label, the most telling first.

    A word counts for a label by the root of how often it occurs there (so its noise), times the logarithm of how much
    oftener that is than in all records: `the` is nobody's word.

    Args:
        records: with text labels.
        most: words a label, at least 1.
        source: `text` takes all words, `spans` those of the spans.

    Raises:
        UsageError: `most` below 1.

    Source: S001, the 100 most frequent words a label as a verbaliser; the weighing is ours.

    >>> verbaliser([Record("the river", "Nature"), Record("the poem", "Arts")], most=1)
    {'Arts': ('poem',), 'Nature': ('river',)}
    """
    if most < 1:
        raise UsageError(f"expected at least 1 word a label, got {most}")
    by: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        texts = [record.text] if source == "text" else [span.text for span in record.spans]
        by[record.text_label].update(w.lower() for text in texts for w in word_tokens(text) if any(map(str.isalpha, w)))
    total: Counter[str] = Counter()
    for count in by.values():
        total.update(count)
    every = total.total()

    def telling(count: Counter[str], word: str) -> float:
        return math.sqrt(count[word]) * math.log(count[word] * every / (total[word] * count.total()))

    return {
        label: tuple(sorted(count, key=lambda w: (-telling(count, w), w))[:most]) for label, count in sorted(by.items())
    }


def classify(
    texts: Sequence[str],
    words: Mapping[str, Sequence[str]],
    embed: Embed,
    *,
    shots: Sequence[Record] = (),
    share: float = 0.5,
) -> list[str]:
    """The label whose words, and whose few examples, are nearest to each text.

    Args:
        texts: what to classify.
        words: label -> its verbaliser; `{"Nature": ["Nature"]}` is the plain name.
        embed: from texts to vectors.
        shots: examples of the labels, where there are some.
        share: how much the words count beside the examples, 0 to 1.

    Raises:
        UsageError: no labels.

    >>> embed = hashed_letters()
    >>> classify(["a deep lake"], {"Arts": ["poem"], "Nature": ["lake", "river"]}, embed)
    ['Nature']
    """
    labels = sorted(words)
    if not labels:
        raise UsageError("expected a verbaliser of at least one label, got none")
    spoken = _rows([embed(list(words[label])) for label in labels])
    shown = {label: [record.text for record in shots if record.text_label == label] for label in labels}
    if any(shown.values()):
        seen = _rows([embed(shown[label]) if shown[label] else np.zeros_like(spoken[:1]) for label in labels])
        spoken = share * spoken + (1 - share) * seen
    return [labels[int(i)] for i in (embed(list(texts)) @ spoken.T).argmax(1)]


def hashed_letters(width: int = 4096, sizes: Sequence[int] = (2, 3, 4)) -> Embed:
    """An embedder that needs no model: counts of letter n-grams, hashed, of length 1.

    >>> rows = hashed_letters()(["lake", "lakes", "poem"])
    >>> bool(rows[0] @ rows[1] > rows[0] @ rows[2])
    True
    """
    from zlib import crc32

    def embed(texts: Sequence[str]) -> Floats:
        out = np.zeros((len(texts), width), np.float32)
        for row, text in zip(out, texts):
            padded = f" {text.lower()} "
            for size in sizes:
                for at in range(len(padded) - size + 1):
                    row[crc32(padded[at : at + size].encode()) % width] += 1.0
        return _unit(out)

    return embed


def _rows(each: Sequence[Floats]) -> Floats:
    means = np.stack([rows.mean(0) if len(rows) else np.zeros(rows.shape[1], np.float32) for rows in each])
    return _unit(means)


def _unit(rows: Floats) -> Floats:
    out: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return out
