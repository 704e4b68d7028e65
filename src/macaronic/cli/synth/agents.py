"""`macaronic synth agents`: a language model writes mixed sentences, judges score them, a refiner mends them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import note, progress
from macaronic.cli.synth import given
from macaronic.cli.synth.deliver import deliver

if TYPE_CHECKING:
    from macaronic.synth.mixed import Outcome


def agents(
    lm: Annotated[
        str, typer.Option("--lm", help="openai:MODEL (any compatible server), local:FOLDER, scripted:FILE.jsonl.")
    ],
    pair: Annotated[str, typer.Option("--pair", "-p", help="The languages, the main one first: hi,en.")],
    n: Annotated[int, typer.Option("-n", min=1, help="How many scenarios, drawn from the grid.")] = 10,
    repeat: Annotated[int, typer.Option("--repeat", min=1, help="Texts a scenario.")] = 1,
    judge: Annotated[
        str | None, typer.Option("--judge", help="The model that judges; the writer when left out.")
    ] = None,
    grid: Annotated[str | None, typer.Option("--grid", help="A TOML file of scenario dimensions.")] = None,
    keep: Annotated[
        str | None,
        typer.Option("--keep", help="A file that keeps every answer: run again to go on, nothing is paid twice."),
    ] = None,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, help="Chains at once.")] = 8,
    out: given.Out = None,
    seed: options.Seed = 1,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Have a language model write mixed sentences for many scenarios; each is judged, and mended once if need be.

    How much is mixed, and whether a switch tears a word apart, is counted by code, not asked. The key is read from
    OPENAI_API_KEY and the server's address from OPENAI_BASE_URL; neither is printed or kept.

    [dim]$ macaronic synth agents --lm openai:MODEL --pair hi,en -n 100 --keep answers.jsonl --out mixed.jsonl[/dim]
    """
    import numpy as np

    from macaronic.core.errors import UsageError
    from macaronic.identify.named import tagger_named
    from macaronic.lm.named import lm_named
    from macaronic.synth.agents import scenario
    from macaronic.synth.agents.judges import tagged_by
    from macaronic.synth.agents.linguamaster import generate, run
    from macaronic.synth.summary import Summary, counted

    tags = tuple(options.tags(pair) or ())
    if len(tags) < 2:
        raise UsageError(f"--pair takes two languages or more, such as hi,en; got {pair!r}.")
    writer = lm_named(lm, keep=keep, concurrency=concurrency)
    judging = lm_named(judge, keep=keep, concurrency=concurrency) if judge else None
    scenarios = scenario.grid(grid).sample(n, rng=np.random.default_rng(seed))
    summary = Summary()
    with progress("writing", quiet=quiet) as advance:
        chains = generate(
            scenarios, writer, languages=tags, tag=tagged_by(tagger_named(), tags), judge=judging, repeat=repeat,
            concurrency=concurrency,
        )  # fmt: skip

        def watched() -> Iterator[Outcome]:
            for done, outcome in enumerate(counted(run(chains, lm=writer), summary), 1):
                advance(done, n * repeat, f"{done:,} of {n * repeat:,}")
                yield outcome

        deliver(watched(), tags=tags, json=json, out=out)
    for line in summary.lines():
        note(line)
    for line in summary.details:
        note(f"  {line}", quiet=quiet)
