"""How far each mixing method stays from the best mixture, where that is known: `python benchmarks/mix_regret.py`.

Made-up languages (`mix.contest.languages`), a new world for each of ten seeds, one budget for every method: proxies,
tests and runs beside the model are paid for out of it. Regret is the exact expected loss after the budget minus that of
the best mixture with the whole of it, in nats a symbol. Intervals are bootstrap over the seeds; p is of sign flips
against even shares, with Holm's correction for the number of methods. In `some` three of six languages count, as when a
model is made for a purpose; in `all` every language counts alike, which is where even shares are hard to beat.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from macaronic import __version__
from macaronic.mix.contest.contest import hold
from macaronic.mix.contest.methods import METHODS
from macaronic.mix.contest.rows import Contest
from macaronic.mix.contest.trial import Terms
from macaronic.mix.contest.verdicts import verdicts

FIRST = 100
"""The worlds below were looked at while their size, the learner and the budget were settled; these were not."""
SEEDS = range(FIRST, FIRST + 10)
BUDGETS = (400_000.0, 800_000.0, 1_600_000.0)


def told(contest: Contest) -> list[dict[str, Any]]:
    """A row a method at the largest budget, with its mean regret at the smaller ones."""
    out = []
    for verdict in verdicts(contest):
        curve = {f"{b:.0f}": round(float(contest.regrets(verdict.method, b).mean()), 6) for b in contest.budgets}
        row = {k: round(v, 6) if isinstance(v, float) else v for k, v in verdict.asdict().items()}
        out.append({**row, "curve": curve})
    return out


def main() -> None:
    """Hold both contests, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seeds", type=int, default=len(SEEDS))
    asked = parser.parse_args()
    seeds, start = range(FIRST, FIRST + asked.seeds), time.process_time()
    out: dict[str, Any] = {"command": "python benchmarks/mix_regret.py", "version": __version__}
    for world, targets, budgets in (("some", 3, BUDGETS), ("all", 6, BUDGETS[-1:])):
        found = hold(METHODS, seeds=seeds, budgets=budgets, terms=Terms(targets=targets))
        out[world] = {"seeds": len(seeds), "budget": budgets[-1], "notes": list(found.notes), "methods": told(found)}
        for row in out[world]["methods"]:
            print(world, row["method"], row["regret"], row["against"], row["p"], row["beats"], flush=True)
    out["cpu_seconds"] = round(time.process_time() - start)
    if asked.out:
        asked.out.write_text(json.dumps(out, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
