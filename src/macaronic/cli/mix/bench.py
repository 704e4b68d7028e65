"""`macaronic mix bench`: which method finds the better mixture, where the best one is known."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, progress

if TYPE_CHECKING:
    from macaronic.mix.contest.replay import Tables
    from macaronic.mix.contest.rows import Contest
    from macaronic.mix.contest.verdicts import Verdict
    from macaronic.report.mix_bench_report import Curve, Place

WORLDS = ("synthetic", "regmix", "mixlaws")
_BUDGETS = {"synthetic": 1_600_000, "regmix": 256, "mixlaws": 16}
World = Annotated[str, typer.Option("--world", help=f"{', '.join(WORLDS)}.")]
Methods = Annotated[
    str, typer.Option("--methods", help="Names with commas between, or all; stratified is always there.")
]
Budget = Annotated[
    int | None, typer.Option("--budget", min=1, help="Symbols in all, proxies and tests included; or runs to buy.")
]
Targets = Annotated[int, typer.Option("--targets", min=1, help="How many of the six made-up languages count.")]
Spend = Annotated[float, typer.Option("--spend", help="Part of the budget for proxies and other runs beside.")]


def bench(
    world: World = "synthetic",
    methods: Methods = "all",
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="How often, each time in another world.")] = 10,
    budget: Budget = None,
    points: Annotated[
        int, typer.Option("--points", min=1, max=6, help="Budgets of the curve, each half the next.")
    ] = 3,
    targets: Targets = 3,
    proxies: Annotated[int, typer.Option("--proxies", min=5, help="Proxies of the methods that need them.")] = 24,
    spend: Spend = 0.1,
    table: Annotated[str, typer.Option("--table", help="With mixlaws: three or five domains.")] = "five",
    target: Annotated[str | None, typer.Option("--target", help="With tables: whose loss counts; the mean.")] = None,
    data: Annotated[str | None, typer.Option("--data", help="Folder of data sets; MACARONIC_DATA.")] = None,
    out: Annotated[str, typer.Option("--out", "-o", help="Folder of the tables and the report.")] = "bench",
    engine: options.Engine = "serial",
    workers: options.Workers = None,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Let methods compete on one budget, where the best mixture is known, and test who is better than even shares.

    [dim]$ macaronic mix bench --methods law,gbm,mixmin,rb --seeds 10
    $ macaronic mix bench --world regmix --methods law,gbm,auto --budget 256 --out replay[/dim]
    """
    from macaronic.core.errors import UnknownName
    from macaronic.core.executor import executor
    from macaronic.mix.contest import contest, replay
    from macaronic.mix.contest import methods as known
    from macaronic.mix.contest.trial import Terms
    from macaronic.mix.contest.verdicts import verdicts
    from macaronic.mix.fit import FEWEST

    if world not in WORLDS:
        raise UnknownName("world", world, WORLDS)
    largest = budget or _BUDGETS[world]
    asked = [name.strip() for name in methods.split(",") if name.strip()]
    competing = known.asked(asked, known.METHODS if world == "synthetic" else replay.KNOWN)
    budgets = sorted({largest // 2**i for i in range(points)})
    runs = range(seed, seed + seeds)
    folder = _folder(out)
    with progress("trials", quiet=quiet) as advance:
        if world == "synthetic":
            found = contest.hold(
                competing,
                seeds=runs,
                budgets=budgets,
                terms=Terms(spend=spend, proxies=proxies, targets=targets),
                engine=executor(engine, workers=workers),
                say=lambda done, total: advance(done, total, f"{done}/{total}"),
            )
        else:
            given = _tables(world, table, data)
            largest = budget or min(largest, given.most)
            kept = sorted({n for n in (largest // 2**i for i in range(points)) if n >= FEWEST})
            found = replay.play(given, competing, seeds=runs, budgets=kept or [largest], target=target)
            _protocols(world, given, folder, quiet)
    told = verdicts(found)
    notes = (*found.notes, *_few_seeds(seeds, len(found.methods)))
    settings: dict[str, str | int | float] = {"world": found.world, "seeds": seeds, "budget": largest, "seed": seed}
    if world == "synthetic":
        settings |= {"languages that count": targets, "proxies": proxies, "spend": spend}
    words = [f"--world {world} --methods {methods} --seeds {seeds} --budget {largest} --points {points} --seed {seed}"]
    words += [f"--targets {targets} --proxies {proxies} --spend {spend:g}"] if world == "synthetic" else []
    words += [f"--table {table}"] if world == "mixlaws" else []
    words += [f"--target {target}"] if target else []
    command = f"macaronic mix bench {' '.join(words)}"
    _write(folder, found, told, notes, settings, command)
    _tell(folder, found, told, notes, json=json, quiet=quiet)


def _folder(out: str) -> Path:
    """The folder of the results, made before the work begins.

    Raises:
        InputError: it cannot be made.
    """
    from macaronic.core.errors import InputError

    try:
        Path(out).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder {out}: {error.strerror}. Name another one with --out.") from error
    return Path(out)


def _few_seeds(seeds: int, methods: int) -> list[str]:
    """What so few seeds cannot say."""
    from macaronic.mix.contest.verdicts import reachable

    if seeds == 1:
        return ["one seed: no intervals and no tests; give --seeds 10"]
    if not reachable(seeds, methods):
        return [f"with {seeds} seeds and {methods} methods no test can reach p < 0.05; give more --seeds"]
    return []


def _tables(world: str, table: str, data: str | None) -> Tables:
    """The published tables.

    Raises:
        MissingData: they are not here; the message says how to get them.
    """
    from macaronic.core.errors import MissingData
    from macaronic.curate.datasets import dataset, locate
    from macaronic.mix.contest import replay

    place = locate(world, data)
    if world == "regmix":
        return replay.regmix(place)
    if table in ("three", "five") and not (place / f"{table}_domains.csv").is_file():
        raise MissingData(f"{table}_domains.csv is not in {place}.\nIt comes from: {dataset(world).source}")
    return replay.mixing_laws(place, table=table)


def _protocols(world: str, given: Tables, folder: Path, quiet: bool) -> None:
    """RegMix's rank correlations by three protocols, where LightGBM is there."""
    from macaronic.core.errors import MissingExtra
    from macaronic.core.files import write_text
    from macaronic.mix.contest.protocols import as_csv, side_by_side
    from macaronic.papers.s047_regmix import PRINTED

    if world != "regmix" or given.unseen is None:
        return
    printed = {f"the_pile_{name}": figure for name, figure in PRINTED.items()}
    try:
        rows = side_by_side(given.shop, given.unseen, printed)
    except MissingExtra as error:
        note(f"note: no rank correlations: {error}", quiet=quiet)
        return
    write_text(folder / "spearman.csv", as_csv(rows))


def _write(
    folder: Path,
    found: Contest,
    told: tuple[Verdict, ...],
    notes: tuple[str, ...],
    settings: dict[str, str | int | float],
    command: str,
) -> None:
    from json import dumps

    from macaronic.core.files import write_text
    from macaronic.mix.contest.rows import as_csv
    from macaronic.report.mix_bench_report import MixBenchReport, render

    write_text(folder / "results.csv", as_csv(found.rows))
    whole = {"settings": settings, "notes": list(notes), "methods": [v.asdict() for v in told]}
    write_text(folder / "bench.json", dumps(whole, ensure_ascii=False, indent=1) + "\n")
    report = MixBenchReport(
        "Which method finds the better mixture",
        summary(found, told),
        tuple(_place(v) for v in told),
        tuple(_curve(found, v.method) for v in told),
        found.unit,
        _optimum(found, told[0].method),
        tuple(found.truth.items()),
        notes,
        tuple((name, str(value)) for name, value in settings.items()),
        command,
    )
    write_text(folder / "report.html", render(report))


def _place(verdict: Verdict) -> Place:
    from macaronic.report.mix_bench_report import Place

    v = verdict
    tests = (v.against, v.p, v.behind, v.p_best, v.beats, v.mixture_regret)
    return Place(v.method, v.regret, v.low, v.high, v.overhead, *tests)


def _curve(found: Contest, method: str) -> Curve:
    """Mean regret by budget with bootstrap intervals over the seeds."""
    import numpy as np

    from macaronic.core.bootstrap import interval
    from macaronic.report.mix_bench_report import Curve

    by = {budget: found.regrets(method, budget) for budget in found.budgets}
    ends = [interval(regrets, rng=np.random.default_rng(0)) for regrets in by.values()]
    band = tuple(pair for pair in ends if pair is not None)
    points = tuple((budget, float(regrets.mean())) for budget, regrets in by.items())
    return Curve(method, points, band if len(band) == len(points) else ())


def _optimum(found: Contest, method: str) -> tuple[tuple[str, float, float], ...]:
    first = found.of(method, found.budgets[-1])[0]
    return tuple((name, best, first.shares.get(name, 0.0)) for name, best in found.optimum.items())


def summary(found: Contest, told: tuple[Verdict, ...]) -> str:
    """Who won, and who does not beat even shares, in two sentences."""
    better = [v.method for v in told if v.beats == "yes"]
    rest = [v.method for v in told if v.beats in ("no", "worse")]
    first = f"The lowest regret is that of {told[0].method} ({told[0].regret:.4g} nats a symbol)."
    second = f" Better than even shares: {', '.join(better) or 'none'}."
    return first + second + (f" Not better: {', '.join(rest)}." if rest else "")


def _tell(
    folder: Path,
    found: Contest,
    told: tuple[Verdict, ...],
    notes: tuple[str, ...],
    *,
    json: bool,
    quiet: bool,
) -> None:
    from macaronic.report.table import write_table

    if json:
        emit({"out": str(folder), "notes": list(notes), "methods": [v.asdict() for v in told]})
        return
    head = (
        "method",
        "regret",
        "low",
        "high",
        "against even",
        "p",
        "beats even",
        "behind best",
        "p best",
        "spent beside",
    )
    rows = [(v.method, v.regret, v.low, v.high, v.against, v.p, v.beats, v.behind, v.p_best, v.overhead) for v in told]
    write_table(head, rows, file=sys.stdout)
    print(summary(found, told))
    print(f"report  {folder / 'report.html'}\nresults {folder / 'results.csv'}")
    for line in notes:
        note(f"note: {line}", quiet=quiet)
