"""Answers as JSON lines: records with what the model wrote, or why there is none; and answers of other origin."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.core.problems import Problems
from macaronic.extract.codecs.codec import Codec, Decoded, failed
from macaronic.extract.extractor import Answer
from macaronic.extract.record import Record, Schema
from macaronic.text.formats import jsonl, reading
from macaronic.text.formats.lines import blocks

MISSING = "no answer"


def row(record: Record, answer: Answer) -> dict[str, Any]:
    """An answer as a JSON value, with the id, language and meta of what was asked.

    >>> from macaronic.extract.codecs.codec import failed
    >>> row(Record("hm", id="a"), Answer(failed("truncated"), "No"))["failure"]
    'truncated'
    """
    found = answer.decoded.record or Record(record.text)
    told = replace(found, id=record.id, language=record.language, task=record.task, meta=record.meta).asdict()
    told |= {"output": answer.output} if answer.output else {}
    return told | ({"failure": answer.decoded.failure} if answer.decoded.record is None else {})


def read(
    path: str | os.PathLike[str],
    gold: Sequence[Record],
    *,
    codec: Codec | None = None,
    schema: Schema | None = None,
    problems: Problems,
) -> list[Decoded]:
    """Answers to gold records, in their order.

    Args:
        path: JSON lines of `extract predict`, records, or rows with an `output`; or plain text, a line an answer.
            Rows are found by `id` where every row has one that gold knows, else they count by their order.
        gold: what was asked.
        codec: read `output` (or the plain lines) anew in this codec; without it rows are taken as they are.
        schema: the labels, for a codec that needs them.
        problems: where bad rows are counted.

    Returns:
        One answer a gold record; `no answer` for those that are missing.

    Raises:
        UsageError: plain lines without a codec, or more answers than gold records.
    """
    rows = list(_rows(path, problems)) if _is_jsonl(path) else [{"output": line} for line in _lines(path)]
    if rows and codec is None and all(set(one) <= {"output", "id"} for one in rows):
        raise UsageError(f"{path} holds what a model wrote, not records; say how to read it, such as --codec oiellm.")
    found = _paired(rows, gold, str(path))
    return [_answer(one, record, codec, schema, problems) for one, record in zip(found, gold)]


def _answer(
    told: Mapping[str, Any] | None, gold: Record, codec: Codec | None, schema: Schema | None, problems: Problems
) -> Decoded:
    if told is None:
        return failed(MISSING)
    if codec is not None and isinstance(told.get("output"), str):
        return codec.decode(told["output"], gold.text, task=gold.task, schema=schema)
    if told.get("failure"):
        return failed(str(told["failure"]))
    try:
        return Decoded(Record.from_dict({"text": gold.text, **told}))
    except FormatError as error:
        problems.add(str(told.get("id", gold.id)), 0, str(error), kind="answer")
        return failed("no record")


def _paired(rows: Sequence[Mapping[str, Any]], gold: Sequence[Record], where: str) -> list[Mapping[str, Any] | None]:
    ids = {str(one["id"]): one for one in rows if one.get("id") not in (None, "")}
    known = {record.id for record in gold}
    if len(ids) == len(rows) and rows and set(ids) <= known and len(known) == len(gold):
        return [ids.get(record.id) for record in gold]
    if len(rows) > len(gold):
        raise UsageError(f"{where} holds {len(rows)} answers, more than the {len(gold)} gold records.")
    return [*rows, *[None] * (len(gold) - len(rows))]


def _is_jsonl(path: str | os.PathLike[str]) -> bool:
    """Whether the first line is a row; an answer in a JSON codec has none of these fields."""
    try:
        first = json.loads(next(iter(_lines(path)), ""))
    except ValueError:
        return False
    return isinstance(first, dict) and not {"id", "text", "output"}.isdisjoint(first)


def _rows(path: str | os.PathLike[str], problems: Problems) -> Iterator[dict[str, Any]]:
    for shard in reading.read(os.fspath(path), format="jsonl").shards:
        for first, lines in blocks(shard, problems):
            for _, told in jsonl.objects(lines, first, shard.where, problems):
                yield told


def _lines(path: str | os.PathLike[str]) -> Iterable[str]:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}.") from error
