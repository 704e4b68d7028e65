"""BLEnD: everyday knowledge of sixteen cultures, as short answers and as multiple choice.

People answered each question; answers that mean the same form a group with its votes. SEM-B is the share of questions
whose answer is in any group, SEM-W weighs by the votes of that group over those of the largest. Questions that people
could not answer are skipped, as the authors do, and are told. Multiple choice counts the right letter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.core.problems import Problems
from macaronic.core.result import signature
from macaronic.evaluate import asking
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.lemmas import Lemmatiser, lemmatiser
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rows import Row, read_rows, required
from macaronic.evaluate.scored import Scored, table
from macaronic.evaluate.translation import occurs

BENCHMARK = Benchmark(
    name="blend",
    title="BLEnD: everyday knowledge in diverse cultures and languages",
    task="answer a short question about daily life in a country, or choose the answer",
    metrics=(
        Metric("sem_b", "the answer is one that somebody there gave"),
        Metric("sem_w", "votes of that answer over those of the most frequent one"),
        Metric("accuracy", "the right letter (multiple choice)"),
    ),
    form="JSONL or CSV. Short answers: id, country, response (--examples: COUNTRY_data.json, or its folder). Multiple "
    "choice: id, country, prompt, choices, answer_idx, response",
    languages="16 regions, 13 languages; ours scores any",
    papers=("S027",),
    source="https://github.com/nlee0212/BLEnD",
    licence="CC BY-SA 4.0",
    options=("compat", "examples", "lemmatiser", "form", "language"),
    compat=("An answer counts wherever its letters occur: 'tea' in 'steak'; here at borders of words.",),
)
PROMPTS = Form(build=asking.short_answer)
FORMS = ("short", "mcq")
MOST_SILENT = 3
MOST_UNSURE = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Answers that mean the same, in the local language and in English, and how many people gave one of them."""

    answers: tuple[str, ...]
    english: tuple[str, ...]
    votes: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its groups of answers, as stored (most votes first); none where it is to be skipped."""

    id: str
    groups: tuple[Group, ...]
    skipped: str = ""


def score(asked: Asked) -> Scored:
    """Score short answers or multiple choice.

    Raises:
        UsageError: no annotations, or an unknown form.
        FormatError: fields are missing.
    """
    problems = Problems(asked.strict)
    rows = list(read_rows(asked.outputs, problems))
    form = asked.form or ("mcq" if rows and "answer_idx" in rows[0][1] else "short")
    if form not in FORMS:
        raise UsageError(f"expected --form short or mcq; got {form!r}")
    lemma = lemmatiser(asked.lemmatiser)
    countries: dict[str, Mapping[str, Question]] = {}
    found = _chosen(asked, rows, problems) if form == "mcq" else _answered(asked, rows, countries, problems, lemma)
    judged = tuple(found)
    rules = "authors" if asked.compat else "macaronic"
    told = signature(BENCHMARK.name, {"form": form, "lemmas": lemma.name, "rules": rules, "bs": asked.samples})
    names = ["accuracy"] if form == "mcq" else ["sem_b", "sem_w"]
    results = table(judged, names, signature=told, samples=asked.samples, seed=asked.seed)
    skipped = sum("skipped" in one.note for one in judged)
    notes = [f"{skipped} questions are skipped: people there could not answer them"] if skipped else []
    absent = sum(not q.skipped for held in countries.values() for q in held.values()) - (len(judged) - skipped)
    if countries and absent > 0:
        notes.append(f"{absent} questions of {', '.join(countries)} have no answer here: they are not in the scores")
    return Scored(BENCHMARK.name, judged, results, {"signature": told, "skipped": skipped}, problems, tuple(notes))


def _answered(
    asked: Asked,
    rows: Sequence[tuple[int, Row]],
    countries: dict[str, Mapping[str, Question]],
    problems: Problems,
    lemma: Lemmatiser,
) -> Iterator[Judged]:
    """The answers, judged; `countries` gets the questions of each country that occurs."""
    fields, key = ("id", "country", "response"), ("country", "id")
    held = required(iter(rows), fields, asked.outputs, problems, key=key, answer="response")
    for line, row in held:
        country, name, text = str(row["country"]), str(row["id"]), str(row["response"])
        if country not in countries:
            countries[country] = questions(answers_of(asked.examples, country))
        question = countries[country].get(name)
        if question is None:
            problems.add(asked.outputs, line, f"no question {name} of {country}", kind="unknown id")
            continue
        if question.skipped:
            yield Judged(
                f"{country}/{name}", {"sem_b": None, "sem_w": None}, country, "", f"skipped: {question.skipped}", text
            )
            continue
        hit = found(text, question.groups, lemma, language=asked.language or "", authors=asked.compat)
        share = hit.votes / max(group.votes for group in question.groups) if hit else 0.0
        note = hit.answers[0] if hit and hit.answers else ""
        yield Judged(f"{country}/{name}", {"sem_b": float(hit is not None), "sem_w": share}, country, "", note, text)


def answers_of(place: str | None, country: str) -> dict[str, Any]:
    """What people of a country answered.

    Raises:
        UsageError: nothing is said about where that is.
        InputError: it cannot be read.
        FormatError: it is something else.
    """
    if place is None:
        raise UsageError(
            f"short answers need people's: --examples {country.replace(' ', '_')}_data.json, or its folder"
        )
    path = Path(place)
    path = path / f"{country.replace(' ', '_')}_data.json" if path.is_dir() else path
    try:
        held = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"cannot read the annotations {path}: {error.strerror}") from error
    except ValueError as error:
        raise FormatError(f"not JSON: {error}", str(path)) from error
    if not isinstance(held, dict) or not all(isinstance(v, dict) and "annotations" in v for v in held.values()):
        raise FormatError("expected questions with annotations, as COUNTRY_data.json has them", str(path))
    return held


def questions(held: Mapping[str, Any]) -> dict[str, Question]:
    """Questions by id, with the reason where one is to be skipped.

    Source: S027, the authors' rules: three silent or five unsure people, or no answer at all.

    >>> questions({"a": {"annotations": [], "idks": {"idk": 0}}})["a"].skipped
    'no answers'
    """
    out = {}
    for name, told in held.items():
        unsure = {key: int(value) for key, value in (told.get("idks") or {}).items()}
        silent = unsure.get("no-answer", 0) + unsure.get("not-applicable", 0)
        why = "no answers" if not told["annotations"] else ""
        why = f"{silent} without an answer" if silent >= MOST_SILENT else why
        why = f"{unsure['idk']} do not know" if unsure.get("idk", 0) >= MOST_UNSURE else why
        groups = tuple(
            Group(tuple(a.get("answers") or ()), tuple(a.get("en_answers") or ()), int(a["count"]))
            for a in told["annotations"]
        )
        out[name] = Question(name, groups, why)
    return out


def found(
    response: str, groups: Iterable[Group], lemma: Lemmatiser, *, language: str = "", authors: bool = False
) -> Group | None:
    """The first group that holds the response: by its local answers in any group, and only then by English ones.

    >>> group = Group(("té",), ("tea",), 3)
    >>> found("I had a steak", [group], lemmatiser()) is None
    True
    >>> found("I had a steak", [group], lemmatiser(), authors=True) is group
    True
    """
    held = list(groups)
    own, english = set(lemma.lemmas(response, language)), set(lemma.lemmas(response, "en"))
    for group in held:
        if any(
            _matches(answer, response, own, lemma.lemmas(answer, language), authors=authors) for answer in group.answers
        ):
            return group
    for group in held:
        if any(
            _matches(answer, response, english, lemma.lemmas(answer, "en"), authors=authors) for answer in group.english
        ):
            return group
    return None


def _matches(answer: str, response: str, have: set[str], want: Sequence[str], *, authors: bool) -> bool:
    text, low = response.lower(), answer.lower().strip()
    forms = {low, low.replace("-", " "), low.replace(" ", "-")} - {""}
    inside = any((form in text) if authors else occurs(form, text) for form in forms)
    return inside or (bool(want) and set(want) <= have)


def _chosen(asked: Asked, rows: Sequence[tuple[int, Row]], problems: Problems) -> Iterator[Judged]:
    fields = ("id", "country", "prompt", "choices", "answer_idx", "response")
    for line, row in required(iter(rows), fields, asked.outputs, problems, key=("country", "id"), answer="response"):
        letter = choice(str(row["response"]), str(row["prompt"]), _choices(row["choices"]))
        if letter is None and str(row["response"]).strip():
            problems.add(asked.outputs, line, "no choice in the answer; it counts as wrong", kind="unparsed answer")
        right = letter == str(row["answer_idx"]).strip()
        yield Judged(
            f"{row['country']}/{row['id']}",
            {"accuracy": float(right)},
            str(row["country"]),
            "",
            letter or "unparsed",
            str(row["response"]),
        )


def _choices(value: Any) -> dict[str, str]:
    """Letter -> text, from a mapping or its JSON."""
    try:
        held = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in held.items()} if isinstance(held, dict) else {}


def choice(response: str, prompt: str, choices: Mapping[str, str]) -> str | None:
    """The letter that a response chooses: from its JSON, where the prompt offers it; else by the text of a choice.

    >>> choice('{"answer_choice": "B"}', "A. rice B. tea", {})
    'B'
    >>> choice("I think tea", "A. rice B. tea", {"A": "rice", "B": "tea"})
    'B'
    """
    said = re.search(r'"answer_choice"\s*:\s*"?([^"}]*)', response)
    text = said[1] if said else response
    letter = re.search(r"(?<![A-Za-z])[A-Z](?![A-Za-z])", text)
    if letter and re.search(rf"(?<![A-Za-z]){letter[0]}\.", prompt):
        return letter[0]
    named = [name for name, value in choices.items() if value and occurs(value.lower(), text.lower())]
    return named[0] if len(named) == 1 else None
