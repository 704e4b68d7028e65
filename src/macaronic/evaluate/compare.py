"""Is the new model worse than the old one? Output by output, language by language, corrected for looking often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from macaronic.core.bootstrap import interval
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.result import signature
from macaronic.evaluate.judged import Judged, metrics

Floats = NDArray[np.float64]
Missing = Literal["wrong", "leave"]
ALL = "all"
FLIPS = 10_000
_BLOCK = 1 << 22


@dataclass(frozen=True, slots=True)
class Change:
    """One metric of two models on the same examples.

    Args:
        metric: its name.
        language: the examples' language, or `all`.
        base: mean of the old model.
        new: mean of the new model.
        change: new - base.
        low: lower end of the 95 % bootstrap interval of the change, examples resampled in pairs; None with one example.
        high: upper end.
        p: two-sided sign-flip permutation p of no change.
        adjusted: p after Holm's correction over all that is compared, `all` apart.
        n: how many examples both (or, where missing ones count as wrong, the old one) answered.
        missing: examples of the old model that the new one lacks.
        spread: standard deviation of the differences.
        signature: settings first, version last.
    """

    metric: str
    language: str
    base: float
    new: float
    change: float
    low: float | None
    high: float | None
    p: float
    adjusted: float
    n: int
    missing: int
    spread: float
    signature: str

    def asdict(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The differences of one metric in one language.

    Args:
        base: the old model's values, shape (n,).
        new: the new model's, shape (n,).
        missing: how many of them the new model did not answer.
    """

    base: Floats
    new: Floats
    missing: int


def compare(
    base: Sequence[Sequence[Judged]],
    new: Sequence[Sequence[Judged]],
    *,
    names: Sequence[str] | None = None,
    missing: Missing = "wrong",
    samples: int = 1000,
    rng: np.random.Generator | None = None,
) -> list[Change]:
    """Each metric in each language and over all, in pairs of the same example.

    Args:
        base: the old model's judged outputs; several repeats are averaged example by example.
        new: the new model's.
        names: metrics to compare; all that both have when left out.
        missing: what becomes of examples that only the old model answered: `wrong` counts them as 0, `leave` leaves
            them out (both are told in `missing`). Examples that only the new one answered are left out.
        samples: bootstrap resamples.
        rng: of resamples and sign flips; seed 0 when left out.

    Returns:
        a change a metric and language, `all` first; the p-values are of a test that flips the signs of the differences.

    Raises:
        UsageError: no example in common.
        UnknownName: a metric that one of the two lacks.

    >>> old = [Judged(str(i), {"acc": 1.0}, "hi") for i in range(40)]
    >>> bad = [Judged(str(i), {"acc": float(i % 4 > 0)}, "hi") for i in range(40)]
    >>> first = compare([old], [bad])[0]
    >>> first.change, first.low < -0.1, first.p < 0.01
    (-0.25, True, True)
    """
    rng = rng if rng is not None else np.random.default_rng(0)
    shared = [name for name in _metrics(base) if name in _metrics(new)]
    for name in names or ():
        if name not in shared:
            raise UnknownName("metric", name, shared)
    told = signature(
        "change", {"test": "sign-flip", "flips": FLIPS, "bs": samples, "missing": missing, "adjust": "holm"}
    )
    found: list[Change] = []
    for name in names or shared:
        by_language = _pairs(_means(base, name), _means(new, name), missing)
        whole = _joined(by_language.values())
        parts = {ALL: whole, **by_language} if len(by_language) > 1 else {ALL: whole}
        found += [_change(name, part, pairs, told, samples, rng) for part, pairs in parts.items() if len(pairs.base)]
    if not found:
        raise UsageError("the two have no scored example in common; are they of the same benchmark?")
    return _corrected(found)


def _metrics(runs: Sequence[Sequence[Judged]]) -> list[str]:
    return list(dict.fromkeys(name for run in runs for name in metrics(run)))


def _means(runs: Sequence[Sequence[Judged]], name: str) -> dict[str, tuple[str, float]]:
    """Example -> (language, mean over repeats) where the metric applies."""
    held: dict[str, list[float]] = {}
    languages: dict[str, str] = {}
    for run in runs:
        for one in run:
            value = one.values.get(name)
            if value is not None:
                held.setdefault(one.id, []).append(float(value))
                languages[one.id] = one.language
    return {key: (languages[key], float(np.mean(values))) for key, values in held.items()}


