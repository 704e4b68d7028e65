"""Which format a file is in: from its name, and where that leaves it open from its first bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from macaronic.core.errors import UnknownName
from macaronic.text.formats.encodings import detect
from macaronic.text.formats.labels import known_share
from macaronic.text.formats.record import tag_of
from macaronic.text.formats.streams import COMPRESSIONS

FORMATS = (
    "text", "jsonl", "json", "csv", "tsv", "parquet", "arrow", "conllu", "conll", "lince", "inline",
    "parallel-jsonl", "parallel-tsv", "parallel-csv", "sentence-lists", "tmx", "catalogue", "hub",
)  # fmt: skip
"""The names that `format` takes."""

_ALIASES = {
    "txt": "text", "plain": "text", "ndjson": "jsonl", "gluecos": "conll", "ud": "conllu",
    "po": "catalogue", "mo": "catalogue", "gettext": "catalogue", "ipc": "arrow", "feather": "arrow",
}  # fmt: skip

_ENDINGS = {
    ".txt": "text", ".text": "text", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv",
    ".tsv": "tsv", ".tab": "tsv", ".parquet": "parquet", ".arrow": "arrow", ".feather": "arrow", ".conllu": "conllu",
    ".conll": "conll", ".tmx": "tmx", ".po": "catalogue", ".mo": "catalogue",
}  # fmt: skip
_OPEN = ("text", "jsonl", "csv", "tsv", "conll")
"""Formats by ending that the content may make more precise."""

_PAIR = re.compile(r"\S+/[A-Za-z][\w.-]{0,14}")


def known(name: str) -> str:
    """The format that a person means.

    Raises:
        UnknownName: there is none like it; the message suggests the nearest.

    >>> known("CoNLL-U"), known("ndjson")
    ('conllu', 'jsonl')
    """
    low = name.lower().strip()
    low = _ALIASES.get(low, low)
    if low not in FORMATS and low.replace("-", "") in FORMATS:
        low = low.replace("-", "")
    if low not in FORMATS:
        raise UnknownName("format", name, FORMATS)
    return low


def ending(path: str) -> str | None:
    """The format that a file's ending names, behind any .gz, .zst or .bz2.

    >>> ending("data/hi/news.jsonl.zst"), ending("README")
    ('jsonl', None)
    """
    name = PurePosixPath(path)
    if name.suffix.lower() in COMPRESSIONS:
        name = name.with_suffix("")
    return _ENDINGS.get(name.suffix.lower())


def guess(path: str, sample: bytes, *, whole: bool = True) -> str:
    """The format of a file.

    Args:
        path: its name (`-` or anything without a known ending leaves it to the content).
        sample: its first bytes, decompressed.
        whole: whether that is all of it.

    >>> guess("x.txt", b"yaar\\thi\\nchill\\ten\\n\\nok\\ten\\n"), guess("-", b'{"text": "so chill"}')
    ('conll', 'jsonl')
    """
    named = ending(path)
    if named and named not in _OPEN:
        return named
    for magic, name in ((b"PAR1", "parquet"), (b"ARROW1", "arrow"), (b"\xff\xff\xff\xff", "arrow")):
        if sample.startswith(magic):
            return name
    encoding, _ = detect(sample, whole=whole)
    lines = re.split(r"\r\n|\r|\n", sample.decode(encoding, "replace").removeprefix("\ufeff"))
    lines = lines if whole or len(lines) < 3 else lines[:-1]
    return by_content(lines, named)


def by_content(lines: Sequence[str], named: str | None = None) -> str:
    """The format that lines of text are in; `named` is what the file's ending says."""
    filled = [line for line in lines if line.strip()][:2000]
    if not filled:
        return named or "text"
    first = filled[0].strip()
    if named == "jsonl" or (named is None and (first.startswith("{") or first in ("[", "[{"))):
        return _json_kind(filled)
    if named is None and first.startswith("<") and any("<tmx" in line for line in filled[:20]):
        return "tmx"
    if named != "csv":
        columned = _columned(lines, filled, named)
        if columned:
            return columned
    if named in ("csv", "tsv"):
        cells = filled[0].split("," if named == "csv" else "\t")
        return f"parallel-{named}" if are_tags(cells) else named
    if named is None and are_tags(filled[0].split("\t")):
        return "parallel-tsv"
    return _line_kind(filled)


