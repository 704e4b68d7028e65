"""`macaronic extract build`: records of a family out of labelled text, or made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_problems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from macaronic.core.problems import Problems
    from macaronic.core.utterance import Utterance
    from macaronic.extract.record import Record


def build(
    family: Annotated[str, typer.Argument(help="SCNM, SCPOS:RW, SCPOS:Adj&N, SCPOS:Adj, SCPOS:N, TCREE or TCONER.")],
    data: Annotated[str, typer.Argument(help="Labelled text in any format that is read; - is standard input.")],
    out: Annotated[str, typer.Option("--out", "-o", help="The records (JSON lines).")],
    language: Annotated[str, typer.Option("--language", "-l", help="Of sentences that do not say theirs.")] = "",
    label: Annotated[str, typer.Option("--label", help="The label or field with a sentence's class.")] = "label",
    layer: Annotated[str, typer.Option("--layer", help="The token layer with IOB tags.")] = "ner",
    lexicon: Annotated[str | None, typer.Option("--lexicon", help="word<TAB>sentiment, for SCPOS:RW.")] = None,
    format: options.Format = None,
    encoding: options.Encoding = None,
    strict: options.Strict = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Make records of a family out of ordinary labelled text in any language.

    [dim]$ macaronic extract build SCNM sentences.jsonl --language ja --out records.jsonl
    $ macaronic extract build SCPOS:Adj reviews.conllu --language es --label sentiment --out records.jsonl[/dim]
    """
    from macaronic.core.problems import Problems
    from macaronic.extract.families import build, named
    from macaronic.extract.record import Schema, write

    problems = Problems(strict=strict)
    kind = named(family)
    words = _lexicon(lexicon) if lexicon else None
    sentences = _sentences(data, format, encoding, strict, problems)
    records = list(
        build(kind, sentences, label=label, language=language, layer=layer, lexicon=words, problems=problems)
    )
    write(records, out)
    schema = Schema.of(records)
    if json:
        labels = {"text_labels": list(schema.text_labels), "span_labels": list(schema.span_labels)}
        emit({"family": kind.name, "records": len(records), "out": out, **labels, "problems": problems.asdict()})
    else:
        note(f"{len(records):,} records of {kind.name}, {len(schema.text_labels)} classes; {out}", quiet=quiet)
    note_problems(problems, quiet=quiet)


def made(
    out: Annotated[str, typer.Option("--out", "-o", help="The records (JSON lines).")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many.")] = 6000,
    languages: Annotated[
        str, typer.Option("--languages", "-l", help="Of en, es, hi, ja, tr, zh.")
    ] = "en,es,hi,ja,tr,zh",
    unseen: Annotated[
        str | None,
        typer.Option("--unseen", help="Records whose names must not come up; other sentence patterns are used."),
    ] = None,
    seed: options.Seed = 1,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Make up records (a class and names in a sentence) to try things on: project-written patterns, no real text.

    [dim]$ macaronic extract made --out train.jsonl
    $ macaronic extract made --unseen train.jsonl --count 600 --seed 2 --out test.jsonl[/dim]
    """
    import numpy as np

    from macaronic.core.problems import Problems
    from macaronic.extract.made import made, names_of
    from macaronic.extract.record import read, write

    problems = Problems()
    known = names_of(list(read(unseen, problems=problems))) if unseen else frozenset()
    rng = np.random.default_rng(seed)
    tags = [tag.strip() for tag in languages.split(",") if tag.strip()]
    records = made(count, tags, rng=rng, unseen=unseen is not None, known=known)
    write(records, out)
    if json:
        emit({"records": len(records), "languages": tags, "unseen": unseen is not None, "out": out})
    else:
        note(f"{len(records):,} made-up records (project-written, not field data); {out}", quiet=quiet)
    note_problems(problems, quiet=quiet)


def _sentences(
    data: str, format: str | None, encoding: str | None, strict: bool, problems: Problems
) -> Iterable[Record | Utterance]:
    """Records where a JSONL row has spans of its own, else what the readers of text make of the file."""
    from macaronic.extract.record import read
    from macaronic.text import formats

    if format is None and data.removesuffix(".zst").removesuffix(".gz").endswith(".jsonl"):
        return read(data, problems=problems)
    corpus = formats.read(data, format=format, encoding=encoding, strict=strict)
    problems.merge(corpus.problems)
    return corpus


def _lexicon(path: str) -> dict[str, str]:
    from macaronic.core.errors import FormatError, InputError

    words = {}
    try:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                word, tab, sentiment = line.rstrip("\r\n").partition("\t")
                if not line.strip() or line.startswith("#"):
                    continue
                if not tab or not word or not sentiment:
                    raise FormatError(f"expected word<TAB>sentiment; got {line.rstrip()!r}", path, number)
                words[word.lower()] = sentiment
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path} as UTF-8: {error}.") from error
    return words
