"""What S020 asks of an annotation project: that people's labels agree there as much as in the table they come from."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, measured

Rows = list[dict[str, object]]


def planted_votes(rng: np.random.Generator) -> Rows:
    """Sentences with three people's labels: the second and third say mostly what the first says."""
    first = rng.choice(["hi", "en"], 40, p=[0.8, 0.2])
    other = np.where(rng.random((2, 40)) < 0.85, first, rng.choice(["hi", "en"], (2, 40)))
    return [
        {
            "Sentences": f"kal ki meeting {n} cancel",
            **{f"Annotated by: Annotator {k}": v for k, v in enumerate(said, 1)},
        }
        for n, said in enumerate(np.vstack([first, other]).T.tolist())
    ]


def project(rows: Rows, sha: str = "") -> Check:
    """Krippendorff's alpha of a project made of the rows, beside that of the columns."""
    from macaronic.annotate import compare
    from macaronic.annotate import project as projects
    from macaronic.annotate.store import Store
    from macaronic.annotate.work import work_of
    from macaronic.measure import agreement

    with tempfile.TemporaryDirectory() as folder:
        table, path = Path(folder, "table.csv"), Path(folder, "votes.annotate")
        _write(table, rows)
        made = projects.new(path, projects.Asked([str(table)], languages=("hi", "en")))
        with Store(path) as store:
            work = work_of(store)
    rated = compare.rated(work, made.settings.by_name["matrix"], work.by_role("annotator"))
    found = agreement.defined(agreement.alpha_of(agreement.coincidences(rated).sum(0, keepdims=True)))
    votes = [[str(v) or None for k, v in row.items() if k.startswith("Annotated by")] for row in rows]
    alpha = agreement.krippendorff_alpha(votes)
    if alpha is None or found is None:
        return measured("project", 0.0, n=len(rows), data_sha256=sha, note="alpha is not defined")
    same = np.mean([len({v for v in said if v}) == 1 and None not in said for said in votes])
    note = f"alpha {alpha:.3f}; all say the same on {same:.1%} of these rows"
    return measured("project", 1 - abs(alpha - found), n=len(rows), data_sha256=sha, note=note)


def _write(path: Path, rows: Rows) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
