"""What is believed of a pair of forms before any text is seen: spellings that agree, a dictionary, the stems."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.synth.align import edit
from macaronic.synth.align.grid import Cells
from macaronic.synth.align.keys import distinct
from macaronic.synth.align.types import Floats, Ints, Types, folded, spelled, stems

FLAT = 0.15
"""The pseudo-count of any pair of forms."""

ALIKE = 1.0
"""The pseudo-count of two forms that are spelt the same, or that the dictionary holds."""

STEMMED = 2.0
"""How many pseudo-counts the pair of stems spreads over the forms that another form can be translated by."""

Dictionary = Mapping[str, Collection[str]]

_MARKS = str.maketrans("।॥。｡؟،؛、？！：；（）«»„“”‘’", '....?,;,?!:;()"""""\'\'')


@dataclass(frozen=True, slots=True)
class Prior:
    """Pseudo-counts of the cells.

    Args:
        fixed: what spelling and dictionary give, (C,).
        stems: the pair of stems that each cell belongs to, (C,).
        stem_first, stem_second: the two stems of each pair of stems.
        shares: each cell's first form's share in its stem, and its second form's, each (C,).
    """

    fixed: Floats
    stems: NDArray[np.int32]
    stem_first: Ints
    stem_second: Ints
    shares: tuple[Floats, Floats]


def prior(
    cells: Cells,
    first: Types,
    second: Types,
    *,
    languages: tuple[str | None, str | None] = (None, None),
    dictionary: Dictionary | None = None,
) -> Prior:
    """The pseudo-counts of all cells.

    Args:
        cells: the pairs of forms.
        first, second: the forms.
        languages: their languages' tags, for romanising.
        dictionary: translations of words of the first side.
    """
    fixed = FLAT + ALIKE * likeness(cells, first.forms, second.forms, languages) ** 3
    if dictionary:
        fixed[_listed(cells, first.forms, second.forms, dictionary)] += ALIKE
    fixed[0] = 0
    own, other = stems(first.forms), stems(second.forms)
    shift = int(other.max(initial=0)).bit_length()
    unique, group = distinct(own[cells.first] << shift | other[cells.second])
    shares = (
        (first.counts / np.maximum(1, np.bincount(own, first.counts))[own]).astype(np.float32)[cells.first],
        (second.counts / np.maximum(1, np.bincount(other, second.counts))[other]).astype(np.float32)[cells.second],
    )
    return Prior(fixed, group.astype(np.int32), unique >> shift, unique & ((1 << shift) - 1), shares)


def likeness(
    cells: Cells, first: Sequence[str], second: Sequence[str], languages: tuple[str | None, str | None] = (None, None)
) -> Floats:
    """How alike the spellings of each cell's forms are in Latin letters, in [0, 1]; 1 for the same number or mark.

    >>> cells = Cells(np.array([0, 0, 1]), np.array([0, 0, 1]), np.array([0, 1, 1]))
    >>> likeness(cells, ["delhi", "."], ["दिल्ली", "।"], (None, "hi")).round(2).tolist()
    [0.0, 0.6000000238418579, 1.0]
    """
    a = [form.translate(_MARKS) for form in spelled(first, languages[0])]
    b = [form.translate(_MARKS) for form in spelled(second, languages[1])]
    place: dict[str, int] = {}
    own = np.array([place.setdefault(form, len(place)) for form in a], np.int64)
    other = np.array([place.setdefault(form, len(place)) for form in b], np.int64)
    found = np.zeros(len(cells.first), np.float32)
    wordy = np.flatnonzero(_wordy(a)[cells.first] & _wordy(b)[cells.second])
    found[wordy] = edit.likeness(a, b, cells.first[wordy], cells.second[wordy])
    found[own[cells.first] == other[cells.second]] = 1
    found[0] = 0
    return found


def _wordy(forms: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which forms are words of at least three letters; of others only the very same is alike."""
    return np.array([len(form) > 2 and unicodedata.category(form[0])[0] == "L" for form in forms], bool)


def _listed(cells: Cells, first: Sequence[str], second: Sequence[str], dictionary: Dictionary) -> Ints:
    """The cells whose pair of forms the dictionary holds."""
    place = {form: number for number, form in enumerate(second)}
    own = {form: number for number, form in enumerate(first)}
    keys = [
        own[word] << 32 | place[other]
        for word, other in ((folded(word), folded(other)) for word, others in dictionary.items() for other in others)
        if word in own and other in place
    ]
    found: Ints = np.flatnonzero(np.isin(cells.first.astype(np.int64) << 32 | cells.second, np.array(keys, np.int64)))
    return found[found > 0]
