"""`macaronic train`: teach it a language, from tagged sentences or from raw text alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note

if TYPE_CHECKING:
    from macaronic.identify.training import TrainingReport

app = typer.Typer(help="Train a tagger or a sentence-level language identifier on your own text.", no_args_is_help=True)

Out = Annotated[str, typer.Option("--out", "-o", help="The folder for the model, its card and its report.")]
Licence = Annotated[str, typer.Option("--licence", help="The licence of the data, for the card.")]


@app.command("tagger")
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
    _document(report, licence)
    if json:
        emit(report.asdict())
        return
    _show(report, quiet)


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


def _show(report: TrainingReport, quiet: bool) -> None:
    from macaronic.report.table import write_table

    judged = f", judged on {report.evaluated}" if report.evaluated != "nothing" else ", not judged"
    print(f"trained a {report.kind} model with labels {', '.join(report.labels)}{judged}")
    rows = [(r.name, r.level, r.value, r.low, r.high, r.n) for r in report.results]
    if rows:
        write_table(("measure", "label", "value", "low", "high", "words"), rows, file=sys.stdout)
    for text in report.notes:
        note(f"note: {text}", quiet=quiet)
    count = int(report.problems.get("count", 0))
    if count:
        note(f"note: {count} problems in the input; the first: {report.problems['first'][0]}")
    print(f"model  {report.folder}")
    print(f"report {Path(report.folder) / 'report.html'}")
    how = "--sentence " if report.kind == "sentence" else ""
    print(f"use it: macaronic identify FILE {how}--model {report.folder}")


def _document(report: TrainingReport, licence: str) -> None:
    """The model's card and its report, beside it."""
    from macaronic.core.files import write_text
    from macaronic.core.languages import is_language
    from macaronic.report.card import ModelNotes, model_card

    folder = Path(report.folder)
    data = tuple((str(k), "", str(v)) for k, v in report.training.items() if not isinstance(v, dict | list))
    notes = ModelNotes(
        folder.name,
        summary=f"A word tagger ({report.kind}) trained with macaronic; judged on {report.evaluated}.",
        load=f'from macaronic.identify import training\n\ntagger = training.load("{folder.name}")',
        tags=tuple(label for label in report.labels if is_language(label)),
        licence=licence,
        data=data,
        limits=report.notes,
    )
    overall = [r for r in report.results if r.level == "all"]
    by_label = [r for r in report.results if r.level != "all"]
    write_text(folder / "README.md", model_card(notes, overall, by_label=by_label))
    write_text(folder / "report.html", _page(report))


def _page(report: TrainingReport) -> str:
    from macaronic.report import numerals
    from macaronic.report.markup import Html, table
    from macaronic.report.page import Section, page
    from macaronic.report.svg import Line, heat_matrix, line_chart

    def said(value: float | None) -> str:
        return "not defined" if value is None else numerals.number(value)

    rows = [(r.name, r.level, said(r.value), said(r.low), said(r.high), f"{r.n:,}") for r in report.results]
    body = table("Scores", ["Measure", "Label", "# Value", "# Low", "# High", "# Words"], rows, empty="not measured")
    sections = [Section("Scores", body, "scores")]
    judged = report.assessment
    if judged is not None:
        square = heat_matrix(
            judged.names, judged.matrix.tolist(), title="Gold label and answer", rows="gold", columns="answer"
        )
        sections.append(Section("Confusion", square, "confusion"))
    if report.curve:
        lines = [
            Line("accuracy", tuple((float(n), a) for n, a, _ in report.curve)),
            Line("macro F1", tuple((float(n), f) for n, _, f in report.curve)),
        ]
        chart = line_chart(lines, title="Learning curve", x_label="training sentences", y_label="score")
        sections.append(Section("Learning curve", chart, "curve"))
    listed = Html("<ul>") + Html("".join(f"<li>{_text(n)}</li>" for n in report.notes)) + Html("</ul>")
    if report.notes:
        sections.append(Section("Notes", Html(listed), "notes"))
    return page(Path(report.folder).name, sections, kind="tagger", data=report.asdict())


def _text(value: str) -> str:
    from macaronic.report.markup import text

    return text(value)


@app.command("sentence-lid")
def sentence_lid(
    files: Annotated[list[str], typer.Argument(help="Rows with a text and its language, in any format.")],
    out: Out,
    label: Annotated[
        str | None, typer.Option("--label", help="The label or field that holds the language; found when left out.")
    ] = None,
    test: Annotated[
        str | None, typer.Option("--test", help="Rows to judge on; a fifth is held out when left out.")
    ] = None,
    folds: Annotated[int, typer.Option("--folds", min=0, help="Judge by cross-validation.")] = 0,
    group: Annotated[str | None, typer.Option("--group", help="A label or field that no two folds share.")] = None,
    format: options.Format = None,
    licence: Licence = "",
    seed: options.Seed = 1,
    json: options.Json = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Train a sentence-level language identifier, also for languages that share a script.

    [dim]$ macaronic train sentence-lid sentences.tsv --label language --out indian-lid
    $ macaronic identify FILE --sentence --model indian-lid[/dim]
    """
    from macaronic.identify.sentence_training import train

    report = train(
        files,
        out=out,
        label=label,
        test=test,
        fold_count=folds,
        group=group,
        format=format,
        licence=licence,
        seed=seed,
        strict=strict,
    )
    _document(report, licence)
    if json:
        emit(report.asdict())
        return
    _show(report, quiet)
