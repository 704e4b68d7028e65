"""`macaronic data ls` and `macaronic data get`: the data sets that cards, benchmarks and checks read."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_reading

app = typer.Typer(
    help="The data sets that checks need: where from, which licence, how to get them.", no_args_is_help=True
)

Folder = Annotated[
    str | None, typer.Option("--data", help="The folder that holds data sets; MACARONIC_DATA when left out.")
]


@app.command("ls")
def list_sets(data: Folder = None, json: options.Json = False) -> None:
    """List the data sets: whether each is here, its size, licence and source.

    [dim]$ macaronic data ls --json[/dim]
    """
    from macaronic.curate.datasets import datasets, fetchable, present, size
    from macaronic.report.table import write_table

    known = list(datasets().values())
    if json:
        emit([{**asdict(d), "size": size(d), "here": present(d.name, data), "fetchable": fetchable(d)} for d in known])
        return
    rows = []
    for d in known:
        state = "here" if present(d.name, data) else "can be fetched" if fetchable(d) else "from its source"
        rows.append((d.name, state, f"{size(d) / 1e6:.1f} MB", d.licence, d.about, d.source))
    write_table(("name", "state", "size", "licence", "about", "source"), rows, file=sys.stdout)


@app.command("get")
def get_set(
    name: Annotated[str, typer.Argument(help="A data set that `macaronic data ls` lists.")],
    data: Folder = None,
    quiet: options.Quiet = False,
) -> None:
    """Fetch a data set from its source and check every file's SHA-256; what is here and right is not fetched again.

    [dim]$ macaronic data get codemix-tr-de-sagt[/dim]
    """
    from macaronic.curate.datasets import dataset, get

    wanted = dataset(name)
    note(f"{name}: {wanted.licence}; from {wanted.source}", quiet=quiet)
    place = get(name, data, advance=lambda what: note(what, quiet=quiet))
    print(place)


@app.command("collect")
def collect_mixed(
    files: Annotated[list[str], typer.Argument(help="Text to look through: files, folders, globs, or -.")],
    out: Annotated[str, typer.Option("--out", "-o", help="The JSONL file of the sentences that are kept.")],
    cmi: Annotated[float, typer.Option("--cmi", min=0, max=100, help="Least code-mixing index.")] = 10.0,
    min_words: Annotated[int, typer.Option("--min-words", min=1, help="Fewest words with a language.")] = 3,
    min_confidence: Annotated[
        float, typer.Option("--min-confidence", min=0, max=1, help="Least mean confidence.")
    ] = 0.0,
    most: Annotated[int | None, typer.Option("--most", min=1, help="Stop when this many are kept.")] = None,
    languages: options.Languages = None,
    model: options.Model = None,
    format: options.Format = None,
    text_key: options.TextKey = "text",
    encoding: options.Encoding = None,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Keep the sentences of a stream that mix languages; interrupted, it goes on where it stood.

    [dim]$ macaronic data collect crawl/*.txt --languages hi,en --cmi 20 --out mixed.jsonl[/dim]
    """
    from macaronic.identify.collect import Wanted, collect
    from macaronic.identify.named import tagger_named
    from macaronic.text import formats

    source = formats.read(files, format=format, text_key=text_key, encoding=encoding, strict=strict)
    wanted = Wanted(tuple(options.tags(languages) or ()), cmi, min_words, min_confidence)
    done = collect(source, tagger_named(model), out=out, wanted=wanted, most=most)
    if json:
        emit({"out": out, **asdict(done)})
    else:
        dropped = ", ".join(f"{count:,} {reason}" for reason, count in done.dropped.items()) or "none"
        print(f"read {done.read:,} sentences, kept {done.kept:,} in {out}; dropped: {dropped}")
    note_reading(source, quiet=quiet)
