"""Boosted trees over mixtures: LightGBM with RegMix's settings, one thread, and leaves that small tables can fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import MissingExtra

Floats = NDArray[np.float64]
ROUNDS = 1000
SETTINGS = {
    "objective": "regression",
    "boosting_type": "gbdt",
    "metric": "none",
    "learning_rate": 1e-2,
    "seed": 42,
    "num_threads": 1,
    "verbosity": -1,
    "deterministic": True,
    "force_row_wise": True,
}


@dataclass(frozen=True, eq=False)
class Trees:
    """A boosted model of one target.

    Args:
        booster: LightGBM's model.
    """

    booster: Any

    @property
    def text(self) -> str:
        """The model as LightGBM writes it."""
        return str(self.booster.model_to_string())

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        """Travel between processes as text."""
        return from_text, (self.text,)

    def predict(self, mixtures: Floats) -> Floats:
        """Losses of mixtures (n, m), shape (n,)."""
        return np.asarray(self.booster.predict(mixtures, num_threads=1), dtype=np.float64)


def from_text(text: str) -> Trees:
    """The model that `Trees.text` gave.

    Raises:
        MissingExtra: LightGBM is not installed.
    """
    return Trees(lightgbm().Booster(model_str=text))


def fit_trees(mixtures: Floats, losses: Floats, *, rounds: int = ROUNDS, seed: int = 42) -> Trees:
    """Boost trees on the losses; leaves hold at least 20 runs (LightGBM's own number), fewer below 400 runs.

    With LightGBM's own 20 a table of fewer than 40 runs gives a constant.

    Args:
        mixtures: shape (n, m).
        losses: shape (n,).
        rounds: how many trees.
        seed: of LightGBM.

    Raises:
        MissingExtra: LightGBM is not installed.

    Source: S047, section 3.2 (regressor); settings of the authors' code.
    """
    return Trees(boosted(mixtures, losses, rounds=rounds, seed=seed))


def boosted(mixtures: Floats, losses: Floats, *, rounds: int = ROUNDS, seed: int = 42) -> Any:
    """The booster itself, for those who predict at once."""
    package = lightgbm()
    leaf = int(np.clip(len(losses) // 20, 3, 20))
    settings = {**SETTINGS, "seed": seed, "min_data_in_leaf": leaf, "min_data_in_bin": min(3, leaf)}
    return package.train(settings, package.Dataset(mixtures, losses, params=settings), num_boost_round=rounds)


def lightgbm() -> Any:
    """The package, or an error that says how to get it.

    Raises:
        MissingExtra: LightGBM, or the system's libgomp that it needs, is not installed.
    """
    try:
        import lightgbm as package
    except (ImportError, OSError) as error:
        raise MissingExtra("lightgbm (and the system's libgomp1)", "mix") from error
    return package
