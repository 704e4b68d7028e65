"""S033: MultiQ: elementary questions in 137 languages: the language of the answer, and whether it is right.

What works here: fidelity with any identifier, a parser of judges' replies in several languages, and the counting of
replies that say nothing. The models' figures need models and a judge.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S033",
    slug="multiq",
    title="Evaluating the Elementary Multilingual Capabilities of Large Language Models with MultiQ",
    kind="benchmark",
    url="https://github.com/paul-rottger/multiq",
    uses=("evaluate.benchmarks.multiq.score", "evaluate.judge.verdict", "evaluate.lid.lid_named"),
    claims=(
        Claim(
            "fidelity",
            "share of bundled answers, half of them in another language, whose fidelity is judged as planted",
            "mechanism",
            at_least=0.9,
        ),
        Claim("replies", "share of noisy judges' replies that are read as they are meant", "mechanism", at_least=1.0),
        Claim(
            "denominator",
            "unreadable replies and empty answers count as wrong: accuracy is right over all (1 - difference)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "models",
            "models answer faithfully and rightly in some languages, and differ widely between languages",
            "needs",
            where="abstract",
            needs="models, a judge and GlotLID: "
            "macaronic eval score multiq ANSWERS.csv --lid glotlid.bin --judge openai:MODEL",
        ),
    ),
    cost={"smoke": "a second", "small": "a second", "full": "a second"},
    tasks=("question-answering", "sentence-lid"),
    languages=("ar", "de", "en", "es", "fr", "hi", "ru", "tr", "vi", "zh"),
)
REPLIES = (
    ("Yes.", True), ("yes, because", True), ("**Yes**", True), ("Answer: yes", True), ("Correct.", True), ("是", True),
    ("ja", True), ("हाँ", True), ("No.", False), ("no, it", False), ("Incorrect", False), ("That is not correct", False),
    ("Verdict: no", False), ("不对", False), ("нет", False), ("", None), ("I am not sure", None), ("42", None),
)  # fmt: skip


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Plant languages and replies."""
    from macaronic.evaluate.judge import verdict

    right = [verdict(reply) is meant for reply, meant in REPLIES]
    rows, wanted, correct = planted(rng)
    values = scored(rows)
    faithful = float(np.mean([values["fidelity"][i] == w for i, w in enumerate(wanted)]))
    accuracy = sum(values["accuracy"]) / len(rows)
    return [
        measured("fidelity", faithful, n=len(rows)),
        measured("replies", float(np.mean(right)), n=len(right)),
        measured("denominator", 1 - abs(accuracy - correct), n=len(rows)),
    ]


def planted(rng: np.random.Generator) -> tuple[list[dict[str, object]], list[float], float]:
    """Bundled sentences as answers: rows, wanted fidelity, and the share of readable yes."""
    from macaronic import bundled

    tags = PAPER.languages
    rows: list[dict[str, object]] = []
    wanted, yes = [], 0
    for i, sentence in enumerate(bundled.parallel()):
        tag = tags[i % len(tags)]
        said = str(rng.choice([t for t in tags if t != tag])) if i % 2 else tag
        reply = ("yes", "no", "hm")[int(rng.integers(3))]
        yes += reply == "yes"
        rows.append({"id": i, "language": tag, "completion": sentence[said], "judge": reply})
        wanted.append(float(said == tag))
    return rows, wanted, yes / len(rows)


def scored(rows: list[dict[str, object]]) -> dict[str, list[float]]:
    """The scores of rows, in order."""
    from macaronic.evaluate.benchmark import Asked
    from macaronic.evaluate.benchmarks.multiq import score

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outputs.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        judged = score(Asked(str(path), samples=0)).judged
    return {name: [float(one.values[name] or 0.0) for one in judged] for name in ("fidelity", "accuracy")}
