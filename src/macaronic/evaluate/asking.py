"""Prompts out of rows that hold no prompt: a label to choose, a sentence to translate or to mix, a short question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from macaronic.core import languages
from macaronic.core.errors import MacaronicError
from macaronic.evaluate.rows import Row, listed

Build = Callable[[Sequence[Row]], list[str]]
"""The prompts of rows, in their order; an empty one where a row lacks what it needs."""


def choose(question: str, text: Sequence[str], label: Callable[[Row], Sequence[str]]) -> Build:
    """Prompts that ask for one of the labels that occur in the rows.

    Args:
        question: what is asked of a text.
        text: names that the field of the text may have.
        label: the labels that people gave a row.

    >>> build = choose("Good or bad?", ["text"], lambda row: [row["label"]])
    >>> print(build([{"text": "so mast", "label": "good"}, {"text": "bakwas", "label": "bad"}])[1])
    Good or bad? Answer with one word: bad, good.
    <BLANKLINE>
    Text: bakwas
    """

    def build(rows: Sequence[Row]) -> list[str]:
        known = ", ".join(sorted({str(one) for row in rows for one in label(row)}))
        texts = [_first(row, *text) for row in rows]
        return [f"{question} Answer with one word: {known}.\n\nText: {one}" if one and known else "" for one in texts]

    return build


def translate(rows: Sequence[Row]) -> list[str]:
    """Prompts that ask for a translation, after the row's `examples` and with its `terms`.

    A row holds `source`, the target's tag under `language`, and may hold `source_language`, `examples` (pairs, or
    source and target by name) and `terms` (a list, or parted by semicolons).

    >>> print(translate([{"source": "so it goes", "language": "es", "examples": [["yes", "sí"]], "terms": "así"}])[0])
    Translate into Spanish. Answer with the translation alone.
    Use these terms: así.
    <BLANKLINE>
    Text: yes
    Spanish: sí
    <BLANKLINE>
    Text: so it goes
    Spanish:
    """
    return [_translation(row) for row in rows]


def _translation(row: Row) -> str:
    source, target = _first(row, "source"), _name(_first(row, "language", "target_language"))
    if not source or not target:
        return ""
    said = _name(_first(row, "source_language"))
    terms = "; ".join(map(str, listed(row.get("terms")) or [_first(row, "terms")])).strip()
    head = [f"Translate {f'from {said} ' if said else ''}into {target}. Answer with the translation alone."]
    head += [f"Use these terms: {terms}."] if terms else []
    shots = [pair for one in listed(row.get("examples")) if (pair := _pair(one))]
    parts = [f"{said or 'Text'}: {a}\n{target}: {b}" for a, b in shots]
    return "\n\n".join(["\n".join(head), *parts, f"{said or 'Text'}: {source}\n{target}:"])


def mix(rows: Sequence[Row]) -> list[str]:
    """Prompts that ask for Hinglish out of an English sentence and its Hindi translation.

    >>> mix([{"English": "The meeting is tomorrow.", "Hindi": "मीटिंग कल है।"}])[0].splitlines()[-1]
    'Hindi: मीटिंग कल है।'
    """
    task = "Write one sentence in Hinglish, Hindi and English mixed in Latin letters, that says what these two say. "
    found = [(_first(row, "English", "english"), _first(row, "Hindi", "hindi")) for row in rows]
    return [f"{task}Answer with it alone.\n\nEnglish: {a}\nHindi: {b}" if a and b else "" for a, b in found]


def short_answer(rows: Sequence[Row]) -> list[str]:
    """Prompts that ask a question of daily life in a country.

    >>> short_answer([{"question": "What do people drink?", "country": "Iran"}])[0].splitlines()[0]
    'A question about daily life in Iran. Answer in a few words.'
    """
    out = []
    for row in rows:
        asked, country = _first(row, "question", "Question"), _first(row, "country")
        where = f" in {country.replace('_', ' ')}" if country else ""
        out.append(f"A question about daily life{where}. Answer in a few words.\n\n{asked}" if asked else "")
    return out


def _first(row: Row, *names: str) -> str:
    held = (row.get(name) for name in names)
    return next((text for value in held if isinstance(value, str) and (text := value.strip())), "")


def _name(tag: str) -> str:
    """A language's name, or the word itself where it is no tag."""
    try:
        return languages.name(languages.parse(tag)) if tag else ""
    except MacaronicError:
        return tag


def _pair(one: Any) -> tuple[str, str] | None:
    if isinstance(one, dict):
        one = [one.get("source"), one.get("target", one.get("translation"))]
    good = isinstance(one, list | tuple) and len(one) == 2 and all(one)
    return (str(one[0]), str(one[1])) if good else None
