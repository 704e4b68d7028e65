"""MultiQ: simple questions in 137 languages: is the answer in the language of the question, and is it right?

Fidelity is judged by a language identifier. Whether an answer is right is judged by a model that sees the English
question: give its replies in a column `judge`, or name a judge. Replies that say neither yes nor no count as wrong
and are told.
"""

from __future__ import annotations

from collections.abc import Sequence

from macaronic.core import languages
from macaronic.core.errors import UnknownName
from macaronic.core.problems import Problems
from macaronic.core.result import signature
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judge import ask, verdict
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.lid import lid_named
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rows import Row, read_rows, required
from macaronic.evaluate.scored import Scored, table

BENCHMARK = Benchmark(
    name="multiq",
    title="MultiQ: elementary questions in 137 languages",
    task="answer a simple open question in its language",
    metrics=(
        Metric("fidelity", "answers in the language of the question"),
        Metric("accuracy", "answers that the judge calls right"),
    ),
    form="CSV or JSONL: id, language, completion; judge (a reply), or prompt_en and --judge MODEL",
    languages="137; those that the identifier knows",
    papers=("S033",),
    source="https://github.com/paul-rottger/multiq",
    licence="CC BY 4.0",
    options=("lid", "judge"),
)
PROMPTS = Form(answer="completion", data="eval-multiq/multiq_subset.csv")


def score(asked: Asked) -> Scored:
    """Score completions.

    Raises:
        FormatError: no row has id, language and completion.
        UnknownName: no such judge.
    """
    problems = Problems(asked.strict)
    found = read_rows(asked.outputs, problems)
    fields, key = ("id", "language", "completion"), ("language", "id")
    numbered = [*required(found, fields, asked.outputs, problems, key=key, answer="completion")]
    rows = [row for _, row in numbered]
    lid = lid_named(asked.lid)
    texts = [" ".join(str(row["completion"]).split()) for row in rows]
    labels = [label for label, _ in lid.labels(texts)]
    replies = _replies(asked, rows, texts)
    judged = tuple(
        _judged(row, line, text, label, reply, problems, asked.outputs)
        for (line, row), text, label, reply in zip(numbered, texts, labels, replies)
    )
    scored = any(reply is not None for reply in replies)
    told = signature(
        BENCHMARK.name, {"lid": lid.told, "judge": asked.judge or ("given" if scored else "none"), "bs": asked.samples}
    )
    names = ["fidelity", *(["accuracy"] if scored else [])]
    results = table(judged, names, signature=told, samples=asked.samples, seed=asked.seed)
    notes = () if len(names) > 1 else ("accuracy needs a judge: a column `judge`, or --judge MODEL with prompt_en",)
    return Scored(BENCHMARK.name, judged, results, {"signature": told, "lid": lid.told}, problems, notes)


def _replies(asked: Asked, rows: Sequence[Row], texts: Sequence[str]) -> list[str | None]:
    """What the judge says of each completion: asked now when one is named, else from the column."""
    if asked.judge is None:
        held = [row.get("judge") for row in rows]
        given = any(reply is not None for reply in held)
        return [("" if reply is None else str(reply)) if given else None for reply in held]
    from macaronic.lm.named import lm_named

    questions = [str(row.get("prompt_en") or row.get("prompt") or "") for row in rows]
    return list(ask(lm_named(asked.judge), list(zip(questions, texts)), seed=asked.seed))


def _judged(row: Row, line: int, text: str, label: str, reply: str | None, problems: Problems, path: str) -> Judged:
    tag = str(row["language"])
    name = f"{tag}/{row['id']}"
    faithful = bool(text) and _same(label, tag)
    values: dict[str, float | None] = {"fidelity": float(faithful), "accuracy": None}
    note = "" if text else "empty"
    if reply is not None:
        said = verdict(reply)
        values["accuracy"] = float(bool(said) and bool(text))
        if said is None:
            what = f"the judge says neither yes nor no: {reply[:40]!r}; it counts as wrong"
            problems.add(path, line, what, kind="unparsed judge")
            note = note or "unparsed judge"
    return Judged(name, values, tag, str(row.get("domain") or ""), note, text, (label,))


def _same(label: str, wanted: str) -> bool:
    """The same language, whatever codes the identifier and the benchmark use.

    >>> _same("deu_Latn", "de"), _same("en", "de")
    (True, False)
    """
    try:
        return languages.parse(label.replace("_", "-")).partition("-")[0] == languages.parse(wanted).partition("-")[0]
    except UnknownName:
        return label == wanted
