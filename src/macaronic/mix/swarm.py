"""Swarms: random mixtures around a prior, as RegMix and olmix draw them, for proxies to be trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.limits import Limits

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Draw:
    """How a swarm is drawn.

    Args:
        power: the prior is raised to this power and scaled before it is drawn from (0.5 flattens it; 1/power is the
            temperature of `mix.static.temperature`).
        strengths: lowest and highest strength of the Dirichlet distribution; low gives corners, high the prior.
        steps: how many strengths between the two, evenly spaced in their logarithm.
        repeat: a domain may take at most this many times its share of the UNTEMPERED prior; inf for no such cap.
        minimum: shares below this become 0, and all shares are rounded to its multiples; 0 leaves them as drawn.
        apart: mixtures whose shares differ by less than this in all are the same.
    """

    power: float = 0.5
    strengths: tuple[float, float] = (0.1, 5.0)
    steps: int = 15
    repeat: float = 15.0
    minimum: float = 2e-4
    apart: float = 1e-5

    def __post_init__(self) -> None:
        low, high = self.strengths
        if not (self.power >= 0 and 0 < low <= high and self.steps >= 1 and self.repeat > 0 and 0 <= self.minimum < 1):
            raise UsageError(f"expected power >= 0, 0 < strengths, repeat > 0, minimum in [0, 1); got {self}")


REGMIX = Draw()
OLMIX = Draw(power=0.5, repeat=4.0, minimum=2e-3)


def swarm(
    prior: Mixture, n: int, *, draw: Draw = REGMIX, allowed: Limits | None = None, rng: np.random.Generator
) -> Floats:
    """Mixtures for `n` proxies, all different, shape (n, m), rows on the simplex.

    For each candidate a strength is drawn, then a mixture from Dirichlet(prior^power * strength); candidates over a cap
    are rejected; shares below the minimum become 0.

    Args:
        prior: shares of what there is.
        n: how many, at least 1.
        draw: strengths, caps and rounding.
        allowed: floors and caps beside those of `draw`.
        rng: the draws.

    Raises:
        UsageError: the caps let too few candidates through.

    Source: S047, section 3.1 and the authors' code.

    >>> drawn = swarm(Mixture({"hi": 3, "en": 1}), 5, rng=np.random.default_rng(1))
    >>> drawn.shape, drawn.sum(axis=1).round(9).tolist()
    ((5, 2), [1.0, 1.0, 1.0, 1.0, 1.0])
    """
    if n < 1:
        raise UsageError(f"a swarm needs at least 1 mixture; got {n}")
    q = prior.array
    cap = np.minimum(draw.repeat * q, 1.0)
    if cap.sum() < 1:
        raise UsageError(f"caps of {draw.repeat} times the prior sum to {cap.sum():.3g}, less than 1. Raise `repeat`.")
    tempered = np.where(q > 0, q**draw.power, 0.0)
    tempered /= tempered.sum()
    grid = np.geomspace(*draw.strengths, draw.steps)
    kept: list[Floats] = []
    seen: set[tuple[int, ...]] = set()
    for _ in range(200):
        rows = _dirichlet(tempered[None, :] * rng.choice(grid, max(4 * n, 64))[:, None], rng)
        rows = _rounded(rows[np.all(rows <= cap, axis=1)], draw.minimum)
        if allowed is not None:
            rows = rows[allowed.allows(rows)]
        for row in rows:
            key = tuple(np.round(row / max(draw.apart, 1e-12)).astype(np.int64).tolist())
            if key not in seen and len(kept) < n:
                seen.add(key)
                kept.append(row)
        if len(kept) == n:
            return np.array(kept)
    raise UsageError(
        f"only {len(kept)} of {n} different mixtures were found within the caps. Loosen the caps or lower `minimum`."
    )


def hierarchical(
    prior: Mapping[str, Mapping[str, float]],
    n: int,
    *,
    draw: Draw = OLMIX,
    fixed: bool = False,
    rng: np.random.Generator,
) -> tuple[tuple[str, ...], Floats]:
    """A swarm over sources, and inside each source over its topics; shares multiply.

    Args:
        prior: source -> topic -> how much there is of it.
        n: how many mixtures.
        draw: used at both levels; caps and minimum count within a level.
        fixed: keep the topics of each source in their proportions and draw the sources only.
        rng: the draws.

    Returns:
        the names `source:topic`, and mixtures of shape (n, number of names).

    Raises:
        UsageError: a source without topics.

    Source: the idea: olmix (AI2, 2026).

    >>> prior = {"web": {"news": 2, "blogs": 1}, "books": {"all": 1}}
    >>> names, drawn = hierarchical(prior, 3, rng=np.random.default_rng(1))
    >>> names, drawn.shape
    (('web:news', 'web:blogs', 'books:all'), (3, 3))
    """
    if empty := [source for source, topics in prior.items() if not topics]:
        raise UsageError(f"the source {empty[0]!r} has no topics")
    names = tuple(f"{source}:{topic}" for source, topics in prior.items() for topic in topics)
    sources = Mixture({source: sum(topics.values()) for source, topics in prior.items()})
    upper = swarm(sources, n, draw=draw, rng=rng) if len(prior) > 1 else np.ones((n, 1))
    parts = []
    for j, topics in enumerate(prior.values()):
        within = Mixture(topics)
        alone = fixed or len(topics) == 1
        inner = np.tile(within.array, (n, 1)) if alone else swarm(within, n, draw=draw, rng=rng)
        parts.append(upper[:, [j]] * inner)
    return names, np.concatenate(parts, axis=1)


def named(domains: Sequence[str], mixtures: Floats) -> list[Mixture]:
    """Rows of an array as mixtures.

    >>> named(["hi", "en"], np.array([[0.25, 0.75]]))[0].weights
    {'hi': 0.25, 'en': 0.75}
    """
    return [Mixture(dict(zip(domains, row.tolist(), strict=True))) for row in mixtures]


def _dirichlet(alpha: Floats, rng: np.random.Generator) -> Floats:
    """One draw for each row of parameters, safe for very small ones: gamma(a) = gamma(a + 1) u^(1/a), in logarithms."""
    with np.errstate(divide="ignore"):
        logs = np.log(rng.standard_gamma(alpha + 1)) + np.log(rng.random(alpha.shape)) / np.where(
            alpha > 0, alpha, 1e-300
        )
    logs = np.where(alpha > 0, logs, -np.inf)
    rows: Floats = np.exp(logs - logs.max(axis=1, keepdims=True))
    return rows / rows.sum(axis=1, keepdims=True)


def _rounded(rows: Floats, minimum: float) -> Floats:
    """Shares below the minimum set to 0, the rest scaled and rounded to its multiples, and scaled again."""
    if minimum <= 0 or not len(rows):
        return rows
    rows = np.where(rows < minimum, 0.0, rows)
    rows = np.round(rows / rows.sum(axis=1, keepdims=True) / minimum) * minimum
    return np.asarray(rows / rows.sum(axis=1, keepdims=True), dtype=np.float64)
