"""Translation of toxic Singlish: is the meaning kept, and is the toxicity kept with it?

Rows hold a source, its translation, and toxicity scores of both in [0, 1] by any classifier; a back-translation may
stand beside. Toxicity is kept when the translation's score is near the source's; a translator that makes everything
polite loses it. `synth.translator_choice` chooses among translators by the same figures.
"""

from __future__ import annotations

from macaronic.core.problems import Problems
from macaronic.core.result import signature
from macaronic.evaluate import asking
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rows import Row, names_of, number_in, read_rows, required
from macaronic.evaluate.scored import Scored, table
from macaronic.evaluate.translation import segment_scores

BENCHMARK = Benchmark(
    name="singlish",
    title="Toxicity-aware translation of Singlish",
    task="translate a toxic text without making it milder or harsher",
    metrics=(
        Metric("toxicity_gap", "mean |toxicity of the translation - of the source|", better="lower"),
        Metric("kept", "translations on the same side of 0.5 as their sources"),
        Metric("softened", "mean of how much milder the translation is", better="lower"),
        Metric("back_chrf", "chrF++ of the back-translation with the source", unit="points of 100"),
    ),
    form="CSV or JSONL: id, source, translation, source_toxicity, translation_toxicity; system, back_translation",
    languages="Singlish (en-SG) with zh ms ta; any",
    papers=("S099",),
    source="your own translations, with the scores of your own toxicity classifier",
    licence="yours",
)
PROMPTS = Form(answer="translation", build=asking.translate)
FIELDS = ("id", "source", "translation", "source_toxicity", "translation_toxicity")


def score(asked: Asked) -> Scored:
    """Score how much toxicity translations keep.

    Raises:
        FormatError: no row has the fields.
    """
    problems = Problems(asked.strict)
    found = required(
        read_rows(asked.outputs, problems), FIELDS, asked.outputs, problems, key=("system", "id"), answer="translation"
    )
    rows = [row for line, row in found if _has_scores(row, problems, asked.outputs, line)]
    judged = []
    for name, row in zip(names_of(rows), rows):
        text = str(row["translation"])
        before = number_in(row["source_toxicity"], 0, 1) or 0.0
        after = number_in(row["translation_toxicity"], 0, 1) or 0.0 if text.strip() else 0.0
        back = row.get("back_translation")
        values = {
            "toxicity_gap": abs(after - before),
            "kept": float((before >= 0.5) == (after >= 0.5)),
            "softened": max(0.0, before - after),
            "back_chrf": segment_scores("chrf", [str(back)], [str(row["source"])])[0] if back else None,
        }
        system = str(row.get("system") or "system")
        judged.append(
            Judged(name, values, str(row.get("language") or ""), system, f"{before:.2f} to {after:.2f}", text)
        )
    told = signature(BENCHMARK.name, {"threshold": 0.5, "bs": asked.samples})
    names = ["toxicity_gap", "kept", "softened", "back_chrf"]
    units = {"back_chrf": "points of 100"}
    results = table(
        judged, names, signature=told, by=lambda one: one.group, samples=asked.samples, seed=asked.seed, units=units
    )
    return Scored(BENCHMARK.name, tuple(judged), tuple(r for r in results if r.n), {"signature": told}, problems)


def _has_scores(row: Row, problems: Problems, path: str, line: int) -> bool:
    good = all(number_in(row[name], 0, 1) is not None for name in FIELDS[3:])
    if not good:
        problems.add(path, line, "toxicity must be a number from 0 to 1; the row is left out", kind="bad score")
    return good
