"""`macaronic extract train`: a small extractor from labelled records, on one processor, in minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.extract import given
from macaronic.cli.show import emit, note, note_problems, progress

if TYPE_CHECKING:
    from macaronic.extract.score import Scores


def train(
    records: Annotated[list[str], typer.Argument(help="Labelled records (JSON lines), one file or more.")],
    out: Annotated[str, typer.Option("--out", "-o", help="The folder for the model.")],
    kind: Annotated[str, typer.Option("--kind", help="tag labels characters, generate writes answers.")] = "tag",
    preset: Annotated[str, typer.Option("--preset", help="Its size: 0.3m, 1m or 5m.")] = "5m",
    codec: given.CodecName = "oiellm",
    dialect: given.Dialect = "escaped",
    steps: Annotated[int, typer.Option("--steps", min=1, help="Of the optimiser.")] = 1500,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Records a step.")] = 32,
    rate: Annotated[float, typer.Option("--rate", help="Highest learning rate.")] = 3e-3,
    context: Annotated[int, typer.Option("--context", min=8, help="Most tokens of a text.")] = 512,
    valid: Annotated[str | None, typer.Option("--valid", help="Records to score the model on afterwards.")] = None,
    seed: options.Seed = 0,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Train an extractor from nothing. The same records, steps and seed give the same model; a stopped run goes on.

    [dim]$ macaronic extract train records.jsonl --out model
    $ macaronic extract train ja.jsonl zh.jsonl --kind generate --codec json --steps 2500 --out model[/dim]
    """
    from macaronic.core.problems import Problems
    from macaronic.extract.fit import Fitting, fit

    problems = Problems(strict=strict)
    told = [record for path in records for record in given.records_of(path, problems)]
    held = given.records_of(valid, problems, what="records to score on") if valid else []
    name = given.codec_of(codec or "oiellm", dialect).name
    how = Fitting(_kind(kind), name, _dialect(dialect), preset, steps, batch, rate, context, seed)
    with progress("training", quiet=quiet) as advance:
        done = fit(
            told, out, how, problems=problems,
            say=lambda at, n, loss: advance(at, n, f"loss {loss:.3f}"), note=lambda text: note(text, quiet=quiet),
        )  # fmt: skip
    scores = _scores(out, held) if held else None
    if json:
        row: dict[str, Any] = {"model": out, "records": done.records, "parameters": done.parameters, "loss": done.loss}
        emit(row | ({"scores": scores.asdict()} if scores else {}) | {"problems": problems.asdict()})
    else:
        note(f"{done.records:,} records, {done.parameters:,} parameters, last loss {done.loss:.3f}; {out}", quiet=quiet)
        if scores:
            given.show_results(scores.results)
        note(f"next: macaronic extract predict TEXTS.jsonl --model {out} --out answers.jsonl", quiet=quiet)
    note_problems(problems, quiet=quiet)


def _scores(folder: str, held: list[Any]) -> Scores:
    from macaronic.extract.extractor import load
    from macaronic.extract.predict import answered
    from macaronic.extract.score import score

    return score(held, [answer.decoded for _, answer in answered(load(folder), held)])


def _kind(name: str) -> Any:
    from macaronic.core.errors import UnknownName
    from macaronic.extract.about import KINDS

    if name not in KINDS:
        raise UnknownName("kind of extractor", name, KINDS)
    return name


def _dialect(name: str) -> Any:
    return name
