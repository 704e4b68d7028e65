"""A language model with a memory on disk: a call that was answered once is never paid for again."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from macaronic.core.errors import UsageError
from macaronic.core.files import sha256
from macaronic.core.protocols import LM, Reply
from macaronic.lm.answer_file import AnswerFile

Messages = Sequence[Mapping[str, str]]


class Kept:
    """Asks another model, and keeps each answer under a fingerprint of everything that was asked.

    The fingerprint is taken over model, messages, settings and the number of the repeat. Two equal calls that are open
    at the same time are one call. The same file may serve several processes and several models.

    Args:
        lm: the model that is asked when the answer is not known.
        path: the file of answers; made when missing, only ever appended to.
        model: the model's name in the fingerprint; else `lm.model`.
        repeat: which of several answers to the same question is meant, from 0.

    Raises:
        UsageError: the model has no name and none was given.
        InputError: the file cannot be read or written.

    >>> import tempfile
    >>> from macaronic.lm.scripted import Scripted
    >>> path, model = tempfile.mkdtemp() + "/answers.jsonl", Scripted(["one", "two"])
    >>> ask = dict(max_tokens=5, temperature=0.7, seed=1, stop=())
    >>> for _ in range(2):  # the second time as after a crash: a new object, the same file
    ...     lm = Kept(model, path)
    ...     print(asyncio.run(lm.reply([{"role": "user", "content": "hi"}], **ask)).text, lm.hits, lm.paid)
    one 0 1
    one 1 0
    >>> asyncio.run(lm.again(1).reply([{"role": "user", "content": "hi"}], **ask)).text
    'two'
    """

    def __init__(self, lm: LM, path: str | os.PathLike[str], *, model: str | None = None, repeat: int = 0) -> None:
        name = model or getattr(lm, "model", None)
        if not isinstance(name, str) or not name:
            raise UsageError("expected a name for the model, so that its answers are told apart; say model='...'.")
        self.lm = lm
        self.model = name
        self.repeat = repeat
        self.hits = 0
        self.paid = 0
        self._answers = AnswerFile(path)
        self._open: dict[str, asyncio.Task[Reply]] = {}

    def again(self, repeat: int) -> Kept:
        """The same model and file, for another answer to the same questions."""
        twin = Kept.__new__(Kept)
        twin.__dict__.update(self.__dict__, repeat=repeat, hits=0, paid=0)
        return twin

    async def reply(
        self, messages: Messages, *, max_tokens: int, temperature: float, seed: int | None, stop: Sequence[str]
    ) -> Reply:
        """The kept answer, or the model's, kept before it is given back.

        Raises:
            CallFailed: the model gave nothing; failures are not kept, so the next run asks again.
        """
        settings = {"max_tokens": max_tokens, "temperature": temperature, "seed": seed, "stop": list(stop)}
        key = key_of(self.model, messages, settings, self.repeat)
        known = self._answers.find(key)
        if known is not None:
            self.hits += 1
            return from_json(known)
        task = self._open.get(key)
        if task is None or task.get_loop() is not asyncio.get_running_loop():
            task = asyncio.create_task(self._pay(key, messages, max_tokens, temperature, seed, stop))
            self._open[key] = task
            task.add_done_callback(lambda done: self._settled(key, done))
        else:
            self.hits += 1
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Close the model's connections, where it has any."""
        close = getattr(self.lm, "close", None)
        if close is not None:
            await close()

    async def _pay(
        self,
        key: str,
        messages: Messages,
        max_tokens: int,
        temperature: float,
        seed: int | None,
        stop: Sequence[str],
    ) -> Reply:
        answer = await self.lm.reply(messages, max_tokens=max_tokens, temperature=temperature, seed=seed, stop=stop)
        self.paid += 1
        await asyncio.to_thread(self._answers.add, key, {"model": self.model, **to_json(answer)})
        return answer

    def _settled(self, key: str, task: asyncio.Task[Reply]) -> None:
        if self._open.get(key) is task:
            del self._open[key]
        if not task.cancelled():
            task.exception()  # looked at here, so that a failure nobody waits for any more is not logged as forgotten


def key_of(model: str, messages: Messages, settings: Mapping[str, Any], repeat: int) -> str:
    """The fingerprint of one call.

    >>> one = key_of("m", [{"role": "user", "content": "hi"}], {"temperature": 1}, 0)
    >>> one == key_of("m", [{"content": "hi", "role": "user"}], {"temperature": 1.0}, 0)
    True
    """
    numbers = {k: float(v) if isinstance(v, int | float) else v for k, v in settings.items()}
    asked = {"model": model, "messages": [dict(m) for m in messages], "settings": numbers, "repeat": repeat}
    return sha256(json.dumps(asked, sort_keys=True, separators=(",", ":")))


def to_json(reply: Reply) -> dict[str, Any]:
    """A reply as a JSON object.

    >>> to_json(Reply("hola"))
    {'text': 'hola', 'finish': 'stop'}
    """
    row: dict[str, Any] = {"text": reply.text, "finish": reply.finish}
    if reply.usage:
        row["usage"] = dict(reply.usage)
    if reply.logprobs is not None:
        row["logprobs"] = list(reply.logprobs)
    return row


def from_json(row: Mapping[str, Any]) -> Reply:
    """The reply that `to_json` wrote down.

    >>> from_json(to_json(Reply("hola", usage={"total_tokens": 3}))).usage
    {'total_tokens': 3}
    """
    logprobs = row.get("logprobs")
    return Reply(
        row["text"], row.get("finish", "stop"), row.get("usage") or {}, None if logprobs is None else tuple(logprobs)
    )
