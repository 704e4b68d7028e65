"""`macaronic train`: taggers, language identifiers, and models by recipes."""

from __future__ import annotations

import typer

from macaronic.cli.train import run, sentence_lid, shelf, tagger

app = typer.Typer(
    help="Train a tagger, a sentence-level language identifier, or a language model by a recipe.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.command("tagger")(tagger.tagger)
app.command("sentence-lid")(sentence_lid.sentence_lid)
app.command("ls")(shelf.ls)
app.command("show")(shelf.show)
app.command("copy")(shelf.copy)
app.command("run")(run.run)
