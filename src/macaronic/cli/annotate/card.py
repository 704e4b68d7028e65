"""`macaronic annotate card`: a data card of the project."""

from __future__ import annotations

from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.annotate import given


def card(
    project: given.Project,
    out: Annotated[str | None, typer.Option("--out", "-o", help="The file to write; printed when left out.")] = None,
    licence: Annotated[str, typer.Option("--licence", help="Of the labels.")] = "not stated",
    seed: options.Seed = 0,
) -> None:
    """Write what was labelled, by whom (pseudonyms), how, and how far people agree, as Markdown for a dataset hub.

    [dim]$ macaronic annotate card chat.annotate -o README.md --licence cc-by-4.0[/dim]
    """
    from macaronic.annotate.project_card import project_card
    from macaronic.annotate.store import Store
    from macaronic.core.files import write_text

    with Store(project) as store:
        text = project_card(store, licence=licence, seed=seed)
    if out is None:
        print(text, end="")
        return
    write_text(out, text)
    print(f"wrote {out}")
