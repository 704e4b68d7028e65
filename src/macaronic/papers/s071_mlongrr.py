"""S071: mLongRR: needles in long contexts, in five languages.

What works here: haystacks of a given length and depth in any language, and scoring row by row with borders of digits;
the authors' functions for two and three needles look at every row's output, which is offered as a flag only.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S071",
    slug="mlongrr",
    title="Evaluating Multilingual Long-Context Models for Retrieval and Reasoning",
    kind="benchmark",
    url="https://github.com/PortNLP/mLongRR",
    uses=("evaluate.haystack.build", "evaluate.haystack.grid", "evaluate.benchmarks.mlongrr.score"),
    claims=(
        Claim(
            "places",
            "share of haystacks whose needle stands within a sentence of its depth, and that are no longer than asked",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "rows",
            "a finder with a planted chance, two needles: our score is within 0.1 of that chance (1 if so)",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "any-row",
            "the authors' any-row scoring of the same outputs, minus the row by row one",
            "direction",
            at_least=0.3,
        ),
        Claim(
            "models",
            "around 96 percent in English against 36 percent in Somali with one needle, 40 against 0 with three",
            "needs",
            where="abstract",
            needs="models and the released prompts: macaronic eval score mlongrr OUTPUTS.csv",
        ),
    ),
    cost={"smoke": "a second", "small": "seconds", "full": "seconds"},
    tasks=("retrieval", "question-answering"),
    languages=("en", "vi", "id", "sw"),
)
NEEDLES = {
    "en": "The special magic {city} number is {number}.",
    "id": "Angka ajaib istimewa {city} adalah {number}.",
    "sw": "Nambari maalum ya ajabu ya {city} ni {number}.",
    "vi": "Con số kỳ diệu đặc biệt của {city} là {number}.",
}
CITIES = ("Hanoi", "Nairobi", "Jakarta", "Lagos", "Lima", "Quito")


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Build haystacks of bundled sentences, let a made-up finder look."""
    lengths = {"smoke": (200, 500), "small": (2_000, 8_000), "full": (2_000, 8_000, 16_000, 32_000, 64_000)}[scale]
    placed = places(lengths, rng)
    ours, theirs, chance, n = found(rng)
    return [
        measured("places", float(np.mean(placed)), n=len(placed)),
        measured("rows", float(abs(ours - chance) < 0.1), n=n, note=f"{ours:.3f} for a chance of {chance:.3f}"),
        measured("any-row", theirs - ours, n=n),
    ]


def places(lengths: tuple[int, ...], rng: np.random.Generator) -> list[bool]:
    """Whether each needle stands where it should."""
    from macaronic import bundled
    from macaronic.evaluate.haystack import DEPTHS, grid

    good = []
    for tag, template in NEEDLES.items():
        hay = [row[tag].strip() for row in bundled.parallel()]
        for made in grid(hay, template, CITIES, lengths=lengths, depths=DEPTHS, rng=rng):
            needle = next(template.format(city=c, number=made.labels[0]) for c in CITIES
                          if template.format(city=c, number=made.labels[0]) in made.text)  # fmt: skip
            before = made.text.split(needle)[0]
            share = len(before.split()) / max(1, len(made.text.split()) - len(needle.split()))
            good.append(made.size <= made.length and abs(share - made.depth / 100) < 20 / made.length + 0.02)
    return good


def found(rng: np.random.Generator) -> tuple[float, float, float, int]:
    """A finder that finds both numbers with chance 0.4: our score, the authors', the share it found, rows."""
    from macaronic.evaluate.benchmark import Asked
    from macaronic.evaluate.benchmarks.mlongrr import score

    rows: list[dict[str, Any]] = []
    hits = []
    for i in range(120):
        numbers = rng.choice(9000, 2, replace=False) + 1000
        hit = bool(rng.random() < 0.4)
        said = f"The numbers are {numbers[0]} and {numbers[1]}." if hit else f"It says {numbers[0]}7."
        rows.append({"id": i, "language": "sw", "response": said, "labels": [int(n) for n in numbers]})
        hits.append(hit)
    rows.append(
        {"id": 120, "language": "sw", "response": " ".join(str(n) for r in rows for n in r["labels"]), "labels": [1, 2]}
    )
    hits.append(False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outputs.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        values = [
            next(float(r.value or 0) for r in score(Asked(str(path), compat=c, samples=0)).results if r.level == "all")
            for c in (False, True)
        ]
    return values[0], values[1], float(np.mean(hits)), len(rows)
