"""S020: COMI-LINGUA: Hindi-English text labelled by three people for five tasks.

What works here: the released form read as it is, also into an annotation project, labels of the majority, agreement of
the people, macro F1 (nearly all sentences have one label), the token tasks' scores. The models' figures need models.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S020",
    slug="comi-lingua",
    title="COMI-LINGUA: Expert Annotated Large-Scale Dataset for Multitask NLP in Hindi-English Code-Mixing",
    kind="dataset",
    url="https://huggingface.co/datasets/LingoIITGN/COMI-LINGUA",
    uses=(
        "evaluate.benchmarks.comi_lingua.score",
        "measure.agreement.fleiss_kappa",
        "evaluate.benchmarks.codemixbench.score",
        "identify.tagger.load",
        "annotate.comi_lingua.read",
        "measure.agreement.krippendorff_alpha",
    ),
    claims=(
        Claim(
            "matrix",
            "macro F1 of the shipped tagger's matrix language minus that of always answering Hindi (bundled sentences "
            "at scale smoke, 1,000 released ones above)",
            "direction",
            at_least=0.0,
        ),
        Claim(
            "kappa",
            "Fleiss' kappa of planted labels agrees with the one computed from its definition (1 - difference)",
            "mechanism",
            at_least=1.0 - 1e-9,
        ),
        Claim(
            "majority",
            "share of planted rows whose label is that of the majority, or none without one",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "project",
            "alpha of three people in an annotation project agrees with that of its table (1 - difference; planted at "
            "scale smoke, 1,000 released rows of 5,000 above)",
            "mechanism",
            at_least=1.0 - 1e-9,
        ),
        Claim(
            "models",
            "models do unevenly on the five tasks",
            "needs",
            where="abstract",
            needs="models and the hub data LingoIITGN/COMI-LINGUA: macaronic eval score comi-lingua OUTPUTS.csv",
        ),
    ),
    data=("codemix-comi-mli",),
    cost={"smoke": "a second", "small": "seconds, codemix-comi-mli", "full": "the same as small"},
    tasks=("matrix-language", "lid", "pos", "ner", "translation"),
    languages=("hi", "hi-Latn", "en"),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Plant labels; judge the shipped tagger's matrix language (not at scale `smoke`)."""
    from macaronic.core.errors import MissingData
    from macaronic.curate.datasets import data_sha256, locate
    from macaronic.papers.votes_study import planted_votes, project

    out = [kappa(rng), majorities(rng)]
    if scale == "smoke":
        return [*out, matrix(bundled_rows(), ""), project(planted_votes(rng))]
    try:
        place, sha = locate("codemix-comi-mli"), data_sha256("codemix-comi-mli")
    except MissingData as error:
        return unanswered(PAPER, error)
    return [*out, matrix(released(place), sha), project(released(place), sha)]


def kappa(rng: np.random.Generator) -> Check:
    """Agreement of three people beside pairs counted one by one."""
    from macaronic.measure.agreement import fleiss_kappa

    votes = [[str(rng.choice(["hi", "en", "x"], p=[0.6, 0.3, 0.1])) for _ in range(3)] for _ in range(50)]
    agree = [np.mean([row[a] == row[b] for a, b in ((0, 1), (0, 2), (1, 2))]) for row in votes]
    flat = [label for row in votes for label in row]
    chance = sum((flat.count(name) / len(flat)) ** 2 for name in set(flat))
    wanted = (float(np.mean(agree)) - chance) / (1 - chance)
    return measured("kappa", 1 - abs((fleiss_kappa(votes) or 0.0) - wanted), n=len(votes))


def majorities(rng: np.random.Generator) -> Check:
    """Labels of two of three, and none where all differ."""
    from macaronic.evaluate.benchmarks.comi_lingua import majority

    good = []
    for _ in range(50):
        a, b, c = (str(x) for x in rng.choice(["hi", "en", "x"], 3))
        good.append(majority([a, b, c]) == (a if a in (b, c) else b if b == c else None))
    return measured("majority", float(np.mean(good)), n=len(good))


def bundled_rows() -> list[dict[str, object]]:
    """Bundled mixed sentences; the matrix language is that of most words."""
    from macaronic import bundled

    counted = [(s.text, s.labels.count("en"), s.labels.count("hi-Latn")) for s in bundled.mixed("hi-Latn/en")]
    held = [(text, "en" if en > hi else "hi") for text, en, hi in counted if en != hi]
    return [{"id": i, "Sentences": text, "gold": gold} for i, (text, gold) in enumerate(held)]


def released(place: Path) -> list[dict[str, object]]:
    """The rows of the released file."""
    from macaronic.core.problems import Problems
    from macaronic.evaluate.rows import read_rows

    return [row for _, row in read_rows(str(place / "MLI.first1000.csv"), Problems())]


def matrix(rows: list[dict[str, object]], sha: str) -> Check:
    """Macro F1 of the tagger's matrix language beside a constant answer."""
    from macaronic.identify import tagger

    found = tagger.load().identify_sentence([str(row["Sentences"]) for row in rows], ["hi", "hi-Latn", "en"])
    ours, n = macro(rows, ["en" if one["lang"] == "en" else "hi" for one in found])
    constant, _ = macro(rows, ["hi"] * len(rows))
    note = f"macro F1 {ours:.3f}, always Hindi {constant:.3f}"
    return measured("matrix", ours - constant, n=n, data_sha256=sha, note=note)


def macro(rows: list[dict[str, object]], said: list[str]) -> tuple[float, int]:
    """Macro F1 of answers to the released rows, and of how many."""
    from macaronic.evaluate.benchmark import Asked
    from macaronic.evaluate.benchmarks.comi_lingua import score

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outputs.jsonl"
        told = [json.dumps({**row, "response": answer}) for row, answer in zip(rows, said)]
        path.write_text("\n".join(told), "utf-8")
        result = score(Asked(str(path), samples=0)).results[0]
    return float(result.value or 0.0), result.n
