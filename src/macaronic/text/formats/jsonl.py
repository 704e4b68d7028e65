"""JSON lines: an object a line; fields that macaronic does not know survive in `meta`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import pyarrow as pa

from macaronic.core import columns
from macaronic.core.corpus import layers_of
from macaronic.core.errors import FormatError
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.text.formats.labels import WordLabels
from macaronic.text.formats.lines import blocks
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.record import OWN, Row, is_rich, own_id, sentence_labels, utterance, words_of
from macaronic.text.formats.rows import dump, numbered_ids, plain_batch, sizes, usable, utterance_batch

Numbered = tuple[int, Row]
STRETCH = 4096
_encode = json.JSONEncoder(ensure_ascii=False).encode


def read(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """A row for every object with a string under the text key, or with a list of words."""
    labels = WordLabels(shard.options.labels, problems, shard.where)
    for first, lines in blocks(shard, problems):
        for begin in range(0, len(lines), STRETCH):
            part = lines[begin : begin + STRETCH]
            checked = not any("\\u" in line for line in part if line)
            rows = objects(part, first + begin, shard.where, problems)
            yield from batches(rows, shard, problems, labels, checked=checked)


def read_whole(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """A file that is one JSON array of objects (or one object); it is held in memory, and rows are numbered from 1."""
    labels = WordLabels(shard.options.labels, problems, shard.where)
    text = "\n".join(line for _, lines in blocks(shard, problems) for line in lines if line is not None)
    if not text.strip():
        return
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        problems.add(shard.where, getattr(error, "lineno", 0), f"not JSON: {error}", kind="json")
        return
    rows: list[Numbered] = []
    for number, row in enumerate(value if isinstance(value, list) else [value], 1):
        if isinstance(row, dict):
            rows.append((number, row))
        else:
            problems.add(shard.where, 0, f"expected objects; item {number} is a {type(row).__name__}", kind="json")
    yield from batches(rows, shard, problems, labels)


_BETWEEN = "-Infinity"
"""Stands between lines that are parsed in one call, so that no object can begin on one line and end on another."""
_MARK = object()


def objects(lines: Sequence[str | None], first: int, where: str, problems: Problems) -> Iterator[Numbered]:
    """(line number, object) of every line that holds one; blank lines are passed over, bad ones counted."""
    rows = _all_at_once(lines)
    if rows is not None:
        yield from enumerate(rows, first)
        return
    for number, line in enumerate(lines, first):
        row = None if line is None or not line.strip() else _one(line, where, number, problems)
        if row is not None:
            yield number, row


def _all_at_once(lines: Sequence[str | None]) -> list[Row] | None:
    """The objects of many lines, when every line holds exactly one (one call is faster than thousands)."""
    if not all(line and line[0] == "{" and line[-1] == "}" for line in lines):
        return None
    text = f",{_BETWEEN},".join(line for line in lines if line)
    if text.count(_BETWEEN) != max(0, len(lines) - 1):
        return None
    try:
        found: list[Any] = json.loads(f"[{text}]", parse_constant=_constant)
    except (ValueError, RecursionError):
        return None
    rows, between = found[::2], found[1::2]
    alone = len(rows) == len(lines) and all(one is _MARK for one in between)
    return rows if alone and all(type(row) is dict for row in rows) else None


def _constant(name: str) -> object:
    return _MARK if name == _BETWEEN else float(name)


def _one(line: str, where: str, number: int, problems: Problems) -> Row | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        message = getattr(error, "msg", "") or str(error).splitlines()[0]
        problems.add(where, number, f"not JSON: {message} (column {getattr(error, 'colno', 0)})", kind="json")
        return None
    if isinstance(row, dict):
        return row
    problems.add(where, number, f"expected a JSON object in one line; got a {type(row).__name__}", kind="json")
    return None


def batches(
    rows: Iterable[Numbered], shard: Shard, problems: Problems, labels: WordLabels, *, checked: bool = False
) -> Iterator[pa.RecordBatch]:
    """Batches of numbered objects; those without a text are counted as problems.

    Args:
        rows: (line number, object).
        shard: where they come from.
        problems: where bad rows are counted.
        labels: maps word labels.
        checked: whether it is known that no text holds a NUL or half a surrogate pair.
    """
    key = shard.options.text_key
    where = shard.where
    kept = [(n, r) for n, r in rows if (checked and type(r.get(key)) is str) or _usable(r, key, where, n, problems)]
    for begin, end in sizes([str(row.get(key, "")) for _, row in kept]):
        part = kept[begin:end]
        if all(len(row) == 1 and key in row for _, row in part):
            ids = numbered_ids(shard.name, [n for n, _ in part])
            yield plain_batch(ids, [row[key] for _, row in part], language=shard.options.language)
        elif any(is_rich(row) for _, row in part):
            yield utterance_batch(_utterances(part, shard, problems, labels), shard.layout.layers)
        else:
            yield _plain(part, shard)


def _usable(row: Row, key: str, where: str, number: int, problems: Problems) -> bool:
    text = row.get(key)
    if type(text) is str:
        return usable(text, where, number, problems)
    if (words := words_of(row)) is not None:
        return all(usable(word, where, number, problems) for word in words)
    got = f"fields: {', '.join(list(row)[:8])}" if row else "an empty object"
    problems.add(where, number, f"expected a string under {key!r}; got {got}", kind="no text")
    return False


def _plain(rows: Sequence[Numbered], shard: Shard) -> pa.RecordBatch:
    key, language, name = shard.options.text_key, shard.options.language, shard.name
    ids, texts, metas = [], [], []
    labels = [sentence_labels(row, language) for _, row in rows]
    for number, row in rows:
        texts.append(row.pop(key))
        ids.append(own_id(row, f"{name}:{number}") if "id" in row else f"{name}:{number}")
        metas.append(dump(row))
    return plain_batch(pa.array(ids, pa.string()), texts, metas=metas, labels=labels)


def _utterances(rows: Sequence[Numbered], shard: Shard, problems: Problems, labels: WordLabels) -> list[Utterance]:
    options, found = shard.options, []
    for number, row in rows:
        try:
            found.append(
                utterance(
                    row,
                    automatic=f"{shard.name}:{number}",
                    line=number,
                    text_key=options.text_key,
                    language=options.language,
                    labels=labels,
                )
            )
        except FormatError as error:
            problems.add(shard.where, number, str(error), kind="offsets")
    return found


def layers(sample: Sequence[Row], text_key: str = "text") -> tuple[str, ...]:
    """The token layers that the rows at the head of a file have."""
    labels = WordLabels(None, Problems(), "")
    names: dict[str, None] = {}
    for row in sample:
        if is_rich(row):
            try:
                made = utterance(row, automatic="", line=0, text_key=text_key, language=None, labels=labels)
            except FormatError:
                continue
            names |= dict.fromkeys(made.layers)
    return tuple(names)


def write(
    batches: Iterable[pa.RecordBatch], *, text_key: str = "text", automatic: Sequence[str] = ()
) -> Iterator[bytes]:
    """An object a line.

    Args:
        batches: of a corpus.
        text_key: the field that the text goes to.
        automatic: names whose ids `<name>:<line>` were made by the reader and are left out.
    """
    made = re.compile(rf"(?:{'|'.join(map(re.escape, automatic))}):\d+") if automatic else None
    for batch in batches:
        lines = [_encode(row) for row in _rows(batch, text_key, made)]
        if lines:
            yield ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")


def write_whole(
    batches: Iterable[pa.RecordBatch], *, text_key: str = "text", automatic: Sequence[str] = ()
) -> Iterator[bytes]:
    """One JSON array, an object a line."""
    start = b"[\n"
    for piece in write(batches, text_key=text_key, automatic=automatic):
        yield start + piece.removesuffix(b"\n").replace(b"\n", b",\n")
        start = b",\n"
    yield b"[]\n" if start == b"[\n" else b"\n]\n"


def _rows(batch: pa.RecordBatch, text_key: str, made: re.Pattern[str] | None) -> Iterator[Row]:
    values = {name: batch.column(name).to_pylist() for name in ("id", "text", "spans", "relations", "labels", "meta")}
    tokens = _token_lists(batch)
    for i in range(batch.num_rows):
        meta = json.loads(values["meta"][i]) if values["meta"][i] else {}
        own: Row = {
            "tokens": tokens["tokens"][i],
            "layers": {name: tokens[name][i] for name in tokens if name != "tokens" and _any(tokens[name][i])},
            "spans": values["spans"][i] or [],
            "relations": values["relations"][i] or [],
            "labels": dict(values["labels"][i] or ()),
        }
        row = _head(values["id"][i], values["text"][i], meta, text_key, made)
        yield _joined(row, _unsaid(own, meta, row, text_key, values["text"][i]), meta)


def _any(labels: Sequence[str | None]) -> bool:
    return any(label is not None for label in labels)


def _token_lists(batch: pa.RecordBatch) -> dict[str, list[list[Any]]]:
    """Tokens and layers of every row as plain lists."""
    offsets = columns.token_offsets(batch).tolist()
    starts, ends = columns.token_spans(batch)
    cuts = list(pairwise(offsets))
    pairs = [list(pair) for pair in zip(starts.tolist(), ends.tolist())]
    found: dict[str, list[list[Any]]] = {"tokens": [pairs[a:b] for a, b in cuts]}
    for name in layers_of(batch.schema):
        codes, names, _ = columns.token_layer(batch, name)
        table = [*names, None]
        flat = [table[code] for code in codes.tolist()]
        found[name] = [flat[a:b] for a, b in cuts]
    return found


def _head(name: str, text: str, meta: Row, text_key: str, made: re.Pattern[str] | None) -> Row:
    row: Row = {}
    if "id" in meta and str(meta["id"]) == name:
        row["id"] = meta.pop("id")
    elif name and not (made and made.fullmatch(name)):
        row["id"] = name
    words = meta.get("words") or meta.get("tokens")
    if text_key in meta or not (isinstance(words, list) and _is_join(words, text)):
        if meta.get(text_key) == text:
            del meta[text_key]
        row[text_key] = text
    return row


def _is_join(words: list[Any], text: str) -> bool:
    return all(isinstance(word, str) for word in words) and " ".join(words) == text


def _unsaid(own: Row, meta: Row, row: Row, text_key: str, text: str) -> Row:
    """What the row's own fields do not say already."""
    labels = sentence_labels(meta)
    own["labels"] = {k: v for k, v in own["labels"].items() if labels.get(k) != v}
    if isinstance(meta.get("words") or meta.get("tokens"), list):
        said = _said(meta, text_key, text)
        if said is not None and [list(pair) for pair in said.tokens] == own["tokens"]:
            own["tokens"] = []
            own["layers"] = {k: v for k, v in own["layers"].items() if list(said.layers.get(k, ())) != v}
    if own["layers"] and not own["tokens"]:
        own["tokens"] = [list(pair) for pair in said.tokens] if said else []
    return {key: value for key, value in own.items() if value}


def _said(meta: Row, text_key: str, text: str) -> Utterance | None:
    labels = WordLabels(None, Problems(), "")
    try:
        row = {**meta, text_key: text}
        return utterance(row, automatic="", line=0, text_key=text_key, language=None, labels=labels)
    except FormatError:
        return None


def _joined(row: Row, own: Row, meta: Row) -> Row:
    held = {key: meta.pop(key) for key in [*OWN, *row] if key in meta and (key in own or key in row)}
    return {**row, **own, **meta, **({"_meta": held} if held else {})}
