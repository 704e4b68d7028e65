"""`macaronic train ls`, `show`, `copy`: the recipes that come with the package, and the presets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit


def ls(json: options.Json = False) -> None:
    """Recipes that come with the package, and presets with their parameters at a vocabulary of 1028.

    [dim]$ macaronic train ls[/dim]
    """
    from macaronic.report.table import write_table
    from macaronic.train import presets, shelf

    recipes = [(name, shelf.about(name)) for name in shelf.names()]
    tasks = {"causal": "decoder", "seq2seq": "encoder-decoder", "mlm": "encoder"}
    sizes = [(name, kind, presets.parameters(name, task)) for name in presets.SIZES for task, kind in tasks.items()] + [
        (name, "decoder of macaronic.nn", presets.parameters(name)) for name in presets.TINY
    ]
    if json:
        emit({
            "recipes": [{"name": n, "about": a} for n, a in recipes],
            "presets": [{"name": n, "kind": k, "parameters": p} for n, k, p in sizes],
        })  # fmt: skip
        return
    write_table(("recipe", "what it does"), recipes, file=sys.stdout)
    write_table(("preset", "kind", "parameters"), sizes, file=sys.stdout)


def show(recipe: Annotated[str, typer.Argument(help="A recipe's name, or a TOML file.")]) -> None:
    """A recipe with all its settings and what they mean.

    [dim]$ macaronic train show causal-tiny[/dim]
    """
    from macaronic.train import recipe as recipes
    from macaronic.train import shelf

    sys.stdout.write(recipes.dump(shelf.find(recipe)))


def copy(
    recipe: Annotated[str, typer.Argument(help="A recipe's name, or a TOML file.")],
    to: Annotated[str, typer.Argument(help="The file to write.")],
) -> None:
    """Copy a recipe to a file, to change it.

    [dim]$ macaronic train copy causal-tiny my.toml[/dim]
    """
    from macaronic.core.errors import UsageError
    from macaronic.core.files import write_text
    from macaronic.train import recipe as recipes
    from macaronic.train import shelf

    if Path(to).exists():
        raise UsageError(f"{to} is there already; name a file that is not.")
    write_text(to, recipes.dump(shelf.find(recipe)))
    print(f"recipe {to}")
    print(f"run it: macaronic train run {to} --data FILE --out FOLDER")
