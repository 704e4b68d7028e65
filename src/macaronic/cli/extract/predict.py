"""`macaronic extract predict`: records out of texts, by a trained extractor or by any language model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.extract import given
from macaronic.cli.show import emit, note, note_problems, progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macaronic.core.problems import Problems
    from macaronic.extract.record import Record


def predict(
    texts: Annotated[str, typer.Argument(help="Texts: JSON lines or plain text, a text a line; - is standard input.")],
    model: Annotated[
        str,
        typer.Option("--model", "-m", help="A folder of extract train; or openai:MODEL, local:FOLDER, scripted:FILE."),
    ],
    out: Annotated[str, typer.Option("--out", "-o", help="The answers (JSON lines).")],
    constrain: Annotated[
        bool, typer.Option("--constrain/--no-constrain", help="Hold answers to the form of a record.")
    ] = True,
    codec: given.CodecName = None,
    dialect: given.Dialect = "escaped",
    schema: Annotated[
        str | None, typer.Option("--schema", help="Records whose labels a language model is told.")
    ] = None,
    shots: Annotated[int, typer.Option("--shots", min=0, help="Of them, how many it is shown as examples.")] = 0,
    language: Annotated[str, typer.Option("--language", "-l", help="Of texts that do not say theirs.")] = "",
    task: Annotated[str, typer.Option("--task", help="What to look for, where the texts do not say.")] = "NER",
    batch: Annotated[int, typer.Option("--batch", min=1, help="Texts at once.")] = 32,
    keep: Annotated[str | None, typer.Option("--keep", help="A file that keeps a language model's answers.")] = None,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, help="Calls at once.")] = 8,
    encoding: options.Encoding = None,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Take records out of texts. A killed run goes on where it stopped when the same command is given again.

    [dim]$ macaronic extract predict texts.jsonl --model model --out answers.jsonl
    $ macaronic extract predict texts.txt -l es --model openai:MODEL --schema records.jsonl --out a.jsonl[/dim]
    """
    from macaronic.core.problems import Problems
    from macaronic.extract.predict import predict

    problems = Problems(strict=strict)
    extractor, settings = _extractor(model, codec, dialect, schema, shots, keep, concurrency)
    held = constrain and given.is_model_folder(model)
    stream = _records(texts, language, task, encoding, problems, quiet)
    with progress("extracting", quiet=quiet) as advance:
        done = predict(
            extractor, stream, out,
            batch=batch, constrain=held, settings=f"{settings} {held}",
            say=lambda at: advance(at, text=f"{at:,} texts"),
        )  # fmt: skip
    if json:
        told = {"answers": done.n, "kept": done.kept, "failures": done.failures, "notes": done.notes, "out": out}
        emit({**told, "constrained": held, "problems": problems.asdict()})
    else:
        if done.kept:
            note(f"{done.kept:,} answers were there already", quiet=quiet)
        note(f"{done.n:,} answers; {out}", quiet=quiet)
        given.note_counts(done.failures, done.notes, quiet=quiet)
    note_problems(problems, quiet=quiet)


def _extractor(
    model: str, codec: str | None, dialect: str, schema: str | None, shots: int, keep: str | None, concurrency: int
) -> tuple[Any, str]:
    """What answers, and what tells this run from others."""
    from macaronic.core.errors import UnknownName
    from macaronic.core.problems import Problems
    from macaronic.extract.about import FILE
    from macaronic.extract.extractor import load
    from macaronic.extract.prompted import Prompted
    from macaronic.extract.record import Schema
    from macaronic.lm.named import lm_named

    if given.is_model_folder(model):
        from macaronic.core.files import fingerprint

        return load(model, codec=codec), f"{fingerprint(f'{model}/{FILE}')} {_weights(model)} {codec}"
    if ":" not in model:
        raise UnknownName("model", model, [f"a folder with {FILE}", "openai:MODEL", "local:FOLDER", "scripted:FILE"])
    told = given.records_of(schema, Problems()) if schema else []
    lm = lm_named(model, keep=keep, concurrency=concurrency)
    asked = given.codec_of(codec or "json", dialect)
    labels = Schema.of(told) if told else None
    return Prompted(lm, asked, labels, told[:shots], concurrency), f"{model} {asked} {labels} {told[:shots]}"


def _weights(folder: str) -> str:
    from pathlib import Path

    from macaronic.core.files import fingerprint

    return " ".join(fingerprint(file) for file in sorted(Path(folder).glob("*.safetensors")))


def _records(
    path: str, language: str, task: str, encoding: str | None, problems: Problems, quiet: bool
) -> Iterator[Record]:
    """The texts of a file as records without answers; a text a line where it is no JSON lines file."""
    from dataclasses import replace

    from macaronic.extract.record import Record, read
    from macaronic.text import formats

    if path.removesuffix(".zst").removesuffix(".gz").endswith((".jsonl", ".ndjson")):
        for record in read(path, problems=problems):
            yield replace(
                record, text_label="", spans=(), relations=(), events=(), language=record.language or language
            )
        return
    corpus = formats.read(path, encoding=encoding)
    for number, utterance in enumerate(corpus, 1):
        yield Record(utterance.text, id=utterance.id or str(number), language=language, task=task)
    for text in corpus.notes:
        note(f"note: {text}", quiet=quiet)
    problems.merge(corpus.problems)
