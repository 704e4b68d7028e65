"""The same sentences in several languages: line-aligned files, tables and JSON lines with a language a column.

Every format gives one row a language; rows that mean the same share `meta.group`, stand next to each other and carry
their language in the sentence label `lang`. The source's own language code stays in `meta.code` where it differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import groupby
from typing import Any

import pyarrow as pa

from macaronic.core.corpus import from_batch
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.text.formats.jsonl import objects
from macaronic.text.formats.kinds import NESTED, is_sentence_list, language_of
from macaronic.text.formats.lines import blocks, numbered
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.record import Row, code_tag
from macaronic.text.formats.rows import batched, usable
from macaronic.text.formats.table import records

Sides = Sequence[tuple[str, str, str]]
"""(tag, the source's own code, text) of each language of a group."""


def group(
    name: str, number: object, sides: Sides, *, language: str | None = None, meta: Mapping[str, Any] | None = None
) -> Iterator[Utterance]:
    """The rows of one group, one a language; empty texts are left out, and so is a group with fewer than two.

    >>> [u.id for u in group("a", 3, [("en", "en", "hello"), ("es", "es", "hola")])]
    ['a:3/en', 'a:3/es']
    """
    filled = [side for side in sides if side[2].strip()]
    if len({tag for tag, _, _ in filled}) < 2:
        return
    used: set[str] = set()
    for tag, code, text in filled:
        if language is not None and tag != language:
            continue
        ending = tag if tag not in used else code
        used.add(ending)
        own = {"group": f"{name}:{number}", **({"code": code} if code != tag else {}), **(meta or {})}
        yield Utterance(text, f"{name}:{number}/{ending}", labels={"lang": tag}, meta=own)


def read_json(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """JSON lines `{"en": ..., "hi": ...}`; fields that are no language go to every row's `meta`."""
    return batched(_from_json(shard, problems))


def _from_json(shard: Shard, problems: Problems) -> Iterator[Utterance]:
    for first, lines in blocks(shard, problems):
        for number, row in objects(lines, first, shard.where, problems):
            yield from _row(shard, number, row, problems)


def read_table(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """A CSV or TSV file whose header names languages."""
    return batched(u for number, row in records(shard, problems) for u in _row(shard, number, row, problems))


def _row(shard: Shard, number: int, row: Row, problems: Problems) -> Iterator[Utterance]:
    under = next((key for key in NESTED if isinstance(row.get(key), dict)), None)
    fields = row.pop(under) if under else row
    sides: list[tuple[str, str, str]] = []
    rest: Row = {"under": under, **row} if under else {}
    for key, value in fields.items():
        tag = language_of(key, value)
        if tag is None:
            rest[key] = value
        elif usable(value, shard.where, number, problems):
            sides.append((tag, key, value))
    if not sides:
        message = f"expected texts under language codes; got {', '.join(list(row)[:8]) or 'nothing'}"
        problems.add(shard.where, number, message, kind="no text")
    yield from group(shard.name, number, sides, language=shard.options.language, meta=rest)


def read_lists(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """JSON lines `{"lang": ..., "sentences": [...]}`: sentence i of every language means the same.

    The file is held in memory, for its languages come one after the other and the rows leave group by group.
    """
    return batched(_from_lists(shard, problems))


def _from_lists(shard: Shard, problems: Problems) -> Iterator[Utterance]:
    lists: dict[str, list[tuple[str, str, list[str]]]] = {}
    for first, lines in blocks(shard, problems):
        for number, row in objects(lines, first, shard.where, problems):
            tag = code_tag(str(row.get("lang", "")))
            if tag is None or not is_sentence_list(row):
                message = f"expected a known language under 'lang' and a list of sentences; got {row.get('lang')!r}"
                problems.add(shard.where, number, message, kind="no text")
                continue
            for key, value in row.items():
                if isinstance(value, list) and all(isinstance(s, str) for s in value):
                    lists.setdefault(key, []).append((tag, str(row["lang"]), value))
    for key, sides in lists.items():
        for i in range(max(len(texts) for _, _, texts in sides)):
            here = [(tag, code, texts[i]) for tag, code, texts in sides if i < len(texts)]
            yield from group(f"{shard.name}:{key}", i + 1, here, language=shard.options.language)


def read_aligned(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """Files that are parallel line by line (`shard.parts`); lines behind the end of the shortest are counted."""
    return batched(_aligned(shard, problems))


def _aligned(shard: Shard, problems: Problems) -> Iterator[Utterance]:
    tags = [tag for tag, _ in shard.parts]
    with ExitStack() as stack:
        streams = []
        for _, place in shard.parts:
            part = replace(shard, place=place, shown=place, parts=(), encoding=_encoding(shard, place))
            stream = numbered(part, problems)
            stack.callback(stream.close)  # type: ignore[attr-defined]
            streams.append(stream)
        while True:
            row = [next(stream, None) for stream in streams]
            if None in row:
                break
            sides = [(tag, tag, cell[1] or "") for tag, cell in zip(tags, row) if cell]
            yield from group(shard.name, row[0][0] if row[0] else 0, sides, language=shard.options.language)
        _count_rest(shard, row, streams, problems)


def _encoding(shard: Shard, place: str) -> str:
    from macaronic.text.formats.encodings import detect
    from macaronic.text.formats.streams import head

    if shard.encoding:
        return shard.encoding
    sample, whole = head(place)
    return detect(sample, whole=whole)[0]


def _count_rest(
    shard: Shard, row: Sequence[tuple[int, str | None] | None], streams: Sequence[Iterator[Any]], problems: Problems
) -> None:
    for (_, place), cell, stream in zip(shard.parts, row, streams):
        extra = (cell is not None) + sum(1 for _ in stream)
        if extra:
            problems.add(place, cell[0] if cell else 0, f"{extra} lines without a partner", kind="not aligned")


def write_json(batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """A JSON object a group, language code -> text."""
    for row in _rows(batches):
        yield (json.dumps(row, ensure_ascii=False) + "\n").encode()


def write_table(batches: Iterable[pa.RecordBatch], *, delimiter: str, codes: Sequence[str]) -> Iterator[bytes]:
    """A row a group, a column a language code."""
    import csv
    import io

    buffer = io.StringIO()
    out = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    out.writerow(codes)
    for row in _rows(batches):
        out.writerow([row.get(code, "") for code in codes])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def codes_of(batches: Iterable[pa.RecordBatch]) -> list[str]:
    """Every language code and field that the groups of a corpus have, in order of appearance."""
    return list(dict.fromkeys(code for row in _rows(batches) for code in row))


def groups(batches: Iterable[pa.RecordBatch]) -> Iterator[list[Utterance]]:
    """The rows of each group (unlike `core.parallel.grouped`, with every variant of a language)."""
    rows = (u for batch in batches for u in from_batch(batch) if "group" in u.meta and "lang" in u.labels)
    for _, held in groupby(rows, key=lambda u: u.meta["group"]):
        yield list(held)


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[Row]:
    for held in groups(batches):
        extras = {k: v for k, v in held[0].meta.items() if k not in ("group", "code", "under")}
        texts = {str(u.meta.get("code", u.labels["lang"])): u.text for u in held}
        under = held[0].meta.get("under")
        yield {**extras, str(under): texts} if under else {**extras, **texts}
