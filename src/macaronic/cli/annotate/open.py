"""`macaronic annotate FILE`: label a file at once, with nothing set up before."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.annotate import given
from macaronic.cli.annotate.serve import Browser, Learn, Lm, Port, Who, run
from macaronic.cli.show import note


def open_file(
    file: Annotated[str, typer.Argument(help="What to label; the project lies beside it, or is the file itself.")],
    labels: given.Labels = "languages",
    languages: options.Languages = None,
    port: Port = 8765,
    learn: Learn = True,
    lm: Lm = None,
    who: Who = None,
    browser: Browser = True,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Label a file: makes `FILE.annotate` beside it, or goes on with it, and opens the page.

    [dim]$ macaronic annotate tweets.txt
    $ macaronic annotate tweets.txt --languages hi,en --labels languages,pos[/dim]
    """
    from macaronic.annotate.database import ENDING
    from macaronic.annotate.project import Asked, new
    from macaronic.annotate.web.serve import Serving
    from macaronic.core.errors import InputError
    from macaronic.lm.named import lm_named

    project = Path(file) if file.endswith(ENDING) or Path(file).is_dir() else Path(file).with_suffix(ENDING)
    if not project.exists():
        if not Path(file).is_file():
            raise InputError(f"no file {file}, and annotate has no verb of that name.\nSee macaronic annotate --help.")
        tags = options.tags(languages)
        made = new(project, Asked([file], labels=labels, languages=tuple(tags) if tags is not None else None))
        note(f"{project}: {made.items:,} texts, languages {', '.join(made.settings.languages)}", quiet=quiet or json)
        given.note_rows(made.problems, made.notes, quiet=quiet)
    elif languages or labels != "languages":
        note(f"note: {project} is there already; --languages and --labels are for a new one", quiet=quiet)
    run(Serving(str(project), port=port, learns=learn, lm=lm_named(lm) if lm else None, who=who), browser, json, quiet)
