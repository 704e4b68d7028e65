"""Marco-Bench-MIF: instructions that can be checked, in 30 languages, localised and machine-translated.

An answer follows a prompt when it follows all its instructions: strictly as it is, loosely when its first or last line
or asterisks are taken off. Instructions that a script can neither follow nor break (capitals in Arabic, say) do not
count; the authors' kind of checker demands English there. The named identifier finds the language of the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from macaronic.core.problems import Problems
from macaronic.core.result import signature
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.instructed import context_of, instruction_results, judged_of, listed
from macaronic.evaluate.instructions.check import check
from macaronic.evaluate.instructions.context import Context
from macaronic.evaluate.lid import lid_named
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rows import Row, read_rows, required
from macaronic.evaluate.scored import Scored

METRICS = (
    Metric("overall", "mean of the four below"),
    Metric("prompt_strict", "answers that follow all their instructions"),
    Metric("prompt_loose", "the same with first line, last line or asterisks taken off"),
    Metric("instruction_strict", "instructions that are followed"),
    Metric("instruction_loose", "the same with first line, last line or asterisks taken off"),
)
COMPAT = (
    "Rules about capitals hold for every script and demand English; here they say nothing where letters have no case.",
    "A comma is the ASCII one alone; here that of any script.",
    "Quotation marks around an answer are the ASCII ones alone; here those of any language.",
)
BENCHMARK = Benchmark(
    name="marco-mif",
    title="Marco-Bench-MIF: instruction following in 30 languages",
    task="follow one to three instructions that can be checked",
    metrics=METRICS,
    form="JSONL: key, response, and instruction_id_list and kwargs beside, or --examples FILE of the release; language",
    languages="30, localised and machine-translated",
    papers=("S088",),
    source="https://github.com/AIDC-AI/Marco-Bench-MIF",
    licence="Apache-2.0",
    options=("compat", "lid", "examples", "language"),
    compat=COMPAT,
)
PROMPTS = Form(key="key")


def score(asked: Asked) -> Scored:
    """Score answers.

    Raises:
        FormatError: no row has key and response.
    """
    problems = Problems(asked.strict)
    prompts = _prompts(asked.examples, problems) if asked.examples else {}
    lid = lid_named(asked.lid)
    judged, counts, neither = [], [], 0
    found = read_rows(asked.outputs, problems)
    fields, key = ("key", "response"), ("language", "key")
    for line, row in required(found, fields, asked.outputs, problems, key=key, answer="response"):
        told = {**prompts.get(str(row["key"]), {}), **{k: v for k, v in row.items() if v is not None}}
        names, arguments = listed(told.get("instruction_id_list")), listed(told.get("kwargs"))
        if not names:
            problems.add(asked.outputs, line, f"no instructions for key {row['key']}", kind="no instructions")
            continue
        context = context_of(str(told.get("prompt") or ""), lid, authors=asked.compat)
        language = str(told.get("language") or asked.language or "all")
        name = f"{language}/{row['key']}"
        one, count, verdicts = judged_of(name, str(row["response"]), names, arguments, context, language=language)
        judged.append(one)
        counts.append(count)
        for verdict in verdicts:
            neither += verdict.strict is None and not verdict.why
            if verdict.why:
                problems.add(asked.outputs, line, f"{verdict.name}: {verdict.why}", kind="bad instruction")
    sign = signature(
        BENCHMARK.name, {"lid": lid.told, "rules": "authors" if asked.compat else "macaronic", "bs": asked.samples}
    )
    results = tuple(instruction_results(judged, counts, asked, by=lambda one: one.language, signature=sign))
    body = {"signature": sign, "lid": lid.told, "neither": neither}
    notes = [f"{neither} instructions say nothing in their script and count as neither"] if neither else []
    absent = prompts.keys() - {one.id.rpartition("/")[2] for one in judged}
    if absent:
        notes.append(f"{len(absent)} of {len(prompts)} prompts have no answer here: they are not in the scores")
    return Scored(BENCHMARK.name, tuple(judged), results, body, problems, tuple(notes))


def defects(row: Row) -> Iterator[tuple[str, str]]:
    """What is wrong with a row of the released data: (kind, what).

    >>> list(defects({"key": 1, "instruction_id_list": ["a:b"], "kwargs": [{}, {}]}))[0]
    ('arguments', '1 instructions, 2 arguments')
    """
    names, arguments = listed(row.get("instruction_id_list")), listed(row.get("kwargs"))
    if not names:
        yield "no instructions", "instruction_id_list is missing or empty"
    if len(names) != len(arguments):
        yield "arguments", f"{len(names)} instructions, {len(arguments)} arguments"
    context = Context(str(row.get("prompt") or ""), lambda text: "en")
    for verdict in check("text", names, arguments, context):
        if verdict.why:
            yield "bad instruction", f"{verdict.name}: {verdict.why}"


def _prompts(path: str, problems: Problems) -> dict[str, Mapping[str, Any]]:
    """Prompts of the release, by key."""
    return {str(row["key"]): row for _, row in read_rows(path, problems) if row.get("key") is not None}
