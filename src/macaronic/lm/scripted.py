"""A language model that says what a script tells it to: for tests, for teaching, for dry runs without a bill."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from macaronic.core.errors import FormatError, InputError
from macaronic.core.protocols import Reply
from macaronic.lm.failed import CallFailed

Messages = Sequence[Mapping[str, str]]
Line = str | Reply | Exception
Script = Callable[[Messages], Line]


@dataclass
class Scripted:
    """Answers from a script and remembers every call.

    Args:
        script: the replies in order; or part of a prompt -> the reply to it (the first part that occurs in the messages
            counts, a list of replies is used up in order and its last one stays); or a function of the messages. An
            exception in place of a reply is raised.
        model: the name that it goes by.

    >>> import asyncio
    >>> lm = Scripted({"capital of Spain": "Madrid", "": "no idea"})
    >>> ask = [{"role": "user", "content": "What is the capital of Spain?"}]
    >>> asyncio.run(lm.reply(ask, max_tokens=5, temperature=0, seed=None, stop=())).text
    'Madrid'
    >>> len(lm.calls)
    1
    """

    script: Sequence[Line] | Mapping[str, Line | Sequence[Line]] | Script
    model: str = "scripted"
    calls: list[dict[str, Any]] = field(default_factory=list)
    _say: Script = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if callable(self.script):
            self._say = self.script
        elif isinstance(self.script, Mapping):
            self._say = _by_part(self.script)
        else:
            self._say = _in_order(self.script)

    async def reply(
        self, messages: Messages, *, max_tokens: int, temperature: float, seed: int | None, stop: Sequence[str]
    ) -> Reply:
        """The next line of the script.

        Raises:
            CallFailed: the script has no line for this call.
        """
        settings = {"max_tokens": max_tokens, "temperature": temperature, "seed": seed, "stop": tuple(stop)}
        self.calls.append({"messages": [dict(message) for message in messages], **settings})
        line = self._say(messages)
        if isinstance(line, Exception):
            raise line
        return line if isinstance(line, Reply) else Reply(line)


def read(path: str | os.PathLike[str]) -> Scripted:
    """A script from a file of JSON lines: `{"reply": "..."}` in order, or `{"match": "...", "reply": "..."}`.

    Lines with `match` answer every prompt that holds it; the others answer what is left, one after the other.

    Raises:
        InputError: the file cannot be read.
        FormatError: a line is no such object.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "replies.jsonl"
    >>> _ = path.write_text('{"match": "capital", "reply": "Madrid"}\\n{"reply": "hm"}\\n')
    >>> read(path).model.startswith("scripted:")
    True
    """
    from macaronic.core.files import sha256

    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the script {path}: {error}.") from error
    rows = [_row(line, str(path), number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    matching = _by_part({match: reply for match, reply in rows if match is not None})
    in_order = _in_order([reply for match, reply in rows if match is None])

    def say(messages: Messages) -> Line:
        line = matching(messages)
        return in_order(messages) if isinstance(line, CallFailed) else line

    return Scripted(say, model=f"scripted:{sha256(text)[:12]}")


def _row(line: str, path: str, number: int) -> tuple[str | None, str]:
    try:
        row = json.loads(line)
        reply, match = row["reply"], row.get("match")
        if not isinstance(reply, str) or not isinstance(match, str | None):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise FormatError(
            f'expected {{"reply": "text"}} or {{"match": "text", "reply": "text"}}, got {line[:60]!r}', path, number
        ) from None
    return match, reply


def _in_order(lines: Sequence[Line]) -> Script:
    rest = deque(lines)
    return lambda messages: rest.popleft() if rest else CallFailed("no reply", "the script is at its end")


def _by_part(lines: Mapping[str, Line | Sequence[Line]]) -> Script:
    queues = {
        part: deque([line] if isinstance(line, str | Reply | Exception) else line) for part, line in lines.items()
    }

    def say(messages: Messages) -> Line:
        told = "\n".join(message.get("content", "") for message in messages)
        for part, queue in queues.items():
            if part in told and queue:
                return queue.popleft() if len(queue) > 1 else queue[0]
        return CallFailed("no reply", "no line of the script fits this prompt")

    return say
