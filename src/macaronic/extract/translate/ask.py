"""The requests to a language model: many at once, each concerning its record alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from macaronic.core.errors import MissingData, MissingExtra, UsageError
from macaronic.core.protocols import LM, Reply
from macaronic.extract.translate import answer, prompts
from macaronic.extract.translate.draft import Draft
from macaronic.extract.translate.labels import LabelTable
from macaronic.extract.translate.rules import Fault

Progress = Callable[[int, int], None]
"""Called with how many requests are answered, of how many."""


class Asker:
    """Asks one model for the translations of drafts.

    Args:
        lm: the model.
        concurrency: requests at once.
        max_tokens: length limit of one answer.
        seed: given with each request; the temperature is 0.
        progress: told how far it is.
    """

    def __init__(
        self, lm: LM, *, concurrency: int, max_tokens: int, seed: int | None, progress: Progress | None
    ) -> None:
        self.lm = lm
        self.concurrency = concurrency
        self.max_tokens = max_tokens
        self.seed = seed
        self.progress = progress

    async def first(self, drafts: Sequence[Draft], labels: LabelTable | None) -> None:
        """The instruction, for every draft."""

        async def ask(draft: Draft) -> None:
            items = draft.pieces.items
            messages = prompts.instruction(draft.source, items, draft.labels, draft.target.text_label, draft.to)
            try:
                draft.take(answer.read(await self._reply(messages), len(items)), labels)
            except Fault as fault:
                draft.fault = fault

        await self._all(drafts, ask)

    async def marks(self, drafts: Sequence[Draft]) -> None:
        """The second request, for drafts with a fault; what does not help leaves them as they were."""

        async def ask(draft: Draft) -> None:
            messages = prompts.marking(draft.source, draft.pieces.items, draft.text if draft.sound else None, draft.to)
            try:
                draft.take_marked(answer.read_marked(await self._reply(messages)))
            except Fault:
                return

        await self._all(drafts, ask)

    async def _reply(self, messages: prompts.Messages) -> Reply:
        try:
            return await self.lm.reply(messages, max_tokens=self.max_tokens, temperature=0.0, seed=self.seed, stop=())
        except (UsageError, MissingExtra, MissingData):
            raise
        except Exception as error:
            raise Fault("no answer", f"{type(error).__name__}: {error}") from error

    async def _all(self, drafts: Sequence[Draft], ask: Callable[[Draft], Awaitable[None]]) -> None:
        waiting, done = iter(drafts), 0

        async def work() -> None:
            nonlocal done
            for draft in waiting:
                await ask(draft)
                done += 1
                if self.progress:
                    self.progress(done, len(drafts))

        workers = [asyncio.create_task(work()) for _ in range(min(self.concurrency, len(drafts)))]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
