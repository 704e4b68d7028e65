"""What people see on a terminal: notes and progress on stderr, results on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from macaronic.core.corpus import Corpus
    from macaronic.core.problems import Problems
    from macaronic.core.utterance import Utterance


def escape_controls(text: str) -> str:
    """Text without control characters that could drive a terminal; line breaks stay.

    >>> escape_controls("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    return "".join(c if c == "\n" or c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def json_line(value: Any) -> str:
    """One JSON value as one line.

    >>> json_line({"lang": None})
    '{"lang": null}\\n'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n"


def emit(value: Any) -> None:
    """One JSON value on one line of stdout."""
    sys.stdout.write(json_line(value))


def note(message: str, *, quiet: bool = False) -> None:
    """A remark on stderr."""
    if not quiet:
        print(escape_controls(message), file=sys.stderr)


def note_reading(corpus: Corpus, *, quiet: bool = False) -> None:
    """Say what was guessed while a corpus was read, and what could not be read."""
    for text in corpus.notes:
        note(f"note: {text}", quiet=quiet)
    note_problems(corpus.problems, quiet=quiet)


def note_problems(problems: Problems, *, quiet: bool = False, shown: int = 5) -> None:
    """Say how many rows could not be read, and show the first `shown`; the count is shown even when quiet."""
    if not problems.count:
        return
    kinds = ", ".join(f"{count} {kind}" for kind, count in problems.by_kind.most_common())
    print(f"note: {problems.count} problems in the input ({kinds}):", file=sys.stderr)
    for line in problems.first[: 0 if quiet else shown]:
        print(f"  {escape_controls(line)}", file=sys.stderr)
    hidden = problems.count - shown
    if hidden > 0 and not quiet:
        print(f"  ... and {hidden} more; --strict ends at the first", file=sys.stderr)


def print_coloured(utterance: Utterance) -> None:
    """A sentence in its languages' colours with their letters below, and what it is as a whole."""
    from rich.console import Console

    from macaronic.measure.cmi import cmi
    from macaronic.measure.switches import switch_count
    from macaronic.report.table import coloured

    console = Console(highlight=False)
    console.print(coloured(utterance.words, utterance.langs, width=console.width))
    matrix = utterance.labels.get("lang") or "none"
    langs = utterance.langs
    console.print(f"matrix {matrix}   CMI {cmi(langs):.1f}   switches {switch_count(langs)}", style="dim")


class Advance(Protocol):
    """Moves a progress bar: how much is done (absolute), of how much, and a word about it."""

    def __call__(self, done: float, total: float | None = None, text: str = "") -> None:
        """Show the state."""
        ...


@contextmanager
def progress(title: str, *, quiet: bool = False) -> Iterator[Advance]:
    """A progress bar on stderr, only when stderr is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total=None, text="": None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[text]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, text="")

        def advance(done: float, total: float | None = None, text: str = "") -> None:
            bar.update(task, completed=done, total=total, text=escape_controls(text))

        yield advance
