"""Parallel rows out of files: the pairs, the links and the trees that go with them, line by line, and no line lost."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice, zip_longest
from pathlib import PurePath
from typing import Literal

from macaronic.bundled import parallel_path
from macaronic.core import languages
from macaronic.core.errors import FormatError, UsageError
from macaronic.core.parallel import Parallel, grouped
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.synth.align import pharaoh
from macaronic.synth.mixed import Outcome
from macaronic.text import formats
from macaronic.text.formats.kinds import language_of
from macaronic.text.formats.lines import numbered
from macaronic.text.formats.record import code_tag
from macaronic.text.formats.streams import COMPRESSIONS
from macaronic.text.scripts import UNSPACED, script_of
from macaronic.text.words import tokenise

Words = Literal["auto", "spaces", "tokens"]
BUNDLED = "bundled"
UNKNOWN = ("qaa", "qab", "qac", "qad", "qae", "qaf", "qag", "qah")
"""Private-use tags for columns whose language cannot be told."""

_LOOKED_AT = 200
_SPACED = re.compile(r"\S+")
_MOST_LETTERS = 6
"""A column in an unspaced script whose white-space words are longer than this on average is not cut into words yet."""


@dataclass(frozen=True, slots=True)
class Given:
    """One line of the input: a row or the reason why it is none, and its tree where there is one."""

    row: Parallel | Outcome
    parse: str | None = None


@dataclass
class Reading:
    """A pass over parallel rows; what was guessed stands in `notes` once the pass has begun.

    Args:
        place: a file, `-`, or `bundled` (the sentences that come with macaronic): two or more
            columns parted by tabs (with or without a line of language codes on top), or
            any parallel format that `text.formats` reads.
        pair: the columns' languages in order; with a header, the languages to take.
        links: file of Pharaoh links between the first two columns, line by line.
        order: which column the first number of a link counts in.
        parses: file of PTB trees, line by line.
        words: how to cut: `spaces`, `tokens` (as `text.words` cuts), or `auto`: at spaces where links or trees count
            on it, else tokens. A column in a script without spaces that is not cut yet is always cut into tokens.
        encoding: detected when left out.
        problems: where unreadable lines are counted.
    """

    place: str
    pair: Sequence[str] | None = None
    links: str | None = None
    order: pharaoh.Order = "second-first"
    parses: str | None = None
    words: Words = "auto"
    encoding: str | None = None
    problems: Problems = field(default_factory=Problems)
    notes: list[str] = field(default_factory=list)
    uncut: frozenset[str] = frozenset()
    """Languages whose columns have no spaces between words (known once the pass has begun)."""

    def __iter__(self) -> Iterator[Given]:
        self.notes.clear()
        self.problems.clear()
        place = os.fspath(parallel_path()) if self.place == BUNDLED else self.place
        if not self._is_table():
            yield from self._grouped()
            return
        lines = self._lines(place, self.encoding)
        head = list(islice(lines, _LOOKED_AT))
        tags, kept, ids, body = self._columns(head)
        self.uncut = frozenset(tag for tag, column in zip(tags, kept) if _unspaced(body, column))
        spaces = [self._at_spaces and tag not in self.uncut for tag in tags]
        links = self._lines(self.links, None) if self.links else iter(())
        parses = self._lines(self.parses, None) if self.parses else iter(())
        name = self.place.rsplit("/", 1)[-1] if self.place != "-" else "stdin"
        for cells, link, parse in zip_longest(chain(body, lines), links, parses):
            where = f"{name}:{cells[0]}" if cells else f"{self.links if link else self.parses}:{(link or parse)[0]}"
            uneven = cells is None or (self.links and link is None) or (self.parses and parse is None)
            if uneven:
                row: Parallel | Outcome = Outcome(
                    where, reason="unequal line counts", detail=_uneven(cells, link, parse)
                )
            else:
                row = _row(where, cells[1], tags, kept, ids, spaces)
                if link is not None and isinstance(row, Parallel):
                    row = self._linked(row, link)
            if isinstance(row, Outcome) and self.problems.strict:
                raise FormatError(f"{row.reason}: {row.detail}", where)
            yield Given(row, None if uneven or not parse else parse[1])

    def _is_table(self) -> bool:
        name = PurePath(self.place.lower())
        ending = (PurePath(name.stem) if name.suffix in COMPRESSIONS else name).suffix
        return self.place in ("-", BUNDLED) or ending in (".tsv", ".txt", ".tab", ".text", "")

    def _grouped(self) -> Iterator[Given]:
        """Rows of a format that knows its languages; cut into tokens."""
        if self.links or self.parses:
            raise UsageError(f"links and trees go with columns parted by tabs, line by line; got {self.place}.")
        strict = self.problems.strict
        corpus = formats.read(self.place, encoding=self.encoding, strict=strict)
        if corpus.shards[0].format == "jsonl" and not next(grouped(islice(corpus, _LOOKED_AT)), None):
            corpus = formats.read(self.place, encoding=self.encoding, format="parallel-jsonl", strict=strict)
        wanted = [languages.parse(tag) for tag in self.pair or ()]
        for found in grouped(corpus):
            texts = {tag: found.texts[tag] for tag in wanted or found.tags if tag in found.texts}
            missing = [tag for tag in wanted if tag not in texts]
            if missing or len(texts) < 2:
                yield Given(
                    Outcome(found.group, reason="empty side", detail=f"no {' and no '.join(missing) or 'pair'}")
                )
                continue
            yield Given(replace(found, texts={tag: _cut(u, spaces=False) for tag, u in texts.items()}))
        self.problems.merge(corpus.problems)
        self.notes.extend(corpus.notes)

    def _columns(self, head: list[Line]) -> tuple[list[str], list[int], int | None, list[Line]]:
        """The kept columns' tags, which they are, where ids stand, and the lines that hold text."""
        first = (head[0][1] or "").split("\t") if head else []
        below = (head[1][1] or "").split("\t") if len(head) > 1 else []
        codes = [code_tag(cell) if 0 < len(cell.strip()) <= 12 else None for cell in first]
        ids = next((i for i, cell in enumerate(first) if _names_rows(cell.strip(), below[i : i + 1])), None)
        named = {i: tag for i, tag in enumerate(codes) if tag and i != ids}
        asked = [languages.parse(tag) for tag in self.pair or ()]
        all_named = len(named) + (ids is not None) == len(first)
        if len(set(named.values())) >= 2 and (all_named or len(named) > 2):
            tags = asked or list(dict.fromkeys(named.values()))
            missing = [tag for tag in tags if tag not in named.values()]
            if missing:
                raise UsageError(f"{self.place}:1: no column {missing[0]!r}; there are {', '.join(named.values())}.")
            order = {tag: i for i, tag in reversed(named.items())}
            return tags, [order[tag] for tag in tags], ids, head[1:]
        width = len(asked) or max((len((line or "").split("\t")) for _, line in head), default=2)
        if width < 2:
            raise UsageError(
                f"{self.place}: expected two columns parted by a tab, one pair of sentences a line; "
                f"got {first[0][:40] if first else 'nothing'!r}."
            )
        return asked or self._identified(head, width), list(range(width)), None, head

    def _identified(self, head: list[Line], width: int) -> list[str]:
        """The languages of columns that have no names."""
        from macaronic.identify import tagger

        columns = [" ".join(c[i] for _, line in head if len(c := (line or "").split("\t")) > i) for i in range(width)]
        found = [row["lang"] for row in tagger.load().identify_sentence(columns)]
        if None in found or len(set(found)) < width:
            self.notes.append("cannot tell the languages of the columns apart; name them, such as --pair en,hi")
            return [*UNKNOWN[:width]]
        self.notes.append(f"the columns' languages look like {', '.join(found)}; --pair names them")
        return found

    @property
    def _at_spaces(self) -> bool:
        return self.words == "spaces" or (self.words == "auto" and bool(self.links or self.parses))

    def _linked(self, row: Parallel, link: tuple[int, str | None]) -> Parallel | Outcome:
        number, line = link
        a, b = row.tags[:2]
        n, m = len(row.texts[a].tokens), len(row.texts[b].tokens)
        where = f"{self.links}:{number}"
        try:
            pairs = pharaoh.parse(line or "", order=self.order, where=where).links
        except FormatError as error:
            return Outcome(row.group, reason="misnumbered alignment", detail=str(error))
        wrong = pharaoh.checked(pairs, n, m)
        if wrong:
            return Outcome(row.group, reason="misnumbered alignment", detail=f"{where}: {wrong}")
        return replace(row, links={**row.links, (a, b): tuple(pairs)})

    def _lines(self, place: str, encoding: str | None) -> Iterator[Line]:
        """Numbered lines, None for one that cannot be read; what was guessed goes to the notes."""
        corpus = formats.read(place, format="text", encoding=encoding, keep_blank=True)
        shards = corpus.shards
        if (files := len({shard.place for shard in shards})) > 1:
            raise UsageError(f"expected one file, whose lines count; {place} is {files} files.")
        self.notes.extend(corpus.notes)
        for shard in shards:
            yield from numbered(shard, self.problems)


