"""What the verbs of `macaronic extract` read and print alike."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from macaronic.cli.show import note

if TYPE_CHECKING:
    from macaronic.core.problems import Problems
    from macaronic.core.result import Result
    from macaronic.extract.codecs.codec import Codec
    from macaronic.extract.record import Record

CodecName = Annotated[str | None, typer.Option("--codec", help="oiellm, sel, json, gollie or gliner.")]
Dialect = Annotated[str, typer.Option("--dialect", help="Of oiellm: escaped, or compat as released.")]
Samples = Annotated[int, typer.Option("--samples", min=0, help="Bootstrap resamples; 0: no intervals.")]


def records_of(path: str, problems: Problems, *, what: str = "records") -> list[Record]:
    """The records of a file, at least one.

    Raises:
        UsageError: there is none that can be read.
    """
    from macaronic.core.errors import UsageError
    from macaronic.extract.record import read

    found = list(read(path, problems=problems))
    if not found:
        first = f"\n{problems.first[0]}" if problems.first else ""
        raise UsageError(f"expected {what} as JSON lines in {path}; got none.{first}")
    return found


def codec_of(name: str, dialect: str) -> Codec:
    """The codec of a name, with its dialect checked."""
    from macaronic.core.errors import UnknownName
    from macaronic.extract.codecs.named import DIALECTS, codec

    if dialect not in DIALECTS:
        raise UnknownName("dialect", dialect, DIALECTS)
    return codec(name, dialect="compat" if dialect == "compat" else "escaped")


def show_results(results: Sequence[Result]) -> None:
    """Scores as a table: metric, part, value and interval, how many; the signature below."""
    from macaronic.report.table import write_table

    rows = [(r.name, r.level, r.value, r.low, r.high, r.n) for r in results]
    write_table(("metric", "part", "value", "low", "high", "n"), rows, file=sys.stdout)
    for told in dict.fromkeys(result.signature for result in results):
        print(told)


def note_counts(failures: Mapping[str, int], notes: Mapping[str, int], *, quiet: bool) -> None:
    """Say why answers have no record, and what is odd about the others."""
    for why, count in failures.items():
        note(f"{count:,} without a record: {why}", quiet=quiet)
    for what, count in notes.items():
        note(f"note: {count:,} times {what}", quiet=quiet)


def is_model_folder(name: str) -> bool:
    """Whether a folder holds a model of `extract train`."""
    from macaronic.extract.about import FILE

    return (Path(name) / FILE).is_file()
