"""`macaronic annotate backup`: a checked copy while people work."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.annotate import given
from macaronic.cli.show import emit


def backup(
    project: given.Project,
    target: Annotated[str, typer.Argument(help="The file to write (it must not be there), or a folder.")],
    json: options.Json = False,
) -> None:
    """Copy a project to one file that stands alone, and check the copy; people may go on working.

    [dim]$ macaronic annotate backup chat.annotate backups/monday.annotate[/dim]
    """
    from macaronic.annotate.backup import backup

    done = backup(project, target)
    if json:
        emit(asdict(done))
    else:
        print(f"{done.path}: {done.events:,} events, {done.bytes:,} bytes, checked; sha256 {done.sha256}")
