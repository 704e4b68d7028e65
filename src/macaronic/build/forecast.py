"""What a build would give, from a look at a small part of the text."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from macaronic.build.buckets import open_facts
from macaronic.build.judge import METHODS, Judge
from macaronic.build.plan import make_plan
from macaronic.build.recipe import Recipe
from macaronic.build.run import jobs, prepare_all, work_folder

_LEAST_ROWS = 1000


def forecast(recipe: Recipe, folder: Path, share: float, *, allow_code: bool = False) -> dict[str, Any]:
    """Shares, time and disk of a build, estimated on a random share of its rows.

    A share that catches fewer than a thousand rows is raised (tenfold at most each time) until it catches more or all.

    Args:
        recipe: what would be built.
        folder: what its relative paths are relative to.
        share: how much of the text to look at, in (0, 1].
        allow_code: run the recipe's keep function.

    Returns:
        unit, buckets (asked, achieved, available, epochs), unmet, seconds (proxies' too), notes, disk_mb, rows, share.
    """
    serial = recipe.model_copy(update={"run": recipe.run.model_copy(update={"engine": "serial", "memory": None})})
    while True:
        todo = jobs(serial, folder, allow_code=allow_code, sample=None if share >= 1 else share)
        begun = time.perf_counter()
        prepared = prepare_all(serial, folder, todo)
        spent = time.perf_counter() - begun
        looked = sum(part.count for part in prepared.parts)
        if looked >= _LEAST_ROWS or share >= 1:
            break
        share = min(1.0, share * 10)
    judge = None
    if serial.mix.method in METHODS:
        work = work_folder(serial, folder) / "forecast"
        judge = Judge(serial, folder, work, forecast=True, scale=share)
    plan = make_plan(serial, prepared.parts, scale=share, judge=judge)
    size = sum(int(table.column("bytes").to_numpy().sum()) for table in (open_facts(p.facts) for p in prepared.parts))
    available = max(sum(b.available for b in plan.buckets), 1)
    drawn = size / share * plan.achieved / available
    return {
        "unit": plan.unit,
        "share": share,
        "rows": looked,
        "budget": round(plan.budget / share),
        "buckets": [
            {
                "name": b.name,
                "asked": b.asked,
                "achieved": b.achieved / max(plan.achieved, 1),
                "available": round(b.available / share),
                "epochs": b.epochs,
            }
            for b in plan.buckets
        ],
        "unmet": plan.unmet,
        "seconds": spent / share + (plan.evidence.seconds if plan.evidence else 0.0),
        "proxy_seconds": plan.evidence.seconds if plan.evidence else 0.0,
        "notes": list(plan.evidence.page.notes) if plan.evidence else [],
        "disk_mb": (size / share * 4 + drawn * 4) / 1e6,
    }
