"""TMX, the exchange format of translation memories: read as a stream, with entities refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa

from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.text.formats.parallel import group, groups
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.record import code_tag
from macaronic.text.formats.rows import batched, usable
from macaronic.text.formats.streams import DAMAGED, open_bytes

_CODES = frozenset(["bpt", "ept", "ph", "it", "ut"])
"""Elements inside a segment that hold formatting codes, not text."""

_UNIT_LIMIT = 1 << 26
_PIECE = 1 << 16


class _Refused(Exception):
    """The document declares an entity."""


class _Units:
    """Collects translation units while the document streams by."""

    def __init__(self, shard: Shard, problems: Problems) -> None:
        self.shard = shard
        self.problems = problems
        self.done: list[tuple[int, dict[str, str], list[tuple[str, str]]]] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.EntityDeclHandler = self.entity
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._code = ""
        self._line = 0
        self._about: dict[str, str] = {}
        self._sides: list[tuple[str, str]] = []
        self._text: list[str] | None = None
        self._hidden = 0
        self._size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "tu":
            self._line, self._sides, self._size = self.parser.CurrentLineNumber, [], 0
            self._about = {"tuid": attributes["tuid"]} if "tuid" in attributes else {}
        elif name == "tuv":
            self._code = attributes.get("xml:lang") or attributes.get("lang", "")
        elif name == "seg":
            self._text, self._hidden = [], 0
        elif name in _CODES and self._text is not None:
            self._hidden += 1

    def end(self, name: str) -> None:
        if name == "seg" and self._text is not None:
            self._sides.append((self._code, "".join(self._text)))
            self._text = None
        elif name in _CODES and self._text is not None:
            self._hidden -= 1
        elif name == "tu":
            self.done.append((self._line, self._about, self._sides))

    def characters(self, data: str) -> None:
        if self._text is not None and not self._hidden:
            self._size += len(data)
            if self._size > _UNIT_LIMIT:
                raise _Refused("a translation unit is larger than 64 MB")
            self._text.append(data)

    def entity(self, name: str, *_: object) -> None:
        raise _Refused(f"it declares the entity {name!r}, and entities are not expanded")


def read(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """A group for every translation unit with at least two languages."""
    return batched(_utterances(shard, problems))


def _utterances(shard: Shard, problems: Problems) -> Iterator[Utterance]:
    units = _Units(shard, problems)
    with open_bytes(shard.place) as stream:
        while True:
            try:
                piece = bytes(stream.read(_PIECE))
                units.parser.Parse(piece, not piece)
                fault = ""
            except (expat.ExpatError, _Refused) as error:
                fault = str(error)
            except DAMAGED:
                fault = "the compressed data are cut off or damaged"
            done, units.done = units.done, []
            for line, about, sides in done:
                yield from _group(shard, problems, line, about, sides)
            if fault:
                number = units.parser.CurrentLineNumber
                problems.add(shard.where, number, f"{fault}; the rest is not read", kind="xml")
                return
            if not piece:
                return


def _group(
    shard: Shard, problems: Problems, line: int, about: dict[str, str], sides: list[tuple[str, str]]
) -> Iterator[Utterance]:
    known = []
    for code, text in sides:
        tag = code_tag(code)
        if tag is None:
            problems.add(shard.where, line, f"unknown language {code!r} of a segment", kind="unknown language")
        elif usable(text, shard.where, line, problems):
            known.append((tag, code, text))
    yield from group(shard.name, line, known, language=shard.options.language, meta=about)


def write(batches: Iterable[pa.RecordBatch], *, source: str = "en") -> Iterator[bytes]:
    """A translation unit a group.

    Args:
        batches: of a parallel corpus.
        source: the language that the header names as the source.
    """
    tool = 'creationtool="macaronic" creationtoolversion="1" segtype="sentence" o-tmf="none" adminlang="en"'
    head = f'<header {tool} srclang={quoteattr(source)} datatype="plaintext"/>'
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n{head}\n<body>\n'.encode()
    for rows in groups(batches):
        tuid = f" tuid={quoteattr(str(rows[0].meta['tuid']))}" if "tuid" in rows[0].meta else ""
        lines = [f"<tu{tuid}>"]
        for utterance in rows:
            code = quoteattr(str(utterance.meta.get("code", utterance.labels["lang"])))
            lines.append(f"<tuv xml:lang={code}><seg>{_escaped(utterance.text)}</seg></tuv>")
        yield ("\n".join([*lines, "</tu>"]) + "\n").encode()
    yield b"</body>\n</tmx>\n"


def _escaped(text: str) -> str:
    """The text for XML, without the control characters that XML cannot hold; a carriage return is written `&#13;`."""
    kept = "".join(c for c in text if c >= " " or c in "\t\n\r") if not text.isprintable() else text
    return escape(kept, {"\r": "&#13;"})
