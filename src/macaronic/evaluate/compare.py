"""Is the new model worse than the old one? Output by output, language by language, corrected for looking often."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from macaronic.core.bootstrap import interval
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.paired import FLIPS, holm, sign_flip
from macaronic.core.result import signature
from macaronic.evaluate.judged import Judged, metrics

Floats = NDArray[np.float64]
Missing = Literal["wrong", "leave"]
Better = Literal["higher", "lower"]
ALL = "all"


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
        better: whether `higher` or `lower` is better.
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
    better: Better = "higher"

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
    lower: Collection[str] = (),
    missing: Missing = "wrong",
    samples: int = 1000,
    rng: np.random.Generator | None = None,
) -> list[Change]:
    """Each metric in each language and over all, in pairs of the same example.

    Args:
        base: the old model's judged outputs; several repeats are averaged example by example.
        new: the new model's.
        names: metrics to compare; all that both have when left out.
        lower: metrics where lower is better.
        missing: what becomes of examples that the new model did not answer: `wrong` counts them as the worst that
            occurs, at most 0 (at least 1 where lower is better), also when only one of several repeats lacks them;
            `leave` leaves them out (both are told in `missing`). Examples that only the new one answered are left out,
            and so are those where the metric does not apply to one of the two.
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
    answered = [{one.id for one in run} for run in new]
    for name in names or shared:
        better: Better = "lower" if name in lower else "higher"
        worst = _worst([*base, *new], name, better) if missing == "wrong" else None
        by_language = _pairs(_means(base, name), _means(new, name), answered, worst)
        whole = _joined(by_language.values())
        parts = {ALL: whole, **by_language} if len(by_language) > 1 else {ALL: whole}
        made = [_change(name, part, pairs, told, samples, rng) for part, pairs in parts.items() if len(pairs.base)]
        found += [replace(change, better=better) for change in made]
    if not found:
        raise UsageError("the two have no scored example in common; are they of the same benchmark?")
    return _corrected(found)


def _metrics(runs: Sequence[Sequence[Judged]]) -> list[str]:
    return list(dict.fromkeys(name for run in runs for name in metrics(run)))


def _worst(runs: Iterable[Sequence[Judged]], name: str, better: Better) -> float:
    """What an answer that is not there is worth."""
    values = [value for run in runs for one in run if (value := one.values.get(name)) is not None]
    return max([1.0, *values]) if better == "lower" else min([0.0, *values])


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
    base: Mapping[str, tuple[str, float]],
    new: Mapping[str, tuple[str, float]],
    answered: Sequence[Collection[str]],
    worst: float | None,
) -> dict[str, Pairs]:
    """The pairs of each language; an answer that is not there is worth `worst`, or the pair is left out."""
    held: dict[str, list[tuple[float, float, bool]]] = {}
    for key, (language, value) in base.items():
        there = sum(key in run for run in answered)
        if (there and key not in new) or (worst is None and not there):
            continue
        own = new[key][1] if there else 0.0
        if worst is not None:
            own += (worst - own) * (len(answered) - there) / len(answered)
        held.setdefault(language, []).append((value, own, not there))
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


def _corrected(changes: Sequence[Change]) -> list[Change]:
    """Holm's correction over the languages of all metrics, and over the metrics as wholes."""
    out = list(changes)
    for whole in (True, False):
        places = [i for i, change in enumerate(changes) if (change.language == ALL) == whole]
        for i, adjusted in zip(places, holm([changes[i].p for i in places])):
            out[i] = replace(changes[i], adjusted=adjusted)
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
