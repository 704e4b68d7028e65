"""From word labels to what a whole sentence is in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Sentence:
    """The language of a sentence, how sure that is, and the share of each language among its words.

    Args:
        lang: the matrix language (most words), None without any.
        confidence: in [0, 1].
        languages: share of each language among the words that have one, largest first.
    """

    lang: str | None
    confidence: float
    languages: dict[str, float]

    def asdict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"lang": self.lang, "confidence": self.confidence, "languages": self.languages}


def summed(
    code: NDArray[np.int32],
    certainty: NDArray[np.float32],
    main: NDArray[np.int32],
    offsets: NDArray[np.int64],
    names: Sequence[str],
) -> Iterator[Sentence]:
    """One `Sentence` a row from flat language numbers (negative for words of no language).

    >>> row = summed(np.array([1, 1, -1, 0]), np.array([0.9]), np.array([1]), np.array([0, 4]), ["en", "hi-Latn"])
    >>> next(row).languages
    {'hi-Latn': 0.6667, 'en': 0.3333}
    """
    for at in range(len(offsets) - 1):
        part = code[offsets[at] : offsets[at + 1]]
        found, count = np.unique(part[part >= 0], return_counts=True)
        order = np.argsort(-count, kind="stable")
        shares = {names[int(found[i])]: round(float(count[i]) / int(count.sum()), 4) for i in order}
        lang = names[int(main[at])] if main[at] >= 0 else None
        yield Sentence(lang, round(float(certainty[at]), 4), shares)
