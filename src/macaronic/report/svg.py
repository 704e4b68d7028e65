"""Charts as inline SVG. Positions along the page are in per cent and type is in pixels, so a chart fits any width.

Colours come from classes that the page's style sheet fills, for light and for dark. A chart draws what it is given:
who calls it folds the rest into a table and says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from macaronic.report.markup import Html, attribute
from macaronic.report.numerals import MISSING, compact, number, percent
from macaronic.report.palette import Paint

_LEFT, _PLOT = 30.0, 56.0  # where the bars begin, and their room, in per cent of the width


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: label and fuller name, its value, and the target it is compared with."""

    label: str
    value: float | None
    target: float | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: points (x, y), and optionally the interval (low, high) around each."""

    name: str
    points: tuple[tuple[float, float], ...]
    band: tuple[tuple[float, float], ...] = ()


def ticks(low: float, high: float, *, most: int = 5) -> list[float]:
    """Round numbers that cover a range.

    >>> ticks(0, 0.37)
    [0.0, 0.1, 0.2, 0.3, 0.4]
    >>> ticks(0, 0)
    [0.0, 1.0]
    """
    if not high > low:
        high = low + 1.0
        most = 2
    raw = (high - low) / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * (1 - 1e-9))
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(i * step, 12) + 0.0 for i in range(first, last + 1)]


def _svg(kind: str, height: int, title: str, desc: str, body: Sequence[str], width: str = "100%") -> Html:
    lines = "\n".join(body)
    return Html(
        f'<svg class="{kind}" role="img" width="{width}" height="{height}" xmlns="http://www.w3.org/2000/svg">\n'
        f"<title>{attribute(title)}</title><desc>{attribute(desc)}</desc>\n{lines}\n</svg>"
    )


def _p(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"


def bar_chart(bars: Sequence[Bar], *, title: str, desc: str = "") -> Html:
    """Shares as bars, with a mark where each was asked to be.

    Args:
        bars: at most some twenty rows; values and targets are shares (0 to 1), None is said to be not measured.
        title: what is drawn.
        desc: what a reader who does not see it should know.
    """
    known = [v for b in bars for v in (b.value, b.target) if v is not None]
    scale = ticks(0, max(known, default=1.0))
    bottom = len(bars) * 26 + 4
    body = [
        f'<line class="grid" x1="{_p(x)}" x2="{_p(x)}" y1="0" y2="{bottom}"/>'
        f'<text class="axis mid" x="{_p(x)}" y="{bottom + 14}">{t * 100:.4g}%</text>'
        for t, x in ((t, _LEFT + _PLOT * t / scale[-1]) for t in scale)
    ]
    for i, bar in enumerate(bars):
        body.append(_bar(bar, i * 26 + 4, scale[-1]))
    return _svg("bars", bottom + 20, title, desc, body)


def _bar(bar: Bar, y: int, top: float) -> str:
    name = f' <tspan class="name">{attribute(bar.name)}</tspan>' if bar.name else ""
    asked = f", asked {percent(bar.target)}" if bar.target is not None else ""
    parts = [
        f"<g><title>{attribute(bar.name or bar.label)}: {percent(bar.value)}{asked}</title>",
        f'<svg x="0" y="{y}" width="{_p(_LEFT - 1.5)}" height="22">'
        f'<text class="label" x="0" y="15"><tspan class="tag">{attribute(bar.label)}</tspan>{name}</text></svg>',
    ]
    if bar.value is not None:
        width = _PLOT * bar.value / top
        parts.append(f'<rect class="bar" x="{_p(_LEFT)}" y="{y + 4}" width="{_p(width)}" height="14" rx="2"/>')
    if bar.target is not None:
        x = _p(_LEFT + _PLOT * bar.target / top)
        parts.append(f'<line class="halo" x1="{x}" x2="{x}" y1="{y}" y2="{y + 22}"/>')
        parts.append(f'<line class="target" x1="{x}" x2="{x}" y1="{y + 1}" y2="{y + 21}"/>')
    shown = percent(bar.value) if bar.value is not None else MISSING
    parts.append(f'<text class="value end" x="100%" y="{y + 15}">{shown}</text></g>')
    return "".join(parts)


def ribbon(shares: Sequence[tuple[str, float]], colours: Mapping[str, Paint], *, title: str) -> Html:
    """Shares of one whole as a strip; a name without a colour is drawn grey.

    Args:
        shares: (name, share), in the order to draw them; they sum to at most 1.
        colours: a `Paint` a name.
        title: what is drawn.
    """
    at, body = 0.0, []
    for name, share in shares:
        paint = colours.get(name)
        look = f"h{paint.hue}" if paint else "none"
        shown = f"<title>{attribute(name)}: {percent(share)}</title>"
        body.append(f'<rect class="{look}" x="{_p(at)}" y="0" width="{_p(share * 100)}" height="16">{shown}</rect>')
        at += share * 100
    desc = ", ".join(f"{name} {percent(share)}" for name, share in shares)
    return _svg("ribbon", 16, title, desc, body)


def histogram(edges: Sequence[float], counts: Sequence[int], *, title: str, x_label: str, desc: str = "") -> Html:
    """Counts in bins. A bar more than four times the next one is cut, marked and written out.

    Args:
        edges: ascending bin edges, one more than counts.
        counts: how many fall into each bin.
        title: what is drawn.
        x_label: what the edges measure.
        desc: what a reader who does not see it should know.
    """
    high, top, base = 180, 26, 206
    ranked = sorted(counts, reverse=True)
    cut = len(ranked) > 1 and ranked[1] > 0 and ranked[0] > 4 * ranked[1]
    scale = ticks(0, max(1, ranked[1] if cut else ranked[0] if ranked else 1), most=4)
    lines, values = _y_grid(scale, high, base)
    body = list(lines)
    low, span = edges[0], edges[-1] - edges[0]
    for left, right, n in zip(edges, edges[1:], counts, strict=False):
        x, width = 100 * (left - low) / span, 100 * (right - left) / span
        body.append(_column(x, width, n, (left, right), high / scale[-1], base, top if n > scale[-1] else 0))
    body.append(f'<line class="base" x1="0" x2="100%" y1="{base}" y2="{base}"/>')
    body += values
    step = max(1, math.ceil((len(edges) - 1) / 5))
    for edge in list(edges)[::step]:
        x = 100 * (edge - low) / span
        where = "start" if x < 1 else "end" if x > 99 else "mid"
        body.append(f'<text class="axis {where}" x="{_p(x)}" y="{base + 16}">{number(edge)}</text>')
    body.append(f'<text class="axis mid" x="50%" y="{base + 34}">{attribute(x_label)}</text>')
    return _svg("histogram", base + 42, title, desc, body)


def _y_grid(scale: Sequence[float], high: int, base: int) -> tuple[list[str], list[str]]:
    """Lines to draw below the bars, and their values to write above them."""
    at = [(t, base - high * t / scale[-1]) for t in scale[1:]]
    lines = [f'<line class="grid" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>' for _, y in at]
    values = [f'<text class="axis end over" x="100%" y="{y - 4:.1f}">{compact(t)}</text>' for t, y in at]
    return lines, values


def _column(x: float, width: float, n: int, edges: tuple[float, float], unit: float, base: int, top: int) -> str:
    """One bin; `top` > 0 says that the bar is cut there."""
    y = top if top else base - n * unit
    gap = min(0.5, width / 8)
    bar = (
        f'<rect class="bar" x="{_p(x + gap / 2)}" y="{y:.1f}" width="{_p(width - gap)}" height="{base - y:.1f}">'
        f"<title>{number(edges[0])} to {number(edges[1])}: {n:,}</title></rect>"
    )
    if not top:
        return bar
    end = _p(x + width - gap / 2)
    marks = "".join(
        f'<line class="cut" x1="{_p(x + gap / 2)}" x2="{end}" y1="{v + 7}" y2="{v}"/>' for v in (top + 12, top + 18)
    )
    where, at = ("start", x + gap / 2) if x < 85 else ("end", x + width - gap / 2)
    return f'{bar}{marks}<text class="value {where}" x="{_p(at)}" y="{top - 6}">{n:,} (bar cut)</text>'


def heat_matrix(
    names: Sequence[str], counts: Sequence[Sequence[float]], *, title: str, rows: str, columns: str, desc: str = ""
) -> Html:
    """A square of counts as shades of one colour, each with its number.

    Args:
        names: labels of the rows and of the columns.
        counts: one row of counts a name.
        title: what is drawn.
        rows: what a row is ("from").
        columns: what a column is ("to").
        desc: what a reader who does not see it should know.
    """
    longest = max((len(n) for n in names), default=0)
    cell, high, left = max(48, 10 + longest * 7), 28, 16 + longest * 8
    most = max((c for row in counts for c in row), default=0)
    body = [f'<text class="axis" x="{left}" y="12">{attribute(columns)} →</text>']
    body.append(f'<text class="axis" x="0" y="32">{attribute(rows)} ↓</text>')
    for i, name in enumerate(names):
        body.append(f'<text class="tag mid" x="{left + i * cell + cell // 2}" y="32">{attribute(name)}</text>')
        body.append(f'<text class="tag end" x="{left - 8}" y="{58 + i * high}">{attribute(name)}</text>')
        for j, count in enumerate(counts[i]):
            shade = 0 if not count else 1 + min(5, int(6 * math.sqrt(count / most)))
            x, y = left + j * cell, 40 + i * high
            said = f"{attribute(name)} to {attribute(names[j])}: {count:,.6g}"
            body.append(
                f'<g class="q{shade}"><title>{said}</title>'
                f'<rect x="{x + 1}" y="{y + 1}" width="{cell - 2}" height="{high - 2}" rx="2"/>'
                f'<text class="mid" x="{x + cell // 2}" y="{y + 18}">{compact(count) if count else "·"}</text></g>'
            )
    width, height = left + len(names) * cell, 44 + len(names) * high
    return _svg("heat", height, title, desc, body, width=str(width))


def heat_grid(
    rows: Sequence[str], columns: Sequence[str], shares: Sequence[Sequence[float | None]], *, title: str, desc: str = ""
) -> Html:
    """Shares (0 to 1) as shades of one colour, a row a name and a column a name, each with its number in per cent.

    Args:
        rows: labels from top to bottom.
        columns: labels from left to right.
        shares: one row of shares a row label; None where there is none.
        title: what is drawn.
        desc: what a reader who does not see it should know.
    """
    cell = max(64, 14 + max((len(name) for name in columns), default=0) * 8)
    high, left = 26, 16 + max((len(name) for name in rows), default=0) * 8
    body = []
    for j, name in enumerate(columns):
        body.append(f'<text class="tag mid" x="{left + j * cell + cell // 2}" y="16">{attribute(name)}</text>')
    for i, name in enumerate(rows):
        y = 24 + i * high
        body.append(f'<text class="tag end" x="{left - 8}" y="{y + 17}">{attribute(name)}</text>')
        for j, share in enumerate(shares[i]):
            shade = 0 if share is None else 1 + min(5, int(6 * min(max(share, 0.0), 1.0)))
            x, shown = left + j * cell, "·" if share is None else f"{100 * share:.1f}"
            said = f"{attribute(name)}, {attribute(columns[j])}: {MISSING if share is None else percent(share)}"
            body.append(
                f'<g class="q{shade}"><title>{said}</title>'
                f'<rect x="{x + 1}" y="{y + 1}" width="{cell - 2}" height="{high - 2}" rx="2"/>'
                f'<text class="mid" x="{x + cell // 2}" y="{y + 17}">{shown}</text></g>'
            )
    return _svg("heat", 28 + len(rows) * high, title, desc, body, width=str(left + len(columns) * cell))


def line_chart(lines: Sequence[Line], *, title: str, x_label: str, y_label: str, desc: str = "") -> Html:
    """Curves over a common axis, such as a learning curve, with their intervals where they have any.

    Args:
        lines: at most eight; a hue and a dash each, in the order given.
        title: what is drawn.
        x_label: what runs along, with its unit.
        y_label: what runs up, with its unit.
        desc: what a reader who does not see it should know.
    """
    high, base = 200, 238
    xs = [x for line in lines for x, _ in line.points] or [0.0, 1.0]
    ys = [y for line in lines for _, y in (*line.points, *line.band)] + [b for line in lines for b, _ in line.band]
    across, up = (min(xs), max(xs)), ticks(min(ys, default=0), max(ys, default=1))
    body = [f'<text class="axis start" x="0" y="12">{attribute(y_label)}</text>']
    for t in up:
        y = base - high * (t - up[0]) / (up[-1] - up[0])
        body.append(f'<line class="grid" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>')
        body.append(f'<text class="axis start" x="0" y="{y - 4:.1f}">{number(t)}</text>')
    body.append(
        f'<svg x="9%" y="{base - high}" width="88%" height="{high}" viewBox="0 0 100 100" '
        f'preserveAspectRatio="none" overflow="visible">'
    )
    body += [_curve(line, i, across, (up[0], up[-1])) for i, line in enumerate(lines)]
    body.append("</svg>")
    for i, line in enumerate(lines):
        for x, y in line.points:
            left = 9 + 88 * (x - across[0]) / ((across[1] - across[0]) or 1)
            height = base - high * (y - up[0]) / (up[-1] - up[0])
            said = f"{attribute(line.name)}, {number(x)}: {number(y)}"
            body.append(
                f'<circle class="s{i % 8}" cx="{_p(left)}" cy="{height:.1f}" r="3.5"><title>{said}</title></circle>'
            )
    for t in _inside(ticks(*across), across):
        x = 9 + 88 * (t - across[0]) / ((across[1] - across[0]) or 1)
        body.append(f'<text class="axis mid" x="{_p(x)}" y="{base + 16}">{compact(t)}</text>')
    body.append(f'<text class="axis mid" x="53%" y="{base + 34}">{attribute(x_label)}</text>')
    names = "".join(
        f'<li><svg width="26" height="10"><line class="s{i % 8} d{i % 4}" x1="0" x2="26" y1="5" y2="5"/></svg> '
        f"{attribute(line.name)}</li>"
        for i, line in enumerate(lines)
    )
    return Html(f'<ul class="key">{names}</ul>{_svg("lines", base + 42, title, desc, body)}')


def _inside(values: Sequence[float], span: tuple[float, float]) -> list[float]:
    return [v for v in values if span[0] <= v <= span[1]]


def _curve(line: Line, index: int, across: tuple[float, float], up: tuple[float, float]) -> str:
    def at(x: float, y: float) -> str:
        wide = (across[1] - across[0]) or 1.0
        return f"{100 * (x - across[0]) / wide:.2f},{100 - 100 * (y - up[0]) / (up[1] - up[0]):.2f}"

    band = ""
    if line.band:
        lows = [at(x, low) for (x, _), (low, _) in zip(line.points, line.band, strict=True)]
        highs = [at(x, high) for (x, _), (_, high) in zip(line.points, line.band, strict=True)]
        band = f'<polygon class="band s{index % 8}" points="{" ".join([*lows, *reversed(highs)])}"/>'
    points = " ".join(at(x, y) for x, y in line.points)
    return f'{band}<polyline class="curve s{index % 8} d{index % 4}" points="{points}"/>'
