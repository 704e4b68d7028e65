"""`macaronic extract`: labels of a text together with the entities, relations and events in it."""

from __future__ import annotations

import typer

from macaronic.cli.extract import ablate, build, predict, score, train, translate

app = typer.Typer(
    help="Take labels, entities, relations and events out of text.", no_args_is_help=True, rich_markup_mode="rich"
)
app.command("build")(build.build)
app.command("made")(build.made)
app.command("train")(train.train)
app.command("predict")(predict.predict)
app.command("score")(score.score)
app.command("ablate")(ablate.ablate)
app.command("translate")(translate.translate)
app.command("correct")(translate.correct)
