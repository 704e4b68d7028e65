"""ADO: fit a scaling law to each domain's own training loss while it trains, and give more to what still falls fast.

No proxy and no validation runs: only the training losses. The constants are those of a public re-implementation;
each is an option. The law has a floor on its irreducible loss that suits large models in nats per token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.online.named import Floats, finite, named, ordered, shares


@dataclass(frozen=True, slots=True)
class Settings:
    """How ADO fits and weighs.

    Args:
        first_fit: steps before the laws are fitted first.
        fit_every: steps between fits.
        dropped: first steps that no fit uses.
        every: one step in so many is kept for the fits.
        window: length of the smoothing filter over kept losses; below 5 smooths nothing.
        credit: power of a domain's own recent share in its score.
        fresh: weight of the new scores against the mean of the old shares.
        floor: least share of a domain, below 1/m.
        memory: weight of the new share in the recent share.
        exponent_most: largest exponent of a law.
        log_scale_most: largest log of a law's scale.
        log_floor_least: smallest log of a law's irreducible loss.
    """

    first_fit: int = 1000
    fit_every: int = 1000
    dropped: int = 500
    every: int = 10
    window: int = 11
    credit: float = 0.5
    fresh: float = 0.1
    floor: float = 0.01
    memory: float = 0.1
    exponent_most: float = 0.8
    log_scale_most: float = 6.5
    log_floor_least: float = 0.5


@dataclass(frozen=True, slots=True)
class Law:
    """loss = floor + scale n^-exponent, n the units seen of a domain.

    >>> round(Law(1.0, 8.0, 0.5).loss(16.0), 3)
    3.0
    """

    floor: float
    scale: float
    exponent: float

    def loss(self, units: float) -> float:
        """The loss after so many units."""
        return float(self.floor + self.scale * units**-self.exponent)

    def speed(self, units: float) -> float:
        """How fast the loss falls there, per unit: exponent (loss - floor) / n."""
        return float(self.exponent * self.scale * units ** (-self.exponent - 1))


@dataclass(frozen=True, eq=False)
class State:
    """What ADO knows.

    Args:
        domains: names, the order of the arrays.
        prior: natural shares, shape (m,).
        weights: shares now, shape (m,).
        mean: mean of the shares so far, shape (m,).
        recent: recent shares, shape (m,).
        units: units seen of each domain, shape (m,).
        kept: units (first m columns) and losses (last m) of the kept steps; shape (n, 2m).
        laws: the fitted laws; empty before the first fit.
        settings: how to fit and weigh.
        steps: how many steps were taken.
    """

    domains: tuple[str, ...]
    prior: Floats
    weights: Floats
    mean: Floats
    recent: Floats
    units: Floats
    kept: Floats
    laws: tuple[Law, ...]
    settings: Settings
    steps: int = 0

    @property
    def mixture(self) -> Mixture:
        """What to train on next."""
        return named(self.domains, self.weights)


def start(
    domains: Sequence[str], prior: Mapping[str, float] | None = None, *, settings: Settings | None = None
) -> State:
    """The state before training.

    Args:
        domains: two or more names.
        prior: natural shares, such as those of the sizes; even ones when left out.
        settings: how to fit and weigh.

    Raises:
        UsageError: a floor that cannot be met.

    >>> start(["hi", "en"], {"hi": 1, "en": 3}).mixture.weights
    {'hi': 0.25, 'en': 0.75}
    """
    weights, own = shares(prior, domains), settings or Settings()
    if not 0 <= own.floor * len(weights) < 1 or own.every < 1 or own.fit_every < 1:
        raise UsageError(f"{len(weights)} domains cannot each have {own.floor} at least, or a step count is below 1")
    empty = np.zeros((0, 2 * len(weights)))
    return State(tuple(domains), weights, weights, weights, weights, np.zeros(len(weights)), empty, (), own)


def fit(units: Floats, losses: Floats, *, settings: Settings | None = None) -> Law:
    """A law through one domain's losses, by robust least squares in log space.

    Args:
        units: units seen, above 0, shape (n,).
        losses: losses, above 0, shape (n,).
        settings: bounds and the smoothing filter.

    Raises:
        UsageError: fewer than 4 points, or losses that are not above 0.

    >>> n = np.linspace(10, 1000, 40)
    >>> law = fit(n, 2.0 + 3.0 * n**-0.4, settings=Settings(window=0))
    >>> round(law.floor, 2), round(law.exponent, 2)
    (2.0, 0.4)
    """
    from scipy.optimize import least_squares

    own = settings or Settings()
    if len(units) < 4 or (losses <= 0).any() or (units <= 0).any():
        raise UsageError(f"a law needs 4 points or more with losses and units above 0; got {len(units)}")
    logn, goal = np.log(units), _smooth(np.log(losses), own.window)
    low = np.array([own.log_floor_least, -20.0, 1e-3])
    high = np.array([max(float(goal.max()), own.log_floor_least + 1e-3), own.log_scale_most, own.exponent_most])

    def residual(x: Floats) -> Floats:
        return np.logaddexp(x[0], x[1] - x[2] * logn) - goal

    best, least = None, np.inf
    for exponent in (0.1, 0.3, 0.6):
        base = float(goal.min()) - 0.3
        guess = np.clip([base, float(goal.max()) - 0.5 + exponent * logn[0], exponent], low + 1e-6, high - 1e-6)
        found = least_squares(residual, guess, bounds=(low, high), loss="huber", f_scale=1e-3)
        if found.cost < least:
            best, least = found.x, found.cost
    if best is None:
        raise UsageError("no law fits these losses")
    return Law(float(np.exp(best[0])), float(np.exp(best[1])), float(best[2]))


def _smooth(values: Floats, window: int) -> Floats:
    """A Savitzky-Golay filter of degree 3, where there are enough values."""
    from scipy.signal import savgol_filter

    size = min(window, len(values)) // 2 * 2 - 1
    return values if size < 5 else np.asarray(savgol_filter(values, size, 3))


def step(state: State, losses: Mapping[str, float], *, units: float) -> State:
    """Count what was seen, refit the laws when it is time, and weigh domains by how fast they still learn.

    rho_k ~ prior_k recent_k^credit speed_k; shares = fresh rho + (1 - fresh) mean of the old shares, lifted to the
    floor. Before the first fit the shares stay at the prior.

    Args:
        state: before the step.
        losses: mean training loss of every domain in this step, in nats; a missing one counts as its last kept loss.
        units: units of text in the step, above 0; they count for the domains by their shares.

    Raises:
        UsageError: a NaN, a first step without every domain, or no units.
        UnknownName: a loss of a domain that is not known.

    Source: Jiang et al. 2025 (ADO), as a public re-implementation does it.

    >>> state = step(start(["hi", "en"]), {"hi": 3.0, "en": 2.0}, units=100)
    >>> state.units.tolist(), state.mixture.weights
    ([50.0, 50.0], {'hi': 0.5, 'en': 0.5})
    """
    if not units > 0:
        raise UsageError(f"a step needs units of text; got {units}")
    own, m = state.settings, len(state.domains)
    last = state.kept[-1, m:] if len(state.kept) else None
    row = ordered(losses, state.domains, "domain", last)
    seen, steps = state.units + units * state.weights, state.steps + 1
    keeps = not len(state.kept) or steps % own.every == 0
    kept = np.vstack([state.kept, np.concatenate([seen, row])]) if keeps else state.kept
    counted = replace(state, units=seen, kept=kept, steps=steps)
    if steps >= own.first_fit and (steps - own.first_fit) % own.fit_every == 0:
        counted = replace(counted, laws=_laws(counted))
    return _weigh(counted) if counted.laws else counted


def _laws(state: State) -> tuple[Law, ...]:
    """A law for each domain from the kept steps after the dropped ones; the old laws where there are too few."""
    m, own = len(state.domains), state.settings
    rows = state.kept[own.dropped // own.every :]
    if len(rows) < 4:
        return state.laws
    return tuple(fit(rows[:, k], rows[:, m + k], settings=own) for k in range(m))


def _weigh(state: State) -> State:
    own = state.settings
    speed = np.array([law.speed(max(n, 1.0)) for law, n in zip(state.laws, state.units, strict=True)])
    score = finite(state.prior * state.recent**own.credit * speed, "scores")
    rho = score / score.sum() if score.sum() > 0 else state.prior
    weights = floored(own.fresh * rho + (1 - own.fresh) * state.mean, own.floor)
    mean = state.mean + (weights - state.mean) / (state.steps + 1)
    recent = own.memory * weights + (1 - own.memory) * state.recent
    return replace(state, weights=weights, mean=mean, recent=recent)


def floored(weights: Floats, floor: float) -> Floats:
    """Shares lifted to a least one, the others scaled so that all sum to one, shape (m,).

    >>> floored(np.array([0.0, 0.5, 0.5]), 0.1).tolist()
    [0.1, 0.45, 0.45]
    """
    low = np.zeros(len(weights), dtype=bool)
    while True:
        free = 1 - floor * low.sum()
        scaled = np.where(low, floor, weights * free / max(float(weights[~low].sum()), 1e-300))
        more = ~low & (scaled < floor)
        if not more.any():
            return scaled
        low |= more
