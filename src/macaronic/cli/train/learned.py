"""What a trained tagger or identifier shows: its figures, its card and its report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli.show import note

if TYPE_CHECKING:
    from macaronic.identify.training import TrainingReport

Out = Annotated[str, typer.Option("--out", "-o", help="The folder for the model, its card and its report.")]
Licence = Annotated[str, typer.Option("--licence", help="The licence of the data, for the card.")]


def show(report: TrainingReport, quiet: bool) -> None:
    """The figures, and where the model lies."""
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


def document(report: TrainingReport, licence: str) -> None:
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
