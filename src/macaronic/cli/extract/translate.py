"""`macaronic extract translate` and `correct`: labelled records in another language, and what people mend of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_problems, progress

if TYPE_CHECKING:
    from macaronic.core.problems import Problems
    from macaronic.core.protocols import LM, Translator
    from macaronic.extract.record import Record
    from macaronic.extract.translate import LabelTable, Translation

File = Annotated[str, typer.Argument(help="Labelled records, one JSON object a line, or - for standard input.")]
To = Annotated[str, typer.Option("--to", help="The language to translate to, such as ja.")]
From = Annotated[str | None, typer.Option("--from", help="The language of records that name none.")]
Labels = Annotated[
    str | None,
    typer.Option("--labels", help="What each label is called there (.toml, .tsv), besides common ones; none: keep."),
]
Out = Annotated[str, typer.Option("--out", "-o", help="The translated records (JSON lines).")]


def translate(
    file: File,
    to: To,
    model: Annotated[
        str,
        typer.Option("--model", "--lm", "-m", help="openai:MODEL, local:FOLDER, scripted:FILE.jsonl, or apertium."),
    ],
    out: Out,
    source: From = None,
    labels: Labels = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Write what people should mend (.tsv, or .jsonl with spans).")
    ] = None,
    corrected: Annotated[
        str | None, typer.Option("--corrected", help="A sheet that people have mended: its rows are taken, not asked.")
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option("--keep", help="A file that keeps every answer; OUT.answers.jsonl when left out."),
    ] = None,
    marks: Annotated[bool, typer.Option("--marks/--no-marks", help="Mend with a second request with marks.")] = True,
    alignment: Annotated[
        bool, typer.Option("--alignment/--no-alignment", help="Mend with a word alignment of the batch.")
    ] = True,
    check_language: Annotated[
        bool, typer.Option("--check-language/--no-check-language", help="Drop what is still in the source language.")
    ] = True,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, help="Requests at once.")] = 8,
    max_tokens: Annotated[int, typer.Option("--max-tokens", min=1, help="Length limit of one answer.")] = 2048,
    seed: options.Seed = 1,
    strict: options.Strict = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Translate labelled records: labels by a table, text and spans by a model, checked by rules, mended or dropped.

    Killed and run again, it goes on where it stopped: what was answered is not asked again. Nothing is asked before
    every label is known.

    [dim]$ macaronic extract translate ner.jsonl --to ja --model openai:MODEL --sheet sheet.tsv --out ner-ja.jsonl
    $ macaronic extract translate ner.jsonl --to ja --model openai:MODEL --corrected sheet.tsv --out ner-ja.jsonl[/dim]
    """
    import numpy as np

    from macaronic.core.errors import PartialResult
    from macaronic.core.problems import Problems
    from macaronic.extract import record
    from macaronic.extract.translate import corrected as corrections
    from macaronic.extract.translate import sheet as sheets
    from macaronic.extract.translate import translate as translating
    from macaronic.extract.translate.language import untranslated_by
    from macaronic.identify import tagger

    problems = Problems(strict)
    records, table = _records(file, problems), _table(labels)
    mended = {}
    if corrected is not None:
        mended = corrections.read(corrected, records, to=to, labels=table, problems=problems, source=source)
    untranslated = untranslated_by(tagger.load()) if check_language else None
    named = _model(model, keep or f"{out}.answers.jsonl", concurrency)
    with progress("translating", quiet=quiet) as advance:
        done = translating(
            records, to=to, labels=table, model=named, source=source, corrected=mended,
            untranslated=untranslated, marks=marks, alignment=alignment,
            concurrency=concurrency, max_tokens=max_tokens, seed=seed,
            progress=lambda n, total: advance(n, total, f"{n:,} of {total:,}"),
        )  # fmt: skip
    record.write(done.kept, out)
    rows = sheets.write(done, sheet) if sheet is not None else None
    told = done.asdict(rng=np.random.default_rng(seed)) | {"out": out, "sheet_rows": rows}
    _show(done, told | {"problems": problems.asdict()}, json=json)
    note(f"{len(done.kept):,} of {len(done.outcomes):,} records translated; {out}", quiet=quiet)
    if rows is not None:
        note(f"{rows:,} rows for people to look at; {sheet}", quiet=quiet)
    note_problems(problems, quiet=quiet)
    failed = done.rules["no answer"]
    if failed:
        detail = next(one.detail for one in done.dropped if one.rule == "no answer")
        raise PartialResult(f"{failed:,} requests gave no answer ({detail}).\nRun the same command again: it goes on.")
    if not done.kept:
        raise typer.Exit(1)


def correct(
    file: File,
    sheet: Annotated[str, typer.Argument(help="A correction sheet, with yes under ok where a row is right.")],
    to: To,
    out: Out,
    source: From = None,
    labels: Labels = None,
    strict: options.Strict = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Turn the rows of a correction sheet that people have found right into records.

    [dim]$ macaronic extract correct ner.jsonl sheet.tsv --to ja --out mended.jsonl[/dim]
    """
    from macaronic.core.problems import Problems
    from macaronic.extract import record
    from macaronic.extract.translate import corrected

    problems = Problems(strict)
    records = _records(file, problems)
    found = corrected.read(sheet, records, to=to, labels=_table(labels), problems=problems, source=source)
    record.write(found.values(), out)
    if json:
        emit({"corrected": len(found), "out": out, "problems": problems.asdict()})
    note(f"{len(found):,} corrected records; {out}", quiet=quiet)
    note_problems(problems, quiet=quiet)


def _records(file: str, problems: Problems) -> list[Record]:
    from macaronic.core.errors import FormatError
    from macaronic.extract import record

    records = list(record.read(file, problems=problems))
    if not records:
        note_problems(problems)
        raise FormatError('expected records such as {"text": "...", "spans": [...]}, one a line, got none', file)
    return records


def _table(labels: str | None) -> LabelTable | None:
    from macaronic.extract.translate import label_files

    if labels == "none":
        return None
    return label_files.shipped() if labels is None else label_files.read(labels, besides=label_files.shipped())


def _model(name: str, keep: str, concurrency: int) -> LM | Translator:
    from macaronic.core.errors import UnknownName
    from macaronic.lm.named import lm_named

    if name == "apertium":
        from macaronic.extract.translate.apertium import Apertium

        return Apertium()
    if ":" not in name:
        raise UnknownName("model", name, ["openai:MODEL", "local:FOLDER", "scripted:FILE.jsonl", "apertium"])
    return lm_named(name, keep=Path(keep), concurrency=concurrency)


def _show(done: Translation, told: dict[str, Any], *, json: bool) -> None:
    from macaronic.report.table import write_table

    if json:
        emit(told)
        return
    rows = [[what, name, count, round(share, 4)] for what, name, count, share in done.table()]
    write_table(["what", "rule or repair", "records", "share"], rows, file=sys.stdout)
