"""An explanation of a mixture as a page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from macaronic.mix.explain import Explanation
from macaronic.mix.fitted import Fit
from macaronic.mix.whatif import Prediction
from macaronic.report.mix_report import Fitted, Foretold, MixReport, Moved, Share

_STEPS = 20


def page(
    told: Explanation, fit: Fit, what_if: Sequence[tuple[str, Sequence[Prediction]]] = (), command: str = ""
) -> MixReport:
    """What the report shows.

    Args:
        told: the explanation.
        fit: that it explains.
        what_if: mixtures that were asked about, as text, with their predictions.
        command: gives the same again.
    """
    best = told.optimum
    ends = best.intervals or {}
    shares = tuple(Share(name, share, *ends.get(name, (None, None))) for name, share in best.mixture.weights.items())
    fitted = tuple(
        Fitted(
            one.target,
            one.method,
            one.cv[one.method].spearman if one.method in one.cv else None,
            one.cv[one.method].mse if one.method in one.cv else None,
        )
        for one in fit.fits
    )
    moved = tuple(Moved(e.target, e.domain, e.change, e.low, e.high, e.importance) for e in told.effects)
    asked = tuple(
        Foretold(text, p.target, p.loss, p.low, p.high, p.change, p.change_low, p.change_high)
        for text, group in what_if
        for p in group
    )
    return MixReport(
        "Why this mixture",
        shares=shares,
        summary=" ".join(told.said[:2]),
        fitted=fitted,
        curves=_curves(told, fit),
        moved=moved,
        foretold=asked,
        notes=(*told.said[2:], *best.notes),
        command=command,
    )


def _curves(told: Explanation, fit: Fit) -> tuple[tuple[str, tuple[tuple[float, float], ...]], ...]:
    """Mean loss when one domain's share changes and the others keep their proportions."""
    centre = told.optimum.mixture.aligned(fit.domains)
    names = list(told.optimum.losses)
    out = []
    for j, domain in enumerate(fit.domains):
        shares = np.linspace(0.0, min(1.0, max(2 * float(centre[j]), 0.2)), _STEPS + 1)
        rest = np.where(np.arange(len(centre)) == j, 0.0, centre)
        if not rest.sum() > 0:
            continue
        rows = np.outer(1 - shares, rest / rest.sum())
        rows[:, j] = shares
        losses = np.mean([fit.of(name).model.predict(rows) for name in names], axis=0)
        out.append((domain, tuple(zip(shares.tolist(), losses.tolist()))))
    return tuple(out)
