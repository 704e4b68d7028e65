"""Words as numbers: one number a distinct form, how often each occurs, and the stem that rare forms lean on."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.text.romanise import romanise

STEM = 4
"""How many letters of a word its stem keeps."""

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.float32]


@functools.lru_cache(maxsize=1 << 18)
def folded(word: str) -> str:
    """The form under which a word is counted: compatibility-normalised, case-folded.

    >>> folded("Ｓtraße")
    'strasse'
    """
    return word.lower() if word.isascii() else unicodedata.normalize("NFKC", word).casefold()


@dataclass(frozen=True, slots=True)
class Types:
    """The distinct forms of one side.

    Args:
        forms: the forms, in the order in which they came up.
        counts: how often each occurs.
    """

    forms: tuple[str, ...]
    counts: Floats

    @property
    def unigrams(self) -> Floats:
        """The smoothed share of each form among all words."""
        smoothed = self.counts + np.float32(0.5)
        return np.asarray(smoothed / max(smoothed.sum(), np.float32(1)), np.float32)


def numbered(sentences: Iterable[Sequence[str]], known: Sequence[str] = ()) -> tuple[list[str], Ints, Ints]:
    """Sentences as numbers of forms.

    Args:
        sentences: words, sentence by sentence.
        known: forms that have their numbers already.

    Returns:
        All forms (`known` first), the form of every word, and where each sentence starts (one more than sentences).

    >>> forms, ids, starts = numbered([["The", "house"], ["the"]])
    >>> forms, ids.tolist(), starts.tolist()
    (['the', 'house'], [0, 1, 0], [0, 2, 3])
    """
    place = {form: number for number, form in enumerate(known)}
    ids: list[int] = []
    starts = [0]
    for words in sentences:
        ids.extend(place.setdefault(folded(word), len(place)) for word in words)
        starts.append(len(ids))
    return list(place), np.array(ids, np.int64), np.array(starts, np.int64)


def spelled(forms: Sequence[str], language: str | None) -> list[str]:
    """The forms in Latin letters without marks, so that spellings in two scripts can be compared.

    >>> spelled(["दिल्ली", "información"], None)
    ['dilli', 'informacion']
    """
    return [form if form.isascii() else _bare(romanise(form, language)) for form in forms]


def _bare(text: str) -> str:
    split = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in split if not unicodedata.combining(c))


def stems(forms: Sequence[str]) -> Ints:
    """The number of each form's stem: words that begin with the same letters share one.

    >>> stems(["talked", "tale", "talking", "cat"]).tolist()
    [0, 1, 0, 2]
    """
    place: dict[str, int] = {}
    return np.array([place.setdefault(form[:STEM], len(place)) for form in forms], np.int64)
