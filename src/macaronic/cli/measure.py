"""`macaronic measure`: how mixed text is, with intervals; and whether two corpora differ."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyarrow import RecordBatch

    from macaronic.core.corpus import Corpus
    from macaronic.core.result import Result
    from macaronic.measure.compare import Comparison

SHOWN = ("cmi", "cu", "cc", "m_index", "i_index", "language_entropy", "span_entropy", "burstiness", "memory", "spf")


def measure(
    files: Annotated[list[str], typer.Argument(help="Files, folders, globs, or - for standard input.")],
    by: Annotated[
        str | None,
        typer.Option("--by", help="A group: lang, languages, label:NAME, meta:NAME; each is measured alone."),
    ] = None,
    level: Annotated[
        str | None, typer.Option("--level", help="corpus, sentence_mean, or sentence for one row a sentence.")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV (with --level sentence).")] = False,
    compare: Annotated[bool, typer.Option("--compare", help="Compare two inputs: difference, interval, p.")] = False,
    metric: Annotated[
        list[str] | None, typer.Option("--metric", help="Only this measure; may be given more than once.")
    ] = None,
    as_one: Annotated[bool, typer.Option("--as-one", help="Take the whole corpus as one long sentence.")] = False,
    samples: Annotated[int, typer.Option("--samples", min=0, help="Resamples for the intervals.")] = 1000,
    map: Annotated[
        str | None, typer.Option("--map", help="What word labels of the source mean: lang1=en,lang2=es.")
    ] = None,
    languages: options.Languages = None,
    model: options.Model = None,
    format: options.Format = None,
    text_key: options.TextKey = "text",
    encoding: options.Encoding = None,
    seed: options.Seed = 1,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Measure how languages mix: CMI and its family, switch points, entropy, burstiness, SyMCoM.

    Text without word languages is identified first.

    [dim]$ macaronic measure tweets.conllu
    $ macaronic measure tweets.txt --by lang --json
    $ macaronic measure --compare before.jsonl after.jsonl
    $ macaronic measure tweets.conllu --level sentence --csv > sentences.csv[/dim]
    """
    import numpy as np

    from macaronic.core.errors import UsageError
    from macaronic.measure import compare as comparing
    from macaronic.measure import groups
    from macaronic.measure.corpus import measure as measured

    if compare and len(files) != 2:
        raise UsageError(f"--compare takes two inputs; got {len(files)}")
    if level not in (None, "corpus", "sentence_mean", "sentence"):
        raise UsageError(f"unknown level {level!r}. Known: corpus, sentence_mean, sentence")
    tags = options.tags(languages)
    read = [
        tagged_corpus(
            f,
            languages=tags,
            model=model,
            format=format,
            text_key=text_key,
            encoding=encoding,
            strict=strict,
            map=map,
            quiet=quiet,
        )
        for f in ([files[0], files[1]] if compare else [files])
    ]
    rng = np.random.default_rng(seed)
    levels = ("corpus", "sentence_mean") if level in (None, "sentence") else (level,)
    names = tuple(metric) if metric else None
    if level == "sentence":
        _print_sentences(read[0], names, tags, csv=csv)
    elif compare:
        found = comparing.compare(*read, level=levels, languages=tags, names=names, rng=rng, samples=samples or 1)
        _print_comparison(found, json=json)
    elif by:
        grouped = groups.by(read[0], key=by, level=levels, languages=tags, names=names, rng=rng, samples=samples)
        _print_groups(grouped, json=json, all=bool(names))
    else:
        results = measured(read[0], level=levels, languages=tags, names=names, as_one=as_one, rng=rng, samples=samples)
        _print_results(results, json=json)
    for corpus in read:
        note_reading(corpus, quiet=quiet)


def tagged_corpus(
    places: str | Sequence[str],
    *,
    languages: list[str] | None,
    model: str | None,
    format: str | None,
    text_key: str,
    encoding: str | None,
    strict: bool,
    map: str | None,
    quiet: bool,
) -> Corpus:
    """The rows of files, with word languages: as they stand there, or identified."""
    from macaronic.identify.annotate import annotate, has_languages
    from macaronic.identify.named import tagger_named
    from macaronic.text import formats
    from macaronic.text.words import annotate as cut

    corpus = formats.read(
        places, format=format, text_key=text_key, encoding=encoding, strict=strict, label_map=options.mapping(map)
    )
    said = [quiet]

    def ready(batch: RecordBatch) -> RecordBatch:
        if model is None and has_languages(batch):
            return batch
        if not said[0] and not has_languages(batch):
            note("note: these words have no languages yet; identifying them first")
            said[0] = True
        return annotate(cut(batch), tagger_named(model), languages)[0]

    return corpus.map(ready)


def _print_results(results: Sequence[Result], *, json: bool) -> None:
    from macaronic.report.table import write_table

    if json:
        emit({"results": [r.asdict() for r in results]})
        return
    header = ("measure", "level", "value", "low", "high", "n", "signature")
    write_table(header, [_row(r) for r in results], file=sys.stdout)


def _row(r: Result) -> tuple[object, ...]:
    return r.name, r.level, r.value, r.low, r.high, r.n, r.signature


def _print_groups(grouped: dict[str, list[Result]], *, json: bool, all: bool) -> None:
    from macaronic.report.table import write_table

    if json:
        results = [{"group": group, **r.asdict()} for group, results in grouped.items() for r in results]
        emit({"results": results})
        return
    header = ("group", "measure", "level", "value", "low", "high", "n", "signature")
    rows = [(group, *_row(r)) for group, results in grouped.items() for r in results if all or r.name in SHOWN]
    write_table(header, rows, file=sys.stdout)


def _print_comparison(found: Sequence[Comparison], *, json: bool) -> None:
    from macaronic.report.table import write_table

    rows = [c.asdict() for c in found]
    if json:
        emit({"comparisons": rows})
        return
    keys = ("name", "level", "a", "b", "difference", "low", "high", "p", "n_a", "n_b", "signature")
    write_table(keys, [[row[key] for key in keys] for row in rows], file=sys.stdout)


def _print_sentences(
    corpus: Corpus, names: Sequence[str] | None, languages: Sequence[str] | None, *, csv: bool
) -> None:
    """One row a sentence: CSV or one JSON object a line; rows go out as they are measured."""
    import csv as csv_module

    from macaronic.measure.corpus import begin
    from macaronic.measure.table import sentence_table

    writer = csv_module.writer(sys.stdout, lineterminator="\n")
    begun = False
    pair, (batches,) = begin([corpus], languages, names=names, pos_layer="pos")
    for batch in batches:
        table = sentence_table(batch, names=names, languages=languages, pair=pair)
        if csv and not begun:
            writer.writerow(table.schema.names)
            begun = True
        for row in table.to_pylist():
            if csv:
                writer.writerow(row.values())
            else:
                emit(row)
