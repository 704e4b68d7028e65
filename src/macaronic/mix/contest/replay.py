"""A contest on published tables of finished runs: a method may buy some of them, and picks a mixture.

The losses of all mixtures are known, so the regret of a pick is its loss minus the lowest in the table. Nothing is
trained, so methods that steer a training cannot take part.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import FormatError, MissingExtra, UnknownName, UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix import runs as tables
from macaronic.mix import static
from macaronic.mix.contest.methods import FITS, RULES
from macaronic.mix.contest.rows import Contest, Row
from macaronic.mix.contest.rules import TAU
from macaronic.mix.fit import FEWEST, fit
from macaronic.mix.runs import Runs

Floats = NDArray[np.float64]
KNOWN = (*RULES[:3], *FITS)
THREE = ("Github", "Books3", "Pile-CC")
FIVE = ("academic", "prose", "dialogue", "symbolic", "internet")
_STEP = "30000"
_DRAWS = "seeds differ in the runs that are bought; the table is one, so p says nothing of other tables"


@dataclass(frozen=True, eq=False)
class Tables:
    """Finished runs to buy and mixtures to pick from.

    Args:
        name: of the world.
        shop: runs that may be bought.
        unseen: mixtures to pick from, with their losses; None: those of the shop, bought or not.
        prior: share of each domain in all text; empty where it is not known.
        notes: what a person must know.
    """

    name: str
    shop: Runs
    unseen: Runs | None
    prior: Mapping[str, float]
    notes: tuple[str, ...] = ()

    @property
    def most(self) -> int:
        """How many runs can be bought."""
        return len(self.shop) - (self.unseen is None)


def regmix(place: Path) -> Tables:
    """RegMix's 512 runs of 1M parameters and its 256 unseen mixtures, mean loss over 13 domains.

    Raises:
        InputError: a table cannot be read.
    """
    shop = tables.read(place / "train_mixture_1m.csv", place / "train_pile_loss_1m.csv")
    unseen = tables.read(place / "test_mixture_1m.csv", place / "test_pile_loss_1m.csv").aligned(shop.domains)
    return Tables("regmix", shop, unseen, _weights(place / "config_1b_human.yaml", shop.domains), shop.notes)


def _weights(path: Path, domains: Sequence[str]) -> dict[str, float]:
    """The shares that people chose for The Pile, from the authors' settings; nothing where the file is not there."""
    if not path.is_file():
        return {}
    found = {}
    for line in path.read_text("utf-8").splitlines():
        name, _, share = line.strip().partition(": ")
        if name.startswith("train_"):
            found[tables.short(name)] = float(share)
    return found if set(found) == set(domains) else {}


def mixing_laws(place: Path, *, size: str = "160M", table: str = "five") -> Tables:
    """The runs of three or five domains of the mixing laws at step 30,000: few, so all are there to pick from.

    Args:
        place: the folder of the tables.
        size: of the models.
        table: `three` or `five`.

    Raises:
        UnknownName: no such table.
        FormatError: a table without runs of that size.
    """
    if table not in ("three", "five"):
        raise UnknownName("table", table, ("three", "five"))
    path = place / f"{table}_domains.csv"
    losses: dict[str, dict[str, float]] = {}
    try:
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["size"] == size and row["step"] == _STEP:
                    losses.setdefault(row["ratio"], {})[row["domain"]] = float(row["loss"])
    except (KeyError, ValueError) as error:
        raise FormatError(f"expected the columns size, ratio, step, domain, loss; {error}", str(path)) from error
    if not losses:
        raise FormatError(f"no runs of size {size} at step {_STEP}", str(path))
    targets = tuple(sorted(next(iter(losses.values()))))
    whole = [(ratio, told) for ratio, told in losses.items() if set(told) == set(targets)]
    mixtures = np.array([[float(x) for x in ratio.split("-")] for ratio, _ in whole])
    values = np.array([[told[name] for name in targets] for _, told in whole])
    names = THREE if table == "three" else FIVE
    shop = Runs(mixtures / mixtures.sum(axis=1, keepdims=True), values, names, targets, tuple(r for r, _ in whole))
    return Tables(f"mixlaws, {table} domains", shop, None, {})


