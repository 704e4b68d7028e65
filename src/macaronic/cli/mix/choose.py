"""`macaronic mix choose`: the whole way from texts to a mixture with a report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import options
from macaronic.cli.mix import given, sweep
from macaronic.cli.show import emit, note, progress

if TYPE_CHECKING:
    from macaronic.mix.choose import Choice

MaxEpochs = Annotated[float, typer.Option("--max-epochs", help="How often a source may be repeated.")]


def choose(
    sources: given.Sources = None,
    out: Annotated[str, typer.Option("--out", "-o", help="Folder of the report, the mixture and the runs.")] = "mix",
    target: given.Targets = None,
    languages: options.Languages = None,
    proxies: Annotated[int, typer.Option("--proxies", "-n", min=20, help="How many mixtures to try.")] = 200,
    proxy: sweep.Kind = "ngram",
    budget: sweep.Budget = None,
    max_epochs: MaxEpochs = 4.0,
    cap: given.Caps = None,
    floor: given.Floors = None,
    order: given.Order = 5,
    unit: given.Units = "characters",
    held_out: given.HeldOut = 0.2,
    checks: Annotated[int, typer.Option("--checks", min=2, help="Seeds that the choice is checked with.")] = 12,
    engine: options.Engine = "processes",
    workers: options.Workers = None,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """How much of each source: run proxies, fit, take the best mixture, check it, and write a report.

    [dim]$ macaronic mix choose package:django --languages de,es,hi,ja,ru,sw,tr,zh
    $ macaronic mix choose hi=hindi.txt en=english.txt --target chat.txt --cap en=0.6[/dim]
    """
    from macaronic.core.executor import executor
    from macaronic.core.files import fingerprint
    from macaronic.mix import choose as choices
    from macaronic.mix import plan as plans
    from macaronic.mix import texts as prepared

    read = given.texts(sources, target, languages=languages, unit=unit, held_out=held_out, seed=seed, quiet=quiet)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / plans.TEXTS
    prepared.save(read, path)
    symbols = budget or sum(len(part.symbols) for part in read.train.values()) // 2
    settings: dict[str, str | int | float] = {"budget": symbols}
    settings |= {"order": order} if proxy == "ngram" else {}
    runner = plans.PROXIES[proxy](path=str(path.resolve()), fingerprint=fingerprint(path), **settings)
    with progress("choosing", quiet=quiet) as advance:
        found = choices.choose(
            read,
            runner,
            budget=symbols,
            kept=(folder / plans.KEPT).resolve(),
            engine=executor(engine, workers=workers),
            proxies=proxies,
            caps=given.shares(cap, "--cap"),
            floors=given.shares(floor, "--floor"),
            max_epochs=max_epochs,
            checks=checks,
            seed=seed,
            say=lambda stage, done, total: advance(done, total, f"{stage} {done}/{total}"),
        )
    asked = [*(sources or ()), *(f"--target {t}" for t in target or ()), *(["-l", languages] if languages else [])]
    told = {"proxy": proxy, "proxies": proxies, "unit": unit, **settings, "max epochs": max_epochs, "seed": seed}
    _write(folder, found, told, f"macaronic mix choose {' '.join(asked)} --seed {seed}")
    _tell(folder, found, json=json, quiet=quiet)


def _write(folder: Path, found: Choice, settings: dict[str, str | int | float], command: str) -> None:
    from json import dumps

    from macaronic.core.files import write_text
    from macaronic.mix import fitted, runs
    from macaronic.mix import plan as plans
    from macaronic.mix.choice_page import page
    from macaronic.report.mix_report import render

    runs.write(found.runs, folder / plans.MIXTURES, folder / plans.LOSSES)
    fitted.save(found.fit, folder / "fit.json")
    write_text(folder / "mixture.json", dumps(as_json(found), ensure_ascii=False, indent=1) + "\n")
    write_text(folder / "report.html", render(page(found, settings, command)))


def as_json(found: Choice) -> dict[str, object]:
    """The answer as JSON values."""
    checks = {c.name: {"loss": c.loss, "behind": c.behind, "low": c.low, "high": c.high} for c in found.checks}
    return {**found.optimum.asdict(), "epochs": dict(found.epochs), "caps": dict(found.caps), "checks": checks}


def _tell(folder: Path, found: Choice, *, json: bool, quiet: bool) -> None:
    from macaronic.mix.choice_page import verdict
    from macaronic.report.table import write_table

    if json:
        emit({"out": str(folder), **as_json(found)})
        return
    ends = found.optimum.intervals or {}
    rows = [
        (name, share, *ends.get(name, (None, None)), found.natural.weights[name], found.epochs[name])
        for name, share in found.optimum.mixture.weights.items()
    ]
    write_table(("source", "share", "low", "high", "of all text", "epochs"), rows, file=sys.stdout)
    print(verdict(found))
    print(f"report  {folder / 'report.html'}\nmixture {folder / 'mixture.json'}")
    for line in found.notes:
        note(f"note: {line}", quiet=quiet)