def _json_kind(lines: Sequence[str]) -> str:
    if lines[0].lstrip().startswith("[") or lines[0].strip() == "{":
        return "json"
    rows = [row for row in map(_object, lines[:20]) if row is not None]
    if any(is_sentence_list(row) for row in rows):
        return "sentence-lists"
    return "parallel-jsonl" if rows and sum(map(is_parallel, rows)) > len(rows) / 2 else "jsonl"


def _object(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def is_sentence_list(row: dict[str, Any]) -> bool:
    """Whether an object is one language's sentences: `{"lang": ..., "sentences": [...]}`."""
    lists = [value for value in row.values() if isinstance(value, list) and value]
    return (
        isinstance(row.get("lang"), str)
        and any(all(isinstance(s, str) for s in value) for value in lists)
        and (not {"text", "words", "tokens"} & set(row))
    )


NESTED = ("translation", "translations")
"""Fields under which data sets keep their `{language code: sentence}` objects."""

_IDENTIFIER = re.compile(r"\S*\d\S*|")


def language_of(key: str, value: Any) -> str | None:
    """The language that a field of parallel text names; `id` is one (Indonesian) unless its value is a number or so.

    >>> language_of("id", "Halo dunia"), language_of("id", "row-17"), language_of("split", "dev")
    ('id', None, None)
    """
    if not isinstance(value, str) or (key.lower() == "id" and _IDENTIFIER.fullmatch(value)):
        return None
    return tag_of(key)


def is_parallel(row: dict[str, Any]) -> bool:
    """Whether an object is a sentence in several languages: language code -> sentence.

    >>> is_parallel({"en": "hello", "es": "hola", "split": "dev"}), is_parallel({"text": "hello", "en": "x", "es": "y"})
    (True, False)
    """
    if {"text", "words", "tokens"} & set(row):
        return False
    inner = next((row[key] for key in NESTED if isinstance(row.get(key), dict)), row)
    return sum(language_of(key, value) is not None for key, value in inner.items()) >= 2


def are_tags(names: Sequence[str]) -> bool:
    """Whether column names are language tags (besides an `id`), at least two of them."""
    tags = [name.strip() for name in names if name.strip().lower() != "id"]
    return len(tags) >= 2 and all(len(tag) >= 2 and tag_of(tag) for tag in tags)


def _columned(lines: Sequence[str], filled: Sequence[str], named: str | None) -> str | None:
    """CoNLL-U, LinCE or CoNLL, when most lines look so."""
    if any(line.startswith("# sent_enum") for line in filled[:50]):
        return "lince"
    rows = [line.split("\t") for line in filled if not line.startswith("# ")]
    if rows and 2 * sum(len(row) == 10 and row[0][:1].isdigit() for row in rows) > len(rows):
        return "conllu"
    if named == "conll":
        return "conll"
    parted = any(not line.strip() for line in lines[:-1])
    return "conll" if _has_word_labels(rows, parted=parted) else None


def _has_word_labels(rows: Sequence[Sequence[str]], *, parted: bool) -> bool:
    pairs = [row for row in rows if len(row) >= 2]
    if 3 * len(pairs) < 2 * len(rows):
        spaced = [row[0].split(" ") for row in rows]
        pairs = [row for row in spaced if len(row) == 2]
        if not parted or 10 * len(pairs) < 9 * len(rows):
            return False
    words, labels = [row[0] for row in pairs], [row[1] for row in pairs]
    single = sum(" " not in word and len(word) < 60 for word in words) >= 0.95 * len(words)
    few = len(set(labels)) <= max(2, min(40, len(labels) // 4))
    return single and (known_share(labels) >= 0.9 or (parted and few))


def _line_kind(lines: Sequence[str]) -> str:
    pieces = [piece for line in lines[:200] for piece in line.split()]
    tagged = [piece for piece in pieces if _PAIR.fullmatch(piece)]
    if pieces and 20 * len(tagged) >= 19 * len(pieces) and known_share(p.rpartition("/")[2] for p in tagged) >= 0.8:
        return "inline"
    return "text"
