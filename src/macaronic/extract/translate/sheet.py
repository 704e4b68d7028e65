"""The correction sheet: what was dropped or repaired by guess, for people to mend; `corrected` reads it back."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from macaronic.core.files import write_text
from macaronic.extract.record import Record
from macaronic.extract.translate.draft import labels_of_pieces
from macaronic.extract.translate.marks import marked
from macaronic.extract.translate.pieces import Pieces, Place, pieces_of
from macaronic.extract.translate.prompts import SEVERAL
from macaronic.extract.translate.rules import UNSENT
from macaronic.extract.translate.translation import Dropped, Translation

COLUMNS = ("id", "rule", "source", "translation", "spans", "suggestion", "ok")
"""A person moves and adds marks in `suggestion`, and writes `yes` under `ok` once it is right."""

UNSURE = ("occurrence by order", "alignment", "marked text")
"""Repairs that a person should look at: these records are kept, and on the sheet too."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the sheet.

    Args:
        source: the record as it was.
        rule: the rule that dropped it, with what was found; or `check: ` and the repair.
        text: the translation, empty where there was none.
        places: where the pieces stand in it, None where that is not known; empty without a text.
    """

    source: Record
    rule: str
    text: str = ""
    places: tuple[Place | None, ...] = ()

    @property
    def pieces(self) -> Pieces:
        """What must stand in the translation."""
        return pieces_of(self.source)

    def cells(self) -> list[str]:
        """The columns, in their order; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
        at = [(piece.start, piece.end) for piece in self.pieces.items]
        labels = [SEVERAL.join(names) or "-" for names in labels_of_pieces(self.source, self.pieces)]
        spans = " | ".join(
            f"{number} {label}: {piece.text}"
            for number, (label, piece) in enumerate(zip(labels, self.pieces.items, strict=True), 1)
        )
        known = {number: place for number, place in enumerate(self.places, 1) if place is not None}
        suggestion = marked(self.text, list(known.values()), list(known))
        cells = (self.source.id, self.rule, marked(self.source.text, at), self.text, spans, suggestion, "")
        return [f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells]

    def asdict(self) -> dict[str, Any]:
        """The row as an utterance in JSON: the translation with the spans that are known, their ids the numbers."""
        labels = labels_of_pieces(self.source, self.pieces)
        spans = [
            {"layer": "entity", "label": SEVERAL.join(labels[i]), "start": place[0], "end": place[1], "id": f"e{i + 1}"}
            for i, place in enumerate(self.places)
            if place is not None
        ]
        at = [(piece.start, piece.end) for piece in self.pieces.items]
        told = {"rule": self.rule, "source": marked(self.source.text, at), "ok": ""}
        return {"id": self.source.id, "text": self.text, "spans": spans, **told}


def lines(done: Translation) -> Iterator[Line]:
    """The rows: what was dropped after it was sent, and what was kept by an unsure repair.

    >>> from macaronic.extract.record import Span
    >>> one = Record("Ann left.", spans=(Span("person", "Ann", 0, 3),), id="1", language="en")
    >>> lost = Dropped(one, "span not in the translation", "'Anna'", "Se fue Ana.", (None,))
    >>> next(lines(Translation((lost,), "es"))).cells()[2:6]
    ['<e1>Ann</e1> left.', 'Se fue Ana.', '1 person: Ann', 'Se fue Ana.']
    """
    for outcome in done.outcomes:
        if isinstance(outcome, Dropped):
            if outcome.rule not in UNSENT:
                rule = f"{outcome.rule}: {outcome.detail}" if outcome.detail else outcome.rule
                yield Line(outcome.source, rule, outcome.translation, outcome.places)
        elif unsure := [repair for repair in outcome.repairs if repair in UNSURE]:
            yield Line(outcome.source, f"check: {', '.join(unsure)}", outcome.record.text, outcome.places)


def write(done: Translation, path: str | os.PathLike[str]) -> int:
    """Write the sheet: parted by tabs, or as JSON lines when the name ends in `.jsonl`.

    Args:
        done: a translated batch.
        path: the file.

    Returns:
        How many rows it has.

    Raises:
        InputError: the file cannot be written.
    """
    rows = list(lines(done))
    if os.fspath(path).endswith(".jsonl"):
        write_text(path, "".join(json.dumps(row.asdict(), ensure_ascii=False) + "\n" for row in rows))
    else:
        write_text(path, _table([COLUMNS, *(row.cells() for row in rows)]))
    return len(rows)


def _table(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, dialect="excel-tab", lineterminator="\n").writerows(rows)
    return out.getvalue()
