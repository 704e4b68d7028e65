"""S102: translating code-switched text with language models: how translation suffers as the source mixes more.

What works here: corpus scores by how mixed the source is, for any systems. Checked on bundled sentences that are mixed
here and a translator that knows one of the two languages.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S102",
    slug="contextual-cs-mt",
    title="Contextual Code Switching for Machine Translation using Language Models",
    kind="analysis",
    url="https://arxiv.org/abs/2312.13179",
    uses=("evaluate.benchmarks.mixed_mt.score", "evaluate.mixing.degrees", "evaluate.translation.corpus_score"),
    claims=(
        Claim(
            "bins",
            "share of made sentences whose bin agrees with their planted mixing: none, or some",
            "mechanism",
            at_least=0.9,
        ),
        Claim(
            "falls",
            "a translator that leaves one language's words alone: chrF++ on unmixed sources minus on mixed ones",
            "direction",
            at_least=1.0,
        ),
        Claim(
            "models",
            "smaller models that are trained for the task translate mixed text better than large multilingual ones",
            "needs",
            where="abstract",
            needs="models and a parallel mixed corpus: macaronic eval score mixed-mt OUTPUTS.jsonl --language en",
        ),
    ),
    cost={"smoke": "a second", "small": "seconds", "full": "seconds"},
    tasks=("translation",),
    languages=("en", "es", "hi-Latn"),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Mix bundled sentences and score a planted translator."""
    rows, mixed = made(rng)
    judged, scores = scored(rows)
    agree = [(name != "CMI 0") == is_mixed for name, is_mixed in zip(judged, mixed)]
    return [
        measured("bins", float(np.mean(agree)), n=len(agree)),
        measured("falls", scores["unmixed"] - scores["mixed"], n=len(rows)),
    ]


def made(rng: np.random.Generator) -> tuple[list[dict[str, object]], list[bool]]:
    """Spanish sentences, every second one with its second half in Hindi; the translator leaves Hindi words alone."""
    from macaronic import bundled

    rows: list[dict[str, object]] = []
    mixed = []
    for i, row in enumerate(bundled.parallel()):
        spanish, hindi, english = row["es"].split(), row["hi-Latn"].split(), row["en"].split()
        cut = len(spanish) // 2
        is_mixed = i % 2 == 1 and len(spanish) > 5 and len(hindi) > 5
        source = [*spanish[:cut], *hindi[len(hindi) // 2 :]] if is_mixed else spanish
        said = [*english[: len(english) // 2], *hindi[len(hindi) // 2 :]] if is_mixed else english
        rows.append({"id": i, "source": " ".join(source), "translation": " ".join(said), "reference": row["en"]})
        mixed.append(is_mixed)
    return rows, mixed


def scored(rows: list[dict[str, object]]) -> tuple[list[str], dict[str, float]]:
    """The bin of each row, and chrF++ of unmixed and mixed rows."""
    from macaronic.evaluate.benchmark import Asked
    from macaronic.evaluate.benchmarks.mixed_mt import score

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outputs.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        found = score(Asked(str(path), language="en", samples=0))
    held = {r.level: (float(r.value or 0), r.n) for r in found.results if r.name == "chrf"}
    parts = [(value, n) for level, (value, n) in held.items() if level not in ("all", "CMI 0")]
    mixed = sum(v * n for v, n in parts) / max(1, sum(n for _, n in parts))
    return [one.language for one in found.judged], {"unmixed": held["CMI 0"][0], "mixed": mixed}
