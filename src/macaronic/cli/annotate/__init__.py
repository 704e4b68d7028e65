"""`macaronic annotate`: people label mixed text, are compared, and their work is written in any format."""

from __future__ import annotations

import typer

from macaronic.cli.annotate import agree, backup, export, new, status, take

app = typer.Typer(
    help="Label mixed text with people: projects, agreement, export, backups.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.command("new")(new.new)
app.command("take")(take.take)
app.command("status")(status.status)
app.command("agree")(agree.agree)
app.command("export")(export.export)
app.command("backup")(backup.backup)
