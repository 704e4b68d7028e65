"""How much of each source, as one HTML page: shares with intervals, what they are worth, and how well it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from macaronic.report import numerals as say
from macaronic.report.dots import Cloud, Dot, dot_chart, scatter_chart
from macaronic.report.markup import Cell, Html, isolated, numeric, table, text
from macaronic.report.page import Section, page
from macaronic.report.svg import Bar, Line, bar_chart, line_chart


@dataclass(frozen=True, slots=True)
class Share:
    """A source's share.

    Args:
        name: of the source.
        share: chosen, 0 to 1.
        low: lower end of its interval.
        high: upper end.
        natural: its share of all there is.
        cap: the most it may have.
        epochs: how often its text is seen.
    """

    name: str
    share: float
    low: float | None = None
    high: float | None = None
    natural: float | None = None
    cap: float | None = None
    epochs: float | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A mixture that was run after the choice, with fresh seeds.

    Args:
        name: such as `chosen` or `uniform`.
        loss: mean over targets and seeds.
        behind: mean loss above that of the chosen mixture, seed by seed.
        low: lower end of its interval.
        high: upper end.
        seeds: how many were run.
    """

    name: str
    loss: float
    behind: float | None = None
    low: float | None = None
    high: float | None = None
    seeds: int = 0


@dataclass(frozen=True, slots=True)
class Fitted:
    """How well a target's loss is foretold from the mixture: Spearman and squared error on runs not learnt from."""

    target: str
    method: str
    spearman: float | None
    mse: float | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What one point more of a domain does to a target's loss, with its interval, and the domain's importance."""

    target: str
    domain: str
    change: float
    low: float
    high: float
    importance: float


@dataclass(frozen=True, slots=True)
class Foretold:
    """The loss of a target under a mixture that was asked about, and its change from the best mixture's."""

    mixture: str
    target: str
    loss: float
    low: float
    high: float
    change: float
    change_low: float
    change_high: float


@dataclass(frozen=True, slots=True)
class MixReport:
    """Everything that the page shows; what is empty is left out.

    Args:
        title: the question.
        shares: the answer.
        summary: the answer's worth in a sentence.
        tried: mixtures run beside it.
        fitted: the foretelling, by target.
        curves: (source, points (share, loss foretold)).
        moved: what a little more of each source does.
        foretold: mixtures that were asked about.
        truth: (target, points (foretold, measured)) of runs that no fit had seen.
        notes: what a reader must know.
        settings: (name, value) pairs.
        command: gives the same again.
    """

    title: str
    shares: tuple[Share, ...]
    summary: str = ""
    tried: tuple[Tried, ...] = ()
    fitted: tuple[Fitted, ...] = ()
    curves: tuple[tuple[str, tuple[tuple[float, float], ...]], ...] = ()
    notes: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    command: str = ""
    moved: tuple[Moved, ...] = ()
    foretold: tuple[Foretold, ...] = ()
    truth: tuple[tuple[str, tuple[tuple[float, float], ...]], ...] = ()


def render(report: MixReport) -> str:
    """The page of a choice of mixture.

    Returns:
        One HTML file that needs no other file and no network; equal reports give equal text.

    >>> "75.0%" in render(MixReport("How much?", (Share("hi", 0.75), Share("en", 0.25))))
    True
    """
    sections = [*evidence(report), Section("How to make it again", _again(report), "again")]
    lead = Html(f'<p class="lead">{text(report.summary)}</p>') if report.summary else None
    return page(report.title, sections, kind="mixture report", lead=lead, data=report)


def evidence(report: MixReport) -> list[Section]:
    """The sections that say how much of each, what that is worth and how well it is known."""
    sections = [Section("How much of each", _shares(report.shares), "shares")]
    if report.tried:
        sections.append(Section("What it is worth", _tried(report.tried), "worth", _TRIED_INTRO))
    if report.fitted:
        sections.append(Section("How well losses are foretold", _fitted(report), "fit", _FIT_INTRO))
    if report.moved:
        sections.append(Section("What each source does", _moved(report.moved), "effects", _MOVED_INTRO))
    if report.foretold:
        sections.append(Section("What if", _foretold(report.foretold), "what-if", _FORETOLD_INTRO))
    if report.curves:
        sections.append(Section("What another share would cost", _curves(report), "curves", _CURVES_INTRO))
    if report.notes:
        items = "".join(f"<li>{isolated(note)}</li>" for note in report.notes)
        sections.append(Section("Notes", Html(f"<ul>{items}</ul>"), "notes"))
    return sections


_TRIED_INTRO = "Proxies run after the choice, with seeds that the choice has not seen; the difference is seed by seed."
_FIT_INTRO = "By cross-validation: each run was foretold by a fit that had not seen it. 1 is a perfect ranking."
_CURVES_INTRO = "Mean loss foretold when one source's share changes and the others keep their proportions."

_MOVED_INTRO = (
    "Foretold change of the loss when a source gets one point more, taken evenly from the others: negative is better. "
    "An interval on both sides of zero is undetermined. Importance: how much worse losses are foretold when the "
    "source's shares are shuffled among the runs, as a part of their variance."
)
_FORETOLD_INTRO = "Losses foretold for mixtures that were asked about, and their change from the best mixture's."


