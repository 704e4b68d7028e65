"""Scores of prompts with instructions: by prompt and by instruction, strictly and loosely, and the mean of the four."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from macaronic.core.bootstrap import ratio_interval
from macaronic.core.result import Result
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.instructions.check import Verdict, check
from macaronic.evaluate.instructions.context import Context
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.lid import Lid
from macaronic.evaluate.prose import prose

NAMES = ("prompt_strict", "prompt_loose", "instruction_strict", "instruction_loose")


def context_of(prompt: str, lid: Lid, *, authors: bool) -> Context:
    """What the checkers know: ours look at the prose of an answer for its language, the authors' at all of it."""

    def language(text: str) -> str:
        shown = text if authors else prose(text).text
        return lid.labels([" ".join(shown.split()) or " "])[0][0]

    return Context(prompt, language, authors)


def judged_of(
    name: str, answer: str, instructions: Sequence[str], arguments: Sequence[dict[str, Any] | None], context: Context,
    *, language: str = "", group: str = "",
) -> tuple[Judged, tuple[float, ...], list[Verdict]]:  # fmt: skip
    """One answer, with the counts that pooled scores are made of: followed strictly, loosely, and of how many."""
    verdicts = check(answer, instructions, arguments, context)
    said = [v for v in verdicts if v.strict is not None]
    strict, loose = sum(bool(v.strict) for v in said), sum(bool(v.loose) for v in said)
    values: dict[str, float | None] = dict.fromkeys(("overall", *NAMES))
    if said:
        whole = (float(strict == len(said)), float(loose == len(said)), strict / len(said), loose / len(said))
        values |= {"overall": sum(whole) / 4, **dict(zip(NAMES, whole))}
    broken = [v.name.partition(":")[2] for v in said if not v.loose]
    note = ("broken: " + ", ".join(broken)) if broken else ""
    return Judged(name, values, language, group, note, answer), (strict, loose, len(said)), verdicts


def instruction_results(
    judged: Sequence[Judged],
    counts: Sequence[tuple[float, ...]],
    asked: Asked,
    *,
    by: Callable[[Judged], str],
    signature: str,
) -> Iterator[Result]:
    """The four scores and their mean, for each part and for all; instruction scores pool instructions.

    Source: S065: overall is the mean of prompt- and instruction-level scores, strict and loose.
    """
    groups: dict[str, list[int]] = {}
    for i, one in enumerate(judged):
        if counts[i][2]:
            for level in {by(one), "all"}:
                groups.setdefault(level, []).append(i)
    for level in [*sorted(name for name in groups if name != "all"), *(["all"] if "all" in groups else [])]:
        own = groups[level]
        columns = np.array([[1.0, *(judged[i].values[n] or 0.0 for n in NAMES[:2]), *counts[i]] for i in own])
        for name, measure in _MEASURES.items():
            value = float(measure(columns.sum(0)[None, :])[0])
            ends = ratio_interval(columns, measure, rng=np.random.default_rng(asked.seed), samples=asked.samples)
            low, high = ends or (None, None)
            n = int(columns[:, 5].sum()) if name.startswith("instruction") else len(own)
            yield Result(name, level, value, low, high, n, "fraction", signature)


_MEASURES: dict[str, Callable[[Any], Any]] = {
    "prompt_strict": lambda s: s[:, 1] / s[:, 0],
    "prompt_loose": lambda s: s[:, 2] / s[:, 0],
    "instruction_strict": lambda s: s[:, 3] / s[:, 5],
    "instruction_loose": lambda s: s[:, 4] / s[:, 5],
}
_MEASURES = {"overall": lambda s: sum(m(s) for n, m in _MEASURES.items() if n != "overall") / 4, **_MEASURES}


def listed(value: Any) -> list[Any]:
    """A list that may be written as JSON, whose parts may be written as JSON too.

    >>> listed('["{\\\\"num_words\\\\": 3}"]'), listed([{"a": 1}])
    ([{'num_words': 3}], [{'a': 1}])
    """
    held = _read(value)
    return (
        [_read(one) if isinstance(one, str) and one.strip().startswith("{") else one for one in held]
        if isinstance(held, list)
        else []
    )


def _read(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
