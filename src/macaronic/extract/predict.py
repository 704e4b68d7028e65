"""Answers for a stream of texts: in batches, written as they come, going on where a killed run stopped."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from macaronic.core.errors import InputError, UsageError
from macaronic.core.files import atomic_write, sha256, sync_folder
from macaronic.extract import answer_rows
from macaronic.extract.extractor import Answer, Extractor
from macaronic.extract.record import Record


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a run did.

    Args:
        n: answers in the file.
        kept: of them from a run before.
        failures: why texts have no record -> how many.
        notes: what is odd about records -> how often.
    """

    n: int
    kept: int
    failures: dict[str, int]
    notes: dict[str, int]


def answered(
    extractor: Extractor, records: Iterable[Record], *, batch: int = 32, constrain: bool = True
) -> Iterator[tuple[Record, Answer]]:
    """Each record with its answer, in order, a batch at a time.

    Raises:
        UsageError: a batch smaller than 1.
    """
    if batch < 1:
        raise UsageError(f"expected a batch of at least 1, got {batch}")
    stream = iter(records)
    while some := list(islice(stream, batch)):
        yield from zip(some, extractor.answers(some, constrain=constrain))


def predict(
    extractor: Extractor,
    records: Iterable[Record],
    out: str | os.PathLike[str],
    *,
    batch: int = 32,
    constrain: bool = True,
    settings: str = "",
    say: Callable[[int], None] = lambda done: None,
) -> Predicted:
    """Write an answer a record to a file of JSON lines.

    Until everything is answered the rows stand in `<out>.part`, each batch on the disk before the next is asked for;
    then it gets its name. The same call after a crash goes on behind the last whole row, if the same texts and settings
    come again; else it begins anew.

    Args:
        extractor: what answers.
        records: the texts.
        out: the file.
        batch: texts asked at once, at least 1.
        constrain: hold answers to the grammar of records where the extractor can.
        settings: what tells this run from another one over the same texts (model, codec, ...).
        say: is told how many are done.

    Raises:
        InputError: the file cannot be written.
    """
    target = Path(out)
    part = target.with_name(f"{target.name}.part")
    stream = iter(records)
    counts = (Counter[str](), Counter[str]())
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        kept, size, first = _kept(part, stream, settings, counts)
        with open(part, "ab") as file:
            file.truncate(size)
            if not size:
                file.write(_line({"settings": sha256(settings)}))
            done = kept
            for some in _batches(first, stream, batch):
                for record, answer in zip(some, extractor.answers(some, constrain=constrain)):
                    told = answer_rows.row(record, answer)
                    told |= {"notes": dict(answer.decoded.notes)} if answer.decoded.notes else {}
                    file.write(_line(told))
                    _count(told, counts)
                file.flush()
                os.fsync(file.fileno())
                done += len(some)
                say(done)
        _finish(part, target)
    except OSError as error:
        raise InputError(f"cannot write {target}: {error.strerror or error}. What is done stands in {part}.") from error
    failures, notes = (dict(sorted(count.items())) for count in counts)
    return Predicted(done, kept, failures, notes)


def _kept(
    part: Path, stream: Iterator[Record], settings: str, counts: tuple[Counter[str], Counter[str]]
) -> tuple[int, int, list[Record]]:
    """How many rows of a run before can stay, where the last one ends, and records that were taken for comparing."""
    if not part.is_file():
        return 0, 0, []
    with open(part, "rb") as file:
        head = file.readline()
        if head != _line({"settings": sha256(settings)}):
            return 0, 0, []
        size, kept = len(head), 0
        for line in file:
            told = _whole(line)
            record = next(stream, None)
            if told is None or record is None or (told.get("id", ""), told["text"]) != (record.id, record.text):
                return kept, size, [] if record is None else [record]
            size, kept = size + len(line), kept + 1
            _count(told, counts)
    return kept, size, []


def _whole(line: bytes) -> dict[str, object] | None:
    try:
        told = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return told if isinstance(told, dict) and "text" in told else None


def _batches(first: list[Record], stream: Iterator[Record], batch: int) -> Iterator[list[Record]]:
    some = first + list(islice(stream, batch - len(first)))
    while some:
        yield some
        some = list(islice(stream, batch))


def _count(told: dict[str, object], counts: tuple[Counter[str], Counter[str]]) -> None:
    if told.get("failure"):
        counts[0][str(told["failure"])] += 1
    notes = told.get("notes")
    if isinstance(notes, dict):
        counts[1].update({str(key): int(value) for key, value in notes.items()})


def _line(told: dict[str, object]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _finish(part: Path, target: Path) -> None:
    """Copy the rows without their head under the final name, whole or not at all."""
    with open(part, "rb") as rows, atomic_write(target) as file:
        rows.readline()
        while block := rows.read(1 << 20):
            file.write(block)
    part.unlink()
    sync_folder(target.parent)
