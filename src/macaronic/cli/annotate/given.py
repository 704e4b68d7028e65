"""What the verbs of `macaronic annotate` take and say alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli.show import note_problems

if TYPE_CHECKING:
    from macaronic.annotate.layers import Layer
    from macaronic.annotate.settings import Settings
    from macaronic.annotate.store import Store
    from macaronic.annotate.web.accounts import Accounts
    from macaronic.core.problems import Problems

Project = Annotated[str, typer.Argument(help="The project file (.annotate), or a folder that holds one.")]
Labels = Annotated[
    str,
    typer.Option(
        "--labels",
        help="languages, pos, ner, norm, translation, sentiment (several with commas), or a .toml file.",
    ),
]


def project_path(project: str) -> Path:
    """Where a new project shall lie: `.annotate` is added to a name without an ending.

    >>> project_path("chat").name
    'chat.annotate'
    """
    from macaronic.annotate.database import ENDING

    path = Path(project)
    return path if path.suffix else path.with_name(path.name + ENDING)


def layer_named(settings: Settings, name: str | None) -> Layer:
    """The layer of a name; the first one when none is given.

    Raises:
        UnknownName: the project has none of that name.
    """
    from macaronic.core.errors import UnknownName

    if name is None:
        return settings.layers[0]
    if name not in settings.by_name:
        raise UnknownName("layer", name, settings.by_name)
    return settings.by_name[name]


@contextmanager
def opened(project: str) -> Iterator[tuple[Store, Accounts]]:
    """A project for writing, and its accounts."""
    from macaronic.annotate.store import Store
    from macaronic.annotate.web.accounts import Accounts

    with Store(project, write=True) as store, Accounts(store.path) as accounts:
        yield store, accounts


def role_of(store: Store, name: str) -> str:
    """The role of a person.

    Raises:
        UnknownName: the project has nobody of that name.
    """
    from macaronic.core.errors import UnknownName

    people = store.people()
    if name not in people:
        raise UnknownName("person", name, people)
    return people[name]


def note_rows(problems: Problems, notes: tuple[str, ...], *, quiet: bool, shown: int = 5) -> None:
    """Say what was guessed and what could not be read; of that, so many rows are shown."""
    from macaronic.cli.show import note

    for text in notes:
        note(f"note: {text}", quiet=quiet)
    note_problems(problems, quiet=quiet, shown=shown)
