"""`macaronic build`: from a recipe to a measured, balanced training set with a card and a report."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_problems, progress

if TYPE_CHECKING:
    from macaronic.build.recipe import Recipe
    from macaronic.build.run import Built

AllowCode = Annotated[bool, typer.Option("--allow-code", help="Run the recipe's keep function.")]
Engine = Annotated[str | None, typer.Option("--engine", help="serial, processes or ray, instead of the recipe's.")]
Out = Annotated[str | None, typer.Option("--out", "-o", help="The output folder, instead of the recipe's.")]


def build(
    recipe: Annotated[list[str], typer.Argument(metavar="RECIPE.toml | merge RECIPE.toml", help="The recipe.")],
    plan: Annotated[bool, typer.Option("--plan", help="Forecast shares, time and disk; build nothing.")] = False,
    sample: Annotated[str, typer.Option("--sample", help="How much of the text the forecast looks at.")] = "1%",
    shard: Annotated[
        str | None, typer.Option("--shard", metavar="i/N", help="Prepare only the i-th of N parts; then `build merge`.")
    ] = None,
    allow_code: AllowCode = False,
    engine: Engine = None,
    out: Out = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Instead of the recipe's seed.")] = None,
    strict: options.Strict = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Read, filter, identify, measure, balance, and write exact shards with a data card and a report.

    Finished steps are kept: run the same command again after an interruption, or after changing the proportions.

    [dim]$ macaronic build my.toml
    $ macaronic build my.toml --plan --sample 0.1%
    $ macaronic build my.toml --shard 3/8   # on eight machines, then:
    $ macaronic build merge my.toml[/dim]
    """
    from macaronic.build import run

    merge, path = _place(recipe)
    told = _load(path, engine=engine, out=out, seed=seed)
    folder = Path(path).resolve().parent
    if plan:
        _forecast(told, folder, sample, allow_code=allow_code, json=json)
        return
    if shard is not None:
        number, of = _slice(shard)
        with progress("preparing", quiet=quiet) as advance:
            count = run.prepare_slice(
                told, folder, number, of, allow_code=allow_code, say=lambda stage, n, m: advance(n, m, stage)
            )
        note(f"prepared {count} shards; when all parts are: macaronic build merge {path}", quiet=quiet)
        return
    with progress("building", quiet=quiet) as advance:
        built = run.build(
            told,
            folder,
            command=f"macaronic build {Path(path).name}",
            allow_code=allow_code,
            strict=strict,
            only_prepared=merge,
            say=lambda stage, n, m: advance(n, m, f"{stage} {n}/{m}"),
        )
    _tell(built, json=json, quiet=quiet)
    if built.mixture["reachable"] < built.mixture["budget"]:
        raise typer.Exit(1)


def _place(words: list[str]) -> tuple[bool, str]:
    from macaronic.core.errors import UsageError

    merge = words[0] == "merge" and len(words) == 2
    if not merge and len(words) != 1:
        raise UsageError(f"expected one recipe, or `merge` and a recipe; got {' '.join(words)}")
    return merge, words[-1]


def _load(path: str, *, engine: str | None, out: str | None, seed: int | None) -> Recipe:
    from macaronic.build import recipe as recipes
    from macaronic.core.errors import UnknownName
    from macaronic.core.executor import ENGINES

    told = recipes.load(path)
    if engine is not None and engine not in ENGINES:
        raise UnknownName("engine", engine, ENGINES)
    instead = {"engine": engine, "out": str(Path(out).resolve()) if out else None, "seed": seed}
    run = told.run.model_copy(update={k: v for k, v in instead.items() if v is not None})
    return told.model_copy(update={"run": run})


def _slice(shard: str) -> tuple[int, int]:
    from macaronic.core.errors import UsageError

    number, _, of = shard.partition("/")
    if not (number.isdigit() and of.isdigit() and 1 <= int(number) <= int(of)):
        raise UsageError(f"expected --shard i/N with 1 <= i <= N, such as 3/8; got {shard!r}")
    return int(number), int(of)


def _share(sample: str) -> float:
    from macaronic.core.errors import UsageError

    try:
        share = float(sample.removesuffix("%")) / (100 if sample.endswith("%") else 1)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise UsageError(f"expected --sample as a share above 0 and at most 100%, such as 0.1%; got {sample!r}")
    return share


def _forecast(told: Recipe, folder: Path, sample: str, *, allow_code: bool, json: bool) -> None:
    from macaronic.build.forecast import forecast
    from macaronic.report.table import write_table

    found = forecast(told, folder, _share(sample), allow_code=allow_code)
    if json:
        emit(found)
        return
    rows = [(b["name"], b["asked"], b["achieved"], b["available"], b["epochs"]) for b in found["buckets"]]
    write_table(("bucket", "asked", "achieved", f"{found['unit']} (about)", "epochs"), rows, file=sys.stdout)
    print(
        f"about {found['seconds']:.0f} s on one process and {found['disk_mb']:.0f} MB of disk, "
        f"from {found['rows']:,} rows looked at"
    )
    if found["proxy_seconds"]:
        print(f"of that about {found['proxy_seconds']:.0f} s for proxies; what is finished is kept")
    for line in found["notes"]:
        print(f"note: {line}")
    for line in found["unmet"]:
        print(f"cannot be met: {line}")


def _tell(built: Built, *, json: bool, quiet: bool) -> None:
    from macaronic.build import documents
    from macaronic.core.problems import Problems

    mixture = built.mixture
    if json:
        emit({"out": str(built.out), "reused": built.reused, **mixture})
    else:
        rows = sum(f["rows"] for f in mixture["files"])
        shards = len(mixture["files"])
        state = "up to date: " if built.reused else ""
        size = f"{mixture['achieved']:,} {mixture['unit']}"
        print(f"{state}{rows:,} rows, {size}, {len(mixture['buckets'])} buckets, {shards} shards")
        if mixture.get("evidence", {}).get("summary"):
            print(mixture["evidence"]["summary"])
        for name, source in mixture["sources"].items():
            for line in _made(name, source.get("synth")):
                print(line)
        print(f"report  {built.out / documents.REPORT}")
        print(f"card    {built.out / documents.CARD}")
        print(f"mixture {built.out / documents.MIXTURE}")
    for line in mixture["unmet"]:
        note(f"not met: {line}")
    problems = Problems()
    for source in mixture["sources"].values():
        problems.merge(Problems.from_dict(source["problems"]))
    note_problems(problems, quiet=quiet)


def _made(name: str, synth: dict[str, Any] | None) -> Iterator[str]:
    """What became of the rows that a `[[synth]]` table mixed."""
    if synth is None:
        return
    yield f"{name}: {synth['made']:,} of {synth['rows']:,} rows gave {synth['sentences']:,} mixed sentences"
    for reason, count in synth["none"].items():
        yield f"{name}: {count:,} rows: {reason}"
