"""`macaronic measure`: how mixed text is, with intervals; and whether two corpora differ."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import options
from macaronic.cli.measured import UNTAGGED, Asked
from macaronic.cli.show import emit, json_line, note, note_reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyarrow import RecordBatch

    from macaronic.core.corpus import Corpus
    from macaronic.core.protocols import Executor
    from macaronic.core.result import Result
    from macaronic.identify.rows import Labelling
    from macaronic.measure.compare import Comparison
    from macaronic.measure.shards import Wanted
    from macaronic.text.formats import Reading

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
    engine: options.Engine = "serial",
    workers: options.Workers = None,
    memory: options.Memory = None,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Measure how languages mix: CMI and its family, switch points, entropy, burstiness, SyMCoM.

    Text without word languages is identified first.

    [dim]$ macaronic measure tweets.conllu
    $ macaronic measure tweets.txt --by lang --json
    $ macaronic measure --compare before.jsonl after.jsonl
    $ macaronic measure tweets.conllu --level sentence --csv > sentences.csv
    $ macaronic measure crawl/*.txt --engine processes[/dim]
    """
    from macaronic.cli import measured
    from macaronic.core.errors import UsageError

    if compare and len(files) != 2:
        raise UsageError(f"--compare takes two inputs; got {len(files)}")
    if level not in (None, "corpus", "sentence_mean", "sentence"):
        raise UsageError(f"unknown level {level!r}. Known: corpus, sentence_mean, sentence")
    run = options.executor(engine, workers, memory)
    read = [
        _reading(f, format=format, text_key=text_key, encoding=encoding, strict=strict, map=map)
        for f in ([files[0], files[1]] if compare else [files])
    ]
    asked = Asked(level, options.tags(languages), tuple(metric) if metric else None, samples, seed, quiet)
    label = _label(model, asked.languages)
    if engine != "serial":
        _tell_uncut(read, quiet=quiet)
    if level == "sentence":
        _print_sentences(read[0], label, asked, run, csv=csv)
    elif as_one:
        _print_results(_as_one(read[0], label, asked), json=json)
    elif compare:
        _print_comparison(measured.compared(read, label, asked, run), json=json)
    elif by:
        _print_groups(measured.grouped(read[0], by, label, asked, run), json=json, all=bool(metric))
    else:
        _print_results(measured.whole(read[0], label, asked, run), json=json)
    for reading in read:
        note_reading(reading, quiet=quiet)


def _reading(
    places: str | Sequence[str],
    *,
    format: str | None,
    text_key: str,
    encoding: str | None,
    strict: bool,
    map: str | None,
) -> Reading:
    from macaronic.text import formats
    from macaronic.text.formats.parts import SHARD_BYTES

    return formats.read(
        places,
        format=format,
        text_key=text_key,
        encoding=encoding,
        strict=strict,
        label_map=options.mapping(map),
        shard_bytes=SHARD_BYTES,
    )


def _label(model: str | None, languages: list[str] | None) -> Labelling:
    from macaronic.identify.rows import Labelling

    return Labelling(options.anywhere(model), tuple(languages) if languages is not None else None)


def _tell_uncut(read: Sequence[Reading], *, quiet: bool) -> None:
    from macaronic.text.formats import parts

    for reading in read:
        for place in parts.whole(reading.shards):
            note(f"note: {place} cannot be cut; one worker reads all of it", quiet=quiet)


def _as_one(reading: Reading, label: Labelling, asked: Asked) -> list[Result]:
    """A sequence that runs on over all sentences has no parts, so one process counts it."""
    from macaronic.measure.corpus import measure as at_once

    corpus = _tagged(reading, label, quiet=asked.quiet)
    return at_once(corpus, level=asked.levels, languages=asked.languages, names=asked.names, as_one=True, samples=0)


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
    reading = _reading(places, format=format, text_key=text_key, encoding=encoding, strict=strict, map=map)
    return _tagged(reading, _label(model, languages), quiet=quiet)


def _tagged(reading: Reading, label: Labelling, *, quiet: bool) -> Corpus:
    told = quiet

    def ready(batch: RecordBatch) -> RecordBatch:
        nonlocal told
        found, bare = label.where_missing(batch)
        if bare and not told:
            note(UNTAGGED)
            told = True
        return found

    return reading.map(ready)


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


def _print_sentences(reading: Reading, label: Labelling, asked: Asked, run: Executor, *, csv: bool) -> None:
    """One row a sentence: CSV or one JSON object a line; rows go out as they are measured."""
    from functools import partial

    from macaronic.core.corpus import to_batch
    from macaronic.core.executor import Serial
    from macaronic.measure.shards import Wanted, with_pair
    from macaronic.measure.table import sentence_table
    from macaronic.text.formats import parts

    tags = tuple(asked.languages) if asked.languages is not None else None
    wanted = with_pair([reading], label.where_missing, Wanted(tags, asked.names), run)
    make = partial(sentence_lines, label=label, wanted=wanted, csv=csv)
    begun = not csv
    for piece in parts.straight(reading, make) if isinstance(run, Serial) else parts.passed(reading, make, run):
        if not begun:
            empty = sentence_table(to_batch([], ["lang"]), names=wanted.names, languages=tags, pair=wanted.pair)
            sys.stdout.write(_csv([empty.schema.names]))
            begun = True
        sys.stdout.write(piece)


def sentence_lines(batch: RecordBatch, *, label: Labelling, wanted: Wanted, csv: bool) -> str:
    """The measures of each sentence of a batch, a line a sentence; what a worker does."""
    from macaronic.measure.table import sentence_table

    tagged, _ = label.where_missing(batch)
    table = sentence_table(tagged, names=wanted.names, languages=wanted.languages, pair=wanted.pair)
    if csv:
        return _csv([list(row.values()) for row in table.to_pylist()])
    return "".join(map(json_line, table.to_pylist()))


def _csv(rows: list[list[object]]) -> str:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
