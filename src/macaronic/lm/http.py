"""A language model behind a server that speaks the OpenAI protocol: hosted, or one of your own (vLLM, llama.cpp)."""

from __future__ import annotations

import asyncio
import os
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from macaronic.core.errors import MissingExtra, UsageError
from macaronic.core.protocols import Reply
from macaronic.lm.completion import Again, once
from macaronic.lm.failed import CallFailed

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_KEY_LIKE = re.compile(r"\b(?:sk|key|Bearer)[-_ ][\w*.\-]{6,}")
_NO_KEY = "none"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often a call is tried.

    Args:
        retries: how often a call is made again after it failed (429, 5xx, no connection, time out, an answer that is
            not JSON).
        first_wait: seconds before the first repeat; doubles each time, with up to a quarter taken off at random.
        longest_wait: seconds; also the most that a server's `Retry-After` is obeyed for.
        timeout: seconds that one attempt may take.

    >>> Patience(first_wait=1).wait(2, after=None, jitter=0.0), Patience().wait(0, after=7.0, jitter=0.0)
    (4.0, 7.0)
    """

    retries: int = 5
    first_wait: float = 0.5
    longest_wait: float = 30.0
    timeout: float = 120.0

    def wait(self, attempt: int, *, after: float | None, jitter: float) -> float:
        """Seconds to wait behind attempt number `attempt` (from 0), `jitter` in [0, 1]."""
        if after is not None:
            return min(after, self.longest_wait)
        return min(self.first_wait * 2.0 ** min(attempt, 60), self.longest_wait) * (1 - 0.25 * jitter)


class Server:
    """A model behind an OpenAI-compatible server.

    The key goes to the `openai` client and nowhere else: not into messages, logs, results or `repr`.

    Args:
        name: the model, as the server calls it.
        base_url: where the server listens, such as `http://127.0.0.1:8000/v1`; else `OPENAI_BASE_URL`, else OpenAI's.
        api_key: else `OPENAI_API_KEY`; a server of your own may need none.
        concurrency: how many calls may be open at once.
        patience: retries and time-outs.
        logprobs: whether to ask for the log-probabilities of the answer's tokens.
        leave_out: settings that this model does not take (`temperature`, `seed`, `stop`), not sent then.

    Raises:
        MissingExtra: the `openai` package is not installed.
        UsageError: there is no key, and no server of your own is named.

    >>> Server("tiny", base_url="http://127.0.0.1:1/v1", api_key="secret")
    Server('tiny')
    """

    def __init__(
        self,
        name: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        concurrency: int = 8,
        patience: Patience | None = None,
        logprobs: bool = False,
        leave_out: Sequence[str] = (),
    ) -> None:
        try:
            import openai
        except ImportError as error:
            raise MissingExtra("openai", "llm") from error
        self.model = name
        self.retried = 0
        self._base_url = base_url or os.environ.get("OPENAI_BASE_URL") or None
        key = api_key or os.environ.get("OPENAI_API_KEY") or (_NO_KEY if self._base_url else "")
        if not key:
            raise UsageError(
                f"no key for the model {name!r}.\nSet OPENAI_API_KEY, or name your own server with OPENAI_BASE_URL."
            )
        if concurrency < 1:
            raise UsageError(f"expected a concurrency of at least 1, got {concurrency}.")
        self._patience = patience or Patience()
        self._logprobs = logprobs
        self._left_out = frozenset(leave_out)
        self._concurrency = concurrency
        self._limit_name = "max_tokens"
        self._rng = random.Random()
        self._connect: Callable[[], AsyncOpenAI] = lambda: openai.AsyncOpenAI(
            api_key=key, base_url=self._base_url, max_retries=0, timeout=self._patience.timeout
        )
        self._loop: asyncio.AbstractEventLoop | None = None

    def __repr__(self) -> str:
        return f"Server({self.model!r})"

    async def reply(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        max_tokens: int,
        temperature: float,
        seed: int | None,
        stop: Sequence[str],
    ) -> Reply:
        """The server's answer.

        Raises:
            CallFailed: this call gave nothing, after all retries.
            UsageError: the key or the model's name is wrong, so that no call can succeed.
        """
        asked: dict[str, Any] = {"temperature": temperature, "seed": seed, "stop": list(stop) or None}
        sent = {name: value for name, value in asked.items() if value is not None and name not in self._left_out}
        if self._logprobs:
            sent["logprobs"] = True
        client, open_calls = self._here()
        async with open_calls:
            return await self._insist(client, [dict(m) for m in messages], max_tokens, sent)

    async def close(self) -> None:
        """Close the connections that this event loop opened."""
        if self._loop is asyncio.get_running_loop():
            self._loop = None
            await self._client.close()

    def _here(self) -> tuple[AsyncOpenAI, asyncio.Semaphore]:
        """The client and the limit of the running event loop; connections do not outlive their loop."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            self._client = self._connect()
            self._open_calls = asyncio.Semaphore(self._concurrency)
        return self._client, self._open_calls

    async def _insist(
        self, client: AsyncOpenAI, messages: list[dict[str, str]], max_tokens: int, sent: dict[str, Any]
    ) -> Reply:
        attempt = 0
        while True:
            limit_name = self._limit_name
            try:
                return await once(client, self.model, messages, {limit_name: max_tokens} | sent)
            except Again as again:
                if again.other_limit_name and limit_name == "max_tokens":
                    self._limit_name = "max_completion_tokens"
                    continue
                detail = hidden(again.detail, client.api_key)
                if again.fatal:
                    raise UsageError(f"the server takes no call to {self.model!r}: {detail}") from None
                if not again.worth_it or attempt >= self._patience.retries:
                    raise CallFailed(again.cause, detail, attempts=attempt + 1, status=again.status) from None
                after = again.after
            self.retried += 1
            await asyncio.sleep(self._patience.wait(attempt, after=after, jitter=self._rng.random()))
            attempt += 1


def hidden(text: str, key: str) -> str:
    """`text` without the key, and without what looks like one.

    >>> hidden("401 wrong key: sk-abc***xyz, not hunter22", "hunter22")
    '401 wrong key: [key], not [key]'
    """
    if key != _NO_KEY:
        text = text.replace(key, "[key]")
    return _KEY_LIKE.sub("[key]", text)
