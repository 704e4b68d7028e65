"""A mixing law, and boosted trees on what it leaves: the law's shape far from the runs, the trees' detail near them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.mix.laws import Law, fit_law
from macaronic.mix.trees import Trees, fit_trees

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LawAndTrees:
    """The sum of a law and of trees on its residuals.

    Args:
        law: the law.
        trees: what they add.
    """

    law: Law
    trees: Trees

    @property
    def warnings(self) -> tuple[str, ...]:
        """The law's warnings."""
        return self.law.warnings

    def predict(self, mixtures: Floats) -> Floats:
        """Losses of mixtures (n, m), shape (n,)."""
        return self.law.predict(mixtures) + self.trees.predict(mixtures)


def fit_law_and_trees(mixtures: Floats, losses: Floats, *, seed: int = 42) -> LawAndTrees:
    """Fit the law, then trees on its residuals.

    Args:
        mixtures: shape (n, m).
        losses: shape (n,).
        seed: of LightGBM.

    Raises:
        MissingExtra: LightGBM is not installed.
    """
    law = fit_law(mixtures, losses)
    return LawAndTrees(law, fit_trees(mixtures, losses - law.predict(mixtures), seed=seed))