def play(
    given: Tables, methods: Sequence[str], *, seeds: Sequence[int], budgets: Sequence[int], target: str | None = None
) -> Contest:
    """Every method buys as many runs as the budget says, drawn by the seed, and picks one mixture.

    A rule that needs no runs picks the mixture that is nearest to what it says, by Hellinger's distance.

    Args:
        given: the tables.
        methods: of `KNOWN`.
        seeds: which runs are bought.
        budgets: how many runs.
        target: whose loss counts; the mean over all when left out.

    Raises:
        UsageError: more runs than there are, or too few to fit anything.
        UnknownName: no such target.
    """
    shop = given.shop
    if target is not None and target not in shop.targets:
        raise UnknownName("target", target, shop.targets)
    if bad := [n for n in budgets if not FEWEST <= n <= given.most]:
        raise UsageError(f"a budget here is a number of runs from {FEWEST} to {given.most}; got {bad[0]}")
    rows: list[Row] = []
    truth: dict[str, tuple[tuple[float, float], ...]] = {}
    missing: dict[str, str] = {}
    for seed in seeds:
        order = np.random.default_rng([seed, 3]).permutation(len(shop))
        for n in budgets:
            bought = shop.rows(order[:n])
            unseen = given.unseen if given.unseen is not None else shop.rows(order)
            fresh = 0 if given.unseen is not None else n
            worth = _worth(unseen, target)
            for name in methods:
                try:
                    guess = _ranked(name, given, bought, unseen, target, seed)
                except MissingExtra as error:
                    missing[name] = str(error)
                    continue
                if guess is None:
                    missing[name] = "the shares of all text are not known here"
                    continue
                at = int(np.argmin(guess))
                shares = dict(zip(unseen.domains, unseen.mixtures[at].tolist()))
                loss = float(worth[at])
                rows.append(Row(name, seed, float(n), loss, loss - float(worth.min()), None, 0.0, shares))
                if name in FITS and name != "auto" and seed == seeds[0] and n == max(budgets):
                    truth[name] = tuple(zip(guess[fresh:].tolist(), worth[fresh:].tolist()))
    left_out = [f"{name} was left out: {' '.join(why.split())}" for name, why in missing.items()]
    notes = (
        *given.notes,
        *left_out,
        "the best possible is the lowest loss in the table of mixtures to pick from",
        _DRAWS,
    )
    return Contest(given.name, "runs bought", tuple(rows), {}, truth, notes)


def _worth(runs: Runs, target: str | None) -> Floats:
    return runs.losses.mean(axis=1) if target is None else runs.target(target)


def _ranked(name: str, given: Tables, bought: Runs, unseen: Runs, target: str | None, seed: int) -> Floats | None:
    """What the method says of each unseen mixture, lower is better, shape (n,); None where it cannot say anything."""
    if name in FITS:
        wanted = bought if target is None else _only(bought, target)
        return (
            fit(wanted, method=name, folds=5 if name == "auto" else 0, seed=seed).predict(unseen.mixtures).mean(axis=1)
        )
    if name == "stratified":
        wish = np.full(len(unseen.domains), 1 / len(unseen.domains))
    elif not given.prior:
        return None
    else:
        prior = Mixture(given.prior)
        wish = (prior if name == "proportional" else static.temperature(prior.weights, TAU)).aligned(unseen.domains)
    return np.asarray(((np.sqrt(unseen.mixtures) - np.sqrt(wish)) ** 2).sum(axis=1), np.float64)


def _only(runs: Runs, target: str) -> Runs:
    return replace(runs, losses=runs.target(target)[:, None], targets=(target,))
