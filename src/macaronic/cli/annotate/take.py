"""`macaronic annotate take`: what somebody labelled in a file of their own, as their work."""

from __future__ import annotations

from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.annotate import given
from macaronic.cli.show import emit, note_problems


def take(
    project: given.Project,
    file: Annotated[
        str, typer.Argument(help="A file with labels, such as one of `annotate export --proposed`, put right.")
    ],
    who: Annotated[str, typer.Option("--who", help="Whose work it is; a new name is let in.")],
    role: Annotated[str, typer.Option("--role", help="annotator, or adjudicator for who decides.")] = "annotator",
    format: options.Format = None,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Take in labels that somebody made elsewhere: every difference becomes an event of theirs, and nothing is lost.

    [dim]$ macaronic annotate export chat.annotate -o asha.conllu --proposed
    $ macaronic annotate take chat.annotate asha.conllu --who asha[/dim]
    """
    from macaronic.annotate.taken import take
    from macaronic.core.problems import Problems

    problems = Problems(strict)
    done = take(project, file, who, role=role, format=format, problems=problems)
    if json:
        emit({"who": who, "items": done.items, "events": done.events, "same": done.same, "problems": problems.asdict()})
    else:
        print(f"{who}: {done.items:,} items taken in ({done.events:,} events), {done.same:,} as they were before")
    note_problems(problems, quiet=quiet)
