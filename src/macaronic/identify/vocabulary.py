"""What is known of each distinct word, worked out once: its likelihoods, its kind, how telling it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.identify import rules
from macaronic.identify.mixed import changes_script
from macaronic.identify.ngram import NEVER, NgramModel, script_bounds

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_MOST = 1 << 17
_LONGEST = 1000  # letters of a word that are looked at: megabytes without a blank would take gigabytes
_COMMON, _TELLING = (-9.0, -7.0, -5.0, -3.5), (0.5, 0.5, 0.8, 1.0)
_LONE = 0.4
_STOPS = frozenset('.!?…:;"“”«»„(¡¿-–—*•|/。！？。।॥؟')


class Vocabulary:
    """A growing table of words; a word's number is its row in the arrays.

    Args:
        model: gives the likelihoods.

    Attributes:
        score: log-likelihood in each language, shape (room, L).
        kind: `rules.WORD`, `OTHER`, `FILLER` or `MIXED`.
        telling: how much the word says about which languages a text is in, in [0, 1]: common words say most.
        named: written like a name.
        listed: some language lists the word.
        stop: a sign that a sentence may begin behind.
    """

    def __init__(self, model: NgramModel) -> None:
        self._model = model
        self._number: dict[str, int] = {}
        self._words: list[str] = []
        self._room(0)

    def _room(self, room: int) -> None:
        self.score: Floats = np.empty((room, len(self._model.tags)), dtype=np.float32)
        self.kind: NDArray[np.int8] = np.zeros(room, dtype=np.int8)
        self.telling: Floats = np.zeros(room, dtype=np.float32)
        self.named: Flags = np.zeros(room, dtype=np.bool_)
        self.listed: Flags = np.zeros(room, dtype=np.bool_)
        self.stop: Flags = np.zeros(room, dtype=np.bool_)

    def numbers(self, words: Sequence[str]) -> Ints:
        """The number of each word, shape (n,); new words are scored together.

        Numbers hold until the next call, which may start the table anew.
        """
        if len(self._number) > _MOST:
            self._number.clear()
            self._words.clear()
            self._room(0)
        known = self._number
        new = [word for word in dict.fromkeys(words) if word not in known]
        if new:
            self._add(new)
        return np.fromiter(map(known.__getitem__, words), dtype=np.int64, count=len(words))

    def spelt(self, numbers: Ints) -> list[str]:
        """The words that have these numbers."""
        if len(self._words) != len(self._number):
            self._words = list(self._number)
        return [self._words[i] for i in numbers.tolist()]

    def _add(self, new: list[str]) -> None:
        first = len(self._number)
        self._grow(first + len(new))
        rows = slice(first, first + len(new))
        kinds = np.fromiter(map(rules.kind, new), dtype=np.int8, count=len(new))
        foreign = [i for i, word in enumerate(new) if kinds[i] == rules.WORD and not word.isascii()]
        low, high = script_bounds([new[i] for i in foreign])
        for place in (i for i, pure in zip(foreign, (low == high).tolist(), strict=True) if not pure):
            kinds[place] = rules.MIXED if changes_script(new[place]) else rules.WORD
        real = np.flatnonzero(kinds != rules.OTHER)
        spelt = [new[i][:_LONGEST] for i in real.tolist()]
        self.kind[rows], self.score[rows] = kinds, NEVER
        self.named[rows] = np.fromiter(map(rules.capitalised, new), dtype=np.bool_, count=len(new))
        self.stop[rows] = np.fromiter((word[-1:] in _STOPS for word in new), dtype=np.bool_, count=len(new))
        score, common = _both(self._model, spelt)
        lone = np.fromiter((len(w) == 1 and w.isascii() for w in spelt), dtype=np.bool_, count=len(spelt))
        at = first + real
        self.score[at], self.listed[at] = score, common > 0
        seen = np.log10(np.maximum(common, 1e-9))
        self.telling[at] = np.interp(seen, _COMMON, _TELLING) * np.where(lone, _LONE, 1.0)
        self._number.update(zip(new, range(first, first + len(new)), strict=True))

    def _grow(self, needed: int) -> None:
        room = len(self.kind)
        if needed <= room:
            return
        kept: tuple[NDArray[Any], ...] = (self.score, self.kind, self.telling, self.named, self.listed, self.stop)
        self._room(max(2 * room, needed, 1024))
        fresh: tuple[NDArray[Any], ...] = (self.score, self.kind, self.telling, self.named, self.listed, self.stop)
        for table, old in zip(fresh, kept, strict=True):
            np.copyto(table[:room], old)


def _both(model: NgramModel, words: list[str]) -> tuple[Floats, Floats]:
    """Likelihoods and commonness; what stands in for a model may know them only one by one."""
    if isinstance(model, NgramModel):
        return model.score_and_commonness(words)
    return model.score(words), model.commonness(words)
