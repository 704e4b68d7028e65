"""`macaronic annotate suggest`: translations and spellings proposed by a language model."""

from __future__ import annotations

from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.annotate import given
from macaronic.cli.show import emit, note, progress


def suggest(
    project: given.Project,
    lm: Annotated[str, typer.Option("--lm", help="openai:MODEL, local:FOLDER or scripted:FILE.")],
    layers: Annotated[str, typer.Option("--layers", help="translation, norm, or both with a comma.")] = "translation",
    to: Annotated[str, typer.Option("--to", help="The language of the translations.")] = "en",
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="So many calls at most.")] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Propose what is still empty; people put it right. The same command goes on after an interruption.

    [dim]$ macaronic annotate suggest chat.annotate --lm openai:MODEL --layers translation,norm --to en[/dim]
    """
    from macaronic.annotate.store import Store
    from macaronic.annotate.suggest import suggest as propose
    from macaronic.lm.named import lm_named

    names = tuple(name for name in layers.replace(" ", "").split(",") if name)
    with Store(project, write=True) as store, progress("asking", quiet=quiet or json) as say:
        done = propose(store, names, lm_named(lm), target=to, limit=limit, say=say)
    if json:
        emit({"made": done.made, "had": done.had, "failed": done.failed, "opened": done.opened, "first": done.first})
    else:
        print(f"{done.made:,} proposed, {done.had:,} had one or were finished, {done.failed:,} without a usable answer")
        if done.opened:
            note(f"{done.opened:,} more are open before people, and stay as these see them", quiet=quiet)
        if done.first:
            note(f"the first of these: {done.first}", quiet=quiet)
    if done.failed:
        raise typer.Exit(4 if done.made else 1)
