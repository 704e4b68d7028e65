"""What a model is asked for, and the word for it in the language of the text."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

from macaronic.core.errors import UnknownName

SPANS, RELATIONS, EVENTS = "spans", "relations", "events"


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """English word -> (language -> word, and `part`); and language -> the word for nothing."""
    data = tomllib.loads(resources.files("macaronic.extract").joinpath("tasks.toml").read_text("utf-8"))
    return {row["en"]: row for row in data["task"]}, data["none"]


def names() -> tuple[str, ...]:
    """The tasks by their English words.

    >>> names()[:2]
    ('NER', 'Sentiment Relation Word')
    """
    return tuple(_table()[0])


def part(task: str) -> str:
    """Which part of a record a task is about: `spans`, `relations` or `events`; `spans` for a task of one's own.

    >>> part("Relation Extraction"), part("Chat")
    ('relations', 'spans')
    """
    return _table()[0].get(task, {}).get("part", SPANS)


def word(task: str, language: str = "") -> str:
    """The word of a task in a language, English where there is none.

    >>> word("NER", "ja"), word("NER", "zh-Hans"), word("NER", "yo")
    ('固有表現抽出', '命名实体识别', 'NER')
    """
    row = _table()[0].get(task, {})
    return row.get(_primary(language), row.get("en", task))


@lru_cache(maxsize=256)
def words(task: str) -> tuple[str, ...]:
    """All words of a task, the longest first.

    >>> "NER" in words("NER")
    True
    """
    row = _table()[0].get(task, {"en": task})
    return tuple(sorted({value for key, value in row.items() if key != "part"}, key=lambda w: (-len(w), w)))


def of_word(written: str) -> str:
    """The task that a word of any language names.

    Raises:
        UnknownName: it names none.

    >>> of_word("関係抽出")
    'Relation Extraction'
    """
    found = _by_word().get(written.strip())
    if found is None:
        raise UnknownName("task word", written, _by_word())
    return found


def language_of(written: str) -> str:
    """The one language that a task word belongs to; empty for English words, which serve other languages too.

    >>> language_of("関係抽出"), language_of("NER")
    ('ja', '')
    """
    rows = _table()[0].values()
    found = {
        key for row in rows for key, value in row.items() if key not in ("part", "en") and value == written.strip()
    }
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=1)
def _by_word() -> dict[str, str]:
    return {written: task for task in names() for written in words(task)}


def none(language: str = "") -> str:
    """What stands for "nothing found" in a language.

    >>> none("ja"), none("en")
    ('無い', 'Null')
    """
    table = _table()[1]
    return table.get(_primary(language), table["en"])


@lru_cache(maxsize=1)
def nones() -> frozenset[str]:
    """All words that stand for "nothing found"."""
    return frozenset(_table()[1].values())


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()
