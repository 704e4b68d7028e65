"""A look at the head of a file: its format, encoding, columns and token layers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from macaronic.core.problems import Problems
from macaronic.text.formats import kinds
from macaronic.text.formats.encodings import detect
from macaronic.text.formats.places import Place
from macaronic.text.formats.plan import Layout, Options, Shard
from macaronic.text.formats.streams import head


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: format and encoding (None: find out) and the options of reading."""

    format: str | None
    encoding: str | None
    options: Options

    def shard(self, place: Place, notes: list[str]) -> Shard:
        """The shard that is the whole of a place; looks at its head and notes what was guessed."""
        format = self.format or place.format
        options = self.options
        bare = Shard(place.path, format or "text", name=place.name, shown=place.shown, options=options)
        if format in ("catalogue", "hub"):
            return bare
        if (format or kinds.ending(place.path)) in ("parquet", "arrow"):
            return self._columnar(bare, format or kinds.ending(place.path) or "parquet", notes)
        sample, whole = head(place.path)
        format = format or kinds.guess(place.shown, sample, whole=whole)
        if format in ("parquet", "arrow"):
            return self._columnar(bare, format, notes)
        if not sample:
            notes.append(f"{place.shown}: empty, no rows")
        encoding, how = (self.encoding, "given") if self.encoding else detect(sample, whole=whole)
        if how in ("zeros", "guess"):
            notes.append(f"{place.shown}: read as {encoding}, which was guessed from its bytes")
        text = _text(sample, encoding)
        layout = _layout(format, text, options, whole=whole)
        if format in ("csv", "tsv"):
            options = _with_text_column(options, layout, text)
        elif format == "jsonl":
            options = _with_text_field(options, text)
        if options.text_key != self.options.text_key:
            notes.append(f"{place.shown}: no {self.options.text_key!r}; the text is taken from {options.text_key!r}")
        return replace(bare, format=format, encoding=encoding, layout=layout, options=options)

    def _columnar(self, bare: Shard, format: str, notes: list[str]) -> Shard:
        from macaronic.text.formats import columnar, table

        layout = columnar.layout(bare.place, format)
        key = bare.options.text_key
        if not layout.layers and key not in layout.columns and not {"words", "tokens"} & set(layout.columns):
            key = table.text_column(layout.columns, [], key) if layout.columns else key
        if key != bare.options.text_key:
            notes.append(f"{bare.where}: no {bare.options.text_key!r}; the text is taken from {key!r}")
        return replace(bare, format=format, layout=layout, options=replace(bare.options, text_key=key))


def _text(sample: bytes, encoding: str) -> str:
    return sample.decode(encoding, "replace").removeprefix("\ufeff")


def _layout(format: str, text: str, options: Options, *, whole: bool) -> Layout:
    """What the head of a file tells about its columns and layers."""
    match format:
        case "csv" | "parallel-csv" | "tsv" | "parallel-tsv":
            from macaronic.text.formats import table

            delimiter = "," if format.endswith("csv") else "\t"
            layout = table.layout(text, delimiter, options.text_key, whole=whole)
            if format.startswith("parallel") and not layout.header and layout.columns:
                return replace(layout, columns=tuple(text.splitlines()[0].split(delimiter)), header=True)
            return layout
        case "conll" | "lince":
            from macaronic.text.formats import conll

            return conll.layout(text if whole else text[: text.rfind("\n") + 1], options.labels)
        case "conllu":
            from macaronic.text.formats import conllu

            return Layout(layers=conllu.layers(text))
        case "inline":
            from macaronic.text.formats import inline

            return Layout(layers=inline.LAYERS)
        case "jsonl":
            from macaronic.text.formats import jsonl

            return Layout(layers=jsonl.layers(_objects(text), options.text_key))
    return Layout()


def _objects(text: str) -> list[dict[str, Any]]:
    from macaronic.text.formats import jsonl

    lines = re.split(r"\r\n|\r|\n", text)[:1000]
    return [row for _, row in jsonl.objects(lines, 1, "", Problems())]


def _with_text_field(options: Options, text: str) -> Options:
    """The text key; when no row at the head has it, the usual name that most of them have."""
    from macaronic.text.formats import table

    rows = [row for row in _objects(text) if "words" not in row and "tokens" not in row]
    if not rows or any(options.text_key in row for row in rows):
        return options
    usual = [name for name in table.TEXT_NAMES if sum(isinstance(row.get(name), str) for row in rows) * 2 > len(rows)]
    return replace(options, text_key=usual[0]) if usual else options


def _with_text_column(options: Options, layout: Layout, text: str) -> Options:
    from macaronic.text.formats import table

    sample = [line.split(layout.delimiter) for line in text.splitlines()[1:200]]
    wide = [cells for cells in sample if len(cells) == len(layout.columns)]
    return replace(options, text_key=table.text_column(layout.columns, wide, options.text_key))
