"""`macaronic identify`: the language of every word, or of every line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import lines, options
from macaronic.cli.show import Advance, note, note_reading, print_coloured, progress

if TYPE_CHECKING:
    from pyarrow import RecordBatch

    from macaronic.core.corpus import Corpus
    from macaronic.core.protocols import Executor
    from macaronic.identify.rows import Labelling
    from macaronic.text.formats import Reading, Shard
    from macaronic.text.formats.parts import Make, Part

    Apart = tuple[Reading, Executor]


def identify(
    files: Annotated[
        list[str] | None, typer.Argument(help="Files, folders, globs, or - for standard input.", show_default=False)
    ] = None,
    text: Annotated[str | None, typer.Option("--text", "-t", help="A text instead of a file.")] = None,
    json: options.Json = False,
    words: Annotated[
        bool,
        typer.Option("--words", help="Each line is already cut into words at single spaces; as many labels come back."),
    ] = False,
    sentence: Annotated[bool, typer.Option("--sentence", help="One language a line instead of one a word.")] = False,
    languages: options.Languages = None,
    model: options.Model = None,
    out: Annotated[
        str | None, typer.Option("--out", "-o", help="Write a tagged file (.jsonl, .conllu, .conll, .parquet, ...).")
    ] = None,
    format: options.Format = None,
    text_key: options.TextKey = "text",
    encoding: options.Encoding = None,
    engine: options.Engine = "serial",
    workers: options.Workers = None,
    memory: options.Memory = None,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Find the language of every word, also in romanised text, also where languages mix.

    [dim]$ macaronic identify --text "yaar kal ki meeting cancel ho gayi"
    $ macaronic identify tweets.txt --json > tagged.jsonl
    $ cat tweets.txt | macaronic identify - --languages es,en
    $ macaronic identify crawl/*.txt --engine processes -o tagged.parquet[/dim]
    """
    from macaronic.core.errors import UsageError
    from macaronic.identify.rows import Labelling
    from macaronic.text.formats import Reading, parts

    if bool(files) == (text is not None):
        raise UsageError('give a file (or -) or --text, and not both.\nTry: macaronic identify --text "so chill, yaar"')
    if words and sentence:
        raise UsageError("--words and --sentence do not go together")
    run = options.executor(engine, workers, memory)
    corpus = _corpus(files, text, words, format, text_key, encoding, strict)
    tags = options.tags(languages)
    label = Labelling(options.anywhere(model), tuple(tags) if tags is not None else None, words)
    apart = (corpus, run) if engine != "serial" and isinstance(corpus, Reading) else None
    for place in parts.whole(apart[0].shards) if apart else ():
        note(f"note: {place} cannot be cut; one worker reads all of it", quiet=quiet)
    if out is not None:
        _write(corpus, label, out, apart, quiet)
    else:
        _print(corpus, _printed(label, json=json, sentence=sentence), apart)
    note_reading(corpus, quiet=quiet)


def _corpus(
    files: list[str] | None,
    text: str | None,
    words: bool,
    format: str | None,
    text_key: str,
    encoding: str | None,
    strict: bool,
) -> Corpus:
    from macaronic.core.corpus import Corpus
    from macaronic.core.utterance import Utterance
    from macaronic.text import formats
    from macaronic.text.formats.parts import SHARD_BYTES

    if not files:
        return Corpus.from_utterances([Utterance(text or "")])
    # A line of plain text is a line, whatever it looks like: as many objects come back as there are lines.
    all_plain = all(file == "-" or file.lower().endswith((".txt", ".text")) for file in files)
    plain = format or ("text" if words or all_plain else None)
    return formats.read(
        files,
        format=plain,
        text_key=text_key,
        encoding=encoding,
        strict=strict,
        keep_blank=True,
        shard_bytes=SHARD_BYTES,
    )


def _is_sentence_model(model: str | None) -> bool:
    """Whether a model is one that `train sentence-lid` wrote."""
    from macaronic.identify import model_folder

    return model is not None and Path(model).is_dir() and model_folder.read(model).kind == "sentence"


def _printed(label: Labelling, *, json: bool, sentence: bool) -> Make:
    """What is printed of a batch."""
    if sentence and label.model and _is_sentence_model(label.model):
        return partial(lines.trained, model=label.model, json=json)
    if sentence:
        return partial(lines.sentences, label=label, json=json)
    if json:
        return partial(lines.objects, label=label)
    return partial(lines.rows if sys.stdout.isatty() else lines.words, label=label)


def _print(corpus: Corpus, make: Make, apart: Apart | None) -> None:
    from macaronic.core.corpus import from_batch
    from macaronic.text.formats import parts

    for piece in parts.straight(corpus, make) if apart is None else parts.passed(apart[0], make, apart[1]):
        if isinstance(piece, str):
            sys.stdout.write(piece)
        else:
            for utterance in from_batch(piece):
                print_coloured(utterance)


def _write(corpus: Corpus, label: Labelling, out: str, apart: Apart | None, quiet: bool) -> None:
    from macaronic.core.corpus import Corpus
    from macaronic.text import formats
    from macaronic.text.formats import parts

    to = Path(out)
    # Hidden, so that it is no data when the output lies among the input.
    folder = to.parent / f".{to.name}.parts"
    rows = 0
    with progress("identifying", quiet=quiet) as advance:
        todo: list[Part] = []
        source = partial(_straight, corpus, label, advance)
        if apart is not None:
            reading, run = apart
            todo = parts.parts(
                reading, partial(lines.rows, label=label), folder.resolve(), told=_told(reading.shards, label)
            )
            source = partial(_kept, reading, todo, run, advance)

        def batches() -> Iterator[RecordBatch]:
            nonlocal rows
            rows = 0
            for batch in source():
                rows += batch.num_rows
                yield batch

        try:
            formats.write(Corpus(batches, card=corpus.card), out)
        except BaseException:
            if there := sum(part.summary.exists() for part in todo):
                note(f"{there} of {len(todo)} parts are done and kept in {folder}; the same command goes on")
            raise
    if todo:
        shutil.rmtree(folder, ignore_errors=True)
    note(f"wrote {rows:,} rows to {out}", quiet=quiet)


def _straight(corpus: Corpus, label: Labelling, advance: Advance) -> Iterator[RecordBatch]:
    rows = 0
    for batch in corpus.batches():
        rows += batch.num_rows
        advance(rows, text=f"{rows:,} rows")
        yield label(batch)[0]


def _kept(reading: Reading, todo: list[Part], run: Executor, advance: Advance) -> Iterator[RecordBatch]:
    from macaronic.text.formats import parts

    advance(0, len(todo))
    for done, (part, _) in enumerate(parts.finished(todo, reading, run), 1):
        advance(done, len(todo), f"{done}/{len(todo)} parts")
        yield from parts.made_rows(part)


def _told(shards: list[Shard], label: Labelling) -> list[str]:
    """What each part's labels depend on: the bytes that it is read from, the model, and how that is asked."""
    import json

    from macaronic.build.content import fingerprints
    from macaronic.core.files import fingerprint
    from macaronic.identify.tagger import SHIPPED
    from macaronic.text.formats import Shard

    model = fingerprints([Shard(label.model, "model")])[0] if label.model else fingerprint(SHIPPED)
    asked = [model, label.languages, label.presplit]
    return [json.dumps([content, *asked]) for content in fingerprints(shards)]
