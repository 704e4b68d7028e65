"""`macaronic mix minimise`: what a target is made of, by one n-gram model a source (MixMin)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from macaronic.cli import options
from macaronic.cli.mix import given
from macaronic.cli.show import emit, note

if TYPE_CHECKING:
    from macaronic.mix.mixmin import Minimum


def minimise(
    sources: given.Sources = None,
    target: given.Targets = None,
    languages: options.Languages = None,
    unit: given.Units = "characters",
    order: given.Order = 5,
    per: Annotated[
        Literal["document", "word"], typer.Option("--per", help="Weigh whole documents, or word by word.")
    ] = "document",
    held_out: given.HeldOut = 0.2,
    cap: given.Caps = None,
    floor: given.Floors = None,
    samples: Annotated[int, typer.Option("--samples", min=0, help="Bootstrap resamples for the intervals.")] = 200,
    report: given.Report = None,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """The shares of the sources that predict a target best: one n-gram model a source, then convex optimisation.

    The answer comes with a proven gap to the best possible one and with bootstrap intervals over documents.

    [dim]$ macaronic mix minimise en=english.txt hi=hindi.txt --target chat.txt --per word
    $ macaronic mix minimise package:django --languages es,pt,ca --target gl=galician.txt[/dim]
    """
    import numpy as np

    from macaronic.mix import mixmin
    from macaronic.mix.limits import limits
    from macaronic.mix.scored import score

    read = given.texts(sources, target, languages=languages, unit=unit, held_out=held_out, seed=seed, quiet=quiet)
    caps, floors = given.shares(cap, "--cap"), given.shares(floor, "--floor")
    allowed = limits(read.names, caps=caps, floors=floors)
    scored = score(read, order=order, per=per, seed=seed)
    found = mixmin.minimise(
        read.names,
        scored.log_chances,
        scored.lengths,
        groups=scored.document,
        weights=scored.even,
        allowed=allowed,
        samples=samples,
        rng=np.random.default_rng(seed),
    )
    documents = int(scored.document.max()) + 1
    if documents < 30:
        note(f"note: only {documents} documents to judge on; the intervals are rough", quiet=quiet)
    _tell(found, documents, json=json)
    if report:
        settings: dict[str, object] = {"unit": unit, "order": order, "per": per, "held out": held_out, "seed": seed}
        _write(report, found, read.names, settings, documents)


def _tell(found: Minimum, documents: int, *, json: bool) -> None:
    from macaronic.report.table import write_table

    weights = found.mixture.weights
    if json:
        intervals = {name: [found.low[name], found.high[name]] for name in found.low}
        told = {"mixture": dict(weights), "intervals": intervals, "loss": found.loss, "gap": found.gap}
        emit({**told, "documents": documents})
        return
    rows = [(name, share, found.low.get(name), found.high.get(name)) for name, share in weights.items()]
    write_table(("source", "share", "low", "high"), rows, file=sys.stdout)
    print(
        f"loss {found.loss:.4f} nats a symbol on {documents} documents; at most {found.gap:.1g} above the best possible"
    )


def _write(path: str, found: Minimum, names: tuple[str, ...], settings: dict[str, object], documents: int) -> None:
    from macaronic.core.files import write_text
    from macaronic.report.mix_report import MixReport, Share, render

    shares = tuple(
        Share(name, found.mixture.weights[name], low=found.low.get(name), high=found.high.get(name)) for name in names
    )
    page = MixReport(
        "How much of each source the target is made of",
        shares=shares,
        summary=(
            f"Loss {found.loss:.4f} nats a symbol on {documents} held-out documents; proven to be at most "
            f"{found.gap:.1g} above the best possible mixture of these models."
        ),
        settings=tuple((name, str(value)) for name, value in settings.items()),
        command="macaronic mix minimise",
    )
    write_text(path, render(page))
