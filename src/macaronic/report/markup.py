"""HTML made from text that may be hostile. `Html` is the only type that reaches a page unescaped."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, NewType

from macaronic.report.controls import pieces, visible

Html = NewType("Html", str)


def text(value: object) -> Html:
    """Any value as escaped text; control characters are shown by their number.

    >>> text("<b>\\x00")
    '&lt;b&gt;<span class="ctl">U+0000</span>'
    """
    shown = (
        f'<span class="ctl">{piece}</span>' if control else html.escape(piece) for control, piece in pieces(str(value))
    )
    return Html("".join(shown))


def attribute(value: object) -> Html:
    """Any value as it may stand between the quotes of an attribute, or in an SVG text.

    >>> attribute('"x" & y')
    '&quot;x&quot; &amp; y'
    """
    return Html(html.escape(visible(str(value))))


def isolated(value: object) -> Html:
    """Text of unknown direction, kept from turning its surroundings around.

    >>> isolated("abc")
    '<bdi>abc</bdi>'
    """
    return Html(f"<bdi>{text(value)}</bdi>")


def join(parts: Iterable[Html], between: str = "") -> Html:
    """Several pieces of HTML as one."""
    return Html(between.join(parts))


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: what is shown, what it sorts by (None sorts as text), and whether it is a number."""

    body: Html
    sort: float | None = None
    numeric: bool = False


def numeric(shown: str, value: float | None) -> Cell:
    """A cell with a number, set right and sorted by its value."""
    return Cell(text(shown), value if value is not None and math.isfinite(value) else None, True)


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[Cell | str]], *, empty: str = "none") -> Html:
    """A captioned table in a box that scrolls by itself; the first cell of a row is the row's heading.

    Args:
        caption: what the table holds, for every reader.
        header: column names; one that begins with `#` (which is not shown) stands over numbers.
        rows: cells, or plain text that is escaped here.
        empty: what to say when there is no row.
    """
    body = join((_row(row) for row in rows), "\n")
    if not body:
        return Html(f'<p class="empty">{text(caption)}: {text(empty)}.</p>')
    heads = "".join(
        f'<th scope="col"{" class=n" if h.startswith("#") else ""}>{text(h.removeprefix("#"))}</th>' for h in header
    )
    return Html(
        f'<div class="scroll" role="region" tabindex="0" aria-label="{attribute(caption)}">\n'
        f'<table class="sort"><caption>{text(caption)}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _row(row: Sequence[Cell | str]) -> Html:
    cells = [c if isinstance(c, Cell) else Cell(isolated(c)) for c in row]
    first, rest = cells[0], cells[1:]
    return Html(f'<tr><th scope="row">{first.body}</th>' + "".join(_cell(c) for c in rest) + "</tr>")


def _cell(cell: Cell) -> str:
    sort = f' data-v="{cell.sort:.12g}"' if cell.sort is not None else ""
    return f"<td{' class=n' if cell.numeric else ''}{sort}>{cell.body}</td>"


def embedded(data: Any, *, name: str) -> Html:
    """Data inside the page for programs to read; nothing in it can end the element.

    Args:
        data: dataclasses, mappings, sequences, numbers and text; NaN and infinities become null.
        name: the element's id.

    >>> embedded({"x": "</script>"}, name="data")
    '<script type="application/json" id="data">{"x":"\\\\u003c/script\\\\u003e"}</script>'
    """
    body = json.dumps(_plain(data), allow_nan=False, separators=(",", ":"))
    for char in "<>&":
        body = body.replace(char, f"\\u{ord(char):04x}")
    return Html(f'<script type="application/json" id="{attribute(name)}">{body}</script>')


def _plain(data: Any) -> Any:
    if is_dataclass(data) and not isinstance(data, type):
        return _plain(asdict(data))
    if isinstance(data, dict):
        return {str(k): _plain(v) for k, v in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(v) for v in data]
    if isinstance(data, float) and not math.isfinite(data):
        return None
    return data
