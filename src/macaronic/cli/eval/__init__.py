"""`macaronic eval`: score files of outputs, run models, compare them."""

from __future__ import annotations

import typer

from macaronic.cli.eval import check, compare, ls, mixed, run, sandbox, score

app = typer.Typer(
    help="Score a model's outputs: its language, mixed prompts, instructions; compare two models.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.command("ls")(ls.ls)
app.command("score")(score.score)
app.command("run")(run.run)
app.command("mixed")(mixed.mixed)
app.command("check")(check.check)
app.command("compare")(compare.compare)
app.command("sandbox")(sandbox.sandbox)
