"""`macaronic annotate`: people label mixed text, are compared, and their work is written in any format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from macaronic.cli.annotate import agree, backup, card, export, new, open, serve, status, suggest, take, users

FILE = "file"


class _Verbs(TyperGroup):
    """The verbs; what is none of them is a file to label."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands and _is_file(args[0]):
            args = [FILE, *args]
        return super().resolve_command(ctx, args)


def _is_file(word: str) -> bool:
    """Whether a word is meant as a file: there is one, or it looks like one's name."""
    return not word.startswith("-") and ("." in word or "/" in word or Path(word).exists())


app = typer.Typer(
    cls=_Verbs,
    help="Label mixed text with people. [bold]macaronic annotate FILE[/bold] opens the page on a file at once; "
    "the verbs do it in steps, for many people.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.command(FILE)(open.open_file)
app.command("new")(new.new)
app.command("serve")(serve.serve)
app.add_typer(users.app, name="users")
app.command("take")(take.take)
app.command("suggest")(suggest.suggest)
app.command("status")(status.status)
app.command("agree")(agree.agree)
app.command("export")(export.export)
app.command("card")(card.card)
app.command("backup")(backup.backup)
