"""Mixed versions of your own test set or prompts: what does mixing cost, in each language, direction and amount?

`macaronic eval mixed ITEMS` makes the prompts out of parallel items. Items with choices are scored by whether the
right one is chosen, open prompts by whether the answer is in a language of the prompt. Both languages of a mixed
prompt are right, so that `right` may rise by mixing alone; `main_language` asks for the main language of plain and of
mixed prompts. Each version is compared with the plain one item by item, with paired tests. The samples that
lm-evaluation-harness logs over the folder of `eval mixed --lm-eval` are read as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from macaronic.core.languages import is_language, parse
from macaronic.core.problems import Problems
from macaronic.core.result import Result, signature
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.benchmarks import in_language
from macaronic.evaluate.compare import Change
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.labels import said_label
from macaronic.evaluate.lm_eval_folder import from_log
from macaronic.evaluate.mixed_versions import MARKS, changes
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.prose import prose
from macaronic.evaluate.rows import Row, read_rows, required
from macaronic.evaluate.scored import ALL, Scored, table

BENCHMARK = Benchmark(
    name="mixed-versions",
    title="Plain and mixed versions of one set",
    task="answer the same items plain and with words of another language",
    metrics=(
        Metric("accuracy", "items with choices: the right one is chosen"),
        Metric("right", "open prompts: the answer is in a language of the prompt, in its script"),
        Metric(
            "main_language", "open prompts: the answer is in the main language of the prompt, whatever was mixed in"
        ),
    ),
    form="JSONL of `macaronic eval mixed`: id, item, version, language, answer and choices, or allowed; and response",
    languages="those of your items",
    papers=("S003", "S006"),
    source="your own parallel items, by: macaronic eval mixed ITEMS",
    licence="yours",
    options=("examples",),
)
PROMPTS = Form()
_SAID = re.compile(r"(?:answer|choice|option)\W{0,4}(?:is|:)?\W{0,4}([A-J])(?![\w'’])", re.I)
_ALONE = re.compile(r"^\W*([A-Ja-j])(?:\W*$|[.):\]*]|\s*\n)")


def score(asked: Asked) -> Scored:
    """Score the answers and compare the versions.

    Args:
        asked: `examples` is the file of `macaronic eval mixed`; rows of it without an output count as wrong.

    Raises:
        FormatError: no row has id, item, version, language and response.
    """
    problems = Problems(asked.strict)
    fields = ("id", "item", "version", "language", "response")
    read = ((line, from_log(row)) for line, row in read_rows(asked.outputs, problems))
    rows = [row for _, row in required(read, fields, asked.outputs, problems, answer="response")]
    rows += _unanswered(asked, {str(row["id"]) for row in rows}, problems)
    judged = tuple(_judged(rows, problems, asked.outputs))
    told = signature(BENCHMARK.name, {"bs": asked.samples})
    names = [
        name
        for name in ("accuracy", "right", "main_language")
        if any(one.values.get(name) is not None for one in judged)
    ]
    results = [
        one
        for one in table(
            judged, names, signature=told, by=lambda one: one.group, samples=asked.samples, seed=asked.seed
        )
        if one.level != ALL
    ]
    found = changes(judged, samples=asked.samples or 1, seed=asked.seed)
    results += [_result(kind, change) for kind, change in found]
    body = {"signature": told, "changes": [{"kind": kind, **c.asdict()} for kind, c in found]}
    sure = [c for kind, c in found if kind == "version" and c.adjusted <= 0.05]
    notes = [f"{c.metric} {c.language}: {c.change:+.4f}, corrected p {c.adjusted:.4g}" for c in sure]
    notes += [] if found else ["nothing to compare: no version stands beside the plain items"]
    return Scored(BENCHMARK.name, judged, tuple(results), body, problems, tuple(notes))


def _result(kind: str, c: Change) -> Result:
    """A change as a row of the table."""
    level = c.language if kind in ("version", ALL) else f"{kind} {c.language}"
    return Result(f"{c.metric} change", level, c.change, c.low, c.high, c.n, "fraction", c.signature)


def _unanswered(asked: Asked, answered: set[str], problems: Problems) -> Iterator[Row]:
    """Rows of the made file that have no output."""
    for line, row in read_rows(asked.examples, problems) if asked.examples else ():
        if str(row.get("id")) not in answered:
            problems.add(asked.examples or "", line, f"no output for {row.get('id')}; it is wrong", kind="no output")
            yield {**row, "response": ""}


def _judged(rows: Sequence[Row], problems: Problems, path: str) -> Iterator[Judged]:
    free = [i for i, row in enumerate(rows) if row.get("answer") in (None, "")]
    spoken = dict(zip(free, _in_language([rows[i] for i in free])))
    for i, row in enumerate(rows):
        text = str(row["response"])
        right, main = spoken.get(i, (None, None))
        values: dict[str, float | None] = {"accuracy": None, "right": right, "main_language": main}
        note = ""
        if i not in spoken:
            choices = [str(one) for one in row.get("choices") or ()]
            said = chosen(text, choices)
            values["accuracy"] = float(said is not None and said == int(row["answer"]))
            note = "unparsed" if said is None else MARKS[said]
            if said is None and text.strip():
                problems.add(path, 0, f"{row['id']}: no choice in the answer; it is wrong", kind="unparsed answer")
        yield Judged(f"{row['item']}|{row['version']}", values, str(row["language"]), str(row["version"]), note, text)


def _in_language(rows: Sequence[Row]) -> Iterator[tuple[float, float]]:
    """Whether each answer has none of the faults of `in-language`: with all that is allowed, in the main language."""
    from macaronic.identify import tagger
    from macaronic.text.words import words

    texts = [words(prose(str(row["response"])).text) for row in rows]
    for row, tagged in zip(rows, tagger.load().tag(texts) if texts else ()):
        main = parse(str(row["language"]))
        allowed = [parse(str(tag)) for tag in _listed(row.get("allowed"))] or [main]
        counts = Counter(label for label in tagged.labels if is_language(label))
        yield float(not in_language.judge(counts, allowed)), float(not in_language.judge(counts, [main]))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else str(value or "").replace(",", " ").split()


def chosen(reply: str, choices: Sequence[str]) -> int | None:
    """Which choice a reply takes: by its letter, alone or named as the answer, else by the only text that it holds.

    >>> [chosen(reply, ["tea", "rice"]) for reply in ("B", "(b) rice", "The answer is **A**.", "I like rice", "A or B")]
    [1, 1, 0, 1, None]
    >>> chosen("A cat likes it.", ["tea", "rice"]) is None
    True
    """
    text = reply.strip()
    letters = [m[1].upper() for m in (_ALONE.match(text), *_SAID.finditer(text)) if m]
    if letters and MARKS.index(letters[-1]) < len(choices):
        return MARKS.index(letters[-1])
    said = said_label(text, choices)
    return list(choices).index(said) if said is not None else None
