"""The recipes that come with the package."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from macaronic.core.errors import UnknownName
from macaronic.train import recipe as recipes
from macaronic.train.recipe import Recipe


def names() -> list[str]:
    """What they are called.

    >>> "causal-tiny" in names()
    True
    """
    return sorted(p.name.removesuffix(".toml") for p in _place().iterdir() if p.name.endswith(".toml"))


def about(name: str) -> str:
    """The comment on a recipe's first line."""
    return (_place() / f"{name}.toml").read_text("utf-8").splitlines()[0].lstrip("# ")


def find(name: str) -> Recipe:
    """A recipe by its name, or of a TOML file.

    Raises:
        UnknownName: neither.

    >>> find("causal-tiny").model
    '0.3m'
    """
    if name in names():
        return recipes.parse((_place() / f"{name}.toml").read_text("utf-8"), f"{name}.toml")
    if name.endswith(".toml") or Path(name).is_file():
        return recipes.load(name)
    raise UnknownName("recipe", name, names())


def _place() -> Traversable:
    return files("macaronic.train") / "recipes"
