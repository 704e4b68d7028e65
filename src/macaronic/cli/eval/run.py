"""`macaronic eval run`: a benchmark's prompts to a model, answers kept as they come, then scored."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_problems, progress

if TYPE_CHECKING:
    from macaronic.core.protocols import LM
    from macaronic.evaluate.generate import Params, Run
    from macaronic.evaluate.prompts import Form, Prompt

Model = Annotated[str, typer.Option("--model", "-m", help="openai:NAME (any such server), local:FOLDER, scripted:FILE")]
Prompts = Annotated[str | None, typer.Option("--prompts", help="The benchmark's prompts, or yours; `confusion`: ours.")]
Price = Annotated[
    str | None, typer.Option("--price", metavar="IN,OUT", help="Of a million tokens of prompts, and of answers.")
]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="So many prompts, spread evenly over the file.")]


def run(
    benchmark: Annotated[str, typer.Argument(help="Of `macaronic eval ls`.")],
    model: Model,
    out: Annotated[str, typer.Option("--out", "-o", help="The outputs (JSONL), as `eval score` reads them.")],
    prompts: Prompts = None,
    answers: Annotated[str | None, typer.Option("--answers", help="Where answers are kept; beside --out.")] = None,
    system: Annotated[str | None, typer.Option("--system", help="A system message in front of each prompt.")] = None,
    limit: Limit = None,
    repeats: Annotated[int, typer.Option("--repeats", min=1, help="Answers a prompt; a file each.")] = 1,
    max_tokens: Annotated[int, typer.Option("--max-tokens", min=1, help="The longest answer.")] = 512,
    temperature: Annotated[float, typer.Option("--temperature", min=0, help="0: the likeliest token.")] = 0.0,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, help="Calls that are open at once.")] = 8,
    price: Price = None,
    score: Annotated[bool, typer.Option("--score/--no-score", help="Score the outputs at the end.")] = True,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="For models that take one.")] = None,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Ask a model a benchmark's prompts, and score what it says. A run that was stopped goes on by the same command.

    [dim]$ macaronic eval run in-language --model openai:gpt-x --out outputs.jsonl
    $ macaronic eval run language-confusion --model local:my-model --limit 200 --out outputs.jsonl[/dim]
    """
    from macaronic.evaluate.benchmark import find
    from macaronic.evaluate.generate import Params
    from macaronic.evaluate.prompts import Form
    from macaronic.lm.named import lm_named

    module = find(benchmark)
    memory = answers or str(Path(out).with_suffix(".answers.jsonl"))
    _check_places(out, memory, prompts)
    form = getattr(module, "PROMPTS", Form())
    each = _price(price)
    asked = _prompts(module, form, prompts, system, limit, strict=strict, quiet=quiet)
    lm = lm_named(model, concurrency=concurrency)
    params = Params(max_tokens, temperature, seed)
    told, failed = [], 0
    for repeat in range(repeats):
        file = out if repeats == 1 else str(Path(out).with_suffix(f".{repeat + 1}{Path(out).suffix}"))
        made = _asked(asked, lm, form, memory, file, params, repeat, concurrency, quiet=quiet)
        failed += made.failed
        told.append(_told(made, file, memory, len(asked), each))
        _note(made, file, memory, told[-1], quiet=quiet)
        if score:
            told[-1]["scores"] = _scores(module, file, show=not json, quiet=quiet)
    if json:
        emit(told[0] if repeats == 1 else told)
    _end(failed, len(asked) * repeats)


def _check_places(out: str, answers: str, prompts: str | None) -> None:
    """Refuse to write over what is read, or JSON lines under another name.

    Raises:
        UsageError: two of the files are one, or the outputs' name is that of a table.
    """
    from macaronic.core.errors import UsageError

    if Path(out).suffix not in ("", ".jsonl", ".ndjson"):
        raise UsageError(f"the outputs are JSON lines; name them {Path(out).with_suffix('.jsonl')}, not {out}.")
    places = [Path(place).resolve() for place in (out, answers, prompts) if place not in (None, "-")]
    if len(set(places)) < len(places):
        raise UsageError("--out, --answers and --prompts must be different files; each would spoil the other.")


