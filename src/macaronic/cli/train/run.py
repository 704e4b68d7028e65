"""`macaronic train run`: train by a recipe; each field of `Recipe` is an option, with the help its docstring gives."""

from __future__ import annotations

import dataclasses
import inspect
import os
import sys
import typing
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, progress
from macaronic.train.recipe import Recipe, meanings


def _kind(told: Any) -> Any:
    """What the command line takes for a field's type: words where it is more than a number or a switch."""
    while typing.get_origin(told) is Annotated:
        told = typing.get_args(told)[0]
    origin = typing.get_origin(told)
    if origin in (tuple, dict):
        return list[str]
    return told if told in (int, float, bool) else str


def _parameters() -> list[inspect.Parameter]:
    """An option a field, empty until it is given."""
    types, said = typing.get_type_hints(Recipe, include_extras=True), meanings()
    made = []
    for field in dataclasses.fields(Recipe):
        kind, flag = _kind(types[field.name]), "--" + field.name.replace("_", "-")
        flags = f"{flag}/--no-{flag[2:]}" if kind is bool else flag
        option = typer.Option(flags, help=said[field.name], show_default=False)
        made.append(_keyword(field.name, Annotated[kind | None, option], None))
    return made


def _keyword(name: str, told: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=told)


def values(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a recipe out of what was given on the command line.

    Raises:
        UsageError: shares that are not NAME=WEIGHT.

    >>> values({"steps": 5, "shares": ["hi=2"], "tokenizer": "512", "rate": None})
    {'steps': 5, 'shares': {'hi': 2.0}, 'tokenizer': 512}
    """
    found = {name: value for name, value in given.items() if value not in (None, [])}
    if "shares" in found:
        found["shares"] = dict(_share(word) for word in found["shares"])
    for name, number in (("tokenizer", int), ("validation", float)):
        if name in found:
            found[name] = _number(found[name], number)
    return found


def _number(word: str, number: type) -> Any:
    try:
        return number(word)
    except ValueError:
        return word


def _share(word: str) -> tuple[str, float]:
    from macaronic.core.errors import UsageError

    name, _, weight = word.partition("=")
    try:
        return name, float(weight)
    except ValueError:
        raise UsageError(f"expected --shares NAME=WEIGHT, such as --shares hi=2; got {word!r}") from None


def _run(recipe: str, out: str, json: bool, quiet: bool, **given: Any) -> None:
    """Train by a recipe; a run that was killed goes on when the same command is given again.

    [dim]$ macaronic train run causal-tiny --data text.txt --out model
    $ macaronic train run model/recipe.toml --out again
    $ torchrun --nproc-per-node 2 -m macaronic train run causal-tiny --data text.txt --out model[/dim]
    """
    from macaronic.train import shelf
    from macaronic.train.run import changed, train

    asked = changed(shelf.find(recipe), values(given))
    with progress("train", quiet=quiet) as advance:
        result = train(
            asked,
            out=out,
            say=lambda step, steps, loss: advance(step, steps, f"loss {loss:.3f}"),
            note=lambda text: note(f"note: {text}", quiet=quiet),
        )
    if os.environ.get("RANK", "0") != "0":
        return
    if json:
        emit(result.asdict())
        return
    from macaronic.report.table import write_table
    from macaronic.train.papers import facts

    write_table(("what", "value"), facts(result), file=sys.stdout)
    for line in result.problems["first"][:3]:
        note(f"left out: {line}", quiet=quiet)
    print(f"model  {out}\nreport {out}/report.html")
    print(f"use it: from macaronic.train.trained import load; model, tokenizer = load({out!r})")


def _command(**given: Any) -> None:
    _run(**given)


_NEEDED = inspect.Parameter.empty
_command.__doc__ = _run.__doc__
_command.__signature__ = inspect.Signature([  # type: ignore[attr-defined]
    _keyword("recipe", Annotated[str, typer.Argument(help="A recipe's name (see ls), or a TOML file.")], _NEEDED),
    _keyword("out", Annotated[str, typer.Option("--out", "-o", help="The folder for the model.")], _NEEDED),
    *_parameters(),
    _keyword("json", options.Json, False),
    _keyword("quiet", options.Quiet, False),
])  # fmt: skip
run = _command
"""What typer calls: the options are the fields of `Recipe`."""
