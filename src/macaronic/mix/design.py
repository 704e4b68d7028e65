"""Designs: mixtures spread over the simplex, and the next batch to train given the runs that are there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.fit import FEWEST, fit
from macaronic.mix.laws import Law
from macaronic.mix.limits import Limits
from macaronic.mix.runs import Runs
from macaronic.mix.simulate import candidates
from macaronic.mix.swarm import Draw, swarm

Floats = NDArray[np.float64]
POOL = 4096
EXPLORE = 0.5


def free(m: int) -> Limits:
    """Limits that allow every mixture of m domains."""
    return Limits(np.zeros(m), np.ones(m))


def vertices(m: int, *, share: float = 1.0) -> Floats:
    """One mixture a domain: `share` of it, the rest evenly of the others, shape (m, m).

    Args:
        m: how many domains, at least 2.
        share: in (0, 1]; 1 trains on the domain alone.

    Raises:
        UsageError: fewer than two domains, or a share outside (0, 1].

    >>> vertices(3, share=0.5).tolist()
    [[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]]
    """
    if m < 2 or not 0 < share <= 1:
        raise UsageError(f"vertices need at least 2 domains and a share in (0, 1]; got {m} and {share}")
    rest = (1 - share) / (m - 1)
    return np.full((m, m), rest) + (share - rest) * np.eye(m)


def sobol(m: int, n: int, *, allowed: Limits | None = None, rng: np.random.Generator) -> Floats:
    """n mixtures spread evenly over the simplex by a scrambled Sobol sequence, shape (n, m).

    Points of the cube become gaps between sorted numbers, which is uniform on the simplex. Those outside the limits are
    skipped.

    Args:
        m: how many domains, at least 2.
        n: how many mixtures.
        allowed: floors and caps.
        rng: the scrambling.

    Raises:
        UsageError: fewer than two domains, no mixtures wanted, or limits that almost nothing meets.

    >>> sobol(3, 4, rng=np.random.default_rng(1)).sum(axis=1).round(9).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    from scipy.stats import qmc

    if m < 2 or n < 1:
        raise UsageError(f"a design needs at least 2 domains and 1 mixture; got {m} and {n}")
    engine, inside = qmc.Sobol(m - 1, rng=rng), allowed or free(m)
    kept = np.empty((0, m))
    power = int(np.ceil(np.log2(max(n, 2))))
    for _ in range(12):
        cuts = np.sort(engine.random_base2(power) if not len(kept) else engine.random(2**power), axis=1)
        points = np.diff(np.column_stack([np.zeros(len(cuts)), cuts, np.ones(len(cuts))]), axis=1)
        kept = np.concatenate([kept, points[inside.allows(points)]])
        if len(kept) >= n:
            return kept[:n]
    raise UsageError(f"only {len(kept)} of {n} mixtures lie within the limits. Loosen caps or floors.")


def spread(pool: Floats, n: int, *, taken: Floats | None = None) -> Floats:
    """n of a pool of mixtures, each in turn the one farthest from all that are taken, shape (n, m).

    Args:
        pool: shape (p, m), p at least n.
        n: how many.
        taken: mixtures that are there already, shape (t, m).

    Raises:
        UsageError: a pool smaller than n.

    Source: Kennard and Stone 1969, on square roots of the shares.

    >>> spread(np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]]), 2).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    if len(pool) < n:
        raise UsageError(f"cannot take {n} mixtures from {len(pool)}")
    roots = np.sqrt(np.maximum(pool, 0))
    apart = np.full(len(pool), np.inf)
    for row in [] if taken is None else np.sqrt(np.maximum(taken, 0)):
        apart = np.minimum(apart, ((roots - row) ** 2).sum(axis=1))
    chosen: list[int] = []
    while len(chosen) < n:
        following = int(np.argmax(apart))
        chosen.append(following)
        apart = np.minimum(apart, ((roots - roots[following]) ** 2).sum(axis=1))
        apart[following] = -1.0
    return pool[chosen]


def propose(
    prior: Mixture,
    n: int,
    *,
    given: Runs | None = None,
    design: str = "swarm",
    draw: Draw | None = None,
    allowed: Limits | None = None,
    explore: float = EXPLORE,
    rng: np.random.Generator,
) -> Runs:
    """The next mixtures to train, as a table without losses.

    Without runs: a swarm, a Sobol design, or the vertices first and a swarm after them. With runs: part of the batch
    lies where laws fitted to them predict low losses, the rest where no run is near.

    Args:
        prior: shares of what there is; names the domains.
        n: how many mixtures.
        given: runs that are finished.
        design: `swarm`, `sobol` or `vertices`.
        draw: how the swarm is drawn; RegMix's way when left out.
        allowed: floors and caps.
        explore: the part of the batch that goes where no run is near, in [0, 1]; used with `given` only.
        rng: the draws.

    Raises:
        UsageError: an unknown design, or limits that too few mixtures meet.
        UnknownName: runs with other domains than the prior.

    >>> propose(Mixture({"hi": 3, "en": 1}), 4, design="vertices", rng=np.random.default_rng(1)).mixtures[:2].tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    if design not in ("swarm", "sobol", "vertices"):
        raise UsageError(f"expected design swarm, sobol or vertices; got {design!r}")
    if n < 1 or not 0 <= explore <= 1:
        raise UsageError(f"expected at least 1 mixture and explore in [0, 1]; got {n} and {explore}")
    m, start = len(prior.names), 0
    if given is not None:
        given = given.aligned(prior.names)
        start = len(given)
        rows = _next(prior, n, given, allowed or free(m), explore, rng)
    elif design == "sobol":
        rows = sobol(m, n, allowed=allowed, rng=rng)
    elif design == "vertices":
        corners = vertices(m)
        corners = corners[allowed.allows(corners)] if allowed is not None else corners
        rest = n - len(corners)
        more = [swarm(prior, rest, draw=draw or Draw(), allowed=allowed, rng=rng)] if rest > 0 else []
        rows = np.concatenate([corners[:n], *more])
    else:
        rows = swarm(prior, n, draw=draw or Draw(), allowed=allowed, rng=rng)
    ids = tuple(str(start + i + 1) for i in range(n))
    return Runs(rows, np.zeros((n, 0)), prior.names, (), ids)


def _next(prior: Mixture, n: int, given: Runs, allowed: Limits, explore: float, rng: np.random.Generator) -> Floats:
    """A batch partly good by the laws of the runs so far, partly far from them."""
    wide = candidates(prior.array, allowed, count=POOL, rng=rng, strength=0.5)
    even = candidates(np.full(len(prior.names), 1 / len(prior.names)), allowed, count=POOL, rng=rng)
    pool = np.concatenate([wide, even])
    exploited = n - round(explore * n) if given.targets and len(given) >= FEWEST else 0
    rows, taken = np.empty((0, pool.shape[1])), given.mixtures
    if exploited:
        done = fit(given, method="law", folds=0)
        spreads = np.maximum(given.losses.std(axis=0), 1e-12)
        laws = [one.model for one in done.fits if isinstance(one.model, Law)]
        value = np.mean([law.predict(pool) / s for law, s in zip(laws, spreads, strict=True)], axis=0)
        good = pool[np.argsort(value, kind="stable")[: max(4 * exploited, 16)]]
        rows = spread(good, exploited, taken=taken)
        taken = np.concatenate([taken, rows])
    return np.concatenate([rows, spread(pool, n - exploited, taken=taken)])
