"""What the model is told: texts with blanks, one example, and the record as JSON."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from string import Template
from typing import Any

from macaronic.core.languages import name
from macaronic.extract.record import Record
from macaronic.extract.translate.label_files import shipped
from macaronic.extract.translate.marks import marked
from macaronic.extract.translate.pieces import Piece

Messages = list[dict[str, str]]
SEVERAL = " / "
"""Stands between the labels of one stretch that has several."""

_CLASSES = ("person", "location")


def instruction(record: Record, pieces: Sequence[Piece], labels: Sequence[str], text_label: str, to: str) -> Messages:
    """The one request that asks for text and spans.

    Args:
        record: the source.
        pieces: its pieces.
        labels: the label of each piece in the target language.
        text_label: the label of the text in the target language, or empty.
        to: the target language.

    >>> from macaronic.extract.translate.pieces import pieces_of
    >>> told = instruction(Record("I am chill.", language="en"), (), (), "", "ja")[0]["content"]
    >>> told.splitlines()[-2]
    '{"text": "I am chill.", "spans": []}'
    """
    shown = (record.language, to) if {record.language, to} <= set(_example()) else ("en", "es" if to != "en" else "en")
    shown = shown if shown[0] != shown[1] else ("es", "en")
    words = [shipped().translated(one, "en", shown[1]) or one for one in _CLASSES]
    source, target = (_example()[tag] for tag in shown)
    return _message(
        "translate",
        {
            "source": name(record.language),
            "target": name(to),
            "example_source": name(shown[0]),
            "example_target": name(shown[1]),
            "example_input": _asked(source["text"], words, source["spans"]),
            "example_answer": _asked(target["text"], words, target["spans"]),
            "input": _asked(record.text, labels, [piece.text for piece in pieces], text_label),
        },
    )


def marking(record: Record, pieces: Sequence[Piece], translation: str | None, to: str) -> Messages:
    """The second request: the marks put into a translation, or, where there is none, the marked text translated.

    >>> one = Record("Bo left.", language="en")
    >>> print(marking(one, [Piece((), "Bo", 0, 2)], "Se fue Bo.", "es")[0]["content"][-57:])
    Text:
    <e1>Bo</e1> left.
    <BLANKLINE>
    Translation:
    Se fue Bo.
    <BLANKLINE>
    Answer:
    """
    blanks = {
        "source": name(record.language),
        "target": name(to),
        "marked": marked(record.text, [(piece.start, piece.end) for piece in pieces]),
        "translation": translation or "",
    }
    return _message("mark" if translation else "marked", blanks)


def _asked(text: str, labels: Sequence[str], spans: Sequence[str], text_label: str = "") -> str:
    rows = [
        {"n": n, "label": label, "text": span} for n, (label, span) in enumerate(zip(labels, spans, strict=True), 1)
    ]
    label = {"label": text_label} if text_label else {}
    return json.dumps({"text": text, **label, "spans": rows}, ensure_ascii=False)


def _message(which: str, blanks: dict[str, str]) -> Messages:
    return [{"role": "user", "content": _text(which).substitute(blanks).strip()}]


@cache
def _text(which: str) -> Template:
    return Template(_file("prompt_texts", f"{which}.txt"))


@cache
def _example() -> dict[str, Any]:
    return tomllib.loads(_file("example.toml"))


def _file(*path: str) -> str:
    return resources.files("macaronic.extract.translate").joinpath(*path).read_text("utf-8")
