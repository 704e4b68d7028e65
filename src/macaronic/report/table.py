"""Tables and coloured sentences for the terminal; plain tab-separated text where there is no terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING

from macaronic.report.controls import visible
from macaronic.report.palette import Paint, letters, paints
from macaronic.report.sentence import direction

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_COLOURS = ("blue", "dark_orange3", "green", "magenta", "yellow", "cyan", "pink1", "red")
_LINES = ("bold", "bold underline", "bold italic", "bold underline italic")
_MARK = "\u200e"  # left-to-right mark: keeps a terminal that reorders text from reordering whole words


def tsv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as tab-separated lines with a header; tabs, line ends and control characters inside cells are made visible.

    >>> tsv(["tag", "words"], [("hi", 12), ("a\\tb", None)])
    'tag\\twords\\nhi\\t12\\na b\\t\\n'
    """
    return "".join("\t".join(_plain(cell) for cell in row) + "\n" for row in (header, *rows))


def _plain(cell: object) -> str:
    return "" if cell is None else visible(" ".join(str(cell).split("\t"))).replace("\n", " ")


def rich_table(header: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> Table:
    """Rows as a table for a terminal; columns that hold only numbers are set right.

    >>> rich_table(["tag", "words"], [("hi", 12), ("en", 9)]).columns[1].justify
    'right'
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    body = [list(row) for row in rows]
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for i, name in enumerate(header):
        numbers = bool(body) and all(isinstance(row[i], (int, float)) or row[i] is None for row in body)
        table.add_column(Text(_plain(name)), justify="right" if numbers else "left", overflow="fold")
    for row in body:
        table.add_row(*(Text(_shown(cell)) for cell in row))
    return table


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.4g}"
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}"
    return _plain(cell)


def write_table(header: Sequence[str], rows: Iterable[Sequence[object]], *, file: IO[str], title: str = "") -> None:
    """Write a table to a terminal, or tab-separated lines to a file or a pipe.

    Args:
        header: column names.
        rows: one value a column; numbers keep all their digits where they are not for people.
        file: where to write; `file.isatty()` decides.
        title: said above the table on a terminal only.
    """
    if not file.isatty():
        file.write(tsv(header, rows))
        return
    from rich.console import Console

    Console(file=file, highlight=False).print(rich_table(header, rows, title=title))


def coloured(words: Sequence[str], langs: Sequence[str | None], *, width: int = 80) -> Text:
    """A sentence in its languages' colours with the languages' letters below it, for a terminal.

    Columns are counted in terminal cells, so wide characters and combining marks stay above their letters. Words run
    from left to right in the order in which they are said, also those written from right to left.

    Args:
        words: the words, in order.
        langs: one label a word.
        width: how many cells a line may take.

    Returns:
        Pairs of lines; `.plain` holds them without colour.

    >>> print(coloured(["yaar", "so", "chill"], ["hi-Latn", "en", "en"]).plain)
    yaar so chill
    HI   EN EN
    """
    from rich.cells import cell_len
    from rich.text import Text

    shown = [visible(word) for word in words]
    short = letters(langs)
    colours = paints(label for label in langs if label is not None)
    marks = [short[label] for label in langs]
    sizes = [max(cell_len(word), cell_len(mark)) for word, mark in zip(shown, marks, strict=True)]
    turned = any(direction(word) == "rtl" for word in shown)
    out = Text()
    for line in _lines(sizes, width):
        out.append("\n" if out else "")
        top, below = Text(_MARK if turned else ""), Text()
        for i in line:
            last = i == line[-1]
            after = (_MARK if turned else "") + ("" if last else " " * (sizes[i] - cell_len(shown[i]) + 1))
            top.append(shown[i], style=_style(langs[i], colours)).append(after)
            below.append(marks[i], style="dim").append("" if last else " " * (sizes[i] - cell_len(marks[i]) + 1))
        out.append_text(top).append("\n").append_text(below)
    return out


def _style(label: str | None, colours: Mapping[str, Paint]) -> str:
    paint = colours.get(label or "")
    return f"{_LINES[paint.line]} {_COLOURS[paint.hue]}" if paint else "default"


def _lines(sizes: Sequence[int], width: int) -> Iterator[list[int]]:
    """Word numbers, cut into lines of at most `width` cells; a longer word has a line of its own."""
    line: list[int] = []
    used = 0
    for i, size in enumerate(sizes):
        if line and used + size > width:
            yield line
            line, used = [], 0
        line.append(i)
        used += size + 1
    if line:
        yield line
