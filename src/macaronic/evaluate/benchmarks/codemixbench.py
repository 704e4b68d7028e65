"""CodeMixBench over 18 languages: eight tasks on mixed text.

Token tasks (lid, pos, ner) hold gold tags a token, and the answer is a list of tokens with tags, often a broken one:
tokens without a tag count as wrong. The authors score every sentence by itself and average; here the scores are those
of all tokens together, with F1 of whole entities for ner. Classification and choice (sa, mmlu, truthfulqa) count
labels, gsm8k the last number, mt chrF++.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from macaronic.core.problems import Problems
from macaronic.core.result import Result, signature
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.labels import MEASURES, label_results, plain_label, said_label
from macaronic.evaluate.rows import Row, read_rows, required
from macaronic.evaluate.scored import Scored
from macaronic.evaluate.token_tasks import align, pairs, spans
from macaronic.evaluate.translation import corpus_score, segment_scores
from macaronic.identify import scores

BENCHMARK = Benchmark(
    name="codemixbench",
    title="CodeMixBench: code-mixing in 18 languages, eight tasks",
    task="tag, classify, translate or answer mixed text",
    metrics=(
        Metric("accuracy", "tokens, labels, choices or numbers that are right"),
        Metric("weighted_f1", "F1 of the labels, each counting as often as it occurs"),
        Metric("macro_f1", "mean F1 of the labels"),
        Metric("span_f1", "F1 of whole entities (ner)"),
        Metric("chrf", "chrF++ (mt)", unit="points of 100"),
    ),
    form="JSONL: id, task (lid pos ner sa mt mmlu gsm8k truthfulqa), pair, gold, response; tokens for token tasks",
    languages="18 languages with English and other pairs",
    papers=("S006",),
    source="https://huggingface.co/datasets/CodeMixBench/CodeMixBench",
    licence="see the source",
    options=("compat",),
    compat=(
        "Token tasks are scored sentence by sentence and averaged, so short sentences count as much as long ones.",
        "Entities are scored token by token alone.",
    ),
)
TOKEN_TASKS = ("lid", "pos", "ner")
LABEL_TASKS = ("sa", "mmlu", "truthfulqa")
TASKS = (*TOKEN_TASKS, *LABEL_TASKS, "gsm8k", "mt")


@dataclass
class Part:
    """The rows of one task and pair."""

    gold: list[list[str]] = field(default_factory=list)
    answers: list[list[str | None]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)


def score(asked: Asked) -> Scored:
    """Score outputs of any of the tasks.

    Raises:
        FormatError: no row has id, task, gold and response.
    """
    problems = Problems(asked.strict)
    found = read_rows(asked.outputs, problems)
    fields, key = ("id", "task", "gold", "response"), ("task", "pair", "id")
    rows = list(required(found, fields, asked.outputs, problems, key=key, answer="response"))
    labels = _label_sets([row for _, row in rows])
    parts: dict[tuple[str, str], Part] = {}
    for line, row in rows:
        task = str(row["task"]).lower()
        if task not in TASKS:
            problems.add(asked.outputs, line, f"unknown task {task!r}; known: {' '.join(TASKS)}", kind="unknown task")
            continue
        part = parts.setdefault((task, str(row.get("pair") or "")), Part())
        _add(part, task, row, labels.get(task, ()), problems, asked.outputs, line)
    told = signature(BENCHMARK.name, {"rules": "authors" if asked.compat else "macaronic", "bs": asked.samples})
    results = tuple(r for key, part in sorted(parts.items()) for r in _results(key, part, told, asked))
    judged = tuple(one for part in parts.values() for one in part.judged)
    return Scored(BENCHMARK.name, judged, results, {"signature": told}, problems)


def _label_sets(rows: Sequence[Row]) -> Mapping[str, Sequence[str]]:
    held: dict[str, set[str]] = {}
    for row in rows:
        if str(row["task"]).lower() in LABEL_TASKS:
            held.setdefault(str(row["task"]).lower(), set()).add(str(row["gold"]))
    return {task: sorted(names) for task, names in held.items()}


def _add(part: Part, task: str, row: Row, labels: Sequence[str], problems: Problems, path: str, line: int) -> None:
    reply, name = str(row["response"]), f"{task}/{row.get('pair') or ''}/{row['id']}"
    values: dict[str, float | None] = {"accuracy": None, "span_f1": None, "chrf": None}
    note = ""
    if task in TOKEN_TASKS:
        tokens, gold = _gold(row)
        if not gold:
            problems.add(path, line, "gold tags and tokens do not fit", kind="bad gold")
            return
        aligned = align(tokens, pairs(reply))
        tags = _spelt(aligned.tags, gold)
        part.gold.append(gold)
        part.answers.append(tags)
        values["accuracy"] = sum(a == b for a, b in zip(tags, gold)) / len(gold)
        values["span_f1"] = _span_f1([gold], [tags]) if task == "ner" else None
        missing = sum(tag is None for tag in tags)
        note = f"{missing} tokens without a tag, {aligned.extra} others" if missing or aligned.extra else ""
        if not aligned.parsed and reply.strip():
            problems.add(path, line, "no tokens with tags in the answer; it counts as wrong", kind="unparsed answer")
    elif task == "mt":
        part.texts.append((reply, str(row["gold"])))
        values["chrf"] = segment_scores("chrf", [reply], [str(row["gold"])])[0]
    else:
        said = number(reply) if task == "gsm8k" else said_label(reply, labels)
        gold_label = number(str(row["gold"])) if task == "gsm8k" else str(row["gold"])
        part.gold.append([str(gold_label)])
        part.answers.append([said])
        values["accuracy"] = float(said == gold_label)
        if said is None and reply.strip():
            problems.add(path, line, "no answer of the known ones; it counts as wrong", kind="unparsed answer")
    part.judged.append(Judged(name, values, str(row.get("pair") or ""), task, note, reply))


def _gold(row: Row) -> tuple[list[str], list[str]]:
    """Tokens and tags: from two lists, or from a list of tokens with tags."""
    gold = _listed(row["gold"])
    tokens = _listed(row.get("tokens"))
    if tokens and len(tokens) == len(gold) and all(isinstance(tag, str) for tag in gold):
        return [str(t) for t in tokens], [str(tag) for tag in gold]
    found = pairs(row["gold"] if isinstance(row["gold"], str) else json.dumps(gold, ensure_ascii=False))
    return [token for token, _ in found], [tag for _, tag in found]


def _listed(value: Any) -> list[Any]:
    """A list, out of its JSON or of words where it is text."""
    held = value
    if isinstance(value, str):
        try:
            held = json.loads(value)
        except ValueError:
            held = value.split()
    return [*held] if isinstance(held, list) else []


def _spelt(tags: Sequence[str | None], gold: Sequence[str]) -> list[str | None]:
    """Tags in the gold's spelling where they differ by case or marks alone."""
    known = {plain_label(tag): tag for tag in gold}
    return [None if tag is None else known.get(plain_label(tag), tag) for tag in tags]


