"""What a benchmark says of each output; kept as JSON lines, so that two models can be compared output by output."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from macaronic.core.errors import FormatError
from macaronic.core.files import write_text
from macaronic.core.problems import Problems
from macaronic.evaluate.rows import read_rows

SHOWN = 400


@dataclass(frozen=True, slots=True)
class Judged:
    """One output with its scores.

    Args:
        id: what names the example, the same for every model.
        values: metric -> score; None where the metric does not apply to this output.
        language: what the output was to be in, as a tag or as the benchmark's own name.
        group: the part of the benchmark that it belongs to, such as `crosslingual/okapi`.
        note: why the score is what it is, where that is not plain.
        text: the output, or its beginning, to be looked at.
        languages: what each stretch of the output is in, as the identifier found it.
        benchmark: its name, where it was written to a file with it.
    """

    id: str
    values: Mapping[str, float | None]
    language: str = ""
    group: str = ""
    note: str = ""
    text: str = ""
    languages: tuple[str, ...] = field(default=())
    benchmark: str = ""

    def asdict(self) -> dict[str, Any]:
        """The fields as JSON values; long outputs are cut.

        >>> Judged("1", {"accuracy": 1.0}, "hi").asdict()["values"]
        {'accuracy': 1.0}
        """
        return {
            "id": self.id,
            "benchmark": self.benchmark,
            "language": self.language,
            "group": self.group,
            "values": dict(self.values),
            "note": self.note,
            "text": self.text[:SHOWN],
            "languages": list(self.languages),
        }


def write(judged: Iterable[Judged], path: str | os.PathLike[str], *, benchmark: str = "") -> None:
    """Write them as JSON lines, whole or not at all; with the benchmark, which says what is better in each metric."""
    rows = ({**one.asdict(), "benchmark": benchmark or one.benchmark} for one in judged)
    write_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def read(path: str, problems: Problems) -> list[Judged]:
    """What `write` wrote.

    Raises:
        FormatError: no row has an id and values.
        InputError: it cannot be read.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "scored.jsonl"
    >>> write([Judged("1", {"accuracy": 1.0, "f1": None}, "hi")], path)
    >>> read(str(path), Problems())[0].values
    {'accuracy': 1.0, 'f1': None}
    """
    found: dict[str, Judged] = {}
    for line, row in read_rows(path, problems, format="jsonl"):
        values = row.get("values")
        if not isinstance(values, dict) or row.get("id") is None or not all(map(_is_score, values.values())):
            problems.add(path, line, "expected id and values (metric -> number or null)", kind="not scored")
            continue
        if str(row["id"]) in found:
            problems.add(path, line, f"{row['id']} comes twice; the first one counts", kind="duplicate")
            continue
        texts = {name: str(row.get(name) or "") for name in ("language", "group", "note", "text", "benchmark")}
        spoken = tuple(map(str, row.get("languages") or ()))
        found[str(row["id"])] = Judged(str(row["id"]), values, **texts, languages=spoken)
    if not found:
        raise FormatError("expected scored outputs, as `macaronic eval score BENCH OUTPUTS --out FILE` writes", path)
    return [*found.values()]


def _is_score(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and math.isfinite(value))


def metrics(judged: Sequence[Judged]) -> list[str]:
    """The metrics that occur, in the order in which they first do."""
    return list(dict.fromkeys(name for one in judged for name in one.values))
