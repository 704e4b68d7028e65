"""Translation of mixed text: how scores fall as the source is more mixed.

Each row has a mixed source, a translation and its reference; `system` tells several systems apart. The source's CMI, by
the shipped word tagger or from a column `cmi`, puts the row into a bin; chrF++ and BLEU are corpus scores of a bin.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from macaronic.core.problems import Problems
from macaronic.core.result import Result, signature
from macaronic.evaluate import asking
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.mixing import degrees
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rows import Row, names_of, number_in, read_rows, required
from macaronic.evaluate.scored import Scored
from macaronic.evaluate.translation import corpus_score, segment_scores

BENCHMARK = Benchmark(
    name="mixed-mt",
    title="Translation of mixed text, by how mixed it is",
    task="translate a sentence that mixes languages",
    metrics=(
        Metric("chrf", "chrF++ over the segments of a bin", unit="points of 100"),
        Metric("bleu", "BLEU over the segments of a bin", unit="points of 100"),
    ),
    form="JSONL, CSV or TSV: id, source, translation, reference; system and cmi may stand beside",
    languages="any; --language says the target",
    papers=("S102",),
    source="your own pairs of mixed source and reference",
    licence="yours",
    options=("language",),
)
PROMPTS = Form(answer="translation", build=asking.translate)
BINS = (0.0, 10.0, 20.0, 30.0, 40.0)
FIELDS = ("id", "source", "translation", "reference")


def score(asked: Asked) -> Scored:
    """Score translations by the mixing of their sources.

    Raises:
        FormatError: no row has the fields.
    """
    problems = Problems(asked.strict)
    found = read_rows(asked.outputs, problems)
    numbered = [*required(found, FIELDS, asked.outputs, problems, key=("system", "id"), answer="translation")]
    rows = [row for _, row in numbered]
    mixing = _degrees(numbered, problems, asked.outputs)
    translations, references = [str(row["translation"]) for row in rows], [str(row["reference"]) for row in rows]
    target = asked.language or ""
    chrf, bleu = (segment_scores(name, translations, references, target=target) for name in ("chrf", "bleu"))
    judged = tuple(
        Judged(
            name,
            {"chrf": c, "bleu": b},
            _bin(degree),
            str(row.get("system") or "system"),
            "empty" if not str(row["translation"]).strip() else f"CMI {degree:.0f}",
            str(row["translation"]),
        )
        for name, row, degree, c, b in zip(names_of(rows), rows, mixing, chrf, bleu)
    )
    told = signature(BENCHMARK.name, {"cmi": "tagger" if "cmi" not in rows[0] else "given", "target": target or "any"})
    results = tuple(_results(judged, translations, references, target, told))
    return Scored(BENCHMARK.name, judged, results, {"signature": told}, problems)


def _degrees(rows: Sequence[tuple[int, Row]], problems: Problems, path: str) -> list[float]:
    """The CMI of each source, 0 to 100: as its row says, else by the word tagger."""
    found = degrees([str(row["source"]) for _, row in rows])
    for i, (line, row) in enumerate(rows):
        if row.get("cmi") in (None, ""):
            continue
        said = number_in(row["cmi"], 0, 100)
        if said is None:
            problems.add(path, line, f"cmi {row['cmi']!r} is no number from 0 to 100; it is measured", kind="cmi")
        found[i] = found[i] if said is None else said
    return found


def _bin(degree: float) -> str:
    """The name of the bin of a CMI.

    >>> [_bin(d) for d in (0.0, 5.0, 10.0, 45.0)]
    ['CMI 0', 'CMI 0-10', 'CMI 10-20', 'CMI 40+']
    """
    if not degree > 0:
        return "CMI 0"
    at = int(np.searchsorted(BINS, degree, side="right")) - 1
    return f"CMI {BINS[at]:.0f}-{BINS[at + 1]:.0f}" if at + 1 < len(BINS) else f"CMI {BINS[at]:.0f}+"


def _results(
    judged: Sequence[Judged], translations: Sequence[str], references: Sequence[str], target: str, told: str
) -> Iterator[Result]:
    systems = sorted({one.group for one in judged})
    for metric in ("chrf", "bleu"):
        for system in systems:
            for part in [*sorted({one.language for one in judged}), "all"]:
                own = [i for i, one in enumerate(judged) if one.group == system and part in (one.language, "all")]
                if not own:
                    continue
                pair = ([translations[i] for i in own], [references[i] for i in own])
                level = part if len(systems) == 1 else f"{system}/{part}"
                value = corpus_score(metric, *pair, target=target)
                yield Result(
                    metric, level, value.value, None, None, len(own), "points of 100", f"{told}|{value.signature}"
                )
