"""The scores of a model as one HTML page: the table as the field prints it, a map of languages, the worst outputs."""

from __future__ import annotations

from dataclasses import dataclass

from macaronic.core.result import Result
from macaronic.report import numerals as say
from macaronic.report.build_report import Sample
from macaronic.report.markup import Cell, Html, isolated, numeric, table, text
from macaronic.report.page import Section, page
from macaronic.report.sections import how_sure
from macaronic.report.sentence import sample_list
from macaronic.report.svg import heat_grid


@dataclass(frozen=True, slots=True)
class EvalReport:
    """Everything that the page shows; what is empty is left out.

    Args:
        title: the benchmark.
        task: what the model had to do.
        results: the numbers; levels `all`, a part, or part/language.
        arrows: metric -> the direction that is better.
        worst: outputs with the lowest scores, their words with languages; `source` says which, `note` why.
        notes: what a reader must know.
        problems: what could not be read or was counted as wrong, in words.
        sources: (name, value) of data, licence and papers.
        command: gives the same again.
    """

    title: str
    task: str
    results: tuple[Result, ...]
    arrows: dict[str, str]
    worst: tuple[Sample, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    command: str = ""


def render(report: EvalReport) -> str:
    """The page.

    Returns:
        One HTML file that needs no other file and no network; equal reports give equal text.

    >>> result = Result("lpr", "hi", 0.5, 0.4, 0.6, 100, "fraction", "lpr|v:0")
    >>> "0.4 to 0.6" in render(EvalReport("Confusion", "answer in Hindi", (result,), {"lpr": "↑"}))
    True
    """
    sections = [Section("Scores", _scores(report), "scores")]
    for title, grid in _grids(report):
        sections.append(Section(title, grid, f"map{len(sections)}", "In per cent; the stronger the shade, the higher."))
    if report.worst:
        sections.append(Section("Lowest scores", sample_list(report.worst), "worst", long=True))
    for title, lines in (("Notes", report.notes), ("Problems in the input", report.problems)):
        if lines:
            items = "".join(f"<li>{isolated(line)}</li>" for line in lines)
            sections.append(Section(title, Html(f"<ul>{items}</ul>"), title.split()[0].lower()))
    sections.append(Section("Where it comes from", _sources(report), "sources"))
    lead = Html(f'<p class="lead">{text(report.task)}</p>')
    return page(report.title, sections, kind="evaluation", lead=lead, data=report)


def _scores(report: EvalReport) -> Html:
    """The table, with the signatures below it: once each, by number where there are several."""
    signatures = list(dict.fromkeys(r.signature for r in report.results))
    several = len(signatures) > 1
    rows = [
        [
            Cell(text(f"{r.name} {report.arrows.get(r.name, '')}".strip())),
            Cell(isolated(r.level)),
            numeric(say.number(r.value) if r.value is not None else "not defined", r.value),
            Cell(text(how_sure(r))),
            numeric(f"{r.n:,}", r.n),
            Cell(text(r.unit)),
            *([numeric(str(1 + signatures.index(r.signature)), 1 + signatures.index(r.signature))] if several else []),
        ]
        for r in report.results
    ]
    header = ["Metric", "Part", "#Value", "95 % interval", "#n", "Unit", *(["#Signature"] if several else [])]
    listed = "".join(f'<li><code class="sig">{text(signature)}</code></li>' for signature in signatures)
    kind = "ol" if several else "ul"
    return Html(f'{table("Scores", header, rows, empty=say.MISSING)}<{kind} class="intro">{listed}</{kind}>')


def _grids(report: EvalReport) -> list[tuple[str, Html]]:
    """A map of languages by metrics for each part of the benchmark that has more than one, by the first rules told."""
    held: dict[str, dict[str, dict[str, float | None]]] = {}
    for r in [r for r in report.results if r.signature == report.results[0].signature]:
        part, slash, language = r.level.rpartition("/")
        if r.unit == "fraction" and (slash or r.level != "all"):
            held.setdefault(part, {}).setdefault(language, {})[r.name] = r.value
    whole = {part for part in held if part}
    out = []
    for part, rows in held.items():
        rows = {name: values for name, values in rows.items() if part or name not in whole}
        metrics = list(dict.fromkeys(metric for values in rows.values() for metric in values))
        if len(rows) > 1:
            title = f"Languages: {part}" if part else "Languages"
            shares = [[values.get(metric) for metric in metrics] for values in rows.values()]
            grid = heat_grid(list(rows), metrics, shares, title=title)
            out.append((title, Html(f'<div class="chart scroll">{grid}</div>')))
    return out


def _sources(report: EvalReport) -> Html:
    listed = "".join(f"<dt>{text(k)}</dt><dd>{isolated(v)}</dd>" for k, v in report.sources)
    again = f"<pre>{text(report.command)}</pre>" if report.command else ""
    return Html(f'<dl class="settings">{listed}</dl>{again}')
