"""Reading what the model answered: one JSON object, perhaps behind fences, thoughts or chatter; untrusted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from macaronic.core.protocols import Reply
from macaronic.extract.translate.rules import Fault
from macaronic.synth.agents.answers import LONGEST, refuses

_DECODER = json.JSONDecoder(strict=False)
_THOUGHT = re.compile(r"^\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_LAST_COMMA = re.compile(r",(\s*[}\]])")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model gave for one record.

    Args:
        text: the translation.
        label: the label of the text, None when it was left out.
        spans: (label or None, text) of each piece, in the order of the request.
        fault: why the spans cannot be used although the text can.
    """

    text: str
    label: str | None = None
    spans: tuple[tuple[str | None, str], ...] = ()
    fault: Fault | None = None


def read(reply: Reply, count: int) -> Answer:
    """The answer to the instruction.

    Args:
        reply: what the model said.
        count: how many spans were asked for.

    Raises:
        Fault: `empty answer`, `refusal`, `answer cut`, `not JSON`, `malformed answer` or `empty text`.

    >>> told = '{"text": "Bo se fue.", "spans": [{"n": 1, "label": "PER", "text": "Bo"}]}'
    >>> read(Reply(f"Sure! ```json\\n{told}```"), 1).spans
    (('PER', 'Bo'),)
    """
    found = _object(reply, ("text", "spans") if count else ("text",))
    text, label = _translation(found["text"]), found.get("label")
    try:
        return Answer(text, label if isinstance(label, str) else None, _spans(found.get("spans") or [], count))
    except Fault as fault:
        return Answer(text, None, (), fault)


def read_marked(reply: Reply) -> str:
    """The marked text in the answer to the second request.

    Raises:
        Fault: as `read`.

    >>> read_marked(Reply('{"text": "Se fue <e1>Bo</e1>."}'))
    'Se fue <e1>Bo</e1>.'
    """
    return _translation(_object(reply, ("text",))["text"])


def _translation(text: object) -> str:
    if not isinstance(text, str):
        raise Fault("malformed answer", f'expected "text" to be a string, got {str(text)[:40]!r}')
    if not text.strip():
        raise Fault("empty text", 'the "text" is empty')
    if not _writable(text):
        raise Fault("malformed answer", "the text holds half a surrogate pair")
    return text.strip()


def _spans(rows: object, count: int) -> tuple[tuple[str | None, str], ...]:
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("text"), str) for row in rows
    ):
        raise Fault("malformed answer", f"expected a list of spans with texts, got {str(rows)[:60]}")
    numbers = [row.get("n", place) for place, row in enumerate(rows, 1)]
    if sorted(str(n) for n in numbers) != sorted(str(n) for n in range(1, count + 1)):
        raise Fault("count mismatch", f"expected spans 1 to {count}, got {', '.join(map(str, numbers[:10])) or 'none'}")
    held = {str(n): row for n, row in zip(numbers, rows)}
    ordered = [held[str(n)] for n in range(1, count + 1)]
    for number, row in enumerate(ordered, 1):
        if not row["text"].strip():
            raise Fault("empty span", f"span {number} is empty")
    return tuple((_word(row.get("label")), row["text"].strip()) for row in ordered)


def _writable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _word(label: object) -> str | None:
    return label if isinstance(label, str) else None


def _object(reply: Reply, keys: Sequence[str]) -> dict[str, Any]:
    """The last object of the answer that has the keys: what stands before it may repeat the request."""
    said = reply.text[:LONGEST]
    text = _THOUGHT.sub("", said if _writable(said) else said.encode("utf-8", "replace").decode()).strip()
    if reply.finish in ("refusal", "content_filter"):
        raise Fault("refusal", text[:80] or reply.finish)
    if not text:
        raise Fault("empty answer", "nothing was said")
    objects: list[dict[str, Any]] = []
    for candidate in (text, _LAST_COMMA.sub(r"\1", text)):
        objects = list(_objects(candidate))
        fitting = [one for one in objects if all(key in one for key in keys)]
        if fitting:
            return fitting[-1]
    if refuses(text):
        raise Fault("refusal", text[:80])
    if reply.finish == "length" or _breaks_off(text):
        raise Fault("answer cut", text[-40:])
    if objects:
        raise Fault("malformed answer", f"expected {' and '.join(keys)}, got {', '.join(objects[-1]) or 'no keys'}")
    raise Fault("not JSON", text[:80])


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The outermost JSON objects of a text, from left to right."""
    at = text.find("{")
    for _ in range(200):
        if at < 0:
            return
        try:
            found, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
            continue
        yield found
        at = text.find("{", end)


def _breaks_off(text: str) -> bool:
    """Whether a JSON object begins that the text ends in the middle of."""
    at = text.find("{")
    if at < 0:
        return False
    try:
        _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        return error.msg.startswith("Unterminated string") or error.pos >= len(text.rstrip("` \n")) - 1
    except RecursionError:
        return False
    return False
