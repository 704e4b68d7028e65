"""A choice of mixture as a page: its shares with intervals, and in a sentence what it is worth."""

from __future__ import annotations

from collections.abc import Mapping

from macaronic.mix.choose import Choice
from macaronic.mix.foretelling import by_share, unseen
from macaronic.report.mix_report import Fitted, MixReport, Share, Tried


def page(found: Choice, settings: Mapping[str, str | int | float], command: str) -> MixReport:
    """What the report shows.

    Args:
        found: the answer.
        settings: what it was found with.
        command: gives the same again.
    """
    best = found.optimum
    ends = best.intervals or {}
    shares = tuple(
        Share(
            name,
            share,
            low=ends[name][0] if name in ends else None,
            high=ends[name][1] if name in ends else None,
            natural=found.natural.weights[name],
            cap=found.caps[name],
            epochs=found.epochs[name],
        )
        for name, share in best.mixture.weights.items()
    )
    tried = tuple(
        Tried(c.name, c.loss, None if c.name == "chosen" else c.behind, c.low, c.high, c.seeds) for c in found.checks
    )
    fitted = tuple(
        Fitted(one.target, one.method, one.cv[one.method].spearman, one.cv[one.method].mse) for one in found.fit.fits
    )
    return MixReport(
        "How much of each source",
        shares=shares,
        summary=verdict(found),
        tried=tried,
        fitted=fitted,
        truth=tuple(unseen(found.fit).items()),
        curves=tuple(by_share(found.fit, best.mixture).items()),
        notes=found.notes,
        settings=tuple((name, str(value)) for name, value in settings.items()),
        command=command,
    )


def verdict(found: Choice) -> str:
    """What the checks say, in a sentence or two."""
    said = []
    for check in found.checks[1:]:
        if check.low is None or check.high is None:
            continue
        size = f"{abs(check.behind):.4f} nats a symbol ({check.low:.4f} to {check.high:.4f})"
        if check.low > 0:
            said.append(f"better than the {check.name} mixture by {size}")
        elif check.high < 0:
            said.append(f"worse than the {check.name} mixture by {size}")
        else:
            said.append(f"not told apart from the {check.name} mixture ({check.low:.4f} to {check.high:.4f})")
    return f"With fresh seeds the chosen mixture is {'; '.join(said)}." if said else ""