Line = tuple[int, str | None]


def _row(
    where: str, line: str | None, tags: Sequence[str], kept: Sequence[int], ids: int | None, spaces: Sequence[bool]
) -> Parallel | Outcome:
    if line is None:
        return Outcome(where, reason="empty side", detail="the line cannot be read")
    cells = line.split("\t")
    texts = {}
    for tag, column, at_spaces in zip(tags, kept, spaces):
        text = cells[column].strip() if column < len(cells) else ""
        if not text:
            return Outcome(where, reason="empty side", detail=f"nothing in column {column + 1} ({tag})")
        texts[tag] = _cut(Utterance(text), spaces=at_spaces)
    name = cells[ids].strip() if ids is not None and ids < len(cells) else ""
    return Parallel(name or where, texts)


def _names_rows(name: str, below: Sequence[str]) -> bool:
    """Whether a column headed `id` holds names of rows, not Indonesian."""
    return name.lower() == "id" and not (below and language_of(name, below[0].strip()))


def _cut(utterance: Utterance, *, spaces: bool) -> Utterance:
    if utterance.tokens:
        return utterance
    text = utterance.text
    return replace(
        utterance, tokens=tuple(m.span() for m in _SPACED.finditer(text)) if spaces else tuple(tokenise(text))
    )


def space_words(utterance: Utterance) -> list[int]:
    """For each token, which of the words between spaces it belongs to.

    >>> space_words(Utterance("don't stop.", tokens=((0, 5), (6, 10), (10, 11))))
    [0, 1, 1]
    """
    starts = [m.start() for m in _SPACED.finditer(utterance.text)]
    return [bisect_right(starts, start) - 1 for start, _ in utterance.tokens]


def _unspaced(head: Iterable[Line], column: int) -> bool:
    """Whether a column is in a script without spaces and not cut into words yet."""
    found = [c[column] for _, line in head if len(c := (line or "").split("\t")) > column]
    words = [word for text in found for word in text.split()]
    letters = [c for word in words[:2000] for c in word if script_of(c) in UNSPACED]
    return bool(words) and len(letters) > _MOST_LETTERS * len(words[:2000])


def _uneven(*parts: Line | None) -> str:
    names = ("pairs", "links", "trees")
    there = [name for name, part in zip(names, parts) if part is not None]
    return f"the files end at different lines: here only {' and '.join(there)} go on"
