"""Many prompts to a model, each asked once: what was answered lies on disk, and a run that was killed goes on.

Answers go to an append-only file of JSON lines under a key of model, messages, settings and number of the repeat; each
is on the disk before it counts. The same prompt twice in a file is one call. A call that failed for good is not kept:
the next run asks it again.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from macaronic.core.errors import UsageError
from macaronic.core.files import atomic_write
from macaronic.core.protocols import LM, Reply
from macaronic.evaluate.prompts import Form, Message, Prompt
from macaronic.lm.failed import CallFailed
from macaronic.lm.kept import Kept

Answer = Reply | CallFailed
PATIENCE = 24
"""So many conversations that fail in a row by `GONE` end a run: the server is not there."""
GONE = ("timeout", "connection", "rate limit", "server error")
NOT_ASKED = "not asked, for too many calls in a row had failed"


@dataclass(frozen=True, slots=True)
class Params:
    """How a model is to answer.

    Args:
        max_tokens: the longest answer.
        temperature: 0 takes the likeliest token each time.
        seed: for servers that know one.
        stop: what ends an answer.
    """

    max_tokens: int = 512
    temperature: float = 0.0
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What a run gave.

    Args:
        answers: for each prompt, in order, an answer a turn; a turn that failed is the last one.
        asked: calls that were answered in this run.
        kept: answers that were on disk before.
        seconds: that this run took.
        tokens: `prompt_tokens`, `completion_tokens` of all answers, as far as the model told them.
    """

    answers: tuple[tuple[Answer, ...], ...]
    asked: int
    kept: int
    seconds: float
    tokens: Mapping[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """Prompts with a turn that has no answer."""
        return sum(isinstance(turns[-1], CallFailed) for turns in self.answers)

    @property
    def cut(self) -> int:
        """Answers that came to `max_tokens`."""
        return sum(isinstance(one, Reply) and one.finish == "length" for turns in self.answers for one in turns)

    def causes(self) -> Counter[str]:
        """Why there is no answer, counted; `not asked` where too many calls before had failed."""
        failed = [turns[-1] for turns in self.answers if isinstance(turns[-1], CallFailed)]
        return Counter("not asked" if one.detail == NOT_ASKED else one.cause for one in failed)

    def cost(self, price: tuple[float, float]) -> float:
        """What all answers cost at so much for a million tokens of prompts and of answers.

        >>> Run((), 0, 0, 1.0, {"prompt_tokens": 2_000_000, "completion_tokens": 500_000}).cost((1.0, 4.0))
        4.0
        """
        held = (self.tokens.get("prompt_tokens", 0), self.tokens.get("completion_tokens", 0))
        return sum(tokens * each / 1e6 for tokens, each in zip(held, price))


def generate(
    prompts: Sequence[Prompt],
    lm: LM,
    answers: str | os.PathLike[str],
    *,
    params: Params | None = None,
    repeat: int = 0,
    concurrency: int = 8,
    advance: Callable[[int, int], None] | None = None,
) -> Run:
    """Ask each prompt that has no answer in the file yet, so many at a time.

    Args:
        prompts: what to ask.
        lm: the model.
        answers: the file of answers, only ever appended to; it may serve several runs, models and processes.
        params: how to answer.
        repeat: which of several answers to the same prompt is meant, from 0.
        concurrency: conversations that are open at once, 1 or more.
        advance: told (done, of how many) behind each prompt.

    Returns:
        The answers in the order of the prompts. Failures stand in the place of answers.

    Raises:
        UsageError: no call can succeed (a wrong key or name), or a number out of range.
        InputError: the file cannot be read or written.

    >>> import tempfile
    >>> from macaronic.lm.scripted import Scripted
    >>> path, lm = tempfile.mkdtemp() + "/answers.jsonl", Scripted({"Kaise": "Badhiya!"})
    >>> for _ in range(2):
    ...     run = generate([Prompt("1", ("Kaise ho?",))], lm, path)
    ...     print(run.answers[0][0].text, run.asked, run.kept)
    Badhiya! 1 0
    Badhiya! 0 1
    """
    if concurrency < 1 or repeat < 0:
        raise UsageError(f"expected a concurrency of at least 1 and a repeat of 0 or more; got {concurrency}, {repeat}")
    kept, began = Kept(lm, answers, repeat=repeat), time.monotonic()
    found = asyncio.run(_all(prompts, kept, params or Params(), concurrency, advance))
    tokens: Counter[str] = Counter()
    for one in (one for turns in found for one in turns if isinstance(one, Reply)):
        tokens.update(one.usage)
    return Run(tuple(found), kept.paid, kept.hits, time.monotonic() - began, tokens)


async def _all(
    prompts: Sequence[Prompt], lm: Kept, params: Params, concurrency: int, advance: Callable[[int, int], None] | None
) -> list[tuple[Answer, ...]]:
    """As many workers as may be open, which take prompts from one queue."""
    found: list[tuple[Answer, ...]] = [(CallFailed("no reply", NOT_ASKED),)] * len(prompts)
    todo = iter(enumerate(prompts))
    done = strikes = 0

    async def work() -> None:
        nonlocal done, strikes
        for i, prompt in todo:
            if strikes >= PATIENCE:
                return
            found[i] = await _conversation(lm, prompt, params)
            done += 1
            strikes = strikes + 1 if _gone(found[i][-1]) else 0
            if advance is not None:
                advance(done, len(prompts))

    workers = [asyncio.create_task(work()) for _ in range(min(concurrency, len(prompts)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await lm.close()
    return found


def _gone(last: Answer) -> bool:
    """Whether a server seems not to be there; one that refuses a prompt is."""
    return isinstance(last, CallFailed) and last.cause in GONE


async def _conversation(lm: Kept, prompt: Prompt, params: Params) -> tuple[Answer, ...]:
    """The answers turn by turn; a turn without one is the last."""
    messages: list[Message] = list(prompt.before)
    said: list[Answer] = []
    for turn in prompt.turns:
        messages.append({"role": "user", "content": turn})
        try:
            reply = await lm.reply(
                messages,
                max_tokens=params.max_tokens,
                temperature=params.temperature,
                seed=params.seed,
                stop=params.stop,
            )
        except CallFailed as error:
            return (*said, error)
        said.append(reply)
        messages.append({"role": "assistant", "content": reply.text})
    return tuple(said)


def output_rows(prompts: Sequence[Prompt], run: Run, model: str, form: Form) -> Iterator[dict[str, Any]]:
    """The rows that the benchmark scores: what the prompt's row held, the model, the answer, and why it ended.

    A prompt without an answer has an empty one and says why in `error`: it counts as wrong and is not left out.

    >>> run = Run(((Reply("Badhiya!"),),), 1, 0, 0.1)
    >>> list(output_rows([Prompt("7", ("Kaise ho?",), row={"language": "hi-Latn"})], run, "m", Form()))
    [{'language': 'hi-Latn', 'id': '7', 'model': 'm', 'response': 'Badhiya!', 'finish': 'stop'}]
    """
    for prompt, answers in zip(prompts, run.answers):
        texts, last = [one.text for one in answers if isinstance(one, Reply)], answers[-1]
        if isinstance(last, CallFailed):
            yield answered(prompt, texts, model, form, "failed", whole=False) | {"error": str(last)}
        else:
            yield answered(prompt, texts, model, form, last.finish)


def answered(
    prompt: Prompt, texts: Sequence[str], model: str, form: Form, finish: str, *, whole: bool = True
) -> dict[str, Any]:
    """The row of one answer.

    Args:
        prompt: what was asked.
        texts: what was said, turn by turn.
        model: who said it.
        form: the fields.
        finish: why the last answer ended.
        whole: whether each turn was answered; else a single answer is empty.

    >>> answered(Prompt("7", ("Hola",)), ["¡Buenas!"], "m", Form(answer="completion"), "stop")["completion"]
    '¡Buenas!'
    """
    answer: Any = list(texts) if form.many else texts[-1] if texts and whole else ""
    named = {form.key: prompt.row.get(form.key, prompt.id), "model": model, form.answer: answer}
    return {**prompt.row, **named, "finish": finish}


def write_outputs(path: str | os.PathLike[str], rows: Iterator[dict[str, Any]]) -> int:
    """Write them as JSON lines, whole or not at all; how many.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "outputs.jsonl"
    >>> write_outputs(path, iter([{"id": 1}])), path.read_text()
    (1, '{"id": 1}\\n')
    """
    count = 0
    with atomic_write(path, "w") as file:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, default=str)
            file.write(line.encode("utf-8", "backslashreplace").decode() + "\n")
            count += 1
    return count
