"""`macaronic identify`: the language of every word, or of every line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, escape_controls, note, note_reading, print_coloured, progress

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray
    from pyarrow import RecordBatch

    from macaronic.core.corpus import Corpus
    from macaronic.core.protocols import Tagger

    Tagged = Iterator[tuple[RecordBatch, NDArray[float32]]]


def identify(
    file: Annotated[str | None, typer.Argument(help="A file, a folder, a glob, or - for standard input.")] = None,
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
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Find the language of every word, also in romanised text, also where languages mix.

    [dim]$ macaronic identify --text "yaar kal ki meeting cancel ho gayi"
    $ macaronic identify tweets.txt --json > tagged.jsonl
    $ cat tweets.txt | macaronic identify - --languages es,en[/dim]
    """
    from macaronic.core.errors import UsageError

    if (file is None) == (text is None):
        raise UsageError('give a file (or -) or --text, and not both.\nTry: macaronic identify --text "so chill, yaar"')
    if words and sentence:
        raise UsageError("--words and --sentence do not go together")
    corpus = _corpus(file, text, words, format, text_key, encoding, strict)
    if sentence and _is_sentence_model(model):
        _print_trained(corpus, str(model), json)
        note_reading(corpus, quiet=quiet)
        return
    from macaronic.identify.named import tagger_named

    tagged = _tagged(corpus, tagger_named(model), options.tags(languages), words)
    if out is not None:
        _write(corpus, tagged, out, quiet)
    elif sentence:
        _print_sentences(tagged, json)
    elif json:
        _print_json(tagged)
    else:
        _print_words(tagged)
    note_reading(corpus, quiet=quiet)


def _corpus(
    file: str | None,
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

    if file is None:
        return Corpus.from_utterances([Utterance(text or "")])
    # A line of plain text is a line, whatever it looks like: as many objects come back as there are lines.
    plain = format or ("text" if words or file == "-" or file.lower().endswith((".txt", ".text")) else None)
    corpus = formats.read(file, format=plain, text_key=text_key, encoding=encoding, strict=strict, keep_blank=True)
    return corpus


def _tagged(corpus: Corpus, tagger: Tagger, languages: list[str] | None, words: bool) -> Tagged:
    """Each batch with its labels, and each token's confidence."""
    from macaronic.identify.annotate import annotate
    from macaronic.text.presplit import split_at_spaces
    from macaronic.text.words import annotate as cut

    for batch in corpus.batches():
        yield annotate(split_at_spaces(batch) if words else cut(batch), tagger, languages)


def _print_json(tagged: Tagged) -> None:
    from macaronic.core.columns import label_column, token_layer, token_offsets, token_spans

    for batch, sure in tagged:
        codes, names, _ = token_layer(batch, "lang")
        starts, ends = token_spans(batch)
        columns = [starts.tolist(), ends.tolist(), [names[c] for c in codes.tolist()], sure.round(4).tolist()]
        bounds = token_offsets(batch).tolist()
        matrix = label_column(batch, "lang")
        for i, text in enumerate(batch.column("text").to_pylist()):
            start, end, langs, confidence = (column[bounds[i] : bounds[i + 1]] for column in columns)
            words = [text[s:e] for s, e in zip(start, end)]
            row = {"text": text, "words": words, "langs": langs, "confidence": [round(c, 4) for c in confidence]}
            emit({**row, "matrix": matrix[i], "start": start, "end": end})


def _is_sentence_model(model: str | None) -> bool:
    """Whether a model is one that `train sentence-lid` wrote."""
    from pathlib import Path

    from macaronic.identify import model_folder

    return model is not None and Path(model).is_dir() and model_folder.read(model).kind == "sentence"


def _print_trained(corpus: Corpus, model: str, json: bool) -> None:
    """One language a line, from a sentence identifier of one's own."""
    from macaronic.identify import sentence_lid

    known = sentence_lid.load(model)
    for batch in corpus.batches():
        texts = batch.column("text").to_pylist()
        for text, (lang, sure) in zip(texts, known.identify(texts)):
            if json:
                emit({"lang": lang, "confidence": round(sure, 4), "languages": {lang: 1.0} if lang else {}})
            else:
                print(lang or "-", f"{sure:.2f}", escape_controls(text), sep="\t")


def _print_sentences(tagged: Tagged, json: bool) -> None:
    from macaronic.identify.annotate import sentences

    for batch, _ in tagged:
        for told, text in zip(sentences(batch), batch.column("text").to_pylist()):
            if json:
                emit(told)
            else:
                print(told["lang"] or "-", f"{told['confidence']:.2f}", escape_controls(text), sep="\t")


def _print_words(tagged: Tagged) -> None:
    from macaronic.core.corpus import from_batch

    for u in (u for batch, _ in tagged for u in from_batch(batch)):
        if sys.stdout.isatty():
            print_coloured(u)
        else:
            print(" ".join(f"{word}/{lang or 'unk'}" for word, lang in zip(u.words, u.langs)))


def _write(corpus: Corpus, tagged: Tagged, out: str, quiet: bool) -> None:
    from macaronic.core.corpus import Corpus
    from macaronic.text import formats

    rows = 0
    with progress("identifying", quiet=quiet) as advance:

        def batches() -> Iterator[RecordBatch]:
            nonlocal rows
            for batch, _ in tagged:
                rows += batch.num_rows
                advance(rows, text=f"{rows:,} rows")
                yield batch

        formats.write(Corpus(batches, card=corpus.card), out)
    note(f"wrote {rows:,} rows to {out}", quiet=quiet)
