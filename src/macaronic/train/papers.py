"""What a run leaves for people: the curve as CSV, a report as HTML, a model card."""

from __future__ import annotations

from pathlib import Path

from macaronic.core.files import write_text
from macaronic.report.card import ModelNotes, model_card
from macaronic.report.markup import Html, join, table, text
from macaronic.report.page import Section, page
from macaronic.report.svg import Line, line_chart
from macaronic.train import recipe as recipes
from macaronic.train.trained import Trained

HUB = {
    "causal": "text-generation",
    "seq2seq": "text2text-generation",
    "mlm": "fill-mask",
    "tokens": "token-classification",
    "text": "text-classification",
}
MOST = 250
"""Points of a curve on the page; all are in the CSV."""


def write(result: Trained, place: Path) -> None:
    """The curve, the report and the card, beside the model."""
    write_text(place / "curve.csv", curve_csv(result))
    write_text(place / "report.html", report(result))
    write_text(place / "README.md", card(result))


def curve_csv(result: Trained) -> str:
    """step, loss, validation_loss; an empty cell where one was not measured."""
    cells = (f"{step},{_plain(a)},{_plain(b)}" for step, a, b in result.curve)
    return "\n".join(["step,loss,validation_loss", *cells]) + "\n"


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def facts(result: Trained) -> list[tuple[str, str]]:
    """(what, how much) of a run, for a table."""
    rows = [
        ("task", result.task),
        ("model", result.recipe.model),
        ("parameters", f"{result.parameters:,}"),
        ("trained parameters", f"{result.learnt:,}"),
        ("rows or windows", f"{result.rows:,}"),
        ("steps", f"{result.steps:,}"),
        ("training loss at the end", f"{result.loss:.4f} nats"),
        ("validation loss", "not measured" if result.validation_loss is None else f"{result.validation_loss:.4f} nats"),
        ("precision", result.precision),
        ("rows left out", f"{result.problems['count']:,}"),
    ]
    return rows


def report(result: Trained) -> str:
    """One page with the curve, the figures, the shares and the recipe."""
    sections = [
        Section("Learning curve", _chart(result), "curve"),
        Section("Figures", table("What came out", ("what", "value"), facts(result)), "figures"),
    ]
    if result.shares:
        head = ("phase", "source", "asked", "came out", "tokens")
        rows = [(p, s, f"{w:.4f}", f"{c:.4f}", f"{u:,.0f}") for p, s, w, c, u in result.shares]
        sections.append(Section("Mixture", table("Shares of the training tokens", head, rows), "mixture"))
    if result.problems["count"]:
        items = join(Html(f"<li>{text(line)}</li>") for line in result.problems["first"])
        sections.append(Section("Rows left out", Html(f"<ul>{items}</ul>"), "problems"))
    settings = Html(f"<pre>{text(recipes.dump(result.recipe))}</pre>")
    sections.append(Section("Recipe", settings, "recipe", long=True))
    return page(Path(result.folder).name, sections, kind="training run", data=result.asdict() | {"folder": ""})


def _chart(result: Trained) -> Html:
    every = max(1, len(result.curve) // MOST)
    learnt = [(float(s), a) for s, a, _ in result.curve if a is not None][::every]
    looked = [(float(s), b) for s, _, b in result.curve if b is not None]
    lines = [Line("training", tuple(learnt))]
    if looked:
        lines.append(Line("validation", tuple(looked)))
    return line_chart(lines, title="Loss while it learnt", x_label="step", y_label="loss in nats")


def card(result: Trained) -> str:
    """The model card in Markdown."""
    sources = result.recipe.data or ("rows given by a program",)
    licence = result.recipe.licence
    name = Path(result.folder).resolve().name
    limits = [
        f"Trained for {result.steps:,} steps on {result.rows:,} rows or windows; it was judged by its loss only.",
        *result.notes,
    ]
    if result.validation_loss is None:
        limits.append("No rows were held out: the loss is of what it learnt from.")
    if result.problems["count"]:
        limits.append(f"{result.problems['count']:,} rows were left out (too long, or fields missing).")
    notes = ModelNotes(
        name,
        summary=f"A {result.task} model with {result.parameters:,} parameters, trained with macaronic.",
        load=f'from macaronic.train.trained import load\n\nmodel, tokenizer = load("{name}")',
        licence=licence,
        task=HUB[result.task],
        data=tuple((str(source), licence, "") for source in sources),
        limits=tuple(limits),
    )
    head = model_card(notes).partition("## Results\n")
    figures = "\n".join(["| What | Value |", "| --- | --- |", *(f"| {k} | {v} |" for k, v in facts(result))])
    rest = head[2].partition("## Results by label")
    return f"{head[0]}## Results\n\n{figures}\n\n{rest[1]}{rest[2]}"
