"""Multi-IF: three turns in eight languages; each turn adds instructions, and all so far have to be followed.

Rows are those of the release: for each turn a prompt, the instructions so far, their arguments, and the model's
responses in order. A row whose next prompt is "None" ends there, as the authors have it. The figure of a turn is the
mean of prompt- and instruction-level scores, strict and loose.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from macaronic.core.problems import Problems
from macaronic.core.result import signature
from macaronic.evaluate.benchmark import Asked, Benchmark
from macaronic.evaluate.benchmarks.marco_mif import COMPAT, METRICS
from macaronic.evaluate.instructed import context_of, instruction_results, judged_of, listed
from macaronic.evaluate.lid import lid_named
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rows import Row, read_rows, required
from macaronic.evaluate.scored import Scored

BENCHMARK = Benchmark(
    name="multi-if",
    title="Multi-IF: multi-turn and multilingual instruction following",
    task="follow instructions over three turns",
    metrics=METRICS,
    form="JSONL, CSV or Parquet: key, language, responses (a list); turn_N_prompt, _instruction_id_list and _kwargs",
    languages="en es fr hi it pt ru zh",
    papers=("S065",),
    source="https://huggingface.co/datasets/facebook/Multi-IF",
    licence="see the source; the authors' code is Apache-2.0",
    options=("compat", "lid"),
    compat=COMPAT,
)
PROMPTS = Form(answer="responses", asked=("turn_1_prompt", "turn_2_prompt", "turn_3_prompt"), key="key", many=True)
TURNS = (1, 2, 3)


def score(asked: Asked) -> Scored:
    """Score the turns of conversations.

    Raises:
        FormatError: no row has key, language and responses.
    """
    problems = Problems(asked.strict)
    lid = lid_named(asked.lid)
    judged, counts = [], []
    found = read_rows(asked.outputs, problems)
    fields = ("key", "language", "responses", "turn_1_instruction_id_list")
    for line, row in required(found, fields, asked.outputs, problems, key=("language", "key"), answer="responses"):
        answers = ["" if one is None else str(one) for one in listed(row["responses"])]
        for turn, prompt, names, arguments in turns(row):
            if turn > len(answers):
                problems.add(
                    asked.outputs, line, f"no response to turn {turn}; it follows nothing", kind="missing response"
                )
            answer = answers[turn - 1] if turn <= len(answers) else ""
            if turn <= len(answers) and not answer.strip():
                problems.add(asked.outputs, line, f"turn {turn} is empty; it follows nothing", kind="empty output")
            context = context_of(prompt, lid, authors=asked.compat)
            name = f"{row['language']}/{row['key']}/{turn}"
            one, count, verdicts = judged_of(
                name, answer, names, arguments, context, language=str(row["language"]), group=f"turn {turn}"
            )
            judged.append(one)
            counts.append(count)
            for verdict in verdicts:
                if verdict.why:
                    problems.add(asked.outputs, line, f"{verdict.name}: {verdict.why}", kind="bad instruction")
    told = signature(
        BENCHMARK.name, {"lid": lid.told, "rules": "authors" if asked.compat else "macaronic", "bs": asked.samples}
    )
    by_turn = instruction_results(judged, counts, asked, by=lambda one: one.group, signature=told)
    by_language = instruction_results(
        judged, counts, asked, by=lambda one: f"{one.group}/{one.language}", signature=told
    )
    parts = (*by_turn, *(result for result in by_language if result.level != "all"))
    return Scored(BENCHMARK.name, tuple(judged), parts, {"signature": told, "lid": lid.told}, problems)


def turns(row: Row) -> Iterator[tuple[int, str, list[str], list[Any]]]:
    """(turn, prompt, instructions so far, their arguments); ends where the next prompt is "None"."""
    for turn in TURNS:
        names = listed(row.get(f"turn_{turn}_instruction_id_list"))
        prompt = _content(row.get(f"turn_{turn}_prompt"))
        if not names or prompt == "None":
            return
        yield turn, prompt, [str(name) for name in names], listed(row.get(f"turn_{turn}_kwargs"))


def _content(value: Any) -> str:
    """The text of a prompt that may be a message in JSON."""
    try:
        held = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    return str(held.get("content", "")) if isinstance(held, dict) else str(value)
