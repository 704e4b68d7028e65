"""What if I took this mixture? Its predicted losses with intervals, beside those of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from macaronic.core.mixture import Mixture
from macaronic.mix.fit import FITTERS, resampled
from macaronic.mix.fitted import Fit
from macaronic.mix.laws import Law, fit_law


@dataclass(frozen=True, slots=True)
class Prediction:
    """One target's loss under a mixture, against another mixture.

    Args:
        target: its name.
        loss: predicted loss.
        low: lower end of the interval of the prediction (95 %, runs resampled).
        high: upper end.
        change: loss minus the loss of the mixture it is compared with; negative is better.
        change_low: lower end of the interval of the change.
        change_high: upper end.
        outside: whether some share lies outside those of all runs, so that the prediction is an extrapolation.
    """

    target: str
    loss: float
    low: float
    high: float
    change: float
    change_low: float
    change_high: float
    outside: bool


def what_if(
    fit: Fit, mixture: Mixture, *, against: Mixture | None = None, samples: int = 50, rng: np.random.Generator
) -> tuple[Prediction, ...]:
    """Predicted losses of a mixture, with intervals from resampled runs.

    Args:
        fit: from `mix.fit.fit`.
        mixture: the shares to ask about; a domain that it does not name gets nothing.
        against: what the change is counted from; uniform when left out.
        samples: how often the runs are resampled and fitted again; below 2 the intervals are the values themselves.
        rng: the resampling.

    Raises:
        UnknownName: a domain that the fit lacks.

    >>> from macaronic.mix.fit import fit
    >>> from macaronic.mix.runs import Runs
    >>> p = np.array([[x / 9, 1 - x / 9] for x in range(10)])
    >>> done = fit(Runs(p, 1 + np.exp(-p[:, :1]), ("hi", "en"), ("hi",), tuple("abcdefghij")), method="law")
    >>> round(what_if(done, Mixture({"hi": 1.0}), samples=5, rng=np.random.default_rng(1))[0].loss, 2)
    1.37
    """
    asked = mixture.aligned(fit.domains)
    other = (against or Mixture(dict.fromkeys(fit.domains, 1.0))).aligned(fit.domains)
    both = np.stack([asked, other])
    drawn = list(resampled(fit.runs, samples=samples, rng=rng)) if samples > 1 else []
    outside = bool(np.any((asked > fit.runs.mixtures.max(axis=0)) | (asked < fit.runs.mixtures.min(axis=0))))
    out = []
    for one in fit.fits:
        loss, base = (float(v) for v in one.model.predict(both))
        values = [[loss, base]]
        if drawn and one.method in FITTERS:
            values = []
            for runs in drawn:
                losses = runs.target(one.target)
                if isinstance(one.model, Law):
                    values.append(fit_law(runs.mixtures, losses, start=one.model).predict(both).tolist())
                else:
                    values.append(FITTERS[one.method](runs.mixtures, losses).predict(both).tolist())
        table = np.array(values)
        low, high = np.percentile(table[:, 0], (2.5, 97.5))
        change_low, change_high = np.percentile(table[:, 0] - table[:, 1], (2.5, 97.5))
        out.append(
            Prediction(
                one.target, loss, float(low), float(high), loss - base, float(change_low), float(change_high), outside
            )
        )
    return tuple(out)
