"""Shares that rest on evidence, and what it is: intervals, checks with fresh seeds, how well losses were foretold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from macaronic.build.buckets import Seen
from macaronic.core.files import write_text
from macaronic.core.mixture import Mixture
from macaronic.mix.static import proportional
from macaronic.report.mix_report import Fitted, MixReport, Share, Tried


@dataclass(frozen=True)
class Evidence:
    """Shares, and what they rest on.

    Args:
        weights: bucket -> share.
        page: intervals, checks, fits and notes, as a report shows them.
        seconds: what finding them will cost, where that was only estimated.
    """

    weights: Mapping[str, float]
    page: MixReport
    seconds: float = 0.0

    def asdict(self) -> dict[str, Any]:
        """JSON values, for `mixture.json`."""
        told = self.page
        return {
            "intervals": {s.name: [s.low, s.high] for s in told.shares if s.low is not None},
            "summary": told.summary,
            "checks": [asdict(tried) for tried in told.tried],
            "fits": [asdict(fitted) for fitted in told.fitted],
            "notes": list(told.notes),
            "settings": dict(told.settings),
        }


def settled(seen: Seen, why: str) -> Evidence:
    """Shares in proportion to the sizes, and why."""
    weights = proportional(seen.sizes).weights
    shares = tuple(Share(name, share) for name, share in weights.items())
    return Evidence(weights, MixReport("Shares", shares, notes=(why,)))


def with_small(
    found: MixReport, seen: Seen, small: Mapping[str, float], settings: tuple[tuple[str, str], ...]
) -> Evidence:
    """The shares of all buckets: those too small to judge have the share that they have of the text."""
    rest = 1 - sum(small.values())

    def scaled(share: float | None) -> float | None:
        return None if share is None else share * rest

    shares = {
        s.name: replace(
            s,
            share=s.share * rest,
            low=scaled(s.low),
            high=scaled(s.high),
            natural=scaled(s.natural),
            cap=None,
            epochs=None,
        )
        for s in found.shares
    }
    shares |= {name: Share(name, share, natural=share) for name, share in small.items()}
    notes = found.notes
    if small:
        notes += (f"too few rows to judge, so taken in proportion to their size: {', '.join(sorted(small))}",)
    told = replace(
        found, shares=tuple(shares[name] for name in seen.codes), notes=notes, settings=(*settings, *found.settings)
    )
    return Evidence({name: shares[name].share for name in seen.codes}, told)


def overruled(found: MixReport, mixtures: Mapping[str, Mixture]) -> MixReport:
    """The choice, or the plain mixture that fresh seeds showed to be better than it."""
    better = [t for t in found.tried if t.behind is not None and t.high is not None and t.high < 0]
    if not better:
        return found
    best = min(better, key=lambda tried: tried.loss)
    shares = tuple(replace(s, share=mixtures[best.name].weights[s.name], low=None, high=None) for s in found.shares)
    note = f"overruled: fresh seeds showed the {best.name} mixture to be better than the fit's optimum, so it is taken"
    summary = f"{found.summary} The {best.name} mixture is taken."
    return replace(found, shares=shares, summary=summary, notes=(note, *found.notes))


def keep(found: Evidence, path: Path) -> None:
    """Write the shares and their page, for `recalled`."""
    write_text(path, json.dumps({"weights": dict(found.weights), "page": asdict(found.page)}, ensure_ascii=False))


def recalled(kept: Path) -> Evidence | None:
    """What was found before, or None."""
    try:
        told = json.loads(kept.read_text("utf-8"))
        page = told["page"]
        return Evidence(
            told["weights"],
            MixReport(
                page["title"],
                tuple(Share(**share) for share in page["shares"]),
                page["summary"],
                tuple(Tried(**tried) for tried in page["tried"]),
                tuple(Fitted(**fitted) for fitted in page["fitted"]),
                notes=tuple(page["notes"]),
                settings=tuple((name, value) for name, value in page["settings"]),
            ),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