def _moved(moved: Sequence[Moved]) -> Html:
    rows = [
        [
            Cell(text(m.target)),
            Cell(text(m.domain)),
            numeric(say.number(m.change), m.change),
            Cell(text(_between(m.low, m.high))),
            Cell(text("" if m.low > 0 or m.high < 0 else "undetermined")),
            numeric(say.number(m.importance), m.importance),
        ]
        for m in moved
    ]
    return table("Effects", ["Target", "Source", "#+1 point", "Interval", "Sure", "#Importance"], rows)


def _foretold(foretold: Sequence[Foretold]) -> Html:
    rows = [
        [
            Cell(text(f.mixture)),
            Cell(text(f.target)),
            numeric(say.number(f.loss), f.loss),
            Cell(text(_between(f.low, f.high))),
            numeric(say.number(f.change), f.change),
            Cell(text(_between(f.change_low, f.change_high))),
        ]
        for f in foretold
    ]
    return table("What if", ["Mixture", "Target", "#Loss", "Interval", "#Change", "Its interval"], rows)


def _shares(shares: Sequence[Share]) -> Html:
    natural = any(s.natural is not None for s in shares)
    chart = _share_chart(shares, "Shares" + (" (mark: share of all text)" if natural else ""))
    header = ["Source", "#Share", "Interval"]
    caps, epochs = any(s.cap is not None for s in shares), any(s.epochs is not None for s in shares)
    rows = []
    for s in shares:
        row = [Cell(text(s.name)), numeric(say.percent(s.share), s.share), Cell(text(_shares_between(s.low, s.high)))]
        row += [numeric(say.percent(s.natural), s.natural)] if natural else []
        row += [numeric(say.percent(s.cap), s.cap)] if caps else []
        row += [numeric(say.number(s.epochs), s.epochs)] if epochs else []
        rows.append(row)
    header += ["#Share of all text"] * natural + ["#At most"] * caps + ["#Epochs"] * epochs
    listed = table("Shares", header, rows)
    mark = '<p class="note">The mark is the source\'s share of all text.</p>' if natural else ""
    return Html(f'<div class="chart">{chart}</div>\n{mark}\n{listed}')


def _share_chart(shares: Sequence[Share], title: str) -> Html:
    """Bars; dots where there are intervals to draw."""
    desc = "; ".join(f"{s.name}: {say.percent(s.share)}" for s in shares)
    if any(s.low is not None for s in shares):
        dots = [Dot(s.name, s.share, s.low, s.high, s.natural) for s in shares]
        return dot_chart(dots, title=title, x_label="share, with its interval", desc=desc, percents=True)
    return bar_chart([Bar(s.name, s.share, s.natural) for s in shares], title=title, desc=desc)


def _shares_between(low: float | None, high: float | None) -> str:
    return say.MISSING if low is None or high is None else f"{say.percent(low)} to {say.percent(high)}"


def _between(low: float | None, high: float | None) -> str:
    return say.MISSING if low is None or high is None else f"{say.number(low)} to {say.number(high)}"


def _tried(tried: Sequence[Tried]) -> Html:
    rows = [
        [
            Cell(text(t.name)),
            numeric(say.number(t.loss), t.loss),
            numeric(say.number(t.behind) if t.behind is not None else "", t.behind),
            Cell(text(_between(t.low, t.high) if t.behind is not None else "")),
            numeric(say.count(t.seeds), t.seeds),
        ]
        for t in tried
    ]
    return table("Mixtures run", ["Mixture", "#Mean loss", "#Above the chosen", "Interval", "#Seeds"], rows)


def _fitted(report: MixReport) -> Html:
    rows = [
        [
            Cell(text(f.target)),
            Cell(text(f.method)),
            numeric(say.number(f.spearman) if f.spearman is not None else "not defined", f.spearman),
            numeric(say.number(f.mse) if f.mse is not None else "", f.mse),
        ]
        for f in report.fitted
    ]
    listed = table("Targets", ["Target", "Method", "#Spearman", "#Squared error"], rows)
    if not report.truth:
        return listed
    clouds = [Cloud(name, points) for name, points in report.truth[:8]]
    chart = scatter_chart(clouds, title="Foretold and measured", x_label="loss foretold", y_label="loss measured")
    return Html(f'<div class="chart">{chart}</div>\n{listed}')


def _curves(report: MixReport) -> Html:
    lines = [Line(name, points) for name, points in report.curves[:8]]
    chart = line_chart(lines, title="Loss by share", x_label="share of the source", y_label="mean loss foretold")
    return Html(f'<div class="chart">{chart}</div>')


def _again(report: MixReport) -> Html:
    settings = "".join(f"<dt>{text(k)}</dt><dd>{isolated(v)}</dd>" for k, v in report.settings)
    parts = [f'<dl class="settings">{settings}</dl>'] if settings else []
    parts.append(f"<pre>{text(report.command)}</pre>" if report.command else '<p class="empty">No command given.</p>')
    return Html("\n".join(parts))
