"""`macaronic extract score`: how right answers are, against gold records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.extract import given
from macaronic.cli.show import emit, note, note_problems

if TYPE_CHECKING:
    from macaronic.extract.score import Scores


def score(
    gold: Annotated[str, typer.Argument(help="Records that are right (JSON lines).")],
    answers: Annotated[
        str, typer.Argument(help="Answers: of extract predict, records, or what a model wrote, a line an answer.")
    ],
    codec: given.CodecName = None,
    dialect: given.Dialect = "escaped",
    counting: Annotated[
        str, typer.Option("--counting", help="set: the same pair twice counts once; multiset: twice.")
    ] = "set",
    each: Annotated[bool, typer.Option("--each/--whole", help="Also by language and family.")] = True,
    samples: given.Samples = 1000,
    fail_under: Annotated[
        list[str] | None, typer.Option("--fail-under", metavar="METRIC=VALUE", help="End with 1 below it; again.")
    ] = None,
    seed: options.Seed = 0,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Text labels (TL), words (WL), both (ALL) and how many answers could be read, with 95 % intervals.

    [dim]$ macaronic extract score gold.jsonl answers.jsonl
    $ macaronic extract score gold.jsonl outputs.txt --codec oiellm --dialect compat --json[/dim]
    """
    import numpy as np

    from macaronic.core.problems import Problems
    from macaronic.extract import answer_rows
    from macaronic.extract.record import Schema
    from macaronic.extract.score import score

    problems = Problems(strict=strict)
    right = given.records_of(gold, problems, what="gold records")
    reader = given.codec_of(codec, dialect) if codec else None
    found = answer_rows.read(answers, right, codec=reader, schema=Schema.of(right), problems=problems)
    limits = _limits(fail_under)
    rng = np.random.default_rng(seed)
    way: Any = counting
    scores = score(right, found, counting=way, rng=rng, samples=samples)
    shown = [result for result in scores.results if each or result.level == "all"]
    if json:
        emit({**scores.asdict(), "results": [r.asdict() for r in shown], "problems": problems.asdict()})
    else:
        given.show_results(shown)
        given.note_counts(scores.failures, scores.notes, quiet=quiet)
    note_problems(problems, quiet=quiet)
    _judge(scores, limits)


def _limits(said: list[str] | None) -> dict[str, float]:
    from macaronic.core.errors import UnknownName, UsageError
    from macaronic.extract.score import METRICS

    limits = {}
    for text in said or []:
        name, _, value = text.partition("=")
        if name not in METRICS:
            raise UnknownName("metric in --fail-under", name, METRICS)
        try:
            limits[name] = float(value)
        except ValueError as error:
            raise UsageError(f"expected --fail-under METRIC=NUMBER, such as WL=0.8; got {text!r}") from error
    return limits


def _judge(scores: Scores, limits: dict[str, float]) -> None:
    low = [name for name, limit in limits.items() if (scores.value(name) or 0.0) < limit]
    for name in low:
        note(f"{name} is {scores.value(name) or 0.0:.4f}, below {limits[name]:g}")
    if low:
        raise typer.Exit(1)
