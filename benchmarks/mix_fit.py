"""How well and how fast fits of RegMix's runs predict: `python benchmarks/mix_fit.py [--out FILE]`.

The data are `regmix` (MACARONIC_DATA): 512 runs to learn from, 256 unseen mixtures at 1M and at 60M parameters. Rank
correlations are times 100, means over 13 domains. *published* is printed in the authors' notebook, *their protocol*
stops LightGBM on the rows that judge it, *honest* does not. At smaller numbers of runs, `auto` (chosen by folds) stands
beside each regressor, on one draw of the runs (`--draws` for more). The 13 fits are timed beside a bare loop over
LightGBM with one thread, in alternation, best of three; seconds are those that the processor spent.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np

from macaronic import __version__
from macaronic.mix import compat
from macaronic.mix.fit import FITTERS, fit, judged
from macaronic.mix.laws import fit_law
from macaronic.mix.runs import Runs, read
from macaronic.mix.trees import ROUNDS, SETTINGS, lightgbm
from macaronic.mix.validate import Score
from macaronic.papers.s047_regmix import PRINTED

SIZES = (32, 64, 128, 256, 512)


def table(part: str, size: str) -> Runs:
    """One of the tables."""
    place = Path(os.environ.get("MACARONIC_DATA", "")) / "regmix"
    if not place.exists():
        raise SystemExit(f"expected {place}; set MACARONIC_DATA to the folder of data sets")
    return read(place / f"{part}_mixture_{size}.csv", place / f"{part}_pile_loss_{size}.csv")


def mean(told: dict[str, Score]) -> float:
    """Mean rank correlation times 100."""
    return round(100 * float(np.mean([one.spearman for one in told.values()])), 2)


def protocols(train: Runs, test: Runs, larger: Runs) -> dict[str, Any]:
    """Published, authors' and honest figures side by side."""
    leaky = {name: told for name, (_, told) in compat.regmix(train, test).items()}
    out: dict[str, Any] = {"published": {"1m": round(float(np.mean(list(PRINTED.values()))), 2)}}
    out["their protocol"] = {"1m": mean(leaky)}
    away = [abs(100 * leaky[f"the_pile_{name}"].spearman - printed) for name, printed in PRINTED.items()]
    out["largest difference of 13"] = round(max(away), 4)
    for name in FITTERS:
        done = fit(train, method=name, folds=0)
        out[f"honest {name}"] = {"1m": mean(judged(done, test)), "60m": mean(judged(done, larger))}
    return out


def by_size(train: Runs, test: Runs, sizes: tuple[int, ...], draws: int) -> list[dict[str, float]]:
    """`auto` beside each regressor at several numbers of runs."""
    rows = []
    for n in sizes:
        sums: dict[str, list[float]] = {}
        for draw in range(draws if n < len(train) else 1):
            few = train.rows(np.random.default_rng(draw).permutation(len(train))[:n])
            for name in ("auto", *FITTERS):
                told = mean(judged(fit(few, method=name, folds=5 if name == "auto" else 0), test))
                sums.setdefault(name, []).append(told)
        row = {name: round(float(np.mean(values)), 2) for name, values in sums.items()}
        rows.append({"runs": n, **row, "auto - max(law, gbm)": round(row["auto"] - max(row["law"], row["gbm"]), 2)})
        print(rows[-1], flush=True)
    return rows


def bare(train: Runs) -> None:
    """What anyone would write: LightGBM with one thread, target by target."""
    package = lightgbm()
    for losses in train.losses.T:
        package.train(SETTINGS, package.Dataset(train.mixtures, losses), num_boost_round=ROUNDS)


def spent(work: Callable[[], object]) -> float:
    """Seconds of the processor."""
    start = time.process_time()
    work()
    return time.process_time() - start


def speed(train: Runs) -> dict[str, float]:
    """13 fits beside a bare loop, and the seconds of a law a target."""
    pairs = [(spent(lambda: fit(train, method="gbm", folds=0)), spent(lambda: bare(train))) for _ in range(3)]
    ours, theirs = (min(side) for side in zip(*pairs, strict=True))
    law = min(spent(lambda: [fit_law(train.mixtures, losses) for losses in train.losses.T]) for _ in range(3))
    return {
        "13 fits": round(ours, 2),
        "bare loop": round(theirs, 2),
        "ratio": round(ours / theirs, 3),
        "law a target": round(law / len(train.targets), 4),
    }


def starts(train: Runs, *, tries: int) -> dict[str, float]:
    """How much lower the best of many random starts gets than ours (4 candidates, 2 refined), at most, in losses."""
    from macaronic.mix.laws import _refined

    rng, worst = np.random.default_rng(0), 0.0
    for losses in train.losses.T:
        spread = float(losses.std())
        law = fit_law(train.mixtures, losses)
        mine = _refined(train.mixtures, losses, law.c, law.t, 1e-5, 1.0, spread)[0]
        t = len(train.domains)
        drawn = [(rng.uniform(0, losses.min()), rng.normal(1, 1.5, t)) for _ in range(tries)]
        best = min(_refined(train.mixtures, losses, c, x, 1e-5, 1.0, spread)[0] for c, x in drawn)
        worst = max(worst, mine / best - 1)
    return {"random starts a target": tries, "our refined starts": 2, "worst excess of our cost": round(worst, 6)}


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--draws", type=int, default=1)
    asked = parser.parse_args()
    train, test, larger = table("train", "1m"), table("test", "1m"), table("test", "60m")
    out: dict[str, Any] = {"command": "python benchmarks/mix_fit.py", "version": __version__}
    out["speed"] = speed(train)
    print(out["speed"], flush=True)
    out["protocols"] = protocols(train, test, larger)
    print(json.dumps(out["protocols"], indent=1), flush=True)
    out["starts"] = starts(train, tries=20)
    print(out["starts"], flush=True)
    out["runs"] = by_size(train, test, SIZES, asked.draws)
    whole = fit(train)
    out["auto at 512"] = {
        "1m": mean(judged(whole, test)),
        "60m": mean(judged(whole, larger)),
        "methods": [one.method for one in whole.fits],
    }
    print(out["auto at 512"], flush=True)
    if asked.out:
        asked.out.write_text(json.dumps(out, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
