"""`macaronic mix`: how much of each source, by evidence: a sub-command a step, and one that does them all."""

from __future__ import annotations

import typer

from macaronic.cli.mix import bench, choose, explain, fit, minimise, pick, propose, sample, scale, sweep

app = typer.Typer(
    help="Choose how much of each language or domain to train on, by evidence.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.command("choose")(choose.choose)
app.command("minimise")(minimise.minimise)
app.command("propose")(propose.propose)
app.command("sweep")(sweep.sweep)
app.command("fit")(fit.fit)
app.command("scale")(scale.scale)
app.command("pick")(pick.pick)
app.command("bench")(bench.bench)
app.command("explain")(explain.explain)
app.command("sample")(sample.sample)
