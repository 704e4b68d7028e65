"""Reading: from what a person names to a corpus, or to shards that workers read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from macaronic.core import languages
from macaronic.core.corpus import Card, Corpus
from macaronic.core.errors import UsageError
from macaronic.core.problems import Problems
from macaronic.text.formats import kinds
from macaronic.text.formats.cuts import cut
from macaronic.text.formats.encodings import check
from macaronic.text.formats.heads import Asked
from macaronic.text.formats.places import Place, Source, expand, unique_names
from macaronic.text.formats.plan import Options, Shard
from macaronic.text.formats.rows import with_layers

Sources = Source | Sequence[Source] | Mapping[str, Source]


class Reading(Corpus):
    """A corpus straight out of files.

    It knows the files' form, so that writing it in the same format gives the same rows, and it keeps notes: encodings
    that were guessed, empty files, messages left out.
    """

    def __init__(
        self,
        places: Sequence[Place],
        asked: Asked,
        *,
        card: Card,
        problems: Problems,
        shard_bytes: int | None = None,
    ) -> None:
        super().__init__(self._read, card=card, problems=problems)
        self.places = tuple(places)
        self.notes: list[str] = []
        self._asked = asked
        self._shard_bytes = shard_bytes
        self._shards: list[Shard] | None = None

    @property
    def shards(self) -> list[Shard]:
        """One shard a file, or several where it was asked for (the files' heads are looked at the first time)."""
        if self._shards is None:
            whole = [self._asked.shard(place, self.notes) for place in self.places]
            size = self._shard_bytes
            self._shards = whole if size is None else [part for shard in whole for part in cut(shard, size)]
            self._planned = len(self.notes)
        return self._shards

    @property
    def layers(self) -> tuple[str, ...]:
        """The token layers that the files are known to have; each batch has them, with nulls where a file has none."""
        return tuple(dict.fromkeys(layer for shard in self.shards for layer in shard.layout.layers))

    def _read(self) -> Iterator[pa.RecordBatch]:
        shards, layers = self.shards, self.layers
        del self.notes[self._planned :]
        for shard in shards:
            for batch in read_shard(shard, self.problems, notes=self.notes):
                yield with_layers(batch, layers)


def read(
    sources: Sources,
    *,
    format: str | None = None,
    text_key: str = "text",
    language: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    label_map: Mapping[str, str] | str | None = None,
    keep_blank: bool = False,
    shard_bytes: int | None = None,
) -> Reading:
    """Files of any known format as one corpus, read anew at every pass and never held in memory.

    Args:
        sources: paths, folders, globs, `-` (standard input), `package:NAME`, `hub:ID`, `s3://`, `gs://`; or, for files
            that are parallel line by line, a mapping from language tags to paths.
        format: one of `FORMATS`; guessed from name and content when left out.
        text_key: field or column of the text.
        language: what all of it is in (the sentence label `lang`); of parallel text, the one language to take.
        encoding: detected when left out: byte order mark, UTF-8, UTF-16, then a guess that `notes` tells.
        strict: whether the first bad row raises instead of being counted in `problems`.
        label_map: raw word label -> tag or special label, or the name of a label scheme.
        keep_blank: whether a blank line of plain text is a row of its own.
        shard_bytes: read large files in parts of about this size, those of `shards`; whole when left out.

    Raises:
        InputError: a source is not there.
        UnknownName: unknown format, encoding or language.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "mixed.conll"
    >>> _ = path.write_text("yaar\\tHI\\nchill\\tEN\\n")
    >>> [(u.text, u.langs) for u in read(path)]
    [('yaar chill', ('hi-Latn', 'en'))]
    """
    asked = _asked(format, text_key, language, encoding, label_map, keep_blank)
    problems = Problems(strict)
    if isinstance(sources, Mapping):
        return _aligned(sources, asked, problems)
    places = expand(sources, asked.format)
    named = [sources] if isinstance(sources, str | os.PathLike) else sources
    shown = ", ".join(os.fspath(source) for source in named)
    languages_said = (asked.options.language,) if asked.options.language else ()
    card = Card(source=shown, languages=languages_said)
    return Reading(places, asked, card=card, problems=problems, shard_bytes=shard_bytes)


def _asked(
    format: str | None,
    text_key: str,
    language: str | None,
    encoding: str | None,
    label_map: Mapping[str, str] | str | None,
    keep_blank: bool,
) -> Asked:
    pairs = tuple(sorted(label_map.items())) if isinstance(label_map, Mapping) else label_map
    if pairs:
        for raw in label_map if isinstance(label_map, Mapping) else ["_"]:
            languages.word_label(raw, label_map)
    tag = languages.parse(language) if language else None
    named = kinds.known(format) if format else None
    return Asked(named, check(encoding) if encoding else None, Options(text_key, tag, pairs, keep_blank))


def _aligned(sources: Mapping[str, Source], asked: Asked, problems: Problems) -> Reading:
    parts = {}
    for tag, source in sources.items():
        places = expand(source)
        if len(places) != 1:
            raise UsageError(f"line-aligned text needs one file a language; {source!s} names {len(places)}.")
        parts[languages.parse(tag)] = places[0]
    if len(parts) < 2:
        raise UsageError(f"line-aligned text needs at least two languages; got {', '.join(parts) or 'none'}.")
    name = unique_names([next(iter(parts.values())).shown])[0]
    encoding = asked.encoding or ""
    pairs = tuple((tag, place.path) for tag, place in parts.items())
    shard = Shard("", "aligned", name=name, encoding=encoding, options=asked.options, parts=pairs)
    card = Card(source=", ".join(place.shown for place in parts.values()), languages=tuple(parts))
    reading = Reading([], asked, card=card, problems=problems)
    reading._shards = [shard]
    reading._planned = 0
    return reading


def shards(
    sources: Sources,
    *,
    shard_bytes: int = 64 << 20,
    format: str | None = None,
    text_key: str = "text",
    language: str | None = None,
    encoding: str | None = None,
    label_map: Mapping[str, str] | str | None = None,
    keep_blank: bool = False,
) -> list[Shard]:
    """The same sources cut into parts that can be read apart, in any process; the cut is always the same.

    Plain local files of line formats are cut at line ends, CoNLL files at blank lines, anything else is one shard a
    file. The rows, their ids and line numbers are those that `read` gives.

    Args:
        shard_bytes: about how large a part is.

    The other arguments are those of `read`.

    Raises:
        InputError: a source is not there.
        UsageError: `shard_bytes` is not positive.
    """
    if shard_bytes < 1:
        raise UsageError(f"shard_bytes must be at least 1; got {shard_bytes}.")
    reading = read(
        sources,
        format=format,
        text_key=text_key,
        language=language,
        encoding=encoding,
        label_map=label_map,
        keep_blank=keep_blank,
        shard_bytes=shard_bytes,
    )
    return reading.shards


def read_shard(shard: Shard, problems: Problems, *, notes: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of one shard.

    Args:
        shard: of `shards`.
        problems: where bad rows are counted.
        notes: gets what is worth knowing but is no problem.
    """
    match shard.format:
        case "text":
            from macaronic.text.formats import plain

            return plain.read(shard, problems)
        case "jsonl":
            from macaronic.text.formats import jsonl

            return jsonl.read(shard, problems)
        case "json":
            from macaronic.text.formats import jsonl

            return jsonl.read_whole(shard, problems)
        case "csv" | "tsv":
            from macaronic.text.formats import table

            return table.read(shard, problems)
        case "parquet" | "arrow":
            from macaronic.text.formats import columnar

            return columnar.read(shard, problems)
        case "conllu":
            from macaronic.text.formats import conllu

            return conllu.read(shard, problems)
        case "conll" | "lince":
            from macaronic.text.formats import conll

            return conll.read(shard, problems)
        case "inline":
            from macaronic.text.formats import inline

            return inline.read(shard, problems)
        case _:
            return _read_parallel(shard, problems, notes)


def _read_parallel(shard: Shard, problems: Problems, notes: list[str] | None) -> Iterator[pa.RecordBatch]:
    from macaronic.text.formats import parallel

    match shard.format:
        case "aligned":
            return parallel.read_aligned(shard, problems)
        case "parallel-jsonl":
            return parallel.read_json(shard, problems)
        case "parallel-csv" | "parallel-tsv":
            return parallel.read_table(shard, problems)
        case "sentence-lists":
            return parallel.read_lists(shard, problems)
        case "tmx":
            from macaronic.text.formats import tmx

            return tmx.read(shard, problems)
        case "catalogue":
            from macaronic.text.formats import catalogue

            return catalogue.read(shard, problems, notes)
    from macaronic.text.formats import hub

    return hub.read(shard, problems)
