"""`macaronic train tagger`: teach it word languages, from tagged sentences or from raw text alone."""

from __future__ import annotations

from typing import Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit
from macaronic.cli.train.learned import Licence, Out, document, show


def tagger(
    out: Out,
    files: Annotated[list[str] | None, typer.Argument(help="Tagged sentences, in any tagged format.")] = None,
    mono: Annotated[
        list[str] | None, typer.Option("--mono", metavar="TAG=FILE", help="Raw text of one language; twice or more.")
    ] = None,
    test: Annotated[str | None, typer.Option("--test", help="Tagged sentences to judge on.")] = None,
    folds: Annotated[int, typer.Option("--folds", min=0, help="Judge by cross-validation.")] = 0,
    group: Annotated[
        str | None, typer.Option("--group", help="A label or field that no two folds share, such as author.")
    ] = None,
    layer: Annotated[
        str | None, typer.Option("--layer", help="The token layer to learn; lang when it is there.")
    ] = None,
    map: Annotated[str | None, typer.Option("--map", help="What labels mean: K=rw,F=fr, or a scheme's name.")] = None,
    format: options.Format = None,
    licence: Licence = "",
    seed: options.Seed = 1,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Train a word tagger: from tagged sentences, or from raw text of each language without any tags.

    [dim]$ macaronic train tagger tagged.conllu --folds 5 --group author --out rw-fr
    $ macaronic train tagger --mono rw=kinyarwanda.txt --mono fr=french.txt --out rw-fr
    $ macaronic identify chat.txt --model rw-fr[/dim]
    """
    from macaronic.identify.training import train

    report = train(
        files or None,
        out=out,
        test=test,
        fold_count=folds,
        group=group,
        layer=layer,
        label_map=options.mapping(map),
        mono_texts=_texts(mono) if mono else None,
        format=format,
        strict=strict,
        licence=licence,
        seed=seed,
    )
    document(report, licence)
    if json:
        emit(report.asdict())
        return
    show(report, quiet)


def _texts(mono: list[str]) -> dict[str, str]:
    """Language tag -> path, from `TAG=FILE` words.

    Raises:
        UsageError: not of that form, or a language twice.
    """
    from macaronic.core.errors import UsageError
    from macaronic.core.languages import parse

    texts: dict[str, str] = {}
    for word in mono:
        tag, equals, path = word.partition("=")
        if not equals or not path:
            raise UsageError(f"expected --mono TAG=FILE, such as --mono rw=raw.txt; got {word!r}")
        if parse(tag) in texts:
            raise UsageError(f"--mono names {tag!r} twice; give one path a language (a folder or glob may be one)")
        texts[parse(tag)] = path
    return texts
