"""What the verbs of `macaronic annotate` take and say alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli.show import note_problems

if TYPE_CHECKING:
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


@contextmanager
def opened(project: str) -> Iterator[tuple[Store, Accounts]]:
    """A project for writing, and its accounts."""
    from macaronic.annotate.store import Store
    from macaronic.annotate.web.accounts import Accounts

    with Store(project, write=True) as store, Accounts(store.path) as accounts:
        yield store, accounts


def note_rows(problems: Problems, notes: tuple[str, ...], *, quiet: bool, shown: int = 5) -> None:
    """Say what was guessed and what could not be read; of that, so many rows are shown."""
    from macaronic.cli.show import note

    for text in notes:
        note(f"note: {text}", quiet=quiet)
    note_problems(problems, quiet=quiet, shown=shown)
