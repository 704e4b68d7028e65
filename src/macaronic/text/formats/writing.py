"""Writing: a corpus to one file, whole or not at all, compressed when the name ends so."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import pyarrow as pa

from macaronic.core.corpus import Corpus, write_batches
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.files import atomic_write
from macaronic.text.formats import kinds
from macaronic.text.formats.plan import Layout
from macaronic.text.formats.reading import Reading
from macaronic.text.formats.streams import COMPRESSIONS

WRITABLE = (
    "text", "jsonl", "json", "csv", "tsv", "parquet", "arrow", "conllu", "conll", "lince", "inline", "parallel-jsonl",
    "parallel-csv", "parallel-tsv", "tmx",
)  # fmt: skip


def write(
    corpus: Corpus, path: str | os.PathLike[str], *, format: str | None = None, text_key: str | None = None
) -> None:
    """Write a corpus to one file.

    Rows that `read` gave and nothing has changed come out as they were, in the same format. Formats without a place
    for something leave it out: plain text, CSV and TSV have no tokens, CoNLL has no spaces between words.

    Args:
        corpus: what to write; straight from `read` it keeps the columns, text key and ids of its files.
        path: the file; `.gz`, `.zst` and `.bz2` compress (not for Parquet and Arrow).
        format: one of `WRITABLE`; from the path's ending when left out.
        text_key: the field or column of the text; that of the file read, or `text`.

    Raises:
        UnknownName: a format that cannot be written.
        UsageError: the ending says no format.
        InputError: the file cannot be written; nothing is left half-written.

    >>> import pathlib, tempfile
    >>> from macaronic.core.utterance import Utterance
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "out.jsonl"
    >>> write(Corpus.from_utterances([Utterance("so chill", "a")]), path)
    >>> path.read_text()
    '{"id": "a", "text": "so chill"}\\n'
    """
    kind = kinds.known(format) if format else kinds.ending(str(path))
    if kind is None:
        raise UsageError(f"cannot tell the format from the name {os.fspath(path)!r}.\nGive one: {', '.join(WRITABLE)}.")
    if kind not in WRITABLE:
        raise UnknownName("format to write", kind, WRITABLE)
    if kind in ("parquet", "arrow"):
        target = Path(path)
        if target.suffix != f".{kind}":
            raise UsageError(f"a {kind} file needs a name that ends in .{kind}; got {os.fspath(path)!r}.")
        write_batches(target, corpus.batches())
        return
    with atomic_write(path) as file:
        packed = COMPRESSIONS.get(Path(path).suffix.lower())
        if packed is None:
            file.writelines(_pieces(corpus, kind, text_key))
            return
        with pa.CompressedOutputStream(pa.PythonFile(_Open(file), "w"), packed) as stream:
            for piece in _pieces(corpus, kind, text_key):
                stream.write(piece)


class _Open:
    """A file that stays open when the compressing stream over it is closed."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self.write = file.write
        self.flush = file.flush

    def close(self) -> None:
        """Leave it to the owner of the file."""


def _pieces(corpus: Corpus, kind: str, text_key: str | None) -> Iterable[bytes]:
    batches = corpus.batches()
    match kind:
        case "text":
            from macaronic.text.formats import plain

            return plain.write(batches)
        case "jsonl" | "json":
            from macaronic.text.formats import jsonl

            names = [place.name for place in corpus.places] if isinstance(corpus, Reading) else []
            written = jsonl.write if kind == "jsonl" else jsonl.write_whole
            return written(batches, text_key=text_key or _text_key(corpus), automatic=names)
        case "csv" | "tsv":
            return _table(corpus, kind, text_key or _text_key(corpus))
        case "conllu":
            from macaronic.text.formats import conllu

            return conllu.write(batches)
        case "conll" | "lince":
            from macaronic.text.formats import conll

            return conll.write(batches, numbered=kind == "lince")
        case "inline":
            from macaronic.text.formats import inline

            return inline.write(batches)
    return _parallel(corpus, kind)


def _text_key(corpus: Corpus) -> str:
    return corpus.shards[0].options.text_key if isinstance(corpus, Reading) and corpus.shards else "text"


def _table(corpus: Corpus, kind: str, text_key: str) -> Iterator[bytes]:
    from macaronic.text.formats import table

    if isinstance(corpus, Reading) and {shard.format for shard in corpus.shards} == {kind}:
        layout = corpus.shards[0].layout
        columns = list(layout.columns)
    else:
        columns = table.columns_of(corpus.batches(), text_key)
        layout = Layout(tuple(columns), "," if kind == "csv" else "\t", header=True)
    return table.write(corpus.batches(), columns, text_key=text_key, layout=layout)


def _parallel(corpus: Corpus, kind: str) -> Iterator[bytes]:
    from macaronic.text.formats import parallel, tmx

    if kind == "tmx":
        return tmx.write(corpus.batches())
    if kind == "parallel-jsonl":
        return parallel.write_json(corpus.batches())
    codes = parallel.codes_of(corpus.batches())
    return parallel.write_table(corpus.batches(), delimiter="," if kind == "parallel-csv" else "\t", codes=codes)
