"""Translation with examples in the prompt: chrF++, and scores that are zero where the answer is in another language.

Outputs hold one `translation` a line of the references, as the authors release them; references, the language and
segment scores of a learnt metric (`comet`) may stand beside. The language-aware score (laCOMET when it is COMET) counts
a segment as 0 when it is empty or in another language.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from macaronic.core import languages
from macaronic.core.errors import FormatError, InputError, UnknownName, UsageError
from macaronic.core.problems import Problems
from macaronic.core.result import Result, signature
from macaronic.evaluate import asking
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.lid import lid_named
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rows import Row, read_rows, required
from macaronic.evaluate.scored import Scored, mean
from macaronic.evaluate.translation import corpus_score, language_aware, segment_scores

BENCHMARK = Benchmark(
    name="icl-mt",
    title="Translation with in-context examples",
    task="translate a sentence after a few chosen examples",
    metrics=(
        Metric("chrf", "chrF++ over all segments", unit="points of 100"),
        Metric("la_chrf", "mean chrF++ of segments, 0 where empty or in another language", unit="points of 100"),
        Metric("la_comet", "mean of the segment scores given as `comet`, 0 where empty or in another language"),
        Metric("right_language", "segments in the wanted language"),
    ),
    form="JSONL or CSV: translation, in the order of the references (--examples FILE, a line each); or with reference; "
    "language, id and comet may stand beside",
    languages="any pair; --language says the target when rows do not",
    papers=("S066",),
    source="https://github.com/ArmelRandy/ICL-MT",
    licence="Apache-2.0; FLORES-200 text CC BY-SA 4.0",
    options=("compat", "lid", "examples", "language"),
    compat=("The language is that of the first line alone; here of the whole segment.",),
)
PROMPTS = Form(answer="translation", build=asking.translate)


def score(asked: Asked) -> Scored:
    """Score translations against references.

    Raises:
        FormatError: no row has a translation, or references are missing.
        UsageError: not as many translations as references.
    """
    problems = Problems(asked.strict)
    rows = _rows(asked, problems)
    targets = [_target(asked, row) for row in rows]
    lid = lid_named(asked.lid)
    translations, references = [str(row["translation"] or "") for row in rows], [str(row["reference"]) for row in rows]
    shown = [_first_line(text) if asked.compat else " ".join(text.split()) for text in translations]
    right = [not tag or _same(label, tag) for (label, _), tag in zip(lid.labels(shown), targets)]
    chrf = segment_scores("chrf", translations, references)
    aware = language_aware(chrf, translations, right)
    whole = corpus_score("chrf", translations, references)
    comet = _comet(rows, translations, right)
    judged = tuple(
        Judged(
            str(row["id"]),
            {
                "chrf": c,
                "la_chrf": a,
                "la_comet": comet[i] if comet else None,
                "right_language": float(ok) if targets[i] else None,
            },
            targets[i],
            note="" if text.strip() else "empty",
            text=text,
        )
        for i, (row, text, c, a, ok) in enumerate(zip(rows, translations, chrf, aware, right))
    )
    told = signature(
        BENCHMARK.name, {"lid": lid.told, "rules": "authors" if asked.compat else "macaronic", "bs": asked.samples}
    )
    first = Result("chrf", "all", whole.value, None, None, len(rows), "points of 100", f"{told}|{whole.signature}")
    names = ["la_chrf", *(["la_comet"] if comet else []), *(["right_language"] if any(targets) else [])]
    units = {"la_chrf": "points of 100"}
    others = tuple(
        mean(
            judged,
            name,
            level="all",
            signature=told,
            samples=asked.samples,
            seed=asked.seed,
            unit=units.get(name, "fraction"),
        )
        for name in names
    )
    notes = (
        () if all(targets) else ("the wanted language is not known, so it is not looked at: say it with --language",)
    )
    return Scored(BENCHMARK.name, judged, (first, *others), {"signature": told, "lid": lid.told}, problems, notes)


def _rows(asked: Asked, problems: Problems) -> list[Row]:
    read = list(read_rows(asked.outputs, problems))
    if asked.examples:
        read = _beside(read, _lines(asked.examples), asked, problems)
    elif any("translation" in row for _, row in read) and all(row.get("reference") is None for _, row in read):
        raise FormatError("no row has a reference; give a file of them, a line each: --examples FILE", asked.outputs)
    numbered = ((line, {"id": i, **row}) for i, (line, row) in enumerate(read))
    fields = ("translation", "reference")
    return [row for _, row in required(numbered, fields, asked.outputs, problems, answer="translation")]


def _beside(
    read: list[tuple[int, Row]], references: list[str], asked: Asked, problems: Problems
) -> list[tuple[int, Row]]:
    if problems.count:
        raise FormatError(f"a row cannot be read, so lines and references no longer agree: {problems.first[0]}")
    if len(references) != len(read):
        raise UsageError(
            f"{asked.outputs} has {len(read)} translations, {asked.examples} {len(references)} references; "
            "both must be as many, in one order"
        )
    return [(line, {**row, "reference": reference}) for (line, row), reference in zip(read, references)]


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError as error:
        raise InputError(f"cannot read the references {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"the references are not UTF-8: {error.reason}", path) from error


def _target(asked: Asked, row: Row) -> str:
    said = asked.language or str(row.get("language") or "")
    try:
        return languages.parse(said) if said else ""
    except UnknownName as error:
        raise UsageError(f"the target language: {error}") from error


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0]


def _same(label: str, target: str) -> bool:
    return label.partition("-")[0] == target.partition("-")[0]


def _comet(rows: Sequence[Row], translations: Sequence[str], right: Sequence[bool]) -> list[float] | None:
    """The language-aware learnt scores, when every row brings one."""
    values = [row.get("comet") for row in rows]
    try:
        scores = [float(value) for value in values if value is not None]
    except (TypeError, ValueError):
        return None
    return language_aware(scores, translations, right) if len(scores) == len(rows) else None
