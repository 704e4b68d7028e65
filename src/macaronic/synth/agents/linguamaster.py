"""LinguaMaster: many scenarios written, judged and refined at once, each an outcome of its own.

A chain that breaks gives an `Outcome` with the reason and disturbs no other. Source: S050.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

from macaronic.core.errors import UsageError
from macaronic.core.languages import parse
from macaronic.core.protocols import LM
from macaronic.synth.agents.chain import Cast, Policy, chain
from macaronic.synth.agents.constraints import free_morphemes
from macaronic.synth.agents.judges import Check, Tag
from macaronic.synth.agents.prompts import Prompts, prompts
from macaronic.synth.agents.scenario import Scenario
from macaronic.synth.mixed import Outcome

_AHEAD = 4
"""How many times `concurrency` chains may be begun or done while the first of them is not."""


async def generate(
    scenarios: Iterable[Scenario],
    lm: LM,
    *,
    languages: Sequence[str],
    tag: Tag,
    check: Check = free_morphemes,
    judge: LM | None = None,
    told: Prompts | None = None,
    policy: Policy | None = None,
    repeat: int = 1,
    concurrency: int = 8,
) -> AsyncIterator[Outcome]:
    """One outcome a scenario and repeat, in their order, while up to `concurrency` chains are under way.

    To go on after a crash, wrap the model in `lm.kept.Kept` and run the same scenarios again: what was answered is not
    asked again.

    Args:
        scenarios: what to write; from `scenario.grid().sample(...)`.
        lm: the model that writes and rewrites.
        languages: the main language, then the embedded one or ones.
        tag: gives each word of a text its language, such as `judges.tagged_by(tagger, languages)`.
        check: the constraint, by code; its faults lower the fluency score and go to the refiner.
        judge: the model that judges; the writer itself when left out.
        told: the prompts; the shipped ones when left out.
        policy: when a text is good enough.
        repeat: texts a scenario.
        concurrency: chains at once; a chain asks up to three judges at once.

    Raises:
        UsageError: fewer than two languages, a wrong setting, or a model that takes no call at all.

    Source: S050; the weights and the limit of 8 are the authors'. Unlike their code, what the refiner wrote is judged.
    """
    if len(set(languages)) < 2 or repeat < 1 or concurrency < 1:
        raise UsageError(
            f"expected two or more languages, repeat >= 1 and concurrency >= 1, got {', '.join(languages) or 'none'}, "
            f"{repeat} and {concurrency}."
        )
    cast = Cast(
        lm,
        judge or lm,
        tuple(parse(language) for language in languages),
        tag,
        check,
        told or prompts(),
        policy or Policy(),
    )
    limit, waiting = asyncio.Semaphore(concurrency), deque[asyncio.Task[Outcome]]()

    async def limited(scenario: Scenario, number: int) -> Outcome:
        async with limit:
            return await chain(scenario, number, cast)

    try:
        for scenario in scenarios:
            for number in range(repeat):
                if len(waiting) >= _AHEAD * concurrency:
                    yield await waiting.popleft()
                waiting.append(asyncio.create_task(limited(scenario, number)))
        while waiting:
            yield await waiting.popleft()
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


def run(outcomes: AsyncIterator[Outcome], *, lm: LM | None = None) -> Iterator[Outcome]:
    """The outcomes of `generate` without async: each as soon as it is there.

    Args:
        outcomes: what `generate` gives.
        lm: a model to close at the end, where it holds connections.

    Raises:
        UsageError: called inside a running event loop, as in a notebook; there use `async for`.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        raise UsageError("an event loop is running here; use `async for outcome in generate(...)`.")

    async def step() -> Outcome | None:
        return await anext(outcomes, None)

    async def end() -> None:
        for close in (getattr(outcomes, "aclose", None), getattr(lm, "close", None)):
            if close is not None:
                await close()

    with asyncio.Runner() as runner:
        try:
            while (outcome := runner.run(step())) is not None:
                yield outcome
        finally:
            runner.run(end())
