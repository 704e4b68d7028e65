"""Which method finds the better mixture, as one HTML page: regrets with intervals, tests, curves over the budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from macaronic.report import numerals as say
from macaronic.report.dots import Cloud, Dot, dot_chart, scatter_chart
from macaronic.report.markup import Cell, Html, isolated, numeric, table, text
from macaronic.report.page import Section, page
from macaronic.report.svg import Line, line_chart

BASELINE = "stratified"
DRAWN = 8
"""How many methods a chart of curves draws; the table holds all of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A method's result at the largest budget.

    Args:
        method: its name.
        regret: mean over the seeds.
        low: lower end of its interval; None with one seed.
        high: upper end.
        overhead: share of the budget that the model did not read.
        against: mean regret minus that of even shares; below 0 is better.
        p: of that, corrected; None where there is no test.
        behind: mean regret minus that of the best.
        p_best: of that, corrected.
        beats: `yes`, `no`, `worse` or `baseline`.
        free: mean regret if what was spent beside the model had been free; None where that is not known.
    """

    method: str
    regret: float
    low: float | None
    high: float | None
    overhead: float
    against: float
    p: float | None
    behind: float
    p_best: float | None
    beats: str
    free: float | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A method's mean regret by budget, with intervals (empty with one seed)."""

    method: str
    points: tuple[tuple[float, float], ...]
    band: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class MixBenchReport:
    """Everything that the page shows; what is empty is left out.

    Args:
        title: the question.
        summary: the answer in a sentence.
        places: the methods, best first.
        curves: the same methods over the budget.
        unit: what the budget counts.
        optimum: (source, best share, share that the best method took) in the first trial.
        truth: (method, points (foretold, measured)) on runs that no fit had seen.
        notes: what a reader must know.
        settings: (name, value) pairs.
        command: gives the same again.
    """

    title: str
    summary: str
    places: tuple[Place, ...]
    curves: tuple[Curve, ...] = ()
    unit: str = "symbols"
    optimum: tuple[tuple[str, float, float], ...] = ()
    truth: tuple[tuple[str, tuple[tuple[float, float], ...]], ...] = ()
    notes: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    command: str = ""


def render(report: MixBenchReport) -> str:
    """The page of a contest.

    Returns:
        One HTML file that needs no other file and no network; equal reports give equal text.

    >>> place = Place("law", 0.1, 0.05, 0.2, 0.1, -0.1, 0.01, 0.0, None, "yes")
    >>> "beats even shares" in render(MixBenchReport("Which?", "So.", (place,))).lower()
    True
    """
    sections = [Section("Regret", _regrets(report.places), "regret", _REGRET_INTRO)]
    if any(len(curve.points) > 1 for curve in report.curves):
        sections.append(Section("Regret over the budget", _curves(report), "curves", _CURVES_INTRO))
    if report.optimum:
        sections.append(Section("The best shares and the winner's", _optimum(report), "optimum", _OPTIMUM_INTRO))
    if report.truth:
        sections.append(Section("Foretold and measured", _truth(report), "truth", _TRUTH_INTRO))
    if report.notes:
        items = "".join(f"<li>{isolated(note)}</li>" for note in report.notes)
        sections.append(Section("Notes", Html(f"<ul>{items}</ul>"), "notes"))
    settings = "".join(f"<dt>{text(k)}</dt><dd>{isolated(v)}</dd>" for k, v in report.settings)
    again = f'<dl class="settings">{settings}</dl>\n<pre>{text(report.command)}</pre>'
    sections.append(Section("How to make it again", Html(again), "again"))
    lead = Html(f'<p class="lead">{text(report.summary)}</p>')
    return page(report.title, sections, kind="contest of mixing methods", lead=lead, data=report)


