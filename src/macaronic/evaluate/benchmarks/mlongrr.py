"""mLongRR: find a number hidden in a long text, in English, Vietnamese, Indonesian, Swahili, Somali or any language.

An output is right when the number stands in it, with no digit before or behind; with several needles, when the one
asked for (`target`) does, or all of them. `haystack` builds the prompts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from macaronic.core.problems import Problems
from macaronic.core.result import signature
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.rows import Row, read_rows, required
from macaronic.evaluate.scored import Scored, table

BENCHMARK = Benchmark(
    name="mlongrr",
    title="mLongRR: retrieval and reasoning in long multilingual contexts",
    task="find a number hidden in a long text",
    metrics=(Metric("found", "outputs that hold the number asked for"),),
    form="CSV or JSONL: id, language, response, label (or labels); context_length, position, target may stand beside",
    languages="en vi id sw so, any",
    papers=("S071",),
    source="https://github.com/PortNLP/mLongRR",
    licence="none given: build your own with macaronic.evaluate.haystack",
    options=("compat",),
    compat=(
        "A number counts anywhere in the output: 123 in 1234; here only with no digit beside it.",
        "With two and more needles, an output counts as right when the number stands in the output of any row.",
    ),
)


def score(asked: Asked) -> Scored:
    """Score outputs row by row.

    Raises:
        FormatError: no row has id, language and response.

    Source: S071; that any row's output counts for all with several needles is a fault of the authors' code.
    """
    problems = Problems(asked.strict)
    found = read_rows(asked.outputs, problems)
    fields, key = ("id", "language", "response"), ("language", "id")
    rows = list(required(found, fields, asked.outputs, problems, key=key, answer="response"))
    everything = "\n".join(str(row["response"]) for _, row in rows)
    judged = []
    for line, row in rows:
        wanted, text = labels_of(row), str(row["response"])
        if not wanted:
            problems.add(asked.outputs, line, "no label; it counts as wrong", kind="missing label")
        right = _right(text, wanted, everything if len(labels_of(row, every=True)) > 1 else None, authors=asked.compat)
        group = f"{row.get('context_length', '')}/{row.get('position', '')}".strip("/")
        judged.append(
            Judged(
                f"{row['language']}/{row['id']}",
                {"found": float(right)},
                str(row["language"]),
                group,
                ",".join(wanted),
                text,
            )
        )
    told = signature(BENCHMARK.name, {"rules": "authors" if asked.compat else "macaronic", "bs": asked.samples})
    results = table(judged, ["found"], signature=told, samples=asked.samples, seed=asked.seed)
    lengths = sorted({one.group for one in judged if one.group})
    body = {"signature": told, "by_length_and_depth": _cells(judged)} if lengths else {"signature": told}
    return Scored(BENCHMARK.name, tuple(judged), results, body, problems)


def labels_of(row: Row, *, every: bool = False) -> list[str]:
    """What has to be in the output: the number asked for (`target`), or each of the labels.

    >>> labels_of({"labels": "[12, 34]"}), labels_of({"labels": [12, 34], "target": 34})
    (['12', '34'], ['34'])
    """
    if row.get("target") not in (None, "") and not every:
        return [str(row["target"])]
    value: Any = row.get("labels", row.get("label"))
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            value = [value]
    held = value if isinstance(value, list) else [value]
    return [str(one).removesuffix(".0") for one in held if one not in (None, "")]


def _right(text: str, wanted: Sequence[str], everything: str | None, *, authors: bool) -> bool:
    if not wanted:
        return False
    if authors:
        return all(one in (everything if everything is not None else text) for one in wanted)
    return all(holds(one, text) for one in wanted)


def holds(number: str, text: str) -> bool:
    """Whether a text holds a number by itself, however its thousands are set apart and in whatever digits.

    >>> holds("1234", "It is 1,234."), holds("123", "It is 1234."), holds("1234", "٤١٢٣٤"), holds("1234", "١٢٣٤")
    (True, False, False, True)
    """
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    plain = re.sub(r"(?<=\d)[,.'’ \u00a0\u202f](?=\d{3}(?!\d))", "", plain)
    return re.search(rf"(?<!\d){re.escape(number)}(?!\d)", plain) is not None


def _cells(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    held: dict[tuple[str, str], list[float]] = {}
    for one in judged:
        held.setdefault((one.language, one.group), []).append(float(one.values["found"] or 0))
    return [{"language": a, "where": b, "found": sum(v) / len(v), "n": len(v)} for (a, b), v in sorted(held.items())]
