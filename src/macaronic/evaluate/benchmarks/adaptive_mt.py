"""Adaptive translation: a new sentence after its most similar translated ones, and with the terms that must be used.

Rows hold a translation, its reference and the `terms` that were asked for. chrF++, BLEU and TER are corpus scores; term
use is the share of wanted terms in the translation. `example_selection` builds the prompts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from macaronic.core.problems import Problems
from macaronic.core.result import Result, signature
from macaronic.evaluate import asking
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rows import read_rows, required
from macaronic.evaluate.scored import Scored, mean
from macaronic.evaluate.translation import METRICS, corpus_score, segment_scores, term_use

BENCHMARK = Benchmark(
    name="adaptive-mt",
    title="Adaptive translation with similar examples and terms",
    task="translate a sentence after similar translated ones, using given terms",
    metrics=(
        Metric("chrf", "chrF++ over all segments", unit="points of 100"),
        Metric("bleu", "BLEU over all segments", unit="points of 100"),
        Metric("ter", "translation edit rate over all segments", better="lower", unit="percent"),
        Metric("term_use", "wanted terms that the translation uses, mean over segments that want any"),
    ),
    form='JSONL, CSV or TSV: id, translation, reference; terms (a list, or "a; b") may stand beside',
    languages="any pair; --language says the target",
    papers=("S070",),
    source="https://github.com/ymoslem/Adaptive-MT-LLM",
    licence="see the source; TICO-19 is CC0",
    options=("language",),
)
PROMPTS = Form(answer="translation", build=asking.translate)


def score(asked: Asked) -> Scored:
    """Score translations and their use of terms.

    Raises:
        FormatError: no row has id, translation and reference.
    """
    problems = Problems(asked.strict)
    found = read_rows(asked.outputs, problems)
    fields = ("id", "translation", "reference")
    rows = [row for _, row in required(found, fields, asked.outputs, problems, answer="translation")]
    translations, references = [str(row["translation"]) for row in rows], [str(row["reference"]) for row in rows]
    target = asked.language or ""
    each = {name: segment_scores(name, translations, references, target=target) for name in METRICS}
    used = [term_use(text, terms_of(row.get("terms"))) for text, row in zip(translations, rows)]
    judged = tuple(
        Judged(
            str(row["id"]),
            {**{name: values[i] for name, values in each.items()}, "term_use": used[i]},
            target,
            note="" if text.strip() else "empty",
            text=text,
        )
        for i, (row, text) in enumerate(zip(rows, translations))
    )
    told = signature(BENCHMARK.name, {"target": target or "any", "bs": asked.samples})
    results: list[Result] = []
    for name in METRICS:
        value = corpus_score(name, translations, references, target=target)
        unit = "percent" if name == "ter" else "points of 100"
        results.append(Result(name, "all", value.value, None, None, len(rows), unit, f"{told}|{value.signature}"))
    results.append(mean(judged, "term_use", level="all", signature=told, samples=asked.samples, seed=asked.seed))
    return Scored(BENCHMARK.name, judged, tuple(results), {"signature": told}, problems)


def terms_of(value: Any) -> Sequence[str]:
    """The wanted terms of a row: a list, or text parted by semicolons.

    >>> terms_of("virus; vacuna"), terms_of(None)
    (['virus', 'vacuna'], [])
    """
    parts = value if isinstance(value, list) else str(value or "").split(";")
    return [text for part in parts if (text := str(part).strip())]
