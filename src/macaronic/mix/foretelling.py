"""What a fit says, as points to draw: runs foretold by fits that had not seen them, and losses by a source's share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from macaronic.core.mixture import Mixture
from macaronic.mix.fit import FITTERS
from macaronic.mix.fitted import Fit
from macaronic.mix.validate import held_out

Floats = NDArray[np.float64]
Points = tuple[tuple[float, float], ...]

STEPS = 25


def unseen(fit: Fit, *, folds: int = 5, seed: int = 0) -> dict[str, Points]:
    """Target -> (foretold, measured) loss of each run, foretold by a fit of the other folds.

    Args:
        fit: of the targets; those fitted by a function of the user's own are left out.
        folds: how many.
        seed: of the folds.

    >>> from macaronic.mix.fit import fit
    >>> from macaronic.mix.runs import Runs
    >>> p = np.array([[x / 9, 1 - x / 9] for x in range(10)])
    >>> runs = Runs(p, 1 + np.exp(-p[:, :1]), ("hi", "en"), ("hi",), tuple("abcdefghij"))
    >>> points = unseen(fit(runs, method="law"))["hi"]
    >>> len(points), max(abs(foretold - measured) for foretold, measured in points) < 0.01
    (10, True)
    """
    out = {}
    for one in fit.fits:
        if one.method not in FITTERS:
            continue
        losses, rng = fit.runs.target(one.target), np.random.default_rng(seed)
        guess = held_out(FITTERS[one.method], fit.runs.mixtures, losses, k=min(folds, len(losses)), rng=rng)
        out[one.target] = tuple(zip(guess.tolist(), losses.tolist()))
    return out


def by_share(fit: Fit, mixture: Mixture) -> dict[str, Points]:
    """Source -> (share, mean loss foretold) while the others keep their proportions, over the shares that runs had.

    Args:
        fit: of all targets.
        mixture: where the others' proportions are taken from.

    >>> from macaronic.mix.fit import fit
    >>> from macaronic.mix.runs import Runs
    >>> p = np.array([[x / 9, 1 - x / 9] for x in range(10)])
    >>> runs = Runs(p, 1 + np.exp(-p[:, :1]), ("hi", "en"), ("hi",), tuple("abcdefghij"))
    >>> curve = by_share(fit(runs, method="law"), Mixture({"hi": 1, "en": 1}))["hi"]
    >>> len(curve), curve[0][1] > curve[-1][1]
    (25, True)
    """
    centre, out = mixture.aligned(fit.domains), {}
    for i, name in enumerate(fit.domains):
        tried = fit.runs.mixtures[:, i]
        shares = np.linspace(float(tried.min()), min(float(tried.max()), 1.0), STEPS)
        others = np.delete(centre, i)
        others = others / others.sum() if others.sum() > 0 else np.full(len(others), 1 / len(others))
        rows = np.insert((1 - shares)[:, None] * others, i, shares, axis=1)
        out[name] = tuple(zip(shares.tolist(), fit.predict(rows).mean(axis=1).tolist()))
    return out