def _prompts(
    module: ModuleType,
    form: Form,
    path: str | None,
    system: str | None,
    limit: int | None,
    *,
    strict: bool,
    quiet: bool,
) -> list[Prompt]:
    from macaronic.core.problems import Problems
    from macaronic.evaluate.prompts import place_of, read_prompts, spread

    path = place_of(module.BENCHMARK, form, path)
    problems = Problems(strict)
    found = read_prompts(path, form, problems, system=system)
    note_problems(problems, quiet=quiet)
    return spread(found, limit)


def _asked(
    prompts: list[Prompt],
    lm: LM,
    form: Form,
    answers: str,
    out: str,
    params: Params,
    repeat: int,
    concurrency: int,
    *,
    quiet: bool,
) -> Run:
    from macaronic.evaluate.generate import generate, output_rows, write_outputs

    name = str(getattr(lm, "model", "model"))
    with progress("asking", quiet=quiet) as advance:
        made = generate(
            prompts, lm, answers, params=params, repeat=repeat, concurrency=concurrency,
            advance=lambda done, total: advance(done, total, f"{done:,} of {total:,}"),
        )  # fmt: skip
    write_outputs(out, output_rows(prompts, made, name, form))
    return made


def _told(made: Run, out: str, answers: str, prompts: int, price: tuple[float, float] | None) -> dict[str, Any]:
    told: dict[str, Any] = {"out": out, "answers": answers, "prompts": prompts, "asked": made.asked, "kept": made.kept}
    told |= {"failed": made.failed, "causes": dict(made.causes()), "cut": made.cut}
    told |= {"seconds": round(made.seconds, 3), "tokens": dict(made.tokens)}
    return told | ({"cost": round(made.cost(price), 6)} if price else {})


def _note(made: Run, out: str, answers: str, told: dict[str, Any], *, quiet: bool) -> None:
    parts = [f"{told['prompts']:,} prompts: {made.asked:,} calls answered now, {made.kept:,} before"]
    parts += [f"{made.seconds:,.1f} s"]
    parts += [f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(made.tokens.items()) if name[0] != "t"]
    parts += [f"cost {told['cost']:,.4f}"] if "cost" in told else []
    note(", ".join(parts), quiet=quiet)
    if made.cut:
        note(f"note: {made.cut:,} answers came to --max-tokens and are cut", quiet=quiet)
    for cause, count in made.causes().most_common():
        note(f"note: {count:,} prompts without an answer: {cause}")
    note(f"wrote {out}; the answers are kept in {answers}", quiet=quiet)


def _scores(module: ModuleType, out: str, *, show: bool, quiet: bool) -> dict[str, Any] | None:
    """The benchmark's scores with its usual options; None where it needs more than the outputs."""
    from macaronic.cli.eval.score import show as show_table
    from macaronic.core.errors import MacaronicError
    from macaronic.evaluate.benchmark import Asked

    try:
        scored = module.score(Asked(out))
    except MacaronicError as error:
        note(f"note: not scored: {error}")
        note(f"score it by: macaronic eval score {module.BENCHMARK.name} {out}")
        return None
    if show:
        show_table(scored)
    note_problems(scored.problems, quiet=quiet)
    for text in scored.notes:
        note(f"note: {text}", quiet=quiet)
    told: dict[str, Any] = scored.asdict()
    return told


def _end(failed: int, asked: int) -> None:
    from macaronic.core.errors import PartialResult

    if failed:
        raise PartialResult(
            f"{failed:,} of {asked:,} prompts have no answer and count as wrong.\nThe same command asks these alone."
        )


def _price(text: str | None) -> tuple[float, float] | None:
    """The two prices of an option.

    Raises:
        UsageError: not two numbers of 0 or more.

    >>> _price("0.5,1.5")
    (0.5, 1.5)
    """
    from macaronic.core.errors import UsageError

    if text is None:
        return None
    try:
        each = [float(part) for part in text.split(",")]
    except ValueError:
        each = []
    if len(each) != 2 or not all(0 <= one < float("inf") for one in each):
        raise UsageError(f"--price takes two numbers such as 0.5,1.5 (for a million tokens); got {text!r}")
    return each[0], each[1]
