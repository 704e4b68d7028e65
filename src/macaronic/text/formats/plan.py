"""What is to be read, piece by piece: a `Shard` says everything that a worker needs to read its part of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LINE_FORMATS = ("text", "jsonl", "inline", "parallel-jsonl")
"""Formats in which every line stands for itself, so that a file may be cut at any line end."""

BLOCK_FORMATS = ("conll", "lince", "conllu")
"""Formats in which sentences are parted by blank lines, so that a file may be cut there."""

LabelMap = Mapping[str, str] | str | None


@dataclass(frozen=True, slots=True)
class Options:
    """What the reader was asked for.

    Args:
        text_key: the field or column that holds the text.
        language: what all the text is in; of parallel text, the one language to take.
        label_map: raw word label -> tag or special label, as sorted pairs, or the name of a label scheme.
        keep_blank: whether a blank line of plain text is a row of its own.
    """

    text_key: str = "text"
    language: str | None = None
    label_map: tuple[tuple[str, str], ...] | str | None = None
    keep_blank: bool = False

    @property
    def labels(self) -> LabelMap:
        """The label map in the form that `core.languages.word_label` takes."""
        return dict(self.label_map) if isinstance(self.label_map, tuple) else self.label_map


@dataclass(frozen=True, slots=True)
class Layout:
    """What a look at the head of a file told about its columns.

    Args:
        columns: their names, in order; of CoNLL files the names of the layers behind the word.
        delimiter: what parts them.
        header: whether the first line names them.
        quoted: whether fields may stand in quotation marks.
        layers: token layers that the rows are known to have.
    """

    columns: tuple[str, ...] = ()
    delimiter: str = "\t"
    header: bool = False
    quoted: bool = True
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a source that can be read by itself, in any process.

    Args:
        place: local path, URI, or folder of catalogues.
        format: one of `kinds.FORMATS`.
        name: what automatic ids begin with; `<name>:<line>`.
        shown: how messages call the file.
        encoding: of the text, as Python names it.
        begin: first byte.
        end: byte behind the last; None is the end of the file.
        first_line: number of the line that starts at `begin`, from 1.
        layout: what is known about the columns.
        options: what the reader was asked for.
        parts: (tag, place) of line-aligned files.

    >>> Shard("news.txt", "text", name="news").first_line
    1
    """

    place: str
    format: str
    name: str = ""
    shown: str = ""
    encoding: str = "utf-8"
    begin: int = 0
    end: int | None = None
    first_line: int = 1
    layout: Layout = Layout()
    options: Options = Options()
    parts: tuple[tuple[str, str], ...] = ()

    @property
    def where(self) -> str:
        """The file's name for messages."""
        return self.shown or self.place
