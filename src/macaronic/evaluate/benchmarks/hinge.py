"""HinGE: generated Hinglish rated by people, beside what automatic metrics say.

Rows hold a generated sentence, one or more sentences that people wrote for the same pair, and a rating. Each metric
takes the best of the references; its correlation with the ratings says how far it can be trusted. The metrics are
judged here, not the generator.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from macaronic.core.problems import Problems
from macaronic.core.result import signature
from macaronic.evaluate import asking
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.mixing import degrees
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rating_study import correlations
from macaronic.evaluate.rows import Row, read_rows, required
from macaronic.evaluate.scored import Scored
from macaronic.evaluate.translation import segment_scores

BENCHMARK = Benchmark(
    name="hinge",
    title="HinGE: do metrics say what people say about generated Hinglish?",
    task="generate a mixed sentence; the metrics are what is judged",
    metrics=(
        Metric("chrf", "chrF++ with the nearest human sentence", unit="points of 100"),
        Metric("bleu", "BLEU with the nearest human sentence", unit="points of 100"),
        Metric("ter", "edit rate to the nearest human sentence, negative so that more is better", unit="percent"),
        Metric("cmi", "CMI of the generated sentence", unit="percent"),
        Metric("rating", "what people gave", unit="points"),
    ),
    form="CSV or JSONL: id, generated, references (a list, its JSON, or one text), rating (or rating1, rating2, ...)",
    languages="hi-Latn en",
    papers=("S028",),
    source="https://huggingface.co/datasets/LingoIITGN/HinGE",
    licence="CC BY 4.0",
)
PROMPTS = Form(answer="generated", build=asking.mix)
FIELDS = ("id", "generated", "references")


def score(asked: Asked) -> Scored:
    """Correlate metrics with ratings.

    Raises:
        FormatError: no row has the fields.
    """
    problems = Problems(asked.strict)
    rows = []
    found = read_rows(asked.outputs, problems)
    for line, row in required(found, FIELDS, asked.outputs, problems, answer="generated"):
        if rating_of(row) is None:
            problems.add(asked.outputs, line, "no rating that is a number", kind="no rating")
        elif not references_of(row["references"]):
            problems.add(asked.outputs, line, "no reference", kind="no reference")
        else:
            rows.append(row)
    texts = [str(row["generated"]) for row in rows]
    ratings = [rating_of(row) or 0.0 for row in rows]
    metrics: dict[str, list[float]] = {name: _nearest(name, texts, rows) for name in ("chrf", "bleu", "ter")}
    metrics["cmi"] = degrees(texts)
    told = signature(BENCHMARK.name, {"references": "nearest", "bs": asked.samples})
    results = (
        tuple(correlations(metrics, ratings, signature=told, samples=asked.samples, seed=asked.seed)) if rows else ()
    )
    judged = tuple(
        Judged(str(row["id"]), {"rating": rating, **{name: metrics[name][i] for name in metrics}}, text=text)
        for i, (row, text, rating) in enumerate(zip(rows, texts, ratings))
    )
    return Scored(BENCHMARK.name, judged, results, {"signature": told}, problems)


def _nearest(metric: str, texts: Sequence[str], rows: Sequence[Row]) -> list[float]:
    sign = -1.0 if metric == "ter" else 1.0
    out = []
    for text, row in zip(texts, rows):
        references = references_of(row["references"])
        out.append(max(sign * value for value in segment_scores(metric, [text] * len(references), references)))
    return out


def references_of(value: Any) -> list[str]:
    """Human sentences: a list, its JSON, or one text.

    >>> references_of('["a", "b"]'), references_of("a")
    (['a', 'b'], ['a'])
    """
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            value = [value]
    held = value if isinstance(value, list) else [value]
    return [str(one) for one in held if str(one).strip()]


def rating_of(row: Mapping[str, Any]) -> float | None:
    """The mean of a row's ratings; None where there is none.

    >>> rating_of({"rating1": "6", "rating2": 8}), rating_of({"rating": "good"})
    (7.0, None)
    """
    values = []
    for key, value in row.items():
        if str(key).lower().startswith("rating"):
            try:
                values.append(float(value))
            except (TypeError, ValueError, OverflowError):
                continue
    values = [value for value in values if math.isfinite(value)]
    return sum(values) / len(values) if values else None
