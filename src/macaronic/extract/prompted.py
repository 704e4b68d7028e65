"""Any language model as an extractor: a codec's prompt goes in, its answer is read by the same codec."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from macaronic.core.protocols import LM
from macaronic.extract.codecs.codec import Codec, failed
from macaronic.extract.extractor import EMPTY, Answer
from macaronic.extract.record import Record, Schema
from macaronic.lm.failed import CallFailed

CUT = "cut by the token limit"


@dataclass(frozen=True, slots=True)
class Prompted:
    """A language model that is asked in a codec; its answers cannot be constrained, only read.

    Args:
        lm: the model.
        codec: how it is asked and read.
        schema: the labels that it is told, where the codec tells them.
        examples: records with their answers that are shown before each question.
        concurrency: calls at once.
        most: most tokens of an answer.

    >>> from macaronic.extract.codecs.named import codec
    >>> from macaronic.lm.scripted import Scripted
    >>> model = Prompted(Scripted(["Nature/NER/:Nation;China"]), codec("oiellm"))
    >>> model.answers([Record("Pandas live in China.")])[0].decoded.record.text_label
    'Nature'
    """

    lm: LM
    codec: Codec
    schema: Schema | None = None
    examples: Sequence[Record] = field(default=())
    concurrency: int = 8
    most: int = 512

    def answers(self, records: Sequence[Record], *, constrain: bool = False) -> list[Answer]:
        """One answer a record; a call that fails is a failure of its record alone."""
        return asyncio.run(self._all(records))

    async def _all(self, records: Sequence[Record]) -> list[Answer]:
        room = asyncio.Semaphore(self.concurrency)

        async def one(record: Record) -> Answer:
            async with room:
                return await self._answer(record)

        return list(await asyncio.gather(*map(one, records)))

    async def _answer(self, record: Record) -> Answer:
        if not record.text.strip():
            return Answer(failed(EMPTY))
        try:
            reply = await self.lm.reply(self._messages(record), max_tokens=self.most, temperature=0.0, seed=0, stop=())
        except CallFailed as error:
            return Answer(failed(f"call failed: {error.cause}"))
        decoded = self.codec.decode(reply.text, record.text, task=record.task, schema=self.schema)
        if reply.finish == "length" and decoded.record is None:
            decoded = failed(CUT)
        return Answer(decoded, reply.text)

    def _messages(self, record: Record) -> list[dict[str, str]]:
        told = []
        for example in self.examples:
            told.append({"role": "user", "content": self.codec.prompt(example, self.schema)})
            told.append({"role": "assistant", "content": self.codec.encode(example)})
        return [*told, {"role": "user", "content": self.codec.prompt(record, self.schema)}]