def _pairs(
    base: Mapping[str, tuple[str, float]], new: Mapping[str, tuple[str, float]], missing: Missing
) -> dict[str, Pairs]:
    held: dict[str, list[tuple[float, float, bool]]] = {}
    for key, (language, value) in base.items():
        lacking = key not in new
        if not lacking or missing == "wrong":
            held.setdefault(language, []).append((value, 0.0 if lacking else new[key][1], lacking))
    out = {}
    for language in sorted(held):
        columns = np.array(held[language], np.float64)
        out[language] = Pairs(columns[:, 0], columns[:, 1], int(columns[:, 2].sum()))
    return out


def _joined(parts: Iterable[Pairs]) -> Pairs:
    held = list(parts)
    if not held:
        return Pairs(np.zeros(0), np.zeros(0), 0)
    return Pairs(
        np.concatenate([p.base for p in held]), np.concatenate([p.new for p in held]), sum(p.missing for p in held)
    )


def _change(metric: str, language: str, pairs: Pairs, told: str, samples: int, rng: np.random.Generator) -> Change:
    gaps = pairs.new - pairs.base
    low, high = interval(gaps, rng=rng, samples=samples) or (None, None)
    p = sign_flip(gaps, rng=rng)
    spread = float(gaps.std(ddof=1)) if len(gaps) > 1 else 0.0
    means = (float(pairs.base.mean()), float(pairs.new.mean()), float(gaps.mean()))
    return Change(metric, language, *means, low, high, p, p, len(gaps), pairs.missing, spread, told)


def sign_flip(gaps: Floats, *, rng: np.random.Generator, flips: int = FLIPS) -> float:
    """Two-sided permutation p of a mean difference of zero: how often random signs give at least as much.

    Args:
        gaps: differences of pairs, shape (n,).
        rng: of the signs.
        flips: how many sets of signs; all 2^n when there are no more of them.

    >>> sign_flip(np.array([1.0, 1.0, 1.0]), rng=np.random.default_rng(0))
    0.25
    """
    gaps = gaps[gaps != 0]
    if not len(gaps):
        return 1.0
    seen = abs(gaps.sum()) * (1 - 1e-12)
    if 2 ** len(gaps) <= flips:
        signs = 1 - 2.0 * ((np.arange(2 ** len(gaps))[:, None] >> np.arange(len(gaps))) & 1)
        return float(np.mean(np.abs(signs @ gaps) >= seen))
    reached, rows = 0, max(1, _BLOCK // len(gaps))
    for at in range(0, flips, rows):
        some = min(rows, flips - at)
        signs = 1 - 2.0 * rng.integers(0, 2, (some, len(gaps)))
        reached += int(np.count_nonzero(np.abs(signs @ gaps) >= seen))
    return (1 + reached) / (1 + flips)


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's step-down correction: what each p is worth when as many were looked at.

    Source: Holm 1979.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    out, worst = [1.0] * len(ps), 0.0
    for rank, i in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        worst = max(worst, min(1.0, (len(ps) - rank) * ps[i]))
        out[i] = round(worst, 12)
    return out


def _corrected(changes: Sequence[Change]) -> list[Change]:
    """Holm's correction over the languages of all metrics, and over the metrics as wholes."""
    out = list(changes)
    for whole in (True, False):
        places = [i for i, change in enumerate(changes) if (change.language == ALL) == whole]
        for i, adjusted in zip(places, holm([changes[i].p for i in places])):
            told = {**asdict(changes[i]), "adjusted": adjusted}
            out[i] = Change(**told)
    return out


def examples_needed(spread: float, change: float, *, power: float = 0.8, alpha: float = 0.05, tests: int = 1) -> int:
    """How many paired examples show a change of this size.

    Args:
        spread: standard deviation of the differences of pairs, above 0.
        change: the size to be seen, above 0, in the metric's unit.
        power: chance to see it, in (0, 1).
        alpha: chance to see one where there is none, in (0, 1), over all tests together.
        tests: how many are made (Bonferroni).

    Raises:
        UsageError: a size or chance out of range.

    Source: the normal approximation of a paired test, Lehr 1992.

    >>> examples_needed(0.5, 0.05)
    785
    """
    from scipy.stats import norm

    if not (change > 0 and 0 < power < 1 and 0 < alpha < 1 and tests >= 1):
        raise UsageError(f"expected a change above 0 and chances in (0, 1); got {change}, {power}, {alpha}")
    z = float(norm.isf(alpha / tests / 2) + norm.ppf(power))
    return max(2, int(np.ceil((z * spread / change) ** 2)))
