"""The parts of a build's page, below the first screen: each a heading, a chart and the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from macaronic.core import languages
from macaronic.core.result import Result
from macaronic.report import numerals as say
from macaronic.report.build_report import BuildReport, Histogram, Share, SourceRow, SwitchPairs, SynthRow
from macaronic.report.markup import Cell, Html, isolated, numeric, table, text
from macaronic.report.mix_report import MixReport, evidence
from macaronic.report.page import Section
from macaronic.report.palette import Paint
from macaronic.report.sentence import samples_painted
from macaronic.report.svg import Bar, bar_chart, heat_matrix, histogram

DRAWN = 20
"""How many languages a chart draws; the table beside it holds all of them."""

_CMI_INTRO = (
    "The code-mixing index of a sentence: 0 when all its words are of one language, higher the more words are not of "
    "its main one."
)
_MADE_INTRO = "Sentences made out of parallel rows before the filters; rows that gave none are counted by reason."
_SWITCH_INTRO = "Neighbouring words of one sentence that are in different languages, from the first to the second."


def parts(report: BuildReport, colours: Mapping[str, Paint]) -> list[Section]:
    """All parts of the page, in the order of reading."""
    shares = [shares_part("Languages", report.languages, report.unit, languages.name)]
    shares.append(shares_part("Scripts", report.scripts, report.unit, _script_name))
    if report.buckets:
        shares.append(shares_part("Buckets", report.buckets, report.unit, _no_name))
    return [
        _notices(report),
        *shares,
        *(_evidence(report.evidence) if report.evidence else ()),
        Section("How mixed the sentences are", _cmi(report.cmi), "mixing", _CMI_INTRO),
        Section("Which language follows which", _switches(report.switches), "switches", _SWITCH_INTRO, long=True),
        _samples(report, colours),
        Section("Measures", _measures(report.results), "measures", long=True),
        Section("Sources", _sources(report.sources), "sources", long=True),
        *(
            [Section("Mixed text that was made", _made(report.synth), "synth", _MADE_INTRO, True)]
            if report.synth
            else []
        ),
        Section("How to make it again", _again(report), "again"),
    ]


def _evidence(found: MixReport) -> list[Section]:
    """Why these shares, in the sections of a choice of mixture, below one heading each."""
    intro = found.summary or "; ".join(found.notes[:1])
    first, *others = evidence(found)
    return [replace(first, title="Why these shares", id="evidence", intro=intro), *others]


def largest(shares: Sequence[Share]) -> list[Share]:
    """Shares from the largest achieved one down; equal ones by name."""
    return sorted(shares, key=lambda s: (-(say.finite(s.achieved) or 0.0), s.name))


def how_sure(result: Result) -> str:
    """The interval of a result, or that there is none."""
    if result.low is None or result.high is None:
        return say.MISSING
    return f"{say.number(result.low)} to {say.number(result.high)}"


def _script_name(script: str) -> str:
    import langcodes

    return langcodes.Language.make(script=script).script_name() if len(script) == 4 else ""


def _no_name(name: str) -> str:
    return ""


def _notices(report: BuildReport) -> Section:
    items = [
        f"<li><b>{text(n.kind)}</b>{f' ({n.count:,})' if n.count else ''}<br>{isolated(n.message)}</li>"
        for n in report.notices
    ]
    if report.problem_count:
        items.append(f"<li><b>malformed lines</b> ({report.problem_count:,})<br>They were skipped and counted.</li>")
    body = f'<ul class="notices">{"".join(items)}</ul>' if items else '<p class="empty">No warnings.</p>'
    if report.problems:
        lines = "\n".join(isolated(p) for p in report.problems)
        body += f"<h3>{_first(report)}</h3>\n" + f'<pre class="lines" tabindex="0">{lines}</pre>'
    return Section("Warnings", Html(body), "warnings")


def _first(report: BuildReport) -> str:
    shown, count = len(report.problems), max(report.problem_count, len(report.problems))
    return "The malformed lines" if shown == count else f"The first {shown} of {count:,} malformed lines"


def shares_part(title: str, shares: Sequence[Share], unit: str, called: Callable[[str], str]) -> Section:
    """Achieved and asked shares as a chart of the largest and a table of all."""
    name = title.lower()
    if not shares:
        return Section(title, Html(f'<p class="empty">{title}: {say.MISSING}.</p>'), name)
    ordered = largest(shares)
    drawn = ordered[:DRAWN]
    asked = any(s.asked is not None for s in shares)
    legend = '<p class="legend"><i class="b"></i>achieved'
    legend += '<i class="k"></i>asked</p>' if asked else "; the recipe asked for no shares</p>"
    if len(ordered) > DRAWN:
        legend += f'<p class="note">The {DRAWN} largest of {len(ordered)} are drawn; the table holds all of them.</p>'
    bars = [Bar(s.name, say.finite(s.achieved), say.finite(s.asked), called(s.name)) for s in drawn]
    chart = bar_chart(bars, title=f"{title}: achieved and asked shares", desc=_said(drawn))
    rows = [_share_row(s, called(s.name)) for s in ordered]
    caption = f"Shares by {title.lower().removesuffix('s')}, in {unit}"
    header = [title.removesuffix("s"), "#Achieved", "#Asked", "#Points off", "#Written", "#Available", "#Epochs", "Cap"]
    return Section(title, Html(f'{legend}\n<div class="chart">{chart}</div>\n{table(caption, header, rows)}'), name)


def _said(shares: Sequence[Share]) -> str:
    return "; ".join(f"{s.name} {say.percent(s.achieved)}" for s in shares)


def _share_row(share: Share, name: str) -> list[Cell]:
    asked, achieved = say.finite(share.asked), say.finite(share.achieved)
    gap = None if asked is None or achieved is None else achieved - asked
    label = Html(f"<b>{isolated(share.name)}</b> {text(name)}") if name else isolated(share.name)
    return [
        Cell(label),
        numeric(say.percent(share.achieved), share.achieved),
        numeric("as found" if share.asked is None else say.percent(share.asked), share.asked),
        numeric("" if gap is None else f"{gap * 100:+.2f}", gap),
        numeric(say.count(share.taken), share.taken),
        numeric(say.count(share.available), share.available),
        numeric(say.number(share.epochs), share.epochs),
        Cell(isolated(share.cap or "none")),
    ]


def _cmi(cmi: Histogram | None) -> Html:
    if cmi is None or not cmi.total:
        return Html(f'<p class="empty">Code-mixing index: {say.MISSING}.</p>')
    bins = list(zip(cmi.edges, cmi.edges[1:], cmi.counts, strict=False))
    desc = "; ".join(f"{say.number(a)} to {say.number(b)}: {n:,}" for a, b, n in bins)
    label = "code-mixing index of a sentence"
    chart = histogram(cmi.edges, cmi.counts, title="Sentences by code-mixing index", x_label=label, desc=desc)
    rows = [[Cell(text(f"{say.number(a)} to {say.number(b)}"), a), *_counted(n, cmi.total)] for a, b, n in bins]
    listed = table("Sentences by code-mixing index", ["CMI", "#Sentences", "#Share"], rows)
    return Html(f'<div class="chart">{chart}</div>\n<details><summary>As a table</summary>{listed}</details>')


def _counted(n: int, total: int) -> list[Cell]:
    return [numeric(f"{n:,}", n), numeric(say.percent(n / total), n / total)]


def _switches(switches: SwitchPairs | None) -> Html:
    if switches is None:
        return Html(f'<p class="empty">Switches: {say.MISSING}.</p>')
    pairs = switches.pairs()
    if not pairs:
        return Html('<p class="empty">No word follows a word of another language.</p>')
    names, counts, left_out = _busiest(switches)
    note = (
        f'<p class="note">The {len(names)} languages that switch most are drawn; {left_out} more are in the table.</p>'
        if left_out
        else ""
    )
    desc = "; ".join(f"{a} to {b}: {n:,}" for a, b, n in pairs[:DRAWN])
    heat = heat_matrix(names, counts, title="Switches between languages", rows="from", columns="to", desc=desc)
    total = sum(n for _, _, n in pairs)
    rows = [[Cell(text(a)), Cell(text(b)), *_counted(n, total)] for a, b, n in pairs]
    listed = table("Switches by pair of languages", ["From", "To", "#Switches", "#Share"], rows)
    return Html(
        f'{note}<div class="chart wide" tabindex="0" role="region" aria-label="Switches">{heat}</div>\n{listed}'
    )


def _busiest(switches: SwitchPairs) -> tuple[list[str], list[list[int]], int]:
    """The languages that take part in most switches, in the order given, and how many more there are."""
    size = range(len(switches.names))
    busy = [sum(switches.counts[i][j] + switches.counts[j][i] for j in size) for i in size]
    active = [i for i in size if busy[i]]
    keep = sorted(sorted(active, key=lambda i: (-busy[i], switches.names[i]))[:DRAWN])
    counts = [[switches.counts[i][j] for j in keep] for i in keep]
    return [switches.names[i] for i in keep], counts, len(active) - len(keep)


def _samples(report: BuildReport, colours: Mapping[str, Paint]) -> Section:
    if not report.samples:
        return Section("Sample sentences", Html('<p class="empty">No sentence was kept as a sample.</p>'), "samples")
    intro = "Colour, underline and letters say which language each word was taken for."
    return Section("Sample sentences", samples_painted(report.samples, colours), "samples", intro, long=True)


def _measures(results: Sequence[Result]) -> Html:
    return result_table("Measures of what was written", ("Measure", "Level"), results)


def result_table(title: str, names: tuple[str, str], results: Sequence[Result]) -> Html:
    """Results as a table, each with its interval and signature.

    Args:
        title: above the table.
        names: what the first two columns, name and level, are called.
        results: a row each.
    """
    rows = [
        [
            Cell(text(r.name)),
            Cell(text(r.level.replace("_", " "))),
            numeric(say.number(r.value) if r.value is not None else "not defined", r.value),
            Cell(text(how_sure(r))),
            numeric(f"{r.n:,}", r.n),
            Cell(text(r.unit)),
            Cell(Html(f'<code class="sig">{text(r.signature)}</code>')),
        ]
        for r in results
    ]
    return table(title, [*names, "#Value", "Interval", "#n", "Unit", "Signature"], rows, empty=say.MISSING)


def _sources(sources: Sequence[SourceRow]) -> Html:
    rows = [
        [
            Cell(isolated(s.name)),
            Cell(isolated(s.licence or "not stated")),
            Cell(text(", ".join(s.languages) or say.MISSING)),
            numeric(say.count(s.rows), s.rows),
            numeric(say.count(s.words), s.words),
            numeric(f"{s.bad_rows:,}", s.bad_rows),
        ]
        for s in sources
    ]
    header = ["Source", "Licence", "Languages", "#Rows", "#Words", "#Bad rows"]
    return table("What was read", header, rows, empty="none given")


def _made(synth: Sequence[SynthRow]) -> Html:
    rows = [
        [
            Cell(isolated(s.name)),
            Cell(text(s.method)),
            Cell(text(s.pair)),
            numeric(f"{s.rows:,}", s.rows),
            numeric(f"{s.made:,}", s.made),
            numeric(f"{s.sentences:,}", s.sentences),
            numeric(say.number(s.asked_cmi) if s.asked_cmi is not None else "none", s.asked_cmi),
            numeric(say.number(s.mean_cmi), s.mean_cmi),
            Cell(text(s.reasons or "no row")),
        ]
        for s in synth
    ]
    header = [
        "Name",
        "Method",
        "Languages",
        "#Rows",
        "#Made",
        "#Sentences",
        "#CMI asked",
        "#CMI reached",
        "Gave nothing",
    ]
    return table("Mixed text that was made", header, rows)


def _again(report: BuildReport) -> Html:
    settings = "".join(f"<dt>{text(k)}</dt><dd>{isolated(v)}</dd>" for k, v in report.settings)
    parts = [f'<dl class="settings">{settings}</dl>' if settings else '<p class="empty">No settings given.</p>']
    parts.append(f"<pre>{text(report.command)}</pre>" if report.command else '<p class="empty">No command given.</p>')
    if report.signature:
        parts.append(f'<p class="note">Signature: <code>{text(report.signature)}</code></p>')
    parts.append('<p class="note">The element with the id <code>data</code> holds these figures as JSON.</p>')
    return Html("\n".join(parts))