def number(text: str) -> str | None:
    """The last number of a text, without signs that set thousands apart.

    >>> number("so 3 + 4 = 1,234.50"), number("कुल ४२"), number("none")
    ('1234.5', '42', None)
    """
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    found = re.findall(r"-?\d[\d,]*(?:\.\d+)?", plain)
    return f"{float(found[-1].replace(',', '')):g}" if found and len(found[-1]) < 40 else None


def _span_f1(gold: Sequence[Sequence[str]], answers: Sequence[Sequence[str | None]]) -> float | None:
    right = wanted = said = 0
    for one, other in zip(gold, answers):
        a, b = spans(one), spans(other)
        right, wanted, said = right + len(a & b), wanted + len(a), said + len(b)
    return 2 * right / (wanted + said) if wanted + said else None


def _results(key: tuple[str, str], part: Part, told: str, asked: Asked) -> Iterator[Result]:
    task, pair = key
    level = f"{task}/{pair}" if pair else task
    if part.texts:
        value = corpus_score("chrf", [t for t, _ in part.texts], [r for _, r in part.texts])
        yield Result(
            "chrf", level, value.value, None, None, len(part.texts), "points of 100", f"{told}|{value.signature}"
        )
        return
    if asked.compat and task in TOKEN_TASKS:
        yield from _by_sentence(part, level, told)
        return
    unit = "tokens" if task in TOKEN_TASKS else "answers"
    measures = ("accuracy",) if task == "gsm8k" else tuple(MEASURES)
    yield from label_results(
        part.gold, part.answers, level=level, signature=told, samples=asked.samples, seed=asked.seed, unit=unit,
        measures=measures,
    )  # fmt: skip
    if task == "ner":
        yield Result("span_f1", level, _span_f1(part.gold, part.answers), None, None, len(part.gold), "sentences", told)


def _by_sentence(part: Part, level: str, told: str) -> Iterator[Result]:
    """The authors' figures: each sentence's score by itself, then their mean."""
    for name, measure in MEASURES.items():
        each = []
        for gold, answers in zip(part.gold, part.answers):
            wanted, said, _, names = scores.codes([gold], [["?" if a is None else a for a in answers]])
            each.append(float(measure(scores.confusion(wanted, said, len(names)))))
        yield Result(name, level, float(np.mean(each)), None, None, len(each), "sentences", told)
