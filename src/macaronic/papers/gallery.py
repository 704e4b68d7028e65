"""All cards, found by looking at the modules of this package: no registry, no list to keep."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from types import ModuleType

import numpy as np

import macaronic.papers
from macaronic.core.errors import UnknownName
from macaronic.papers.match import speaks
from macaronic.papers.paper import Check, Paper, Scale

CARD = re.compile(r"s\d{3}_\w+")


def modules() -> list[ModuleType]:
    """The card modules, in the order of their ids."""
    names = sorted(m.name for m in pkgutil.iter_modules(macaronic.papers.__path__) if CARD.fullmatch(m.name))
    return [importlib.import_module(f"macaronic.papers.{name}") for name in names]


def papers() -> list[Paper]:
    """The cards, in the order of their ids.

    >>> [p.id for p in papers()] == sorted(p.id for p in papers())
    True
    """
    return [module.PAPER for module in modules()]


def find(name: str) -> tuple[Paper, Callable[[Scale, np.random.Generator], list[Check]]]:
    """The card with that id or slug, and its reproduction.

    Raises:
        UnknownName: no such paper; suggests the nearest.
    """
    for module in modules():
        paper: Paper = module.PAPER
        if name.lower() in (paper.id.lower(), paper.slug):
            return paper, module.reproduce
    raise UnknownName("paper", name, [n for p in papers() for n in (p.id, p.slug)])


def resolve(dotted: str) -> object:
    """The part of macaronic that a dotted name means.

    Raises:
        UnknownName: there is no such module or name.

    >>> resolve("core.result.Result").__name__
    'Result'
    """
    parts = ["macaronic", *dotted.split(".")]
    for cut in range(len(parts), 0, -1):
        name = ".".join(parts[:cut])
        try:
            found: object = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name and not name.startswith(error.name):
                raise
            continue
        for step in parts[cut:]:
            if not hasattr(found, step):
                raise UnknownName(f"name in {name}", step, dir(found))
            found = getattr(found, step)
        return found
    raise UnknownName("module", dotted, ())


def search(task: str | None = None, language: str | None = None, kind: str | None = None) -> list[Paper]:
    """The cards about a task, a language, of a kind; each condition may be left out.

    Raises:
        UnknownName: no such language tag.
    """
    return [
        p
        for p in papers()
        if (task is None or task.lower() in p.tasks)
        and (language is None or speaks(p.languages, language))
        and (kind is None or p.kind == kind)
    ]
