"""What the verbs of `macaronic annotate` take and say alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli.show import note_problems

if TYPE_CHECKING:
    from macaronic.annotate.layers import Layer
    from macaronic.annotate.settings import Settings
    from macaronic.core.problems import Problems

Project = Annotated[str, typer.Argument(help="The project file (.annotate), or a folder that holds one.")]


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


def note_rows(problems: Problems, notes: tuple[str, ...], *, quiet: bool, shown: int = 5) -> None:
    """Say what was guessed and what could not be read; of that, so many rows are shown."""
    from macaronic.cli.show import note

    for text in notes:
        note(f"note: {text}", quiet=quiet)
    note_problems(problems, quiet=quiet, shown=shown)
