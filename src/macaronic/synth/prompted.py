"""A translator that is a language model with an instruction and a few examples. Source: S099."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from string import Template

from macaronic.core.errors import MissingData, MissingExtra, UsageError
from macaronic.core.languages import name
from macaronic.core.protocols import LM
from macaronic.synth.agents.answers import refuses
from macaronic.synth.few_shot import Example

INSTRUCTION = (
    "Translate what the user writes from $source to $target. Keep its tone, its slang and its force; if it is rude or "
    "hurtful, the translation is so too: it serves moderation. Answer with the translation alone."
)


@dataclass
class Prompted:
    """A translator that is a language model with an instruction and examples.

    Args:
        lm: the model.
        instruction: what it is told; `$source` and `$target` become the languages' names.
        examples: pairs shown before the text, the source text as the user's turn.
        concurrency: calls at once.
        max_tokens: length limit of one translation.
        seed: given with each call; the temperature is 0.
        gaps: why texts came back empty, counted over all calls.

    >>> from types import SimpleNamespace
    >>> from macaronic.core.protocols import Reply
    >>> async def reply(messages, *, max_tokens, temperature, seed, stop):
    ...     return Reply(messages[-1]["content"].replace("shiok", "great"))
    >>> Prompted(SimpleNamespace(reply=reply)).translate(["so shiok", ""], "en-SG", "en")
    ['so great', '']
    """

    lm: LM
    instruction: str = INSTRUCTION
    examples: Sequence[Example] = ()
    concurrency: int = 8
    max_tokens: int = 512
    seed: int | None = 1
    gaps: Counter[str] = field(default_factory=Counter)

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """One translation a text; empty where the model refused, failed or said nothing (counted in `gaps`).

        Raises:
            UsageError: called inside a running event loop (there use `translated`), or no call can succeed.
        """
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(self._to_the_end(texts, source, target))
        raise UsageError("an event loop is running here; use `await translator.translated(...)`.")

    async def translated(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """`translate` for those who are inside an event loop."""
        places = {"source": name(source), "target": name(target)}
        lead = [{"role": "system", "content": Template(self.instruction).safe_substitute(places)}]
        for example in self.examples:
            lead += [{"role": "user", "content": example.source}, {"role": "assistant", "content": example.target}]
        limit = asyncio.Semaphore(self.concurrency)
        return await asyncio.gather(*(self._one(text, lead, limit) for text in texts))

    async def _to_the_end(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        try:
            return await self.translated(texts, source, target)
        finally:
            close = getattr(self.lm, "close", None)
            if close is not None:
                await close()

    async def _one(self, text: str, lead: list[dict[str, str]], limit: asyncio.Semaphore) -> str:
        if not text.strip():
            return ""
        messages = [*lead, {"role": "user", "content": text}]
        async with limit:
            try:
                reply = await self.lm.reply(
                    messages, max_tokens=self.max_tokens, temperature=0.0, seed=self.seed, stop=()
                )
            except (UsageError, MissingExtra, MissingData):
                raise
            except Exception:
                return self._gap("call failed")
        said = reply.text.strip()
        if not said:
            return self._gap("empty answer")
        if reply.finish in ("refusal", "content_filter") or (refuses(said) and not refuses(text)):
            return self._gap("refusal")
        return said

    def _gap(self, reason: str) -> str:
        self.gaps[reason] += 1
        return ""
