"""The report of a run of synthesis as one HTML page: asked and reached, why rows gave nothing, sentences, distances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from macaronic.core.result import Result
from macaronic.report import numerals as say
from macaronic.report.build_report import Histogram, Sample
from macaronic.report.markup import Cell, Html, isolated, numeric, table, text
from macaronic.report.page import Section, page
from macaronic.report.sections import result_table
from macaronic.report.sentence import sample_list
from macaronic.report.svg import Bar, bar_chart, histogram

_CMI_INTRO = (
    "The code-mixing index of a sentence: 0 when all its words are of one language, higher the more words are not of "
    "its main one."
)
_DISTANCE_INTRO = "How far the text is from the real text that it was compared with; 0 is the same distribution."


@dataclass(frozen=True, slots=True)
class SynthReport:
    """Everything that the page shows. What is None or empty is said to be not measured, or left out.

    Args:
        title: what was made.
        rows: parallel rows that went in.
        made: rows that gave a sentence.
        sentences: mixed sentences that came out.
        words: their words.
        asked_cmi: the wished CMI in percent.
        mean_cmi: the mean CMI of the sentences.
        mean_off: mean distance between asked and reached CMI, in points.
        reached: sentences by CMI.
        off: sentences by reached minus asked CMI.
        reasons: (why a row gave nothing, rows), the most frequent first.
        details: the first such rows, in words.
        notes: (what a reader must know of rows that gave something, rows).
        samples: sentences with their words' languages.
        distances: distances to real text.
        settings: (name, value) pairs, in the order to show them.
        signature: settings and version in one line.
        command: the command that gives the same again.
    """

    title: str
    rows: int = 0
    made: int = 0
    sentences: int = 0
    words: int = 0
    asked_cmi: float | None = None
    mean_cmi: float | None = None
    mean_off: float | None = None
    reached: Histogram | None = None
    off: Histogram | None = None
    reasons: tuple[tuple[str, int], ...] = ()
    details: tuple[str, ...] = ()
    notes: tuple[tuple[str, int], ...] = ()
    samples: tuple[Sample, ...] = ()
    distances: tuple[Result, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    signature: str = ""
    command: str = ""


def render(report: SynthReport) -> str:
    """The page of a run of synthesis.

    Returns:
        One HTML file that needs no other file, no network and no script; equal reports give equal text.

    >>> "unaligned" in render(SynthReport("Try", rows=2, reasons=(("unaligned", 2),)))
    True
    """
    sections = [
        Section("Asked and reached", _reached(report), "cmi", _CMI_INTRO),
        Section("Rows that gave nothing", _reasons(report), "reasons"),
        Section(
            "Sentences", _samples(report.samples), "samples", "Colours and letters say each word's language.", True
        ),
    ]
    if report.distances:
        sections.append(Section("Beside real text", distances(report.distances), "distances", _DISTANCE_INTRO, True))
    sections.append(Section("How to make it again", _again(report), "again"))
    lead = Html(f'<p class="lead">{text(_summary(report))}</p>\n{_tiles(report)}')
    return page(report.title, sections, kind="synthesis report", lead=lead, data=report)


def _summary(report: SynthReport) -> str:
    return (
        f"{say.plural(report.sentences, 'mixed sentence')} ({say.plural(report.words, 'word')}) "
        f"out of {report.made:,} of {say.plural(report.rows, 'row')}."
    )


def _tiles(report: SynthReport) -> str:
    asked = f"asked {say.number(report.asked_cmi)}" if report.asked_cmi is not None else "none asked"
    off = f"{report.mean_off:.1f}" if report.mean_off is not None else say.MISSING
    share = say.percent(report.made / report.rows) if report.rows else say.MISSING
    tiles = [
        ("Sentences", say.count(report.sentences), f"{report.words:,} words"),
        ("Rows that gave one", share, f"{report.made:,} of {report.rows:,}"),
        ("Mean CMI", say.number(report.mean_cmi), asked),
        ("Mean distance from the target", off, "CMI points"),
    ]
    items = (
        f'<div class="tile"><dt>{text(name)}</dt><dd{_gap(value)}>{text(value)}</dd>'
        f'<dd class="sub">{text(sub)}</dd></div>'
        for name, value, sub in tiles
    )
    return f'<dl class="tiles">{"".join(items)}</dl>'


def _gap(value: str) -> str:
    return ' class="gap"' if value == say.MISSING else ""


def _reached(report: SynthReport) -> Html:
    if report.reached is None:
        return Html('<p class="empty">No sentence was made.</p>')
    charts = [_bins(report.reached, "Sentences by code-mixing index", "code-mixing index of a sentence")]
    if report.off is not None:
        charts.append(_bins(report.off, "Reached minus asked", "CMI reached minus CMI asked, in points"))
    return Html("\n".join(charts))


def _bins(bins: Histogram, title: str, label: str) -> Html:
    parts = list(zip(bins.edges, bins.edges[1:], bins.counts))
    filled = [(a, b, n) for a, b, n in parts if n]
    desc = "; ".join(f"{say.number(a)} to {say.number(b)}: {n:,}" for a, b, n in filled)
    chart = histogram(bins.edges, bins.counts, title=title, x_label=label, desc=desc)
    rows = [
        [
            Cell(text(f"{say.number(a)} to {say.number(b)}"), a),
            numeric(f"{n:,}", n),
            numeric(say.percent(n / bins.total), n / bins.total),
        ]
        for a, b, n in filled
    ]
    listed = table(title, ["CMI", "#Sentences", "#Share"], rows)
    return Html(
        f'<h3>{text(title)}</h3>\n<div class="chart">{chart}</div>\n'
        f"<details><summary>As a table</summary>{listed}</details>"
    )


def _reasons(report: SynthReport) -> Html:
    if not report.reasons:
        body = '<p class="empty">Every row gave a sentence.</p>'
    else:
        total = max(report.rows, 1)
        bars = [Bar(reason, count / total) for reason, count in report.reasons]
        desc = "; ".join(f"{reason}: {count:,}" for reason, count in report.reasons)
        chart = bar_chart(bars, title="Rows that gave nothing", desc=desc)
        rows = [
            [Cell(text(reason)), numeric(f"{count:,}", count), numeric(say.percent(count / total), count / total)]
            for reason, count in report.reasons
        ]
        listed = table("Why rows gave nothing", ["Reason", "#Rows", "#Share of all rows"], rows)
        body = f'<div class="chart">{chart}</div>\n{listed}'
    if report.details:
        lines = "\n".join(isolated(line) for line in report.details)
        body += f'\n<h3>The first such rows</h3>\n<pre class="lines" tabindex="0">{lines}</pre>'
    if report.notes:
        items = "".join(f"<li>{isolated(note)} ({count:,})</li>" for note, count in report.notes)
        body += f"\n<h3>Notes on rows that gave something</h3>\n<ul>{items}</ul>"
    return Html(body)


def _samples(samples: Sequence[Sample]) -> Html:
    return sample_list(samples) if samples else Html('<p class="empty">No sentence was made.</p>')


def distances(results: Sequence[Result]) -> Html:
    """Distances as a table, each with its interval and signature."""
    return result_table("Distances", ("Of", "Distance"), results)


def _again(report: SynthReport) -> Html:
    settings = "".join(f"<dt>{text(k)}</dt><dd>{isolated(v)}</dd>" for k, v in report.settings)
    parts = [f'<dl class="settings">{settings}</dl>' if settings else '<p class="empty">No settings given.</p>']
    parts.append(f"<pre>{text(report.command)}</pre>" if report.command else '<p class="empty">No command given.</p>')
    if report.signature:
        parts.append(f'<p class="note">Signature: <code>{text(report.signature)}</code></p>')
    return Html("\n".join(parts))
