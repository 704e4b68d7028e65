"""The report of a build as one HTML page: the answer on the first screen, the evidence below."""

from __future__ import annotations

from collections.abc import Sequence

from macaronic.core import languages
from macaronic.core.result import Result
from macaronic.report import numerals as say
from macaronic.report.build_report import BuildReport, Share
from macaronic.report.markup import Html, join, text
from macaronic.report.page import page
from macaronic.report.palette import Paint, paints
from macaronic.report.sections import how_sure, largest, parts
from macaronic.report.svg import ribbon


def render(report: BuildReport) -> str:
    """The page of a build.

    Args:
        report: what to show; missing parts are said to be not measured.

    Returns:
        One HTML file that needs no other file, no network and no script; equal reports give equal text.

    >>> "not measured" in render(BuildReport("Nothing yet"))
    True
    """
    colours = _colours(report)
    body = parts(report, colours)
    return page(report.title, body, kind="build report", lead=_lead(report, colours), data=report)


def _colours(report: BuildReport) -> dict[str, Paint]:
    widest = [s.name for s in largest(report.languages)[:7]]
    seen = [[label for label in s.langs if label is not None] for s in report.samples]
    return paints(
        [*widest, *(tag for group in seen for tag in group)], together=[widest, *(sorted(set(group)) for group in seen)]
    )


def _lead(report: BuildReport, colours: dict[str, Paint]) -> Html:
    first = Html(f'<p class="lead">{text(_summary(report))}</p>')
    return join((h for h in (first, _strip(report.languages, colours), _tiles(report)) if h), "\n")


def _summary(report: BuildReport) -> str:
    size = f"{say.count(report.size)} {report.unit}" if report.size is not None else f"size {say.MISSING}"
    rows = f" in {say.plural(report.rows, 'row')}" if report.rows is not None else ""
    sources = f", taken from {say.plural(len(report.sources), 'source')}" if report.sources else ""
    return f"{size}{rows}{sources}."


def _strip(shares: Sequence[Share], colours: dict[str, Paint]) -> Html:
    known = [(s.name, s.achieved) for s in largest(shares) if s.achieved and say.finite(s.achieved)]
    if not known:
        return Html("")
    shown, rest = known[:7], known[7:]
    left = sum(share for _, share in rest)
    pieces = [*shown, (say.plural(len(rest), "more language"), left)] if rest else shown
    items = "".join(_strip_item(name, share, colours.get(name)) for name, share in pieces)
    return Html(f'{ribbon(pieces, colours, title="Share of each language")}\n<ul class="key">{items}</ul>')


def _strip_item(name: str, share: float, paint: Paint | None) -> str:
    shown = languages.name(name) if paint else name
    return f'<li><span class="dot{f" h{paint.hue}" if paint else ""}"></span>{text(shown)} {say.percent(share)}</li>'


def _tiles(report: BuildReport) -> Html:
    tiles = [_size_tile(report), _language_tile(report), _cmi_tile(report), _mixed_tile(report), _notice_tile(report)]
    return Html(f'<dl class="tiles">{"".join(tiles)}</dl>')


def _tile(name: str, value: Html, sub: str, warn: bool = False) -> str:
    look = ' class="gap"' if value == say.MISSING else ""
    return (
        f'<div class="tile{" warn" if warn else ""}"><dt>{text(name)}</dt><dd{look}>{value}</dd>'
        f'<dd class="sub">{text(sub)}</dd></div>'
    )


def _size_tile(report: BuildReport) -> str:
    if report.size is None:
        return _tile("Size", text(say.MISSING), "")
    asked = f"{report.size / report.budget:.1%} of the {report.budget:,} asked" if report.budget else "no budget asked"
    return _tile(report.unit.capitalize() + " written", text(say.count(report.size)), asked)


def _language_tile(report: BuildReport) -> str:
    if not report.languages:
        return _tile("Languages", text(say.MISSING), "")
    scripts = f"in {say.plural(len(report.scripts), 'script')}" if report.scripts else f"scripts {say.MISSING}"
    return _tile("Languages", text(f"{len(report.languages):,}"), scripts)


def _cmi_tile(report: BuildReport) -> str:
    found = [r for level in ("corpus", "sentence_mean") for r in report.results if (r.name, r.level) == ("cmi", level)]
    if not found or found[0].value is None:
        return _tile("Code-mixing index (CMI)", text(say.MISSING), "")
    return _tile("Code-mixing index (CMI)", text(say.number(found[0].value)), _certainty(found[0]))


def _mixed_tile(report: BuildReport) -> str:
    cmi = report.cmi
    if cmi is None or not cmi.total:
        return _tile("Mixed sentences", text(say.MISSING), "")
    calm = cmi.counts[0]
    return _tile(
        f"Sentences with CMI ≥ {say.number(cmi.edges[1])}",
        text(say.percent((cmi.total - calm) / cmi.total)),
        f"{cmi.total - calm:,} of {cmi.total:,}",
    )


def _notice_tile(report: BuildReport) -> str:
    kinds = len(report.notices) + bool(report.problem_count)
    if not kinds:
        return _tile("Warnings", text("none"), "")
    names = [n.kind for n in report.notices] + (["malformed lines"] if report.problem_count else [])
    sub = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return _tile("Warnings", Html(f'<a href="#warnings">{kinds}</a>'), sub, warn=True)


def _certainty(result: Result) -> str:
    interval = f"{how_sure(result)}, " if result.low is not None else ""
    return f"{interval}{result.level.replace('_', ' ')}, n {result.n:,}"
