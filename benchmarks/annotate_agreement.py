"""Agreement beside other programs on random tables: `python benchmarks/annotate_agreement.py [--out FILE]`.

Cohen's kappa beside scikit-learn's `cohen_kappa_score`, Krippendorff's alpha beside the package `krippendorff` where it
is installed (it is no dependency; without it that part is left out and said so). The tables have 2 to 6 people, 2 to 8
labels, 5 to 400 words, up to half of the labels missing. Time is processor time of one thread for all tables that both
programs give a number for; ours starts from strings, theirs from what they take fastest.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
import warnings
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from macaronic import __version__
from macaronic.measure.agreement import cohen_kappa, krippendorff_alpha

KEPT = Path(__file__).parent / "results" / "annotate_agreement.json"
TABLES, REPEATS, SEED = 200, 3, 1
ALIKE = 1e-12
Table = np.ndarray
"""Numbers of labels, shape (words, people), -1 for none."""


def tables(rng: np.random.Generator) -> list[Table]:
    """Random tables in which people agree more or less often."""
    made = []
    for _ in range(TABLES):
        words, people, labels = int(rng.integers(5, 401)), int(rng.integers(2, 7)), int(rng.integers(2, 9))
        share = rng.dirichlet(np.full(labels, 0.7))
        truth = rng.choice(labels, (words, 1), p=share)
        noise = rng.random((words, people)) < rng.uniform(0, 0.6)
        table = np.where(noise, rng.choice(labels, (words, people)), truth)
        made.append(np.where(rng.random((words, people)) < rng.uniform(0, 0.5), -1, table))
    return made


def named(table: Table) -> list[tuple[str | None, ...]]:
    """A table as units of labels."""
    names = np.array([*(f"label {n}" for n in range(8)), None], dtype=object)
    return [tuple(unit) for unit in names[table].tolist()]


def ours_kappa(table: list[tuple[str | None, ...]]) -> float | None:
    """Kappa of the first two people."""
    return cohen_kappa([unit[0] for unit in table], [unit[1] for unit in table])


def sklearn_kappa() -> Callable[[Table], float | None]:
    """The same by scikit-learn, over the words that both labelled."""
    from sklearn.metrics import cohen_kappa_score

    def kappa(table: Table) -> float | None:
        both = table[(table[:, :2] >= 0).all(1), :2]
        return number(cohen_kappa_score(both[:, 0], both[:, 1])) if len(both) else None

    return kappa


def package_alpha() -> Callable[[Table], float | None] | None:
    """Alpha by the package `krippendorff`; None where it is not installed."""
    try:
        import krippendorff  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None

    def alpha(table: Table) -> float | None:
        values = np.where(table < 0, np.nan, table).T
        try:
            return number(krippendorff.alpha(reliability_data=values, level_of_measurement="nominal"))
        except ValueError:  # fewer than two labels in all
            return None

    return alpha


def number(value: float) -> float | None:
    """A value, or None where there is none."""
    return float(value) if math.isfinite(value) else None


def beside(
    made: list[Table], ours: Callable[..., float | None], theirs: Callable[..., float | None], name: str, peer: str
) -> list[dict[str, Any]]:
    """Both programs on all tables: how many come out alike, the largest difference, and the times."""
    held = [named(table) for table in made]
    pairs = [(ours(a), theirs(b)) for a, b in zip(held, made)]
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    told = [i for i, (a, b) in enumerate(pairs) if a is not None and b is not None]
    first, second = timed(ours, [held[i] for i in told]), timed(theirs, [made[i] for i in told])
    apart = max(abs(a - b) for a, b in both)
    alike = sum(abs(a - b) < ALIKE for a, b in both) + sum(a is b is None for a, b in pairs)
    against = f"{peer}; largest difference {apart:.1e}, {len(pairs)} tables"
    return [
        {"name": f"{name}, random tables alike to {ALIKE:g}", "value": alike, "versus": against},
        {"name": f"{name}, seconds for all tables", "value": round(first, 4), "versus": f"{peer}: {second:.4f}"},
    ]


def timed(program: Callable[..., float | None], inputs: list[Any]) -> float:
    """Processor seconds for all inputs, the best of a few runs."""
    best = math.inf
    for _ in range(REPEATS):
        begun = time.process_time()
        for one in inputs:
            program(one)
        best = min(best, time.process_time() - begun)
    return best


def main() -> int:
    """Compare, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=str(KEPT))
    out = parser.parse_args().out
    warnings.filterwarnings("ignore")
    made, alpha = tables(np.random.default_rng(SEED)), package_alpha()
    peer = f"scikit-learn {metadata.version('scikit-learn')}"
    figures = beside(made, ours_kappa, sklearn_kappa(), "Cohen's kappa", peer)
    if alpha is None:
        print("note: the package krippendorff is not installed; alpha is not compared", file=sys.stderr)
    else:
        peer = f"krippendorff {metadata.version('krippendorff')}"
        figures += beside(made, krippendorff_alpha, alpha, "Krippendorff's alpha", peer)
    command = "python benchmarks/annotate_agreement.py"
    text = json.dumps({"command": command, "version": __version__, "figures": figures}, indent=1)
    print(text)
    Path(out).write_text(text + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
