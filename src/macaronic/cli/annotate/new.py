"""`macaronic annotate new`: a project out of files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.annotate import given
from macaronic.cli.show import emit, note


def new(
    project: Annotated[str, typer.Argument(help="The project file to make; .annotate is added.")],
    files: Annotated[
        list[str],
        typer.Argument(
            help="What to label: any format that macaronic reads, or an export of Label Studio or COMMENTATOR."
        ),
    ],
    labels: given.Labels = "languages",
    languages: options.Languages = None,
    overlap: Annotated[int, typer.Option("--overlap", min=1, help="How many people label each item.")] = 1,
    prefill: Annotated[
        bool, typer.Option("--prefill/--no-prefill", help="Propose a language for every word of files without.")
    ] = True,
    model: options.Model = None,
    warmup: Annotated[
        str | None, typer.Option("--warmup", help="A file with right labels; everybody does its first ten items first.")
    ] = None,
    guidelines: Annotated[
        str | None, typer.Option("--guidelines", help="A Markdown file for the people who label.")
    ] = None,
    plant: Annotated[
        float,
        typer.Option("--plant", min=0.0, max=0.5, help="Share of proposals made wrong on purpose; people are told."),
    ] = 0.0,
    template: Annotated[
        str | None,
        typer.Option("--template", help="re-enactment: the file is a manifest of pairs of utterances with sound."),
    ] = None,
    seed: options.Seed = 0,
    format: options.Format = None,
    text_key: options.TextKey = "text",
    encoding: options.Encoding = None,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Make a project: every word with its language proposed, ready to be put right.

    [dim]$ macaronic annotate new chat tweets.txt --languages hi,en --overlap 2
    $ macaronic annotate new chat tagged.conllu --labels languages,pos
    $ macaronic annotate new old export.json   # of Label Studio, with what its people did
    $ macaronic annotate new pairs manifest.csv --template re-enactment[/dim]
    """
    from macaronic.annotate import project as projects

    path = given.project_path(project)
    tags = options.tags(languages)
    asked = projects.Asked(
        files,
        labels=labels,
        languages=tuple(tags) if tags is not None else None,
        overlap=overlap,
        format=format,
        text_key=text_key,
        encoding=encoding,
        prefill=prefill,
        model=model,
        warmup=warmup,
        guidelines=_text(guidelines),
        strict=strict,
        plant=plant,
        seed=seed,
        template=template,
    )
    made = projects.new(path, asked)
    layers = {layer.name: list(layer.labels) for layer in made.settings.layers}
    if json:
        emit(
            {
                "project": str(path),
                "items": made.items,
                "warmup": made.warmup,
                "languages": list(made.settings.languages),
                "layers": layers,
                "people": list(made.people),
                "problems": made.problems.asdict(),
            }
        )
    else:
        people = f", work of {len(made.people)} people" if made.people else ""
        print(f"{path}: {made.items:,} items{f', {made.warmup} to warm up' if made.warmup else ''}{people}")
        for name, known in layers.items():
            print(f"  {name}: {', '.join(known) or 'free text'}")
    note(f"next: macaronic annotate serve {path}", quiet=quiet or json)
    shown = made.problems.count if template is not None else 5
    given.note_rows(made.problems, made.notes, quiet=quiet, shown=shown)


def _text(path: str | None) -> str:
    from macaronic.core.errors import InputError

    if path is None:
        return ""
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path} as UTF-8 text: {error}.") from error
