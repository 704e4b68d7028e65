"""`macaronic mix sweep`: hundreds of proxies, each run once, on any number of processes or machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from macaronic.cli import options
from macaronic.cli.mix import given
from macaronic.cli.show import emit, note, progress

if TYPE_CHECKING:
    from macaronic.mix.plan import Plan
    from macaronic.mix.runs import Runs
    from macaronic.mix.texts import Texts

Out = Annotated[str, typer.Option("--out", "-o", help="Folder of the sweep: plan, results and tables.")]
Proxies = Annotated[int, typer.Option("--proxies", "-n", min=1, help="How many mixtures to try.")]
Budget = Annotated[
    int | None, typer.Option("--budget", min=1, help="Symbols a proxy learns from; half of all there is.")
]
Kind = Annotated[Literal["ngram", "tiny"], typer.Option("--proxy", help="n-gram models, or a small transformer.")]


def sweep(
    sources: given.Sources = None,
    out: Out = "sweep",
    mixtures: Annotated[
        str | None, typer.Option("--mixtures", help="CSV of the mixtures to run, such as `propose` writes.")
    ] = None,
    proxies: Proxies = 64,
    proxy: Kind = "ngram",
    budget: Budget = None,
    order: given.Order = 5,
    tokens: Annotated[int, typer.Option("--tokens", min=1, help="Symbols a transformer sees.")] = 200_000,
    width: Annotated[int, typer.Option("--width", min=4, help="Width of a transformer.")] = 64,
    device: Annotated[
        str, typer.Option("--device", help="Where transformers compute: cpu, cuda (one on each visible GPU), auto.")
    ] = "cpu",
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="How often every mixture is run.")] = 1,
    target: given.Targets = None,
    languages: options.Languages = None,
    unit: given.Units = "characters",
    held_out: given.HeldOut = 0.2,
    engine: options.Engine = "processes",
    workers: options.Workers = None,
    memory: options.Memory = None,
    part: Annotated[str | None, typer.Option("--part", metavar="i/N", help="Only the i-th of N parts.")] = None,
    emit_job: Annotated[
        Literal["slurm"] | None, typer.Option("--emit", help="Print an array job for a cluster instead of running.")
    ] = None,
    tasks: Annotated[int | None, typer.Option("--tasks", min=1, help="Tasks of the array job.")] = None,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Run a proxy for each of many mixtures and write the tables that `fit` reads.

    Without sources a sweep that was begun in the folder goes on. Finished proxies are kept and never run again.

    [dim]$ macaronic mix sweep package:django --languages de,es,hi,ja --proxies 128 --out sweep
    $ macaronic mix sweep --out sweep                # go on
    $ macaronic mix sweep --out sweep --emit slurm --tasks 16 > job.sh[/dim]
    """
    from macaronic.mix import plan as plans

    folder = Path(out)
    if sources:
        read = given.texts(sources, target, languages=languages, unit=unit, held_out=held_out, seed=seed, quiet=quiet)
        symbols = budget or sum(len(p.symbols) for p in read.train.values()) // 2
        own: dict[str, str | int | float] = {"budget": symbols}
        own |= {"order": order} if proxy == "ngram" else {"tokens": tokens, "width": width}
        table = _mixtures(read, mixtures, proxies, seed)
        run_seeds = range(seed, seed + seeds)
        plans.begin(folder, read, table, kind=proxy, settings=own, seeds=run_seeds)
    plan = plans.resume(folder)
    if emit_job:
        from macaronic.mix.slurm import array_job

        command = f"macaronic mix sweep --out {_word(str(folder.resolve()))} --engine serial"
        command += f" --device {_word(device)}" if device != "cpu" else ""
        print(array_job(command, proxies=len(plan.jobs), tasks=tasks), end="")
        return
    told = finish(plan, engine=engine, workers=workers, memory=memory, device=device, part=part, quiet=quiet)
    if json:
        emit({"out": out, "proxies": len(told), "targets": list(told.targets), "notes": list(told.notes)})
    elif part is None:
        print(f"{len(told)} proxies, {len(told.domains)} sources, {len(told.targets)} targets")
        print(f"mixtures {folder / plans.MIXTURES}\nlosses   {folder / plans.LOSSES}")


def finish(
    plan: Plan,
    *,
    engine: str,
    workers: int | None,
    part: str | None,
    quiet: bool,
    memory: str | None = None,
    device: str = "cpu",
) -> Runs:
    """Run what has not been run, and write the tables when all of it was asked for."""
    from macaronic.mix import plan as plans
    from macaronic.mix import runs
    from macaronic.mix import sweep as sweeps

    jobs = plans.part(plan.jobs, *_slice(part)) if part else list(plan.jobs)
    proxy, gpu = sweeps.place(plan.proxy, device, engine)
    run = options.executor(engine, workers, memory, gpu=gpu)
    if device == "auto" and proxy.settings()["kind"] == "tiny" and not gpu:
        note("note: no GPU is visible; the proxies run on the CPU", quiet=quiet)
    with progress("proxies", quiet=quiet) as advance:
        outcomes = sweeps.sweep(
            proxy,
            jobs,
            kept=plan.kept,
            engine=run,
            say=lambda done, total: advance(done, total, f"{done}/{total}"),
        )
    told = sweeps.table(outcomes)
    for line in told.notes:
        note(f"note: {line}", quiet=quiet)
    if not part:
        runs.write(told, plan.folder / plans.MIXTURES, plan.folder / plans.LOSSES)
    return told


def _mixtures(read: Texts, path: str | None, count: int, seed: int) -> Runs:
    from macaronic.mix import runs

    if path:
        return runs.read(path)
    import numpy as np

    from macaronic.core.mixture import Mixture
    from macaronic.mix.design import propose

    prior = Mixture({name: float(len(part.symbols)) for name, part in read.train.items()})
    return propose(prior, count, rng=np.random.default_rng(seed))


def _slice(part: str) -> tuple[int, int]:
    from macaronic.core.errors import UsageError

    number, _, of = part.partition("/")
    if not (number.isdigit() and of.isdigit()):
        raise UsageError(f"expected --part i/N, such as 3/8; got {part!r}")
    return int(number), int(of)


def _word(text: str) -> str:
    import shlex

    return shlex.quote(text)
