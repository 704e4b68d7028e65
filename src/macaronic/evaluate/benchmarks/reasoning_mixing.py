"""Language mixing in reasoning: which languages a model thinks in when it is asked in one of them.

Rows hold the prompt's language and a response whose reasoning stands in <think> marks (or a field `trace`). Given a
gold answer, accuracy stands apart for traces that mix and traces that do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from macaronic.core import languages
from macaronic.core.errors import UnknownName
from macaronic.core.problems import Problems
from macaronic.core.result import signature
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.benchmarks.codemixbench import number
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.labels import plain_label
from macaronic.evaluate.rows import Row, read_rows, required
from macaronic.evaluate.scored import Scored, mean, table
from macaronic.evaluate.traces import Trace, thought, traces

BENCHMARK = Benchmark(
    name="reasoning-mixing",
    title="Language mixing in reasoning models",
    task="reason about a puzzle that is put in one language",
    metrics=(
        Metric("in_language", "share of the trace's words in the language of the prompt"),
        Metric("entropy", "of the trace's languages", better="lower", unit="bits"),
        Metric("switches", "changes of language a hundred words", better="lower", unit="per 100 words"),
        Metric("mixed", "traces with at least a twentieth of their words in a second language", better="lower"),
        Metric("accuracy", "right answers, where a gold answer is given"),
    ),
    form="JSONL: id, language, response with <think> marks (or trace); answer (gold) and predicted may stand beside",
    languages="any",
    papers=("S022",),
    source="https://github.com/cisnlp/Language-Mixing",
    licence="none given: use your own puzzles and outputs",
)
SECOND = 0.05
NAMES = ("in_language", "entropy", "switches", "mixed")


def score(asked: Asked) -> Scored:
    """Look at traces.

    Raises:
        FormatError: no row has id, language and response.
    """
    problems = Problems(asked.strict)
    found = ((line, {"response": row.get("trace"), **row}) for line, row in read_rows(asked.outputs, problems))
    fields, key = ("id", "language", "response"), ("language", "id")
    numbered = [*required(found, fields, asked.outputs, problems, key=key, answer="response")]
    rows = [row for _, row in numbered]
    parts = [
        thought(str(row["response"])) if not row.get("trace") else (str(row["trace"]), str(row["response"]))
        for row in rows
    ]
    looked = traces([trace or answer for trace, answer in parts])
    judged = tuple(_judged(numbered, parts, looked, problems, asked.outputs))
    told = signature(BENCHMARK.name, {"second": SECOND, "bs": asked.samples})
    units = {metric.name: metric.unit for metric in BENCHMARK.metrics}
    results = [*table(judged, NAMES, signature=told, samples=asked.samples, seed=asked.seed, units=units)]
    if any(one.values["accuracy"] is not None for one in judged):
        groups = {
            "all": judged,
            "mixed": [o for o in judged if o.values["mixed"]],
            "unmixed": [o for o in judged if not o.values["mixed"]],
        }
        results += [
            mean(part, "accuracy", level=name, signature=told, samples=asked.samples, seed=asked.seed)
            for name, part in groups.items()
        ]
    shares = _shares(judged, looked)
    bare = sum(not trace for trace, _ in parts)
    notes = (f"{bare} responses mark no reasoning: the whole response is looked at",) if bare else ()
    return Scored(BENCHMARK.name, judged, tuple(results), {"signature": told, **shares}, problems, notes)


def _judged(
    rows: Sequence[tuple[int, Row]],
    parts: Sequence[tuple[str, str]],
    looked: Sequence[Trace],
    problems: Problems,
    path: str,
) -> Iterator[Judged]:
    for (line, row), (trace, answer), seen in zip(rows, parts, looked):
        said = str(row["language"])
        values: dict[str, float | None] = dict.fromkeys((*NAMES, "accuracy"))
        if seen.words:
            second = sorted(seen.languages.values(), reverse=True)[1:2]
            values |= {
                "in_language": _share_of(said, seen.languages),
                "entropy": seen.entropy,
                "switches": 100.0 * seen.switches / seen.words,
                "mixed": float(bool(second) and second[0] >= SECOND),
            }
        else:
            values["in_language"] = 0.0
            if trace or answer:
                problems.add(path, line, "no words in the trace; none are in the language asked for", kind="no words")
        if row.get("answer") is not None:
            values["accuracy"] = float(_right(str(row["answer"]), str(row.get("predicted") or answer)))
        spoken = tuple(name for name, _ in sorted(seen.languages.items(), key=lambda pair: -pair[1]))
        note = ", ".join(f"{name} {share:.0%}" for name, share in list(seen.languages.items())[:4])
        yield Judged(f"{said}/{row['id']}", values, said, str(row.get("group") or ""), note, trace or answer, spoken)


def _share_of(said: str, shares: Mapping[str, float]) -> float:
    """The share of a language, whatever script it is written in."""
    try:
        base = languages.parse(said).partition("-")[0]
    except UnknownName:
        base = said
    return sum(share for tag, share in shares.items() if tag.partition("-")[0] == base)


def _right(gold: str, said: str) -> bool:
    """Whether the answer says the gold one: as a number where it is one, else as the end of the answer."""
    if number(gold) is not None and plain_label(gold).replace(".", "").replace(",", "").isdecimal():
        return number(said) == number(gold)
    return plain_label(said).endswith(plain_label(gold))


def _shares(judged: Sequence[Judged], looked: Sequence[Trace]) -> dict[str, Any]:
    """Mean shares of scripts and languages in the traces of each prompt language."""
    held: dict[str, list[Trace]] = {}
    for one, seen in zip(judged, looked):
        held.setdefault(one.language, []).append(seen)
    return {
        kind: {language: _mean_shares([getattr(t, kind) for t in part]) for language, part in sorted(held.items())}
        for kind in ("scripts", "languages")
    }


def _mean_shares(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = sorted({name for part in parts for name in part})
    means = {name: sum(part.get(name, 0.0) for part in parts) / len(parts) for name in names}
    return dict(sorted(means.items(), key=lambda pair: -pair[1]))
