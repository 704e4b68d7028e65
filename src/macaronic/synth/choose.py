"""Which candidate of each row to take, so that all together are like a profile: figures, distances, exchanges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from macaronic.core.languages import is_language
from macaronic.synth import classes
from macaronic.synth.mixed import Mixed
from macaronic.synth.observed import CONTENT, FUNCTION, merged
from macaronic.synth.profile import Profile

Floats = NDArray[np.float64]

SWEEPS = 4
_BINS = 40
_WEIGHTS = (2.0, 1.0, 1.0)
"""What the distances of CMI, switching and embedded share count beside that of the word classes (1)."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What counts of one sentence: CMI / 100, share of switching, share of the second language, words, and switched
    words by class."""

    cmi: float
    switching: float
    second: float
    words: int
    switched: Floats

    @property
    def place(self) -> tuple[float, float, float]:
        """The three shares."""
        return self.cmi, self.switching, self.second


def coarse_shares(shares: Mapping[str, float]) -> dict[str, float]:
    """Shares of function and content words out of shares of classes.

    >>> coarse_shares({"NOUN": 0.5, "ADP": 0.25, "DET": 0.25})
    {'function': 0.5, 'content': 0.5}
    """
    found = {FUNCTION: 0.0, CONTENT: 0.0}
    for tag, share in shares.items():
        found[coarse_tag(tag)] += share
    return found


def coarse_tag(tag: str) -> str:
    return FUNCTION if tag in classes.CLOSED or tag == FUNCTION else CONTENT


def figures_of(
    one: Mixed, pos: dict[str, tuple[str, ...]], main: str, names: tuple[str, ...], second: str, coarse: bool
) -> Figures:
    """The figures of a sentence.

    Args:
        one: the sentence.
        pos: language of a side -> the class of each of its words.
        main: the main side, where words of a lexicon stand.
        names: the classes that count, in order.
        second: the language, without script, whose share counts.
        coarse: whether only function and content words are told apart.
    """
    at = [i for i, lang in enumerate(one.langs) if is_language(lang)]
    base = [one.langs[i].partition("-")[0] for i in at]
    counts = Counter(base)
    largest = max(counts, key=lambda name: counts[name]) if counts else ""
    switched = np.zeros(len(names))
    for i, lang in zip(at, base):
        if lang != largest:
            side = one.sides[i] if one.sides[i] in pos else main
            tag = pos[side][one.index[i]]
            tag = coarse_tag(tag) if coarse else merged(tag)
            if tag in names:
                switched[names.index(tag)] += 1
    n = max(len(base), 1)
    changes = sum(a != b for a, b in pairwise(base))
    return Figures(one.cmi / 100, changes / max(n - 1, 1), counts[second] / n, len(base), switched)


def chosen(
    held: Sequence[Sequence[Figures]],
    aims: Sequence[int],
    profile: Profile,
    shares: dict[str, float],
    *,
    n: int,
    seed: int,
) -> list[list[int]]:
    """Which candidates of each row are taken: `n` different ones, as far as there are so many.

    Args:
        held: the figures of each row's candidates.
        aims: the sentence of the profile that each row aims at.
        profile: what all rows together shall be like.
        shares: word class -> its wished share of the switched words.
        n: sentences a row.
        seed: in which order rows are gone over.

    Returns:
        Positions among the candidates of each row.
    """
    points = np.array(profile.points)[:, :3] / (100, 1, 1)
    picks = []
    for pool, aim in zip(held, aims):
        away = [float(np.abs(np.array(one.place) - points[aim]).sum()) for one in pool]
        picks.append(sorted(range(len(pool)), key=away.__getitem__)[:n])
    balance = _Balance(points, np.array([shares[name] for name in sorted(shares)]))
    bins = [_binned(pool) for pool in held]
    classes_of = [np.array([one.switched for one in pool]) for pool in held]
    for r, own in enumerate(picks):
        for i in own:
            balance.add(bins[r][i], classes_of[r][i], 1)
    order = np.random.default_rng([seed, len(held)]).permutation(len(held))
    for _ in range(SWEEPS):
        moved = 0
        for r in order.tolist():
            for slot, i in enumerate(picks[r]):
                balance.add(bins[r][i], classes_of[r][i], -1)
                cost = balance.costs(bins[r], classes_of[r])
                cost[[k for k in picks[r] if k != i]] = np.inf
                best = int(np.argmin(cost))
                best = best if cost[best] < cost[i] - 1e-12 else i
                moved += best != i
                picks[r][slot] = best
                balance.add(bins[r][best], classes_of[r][best], 1)
        if not moved:
            break
    return picks


def _binned(pool: Sequence[Figures]) -> NDArray[np.int64]:
    places = np.array([one.place for one in pool]).reshape(-1, 3)
    return np.minimum((places * _BINS).astype(np.int64), _BINS - 1)


class _Balance:
    """How far what is chosen so far is from the profile, and what each candidate would make of it."""

    def __init__(self, points: Floats, shares: Floats) -> None:
        bins = np.minimum((points * _BINS).astype(np.int64), _BINS - 1)
        counts = np.stack([np.bincount(bins[:, f], minlength=_BINS) for f in range(3)])
        self._wanted = np.cumsum(counts / len(points), axis=1)
        self._shares = shares / max(shares.sum(), 1e-12)
        self._held = np.zeros((3, _BINS))
        self._switched = np.zeros(len(shares))
        self._n = 0

    def add(self, bins: NDArray[np.int64], switched: Floats, times: int) -> None:
        """Take a sentence in (1) or out (-1)."""
        self._held[np.arange(3), bins] += times
        self._switched += times * switched
        self._n += times

    def costs(self, bins: NDArray[np.int64], switched: Floats) -> Floats:
        """The distance with each of the candidates taken in, (candidates,)."""
        n = self._n + 1
        without = np.cumsum(self._held, axis=1) / n - self._wanted
        gain = np.abs(without + 1 / n) - np.abs(without)
        behind = gain[:, ::-1].cumsum(axis=1)[:, ::-1]
        apart = np.abs(without).sum(axis=1)[:, None] + behind
        cost = np.zeros(len(bins))
        for f, weight in enumerate(_WEIGHTS):
            cost += weight * apart[f, bins[:, f]] / _BINS
        total = self._switched + switched
        shares = total / np.maximum(total.sum(axis=1, keepdims=True), 1e-12)
        cost += np.abs(shares - self._shares).sum(axis=1) / 2
        return cost