_REGRET_INTRO = (
    "Loss above the best possible with the whole budget, mean over seeds with its bootstrap interval, on a logarithmic "
    "axis. p is of sign flips over the seeds, with Holm's correction for the number of methods."
)
_CURVES_INTRO = (
    "Mean regret with its interval: even shares and the best at the largest budget. A method that is ever more than "
    "three times as far off as even shares is left to the table, because its curve would flatten the others."
)
_OPTIMUM_INTRO = "In the first trial: the mark is the best share, the dot what the best method took."
_TRUTH_INTRO = "Mean loss of mixtures that the fit had not seen, in the first trial. On the line both are equal."


def _regrets(places: Sequence[Place]) -> Html:
    dots = [Dot(p.method, p.regret, p.low, p.high, hue=_HUES.get(p.beats, 0)) for p in places]
    key = "".join(f'<li><i class="dot h{_HUES[name]}"></i>{said}</li>' for name, said in _SAID.items())
    chart = dot_chart(dots, title="Regret by method", x_label="regret, nats a symbol", log=True)
    return Html(f'<ul class="key">{key}</ul><div class="chart">{chart}</div>\n{_table(places)}')


_SAID = {
    "yes": "beats even shares",
    "no": "not told apart",
    "worse": "worse than even shares",
    "baseline": "even shares",
}
_HUES = {"yes": 2, "no": 5, "worse": 1, "baseline": 7}


def _table(places: Sequence[Place]) -> Html:
    header = [
        "Method",
        "Beats even shares",
        "#Regret",
        "Interval",
        "#Against even shares",
        "#p of that",
        "#Behind the best",
    ]
    free = any(p.free is not None for p in places)
    header += ["#p of that", *(["#Regret of the mixture alone", "#Spent beside"] if free else [])]
    rows = [
        [
            Cell(text(p.method)),
            Cell(text(p.beats)),
            numeric(say.number(p.regret), p.regret),
            Cell(Html(f'<span class="nb">{text(_between(p))}</span>')),
            numeric(say.number(p.against), p.against),
            numeric(_chance(p.p), p.p),
            numeric(say.number(p.behind), p.behind),
            numeric(_chance(p.p_best), p.p_best),
            *([numeric(say.number(p.free), p.free), numeric(say.percent(p.overhead), p.overhead)] if free else []),
        ]
        for p in places
    ]
    return table("Methods, best first", header, rows)


def _between(place: Place) -> str:
    return say.MISSING if place.low is None else f"{say.number(place.low)} to {say.number(place.high)}"


def _chance(p: float | None) -> str:
    return "" if p is None else f"{p:.3f}"


def _curves(report: MixBenchReport) -> Html:
    by = {curve.method: curve for curve in report.curves}
    even = by.get(BASELINE)
    most = 3 * max(y for _, y in even.points) if even else float("inf")
    order = [p.method for p in report.places if p.method in by and max(y for _, y in by[p.method].points) <= most]
    drawn = order[:DRAWN] if BASELINE in order[:DRAWN] else [*order[: DRAWN - 1], BASELINE]
    lines = [Line(name, by[name].points, by[name].band) for name in drawn if name in by]
    said = f"budget, {report.unit}"
    chart = line_chart(lines, title="Regret over the budget", x_label=said, y_label="regret, nats a symbol")
    return Html(f'<div class="chart">{chart}</div>')


def _optimum(report: MixBenchReport) -> Html:
    dots = [Dot(name, taken, mark=best) for name, best, taken in report.optimum]
    chart = dot_chart(dots, title="Shares", x_label="share", percents=True)
    rows = [
        [Cell(isolated(name)), numeric(say.percent(b), b), numeric(say.percent(t), t)] for name, b, t in report.optimum
    ]
    return Html(f'<div class="chart">{chart}</div>\n{table("Shares", ["Source", "#Best", "#Taken"], rows)}')


def _truth(report: MixBenchReport) -> Html:
    clouds = [Cloud(name, points) for name, points in report.truth[:8]]
    chart = scatter_chart(clouds, title="Foretold and measured", x_label="loss foretold", y_label="loss measured")
    return Html(f'<div class="chart">{chart}</div>')
