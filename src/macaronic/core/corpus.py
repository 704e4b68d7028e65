"""A corpus: record batches that can be read again and again, larger than memory, with a card of where they come from.

The columns are `id`, `text`, `tokens`, one `token.<layer>` for each token layer, `spans`, `relations`, `labels` and
`meta` (JSON). Hot paths work on them through `macaronic.core.columns`; people work with `Utterance`s.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from macaronic.core.errors import FormatError, InputError
from macaronic.core.files import atomic_write
from macaronic.core.problems import Problems
from macaronic.core.utterance import Relation, Span, Utterance

BATCH_ROWS = 8192
BATCH_BYTES = 16 << 20

TOKENS = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())]))
LAYER = pa.list_(pa.dictionary(pa.int32(), pa.string()))
SPANS = pa.list_(
    pa.struct(
        [
            ("layer", pa.string()),
            ("label", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("id", pa.string()),
        ]
    )
)
RELATIONS = pa.list_(pa.struct([("type", pa.string()), ("head", pa.string()), ("tail", pa.string())]))
LABELS = pa.map_(pa.string(), pa.string())
PREFIX = "token."


@dataclass(frozen=True, slots=True)
class Card:
    """Where a corpus comes from and what may be done with it; an empty field means it was not said."""

    source: str = ""
    licence: str = ""
    languages: tuple[str, ...] = ()
    fingerprint: str = ""
    notes: str = ""


def schema(layers: Iterable[str] = ()) -> pa.Schema:
    """The columns of a corpus with these token layers.

    >>> schema(["lang"]).names
    ['id', 'text', 'tokens', 'token.lang', 'spans', 'relations', 'labels', 'meta']
    """
    fields = [("id", pa.string()), ("text", pa.string()), ("tokens", TOKENS)]
    fields += [(PREFIX + name, LAYER) for name in layers]
    fields += [("spans", SPANS), ("relations", RELATIONS), ("labels", LABELS), ("meta", pa.string())]
    return pa.schema(fields)


def layers_of(columns: pa.Schema) -> tuple[str, ...]:
    """The names of the token layers in a schema."""
    return tuple(name.removeprefix(PREFIX) for name in columns.names if name.startswith(PREFIX))


def to_batch(utterances: Sequence[Utterance], layers: Iterable[str] | None = None) -> pa.RecordBatch:
    """Utterances as one record batch.

    Args:
        utterances: any number of them.
        layers: which token layers; all that occur when left out. An utterance without one gets nulls.

    >>> to_batch([Utterance.from_words(["so", "chill"], layers={"lang": ["en", "en"]})]).num_rows
    1
    """
    if layers is None:
        layers = list(dict.fromkeys(name for u in utterances for name in u.layers))
    columns: dict[str, pa.Array] = {
        "id": pa.array([u.id for u in utterances], pa.string()),
        "text": pa.array([u.text for u in utterances], pa.string()),
        "tokens": pa.array([[{"start": s, "end": e} for s, e in u.tokens] for u in utterances], TOKENS),
    }
    for name in layers:
        values = [list(u.layers.get(name, (None,) * len(u.tokens))) for u in utterances]
        columns[PREFIX + name] = _layer_array(values)
    columns["spans"] = pa.array([[_span_row(s) for s in u.spans] for u in utterances], SPANS)
    columns["relations"] = pa.array(
        [[{"type": r.type, "head": r.head, "tail": r.tail} for r in u.relations] for u in utterances], RELATIONS
    )
    columns["labels"] = pa.array([list(u.labels.items()) for u in utterances], LABELS)
    columns["meta"] = pa.array([dump_meta(u.meta) for u in utterances], pa.string())
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=schema(layers))


def _span_row(span: Span) -> dict[str, Any]:
    return {"layer": span.layer, "label": span.label, "start": span.start, "end": span.end, "id": span.id}


def _layer_array(values: list[list[str | None]]) -> pa.Array:
    flat = pa.array([label for row in values for label in row], pa.string()).dictionary_encode()
    offsets, total = [0], 0
    for row in values:
        total += len(row)
        offsets.append(total)
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat)


def dump_meta(meta: Any) -> str:
    """`meta` as JSON; an empty string for nothing."""
    return json.dumps(dict(meta), ensure_ascii=False) if meta else ""


def from_batch(batch: pa.RecordBatch) -> Iterator[Utterance]:
    """The utterances of a record batch.

    >>> u = Utterance("so chill", "a", ((0, 2), (3, 8)), {"lang": ("en", None)}, meta={"likes": 3})
    >>> next(from_batch(to_batch([u]))) == u
    True
    """
    layers = layers_of(batch.schema)
    columns = {name: batch.column(name).to_pylist() for name in batch.schema.names}
    for i in range(batch.num_rows):
        tokens = tuple((t["start"], t["end"]) for t in columns["tokens"][i] or ())
        yield Utterance(
            text=columns["text"][i],
            id=columns["id"][i],
            tokens=tokens,
            layers={name: tuple(columns[PREFIX + name][i] or (None,) * len(tokens)) for name in layers},
            spans=tuple(Span(**s) for s in columns["spans"][i] or ()),
            relations=tuple(Relation(**r) for r in columns["relations"][i] or ()),
            labels=dict(columns["labels"][i] or ()),
            meta=json.loads(columns["meta"][i]) if columns["meta"][i] else {},
        )


def batched(utterances: Iterable[Utterance]) -> Iterator[pa.RecordBatch]:
    """Record batches of bounded size out of a stream of utterances.

    >>> sum(b.num_rows for b in batched(Utterance("hi") for _ in range(3)))
    3
    """
    held: list[Utterance] = []
    size = 0
    for utterance in utterances:
        held.append(utterance)
        size += len(utterance.text) + 32 * len(utterance.tokens)
        if len(held) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield to_batch(held)
            held, size = [], 0
    if held:
        yield to_batch(held)


class Corpus:
    """Record batches that can be read any number of times, with a card and a count of what could not be read.

    Args:
        source: gives a fresh iterator over the batches at each call.
        card: where it comes from.
        problems: filled while batches are read.
        notes: what a reader guessed or left out, for people to see.

    >>> corpus = Corpus.from_utterances([Utterance("so chill", "a"), Utterance("yaar", "b")])
    >>> [u.id for u in corpus], corpus.count()
    (['a', 'b'], 2)
    """

    def __init__(
        self,
        source: Callable[[], Iterator[pa.RecordBatch]],
        *,
        card: Card | None = None,
        problems: Problems | None = None,
        notes: list[str] | None = None,
    ) -> None:
        self._source = source
        self.notes = notes if notes is not None else []
        self.card = card or Card()
        self.problems = problems if problems is not None else Problems()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The batches from the start; problems are counted anew."""
        self.problems.clear()
        return self._source()

    def utterances(self) -> Iterator[Utterance]:
        """The utterances from the start."""
        for batch in self.batches():
            yield from from_batch(batch)

    __iter__ = utterances

    def map(self, fn: Callable[[pa.RecordBatch], pa.RecordBatch]) -> Corpus:
        """The corpus whose batches are `fn` of these, made when they are read."""
        return Corpus(
            lambda: (fn(batch) for batch in self._source()), card=self.card, problems=self.problems, notes=self.notes
        )

    def count(self) -> int:
        """How many utterances there are (reads everything once)."""
        return sum(batch.num_rows for batch in self.batches())

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write everything to an `.arrow` (IPC stream) or `.parquet` file, whole or not at all.

        Raises:
            FormatError: another ending.
            InputError: the file cannot be written.
        """
        write_batches(path, self.batches())

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, card: Card | None = None) -> Corpus:
        """The corpus in an `.arrow` (memory-mapped) or `.parquet` file.

        Raises:
            InputError: the file is missing or not of that kind.
            FormatError: another ending.
        """
        place = Path(path)
        reader = {".arrow": _read_arrow, ".parquet": _read_parquet}.get(place.suffix)
        if reader is None:
            raise FormatError("expected a file that ends in .arrow or .parquet", str(place))
        if not place.is_file():
            raise InputError(f"cannot read {place}: no such file.")
        return cls(lambda: reader(place), card=card or Card(source=str(place)))

    @classmethod
    def from_utterances(
        cls, utterances: Iterable[Utterance] | Callable[[], Iterable[Utterance]], *, card: Card | None = None
    ) -> Corpus:
        """A corpus of utterances: a list, or a function that gives a fresh iterable at each call."""
        if callable(utterances):
            factory = utterances
            return cls(lambda: batched(factory()), card=card)
        held = list(utterances)
        return cls(lambda: batched(held), card=card)


def write_batches(path: str | os.PathLike[str], batches: Iterable[pa.RecordBatch]) -> None:
    """Write record batches of one schema (or of growing layers) to `.arrow` or `.parquet`, whole or not at all."""
    place = Path(path)
    if place.suffix not in (".arrow", ".parquet"):
        raise FormatError("expected a file that ends in .arrow or .parquet", str(place))
    with atomic_write(place) as file:
        writer = None
        try:
            for batch in batches:
                if writer is None:
                    writer = _writer(file, place.suffix, batch.schema)
                    columns = batch.schema
                writer.write_batch(conform(batch, columns))
            if writer is None:
                writer = _writer(file, place.suffix, schema())
        finally:
            if writer is not None:
                writer.close()


def _writer(file: Any, suffix: str, columns: pa.Schema) -> Any:
    if suffix == ".arrow":
        return pa.ipc.new_stream(file, columns)
    import pyarrow.parquet as pq

    return pq.ParquetWriter(file, columns, compression="zstd")


def conform(batch: pa.RecordBatch, columns: pa.Schema) -> pa.RecordBatch:
    """The batch with exactly these columns: missing layers become nulls.

    Raises:
        FormatError: the batch has a column that `columns` lacks.
    """
    if batch.schema.equals(columns):
        return batch
    extra = [name for name in batch.schema.names if name not in columns.names]
    if extra:
        raise FormatError(f"a later batch has columns that the first had not: {', '.join(extra)}")
    lengths = None
    arrays = []
    for field in columns:
        if field.name in batch.schema.names:
            arrays.append(batch.column(field.name).cast(field.type))
        else:
            lengths = lengths if lengths is not None else [len(t or ()) for t in batch.column("tokens").to_pylist()]
            arrays.append(_layer_array([[None] * n for n in lengths]))
    return pa.RecordBatch.from_arrays(arrays, schema=columns)


def _read_arrow(path: Path) -> Iterator[pa.RecordBatch]:
    with _clear_errors(path), pa.memory_map(str(path)) as source, pa.ipc.open_stream(source) as reader:
        yield from reader


def _read_parquet(path: Path) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    with _clear_errors(path), pq.ParquetFile(str(path)) as file:
        for group in range(file.num_row_groups):
            # A batch must not span row groups: nested dictionaries cannot be read in chunks.
            yield from file.iter_batches(BATCH_ROWS, row_groups=[group])


class _clear_errors:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (pa.ArrowInvalid, OSError)):
            raise InputError(f"cannot read {self.path}: {error}.") from error
