"""Items of a parallel test set: the same question, text or prompt in several languages, whatever file it comes in.

Two forms are read. Wide: a row an item, `{"id": 1, "en": "...", "hi": "..."}`, or with several fields a language,
`{"id": 1, "answer": 2, "en": {"question": "...", "choices": [...]}, "hi": {...}}`. Long: a row an item and language,
`{"id": 1, "language": "hi", "question": "...", "choices": [...], "answer": 2}`. The columns of Belebele (mc_answer1,
correct_answer_num, flores_passage, dialect) and of XNLI (premise, hypothesis, label) are known too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from macaronic.core import languages
from macaronic.core.errors import FormatError, UnknownName
from macaronic.core.problems import Problems
from macaronic.evaluate.rows import Row, read_rows

FIELDS = ("passage", "flores_passage", "context", "premise", "hypothesis", "sentence", "text", "question", "prompt")
"""What is text in a row, in the order in which it is asked."""

NAMES = ("id", "key", "item", "question_id")
LANGUAGE = ("language", "dialect", "lang")
_ANSWERS = ("answer", "label", "gold", "correct_answer_num")
_MARKS = "ABCDEFGHIJ"


@dataclass(frozen=True, slots=True)
class Item:
    """One item in its languages.

    Args:
        id: its name.
        texts: tag -> field -> text.
        choices: tag -> what may be chosen, in order; empty for open prompts.
        answer: the place of the right choice, from 0; None for open prompts.
    """

    id: str
    texts: Mapping[str, Mapping[str, str]]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answer: int | None = None


def read_items(
    path: str, problems: Problems, *, fields: Sequence[str] = (), labels: Sequence[str] = (), name: Sequence[str] = ()
) -> list[Item]:
    """The items of a file.

    Args:
        path: JSONL, JSON, CSV, TSV or Parquet, wide or long.
        problems: where rows that are no items are counted.
        fields: what is text; `FIELDS` when left out.
        labels: the classes of a classification set, the same in all languages; `answer` or `label` is one of them or
            its place.
        name: the fields that together name an item; the first of `NAMES` when left out.

    Raises:
        FormatError: no item has text in two languages.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "items.jsonl"
    >>> _ = path.write_text('{"id": 1, "en": "How are you?", "es": "¿Cómo estás?"}\\n')
    >>> read_items(str(path), Problems())[0].texts
    {'en': {'prompt': 'How are you?'}, 'es': {'prompt': '¿Cómo estás?'}}
    """
    held: dict[str, Item] = {}
    for line, row in read_rows(path, problems):
        try:
            said = list(_said(row, fields or FIELDS))
            if not said:
                raise ValueError("no text in any language")
            answer = _answer(row, said[0][2], labels)
        except (ValueError, UnknownName) as error:
            problems.add(path, line, str(error).splitlines()[0], kind="no item")
            continue
        key = "/".join(str(row[one]) for one in name if one in row) if name else ""
        key = key or next((str(row[one]) for one in NAMES if row.get(one) not in (None, "")), f"line {line}")
        known = held.get(key) or Item(key, {}, {}, answer)
        twice = [tag for tag, _, _ in said if tag in known.texts]
        if twice or answer != known.answer:
            why = f"{', '.join(twice)} comes twice" if twice else "another right answer than in the other language"
            problems.add(path, line, f"item {key}: {why}; the first one counts", kind="duplicate")
            continue
        texts = {**known.texts, **{tag: texts for tag, texts, _ in said}}
        choices = {**known.choices, **{tag: tuple(labels) or choices for tag, _, choices in said}}
        held[key] = Item(key, texts, choices, answer)
    found = [item for item in held.values() if len(item.texts) > 1]
    alone = len(held) - len(found)
    if not found:
        raise FormatError("expected items in two languages or more, such as {'id': 1, 'en': '...', 'hi': '...'}", path)
    if alone:
        problems.add(path, 0, f"{alone} items are in one language alone", kind="one language")
    return found


def _said(row: Row, fields: Sequence[str]) -> Iterator[tuple[str, dict[str, str], tuple[str, ...]]]:
    """(tag, field -> text, choices) for each language of a row."""
    named = next((one for one in LANGUAGE if isinstance(row.get(one), str)), None)
    if named:
        texts = _texts(row, fields)
        if texts:
            yield languages.parse(row[named]), texts, _choices(row)
        return
    for key, value in row.items():
        tag = None if key in (*NAMES, *_ANSWERS, *fields, "choices") else _tag(key)
        held = {"prompt": value} if isinstance(value, str) else value
        if tag and isinstance(held, dict) and (texts := _texts(held, fields)):
            yield tag, texts, _choices(held)


def _tag(name: str) -> str | None:
    try:
        return languages.parse(name)
    except UnknownName:
        return None


def _texts(row: Mapping[str, Any], fields: Sequence[str]) -> dict[str, str]:
    return {one: row[one].strip() for one in fields if isinstance(row.get(one), str) and row[one].strip()}


def _choices(row: Mapping[str, Any]) -> tuple[str, ...]:
    held = row.get("choices")
    if isinstance(held, str):
        try:
            held = json.loads(held)
        except ValueError:
            held = None
    if isinstance(held, dict):
        held = list(held.values())
    if isinstance(held, list):
        return tuple(str(one).strip() for one in held)
    numbered = [row.get(f"mc_answer{n}") for n in range(1, 11)]
    return tuple(str(one).strip() for one in numbered if one not in (None, ""))


def _answer(row: Row, choices: Sequence[str], labels: Sequence[str]) -> int | None:
    """The place of the right choice.

    Raises:
        ValueError: it is none of the choices.
    """
    offered = tuple(labels) or tuple(choices)
    if not offered:
        return None
    name = next((one for one in _ANSWERS if row.get(one) not in (None, "")), None)
    if name is None:
        raise ValueError("no right answer")
    text = str(row[name]).strip().removesuffix(".0")
    if text in offered:
        return offered.index(text)
    if text.isdecimal():
        place = int(text) - (name == "correct_answer_num")
    else:
        place = _MARKS.find(text.upper()) if len(text) == 1 else -1
    if not 0 <= place < len(offered):
        raise ValueError(f"the right answer {text!r} is none of the {len(offered)} choices")
    return place
