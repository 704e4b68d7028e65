"""Charts of points: what was foretold against what was measured, and values with their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from macaronic.report.markup import Html, attribute
from macaronic.report.numerals import number, percent
from macaronic.report.svg import _p, _svg, ticks

_LEFT, _PLOT = 20.0, 64.0  # where the intervals begin, and their room, in per cent of the width


@dataclass(frozen=True, slots=True)
class Dot:
    """A value with its interval, and a mark to compare it with.

    Args:
        label: what it is of.
        value: the value.
        low: lower end of its interval; None when there is none.
        high: upper end.
        mark: what it is compared with; None for nothing.
        hue: 0 to 7.
    """

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    mark: float | None = None
    hue: int = 0


@dataclass(frozen=True, slots=True)
class Cloud:
    """Points (x, y) of one kind."""

    name: str
    points: tuple[tuple[float, float], ...]


def dot_chart(
    dots: Sequence[Dot], *, title: str, x_label: str, desc: str = "", log: bool = False, percents: bool = False
) -> Html:
    """Values as dots with their intervals, a row each, with a mark where one is given.

    Args:
        dots: at most some thirty rows.
        title: what is drawn.
        x_label: what runs along, with its unit.
        desc: what a reader who does not see it should know.
        log: a logarithmic axis; values of 0 stand at its left end.
        percents: values are shares (0 to 1), shown in per cent.

    >>> "law: 0.5" in dot_chart([Dot("law", 0.5, 0.4, 0.6)], title="t", x_label="x")
    True
    """
    known = [v for d in dots for v in (d.value, d.low, d.high, d.mark) if v is not None and math.isfinite(v)]
    shown, tick = (percent, _percent) if percents else (number, _plain)
    scale = _log_ticks(known) if log else ticks(min([0.0, *known]), max(known, default=1.0))
    bottom = len(dots) * 24 + 6

    def at(value: float) -> float:
        low, high = scale[0], scale[-1]
        if log:
            value, low, high = math.log10(max(value, low)), math.log10(low), math.log10(high)
        return _LEFT + _PLOT * min(max((value - low) / ((high - low) or 1.0), 0.0), 1.0)

    body = [
        f'<line class="grid" x1="{_p(at(t))}" x2="{_p(at(t))}" y1="0" y2="{bottom}"/>'
        f'<text class="axis mid" x="{_p(at(t))}" y="{bottom + 14}">{tick(t)}</text>'
        for t in scale
    ]
    for i, dot in enumerate(dots):
        y = i * 24 + 15
        between = "" if dot.low is None or dot.high is None else f" ({shown(dot.low)} to {shown(dot.high)})"
        said = f"{attribute(dot.label)}: {shown(dot.value)}{between}"
        hue = f"s{dot.hue % 8}"
        body.append(
            f'<g class="{hue}"><title>{said}</title><text class="label" x="0" y="{y + 4}">{attribute(dot.label)}</text>'
        )
        if dot.low is not None and dot.high is not None:
            ends = f'x1="{_p(at(dot.low))}" x2="{_p(at(dot.high))}" y1="{y}" y2="{y}"'
            body.append(f'<line class="whisker" {ends}/>')
        if dot.mark is not None:
            x = _p(at(dot.mark))
            body.append(f'<line class="target" x1="{x}" x2="{x}" y1="{y - 8}" y2="{y + 8}"/>')
        body.append(f'<circle cx="{_p(at(dot.value))}" cy="{y}" r="5"/>')
        body.append(f'<text class="value end" x="100%" y="{y + 4}">{shown(dot.value)}</text></g>')
    body.append(f'<text class="axis mid" x="{_p(_LEFT + _PLOT / 2)}" y="{bottom + 32}">{attribute(x_label)}</text>')
    return _svg("dots", bottom + 38, title, desc, body)


def _plain(value: float) -> str:
    return f"{value:g}"


def _percent(value: float) -> str:
    return f"{100 * value:g}%"


def _log_ticks(values: Sequence[float]) -> list[float]:
    """Powers of ten around the values that are above 0."""
    above = [v for v in values if v > 0] or [0.1, 1.0]
    low = max(math.floor(math.log10(min(above))), math.ceil(math.log10(max(above))) - 5)
    high = max(math.ceil(math.log10(max(above))), low + 1)
    return [10.0**power for power in range(low, high + 1)]


def scatter_chart(clouds: Sequence[Cloud], *, title: str, x_label: str, y_label: str, desc: str = "") -> Html:
    """Points with the diagonal on which both numbers are equal; both axes have one scale.

    Args:
        clouds: at most eight kinds; a hue each.
        title: what is drawn.
        x_label: what runs along, with its unit.
        y_label: what runs up, with its unit.
        desc: what a reader who does not see it should know.
    """
    side, left, top = 320, 52, 22
    values = [v for cloud in clouds for point in cloud.points for v in point if math.isfinite(v)]
    scale = ticks(min(values, default=0.0), max(values, default=1.0))
    span = (scale[-1] - scale[0]) or 1.0

    def across(value: float) -> float:
        return left + side * (value - scale[0]) / span

    def up(value: float) -> float:
        return top + side - side * (value - scale[0]) / span

    body = [f'<text class="axis start" x="0" y="12">{attribute(y_label)}</text>']
    for t in scale:
        body.append(f'<line class="grid" x1="{left}" x2="{left + side}" y1="{up(t):.1f}" y2="{up(t):.1f}"/>')
        body.append(f'<line class="grid" x1="{across(t):.1f}" x2="{across(t):.1f}" y1="{top}" y2="{top + side}"/>')
        body.append(f'<text class="axis end" x="{left - 6}" y="{up(t) + 4:.1f}">{number(t)}</text>')
        body.append(f'<text class="axis mid" x="{across(t):.1f}" y="{top + side + 16}">{number(t)}</text>')
    body.append(f'<line class="diagonal" x1="{left}" y1="{top + side}" x2="{left + side}" y2="{top}"/>')
    for i, cloud in enumerate(clouds):
        for x, y in cloud.points:
            if math.isfinite(x) and math.isfinite(y):
                said = f"{attribute(cloud.name)}: {number(x)}, {number(y)}"
                where = f'cx="{across(x):.1f}" cy="{up(y):.1f}"'
                body.append(f'<circle class="s{i % 8} faint" {where} r="4"><title>{said}</title></circle>')
    body.append(f'<text class="axis mid" x="{left + side // 2}" y="{top + side + 34}">{attribute(x_label)}</text>')
    key = "".join(
        f'<li><svg width="12" height="12"><circle class="s{i % 8}" cx="6" cy="6" r="5"/></svg> {attribute(c.name)}</li>'
        for i, c in enumerate(clouds)
    )
    chart = _svg("scatter", top + side + 42, title, desc, body, width=str(left + side + 20))
    return Html(f'<ul class="key">{key}</ul><div class="wide">{chart}</div>')
