"""M2 files: sentences with the edits that correct them, by one or more annotators, read and written byte for byte.

A block is `S` and the words, then one `A start end|||type|||correction|||required|||comment|||annotator` line an edit,
then a blank line. Positions count the words of the `S` line. An edit of type `noop` (at -1 -1) says that an annotator
found nothing to correct.

Source: Dahlmeier & Ng 2012 (the format).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from macaronic.core.errors import FormatError, InputError
from macaronic.core.files import atomic_write

NONE = "-NONE-"


@dataclass(frozen=True, slots=True)
class Edit:
    """Words `start` to `end` of a sentence shall become `correction`.

    Args:
        start: first word; for an insertion the word that it goes before.
        end: behind the last word.
        correction: the new words, parted by spaces; empty (or `-NONE-`) deletes; `||` parts alternatives.
        type: the kind of error, such as `R:NOUN`.
        required: as it stands in the file.
        comment: as it stands in the file.
        annotator: who made it.
    """

    start: int
    end: int
    correction: str = ""
    type: str = "R"
    annotator: int = 0
    required: str = "REQUIRED"
    comment: str = NONE

    @property
    def is_noop(self) -> bool:
        """Whether it says that nothing is to be corrected."""
        return self.type == "noop" or self.start < 0

    @property
    def choices(self) -> tuple[tuple[str, ...], ...]:
        """The corrections that are right, each as words.

        >>> Edit(0, 1, "a||the").choices, Edit(0, 1, "-NONE-").choices
        ((('a',), ('the',)), ((),))
        """
        options = self.correction.split("||")
        return tuple(() if option.strip() == NONE else tuple(option.split()) for option in options)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that it puts in: the first choice."""
        return self.choices[0]

    def line(self) -> str:
        """The `A` line."""
        fields = (self.type, self.correction, self.required, self.comment, str(self.annotator))
        return "|||".join([f"A {self.start} {self.end}", *fields])


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it was written, and its edits.

    Args:
        text: the words as the `S` line has them, parted by single spaces.
        edits: in file order.
        after: what stands between this block and the next one, such as a line feed for the blank line.
        eol: how its lines end.
        lead: how its first line begins.

    >>> Sentence("He go home", (Edit(1, 2, "goes"),)).corrected()
    ('He', 'goes', 'home')
    """

    text: str
    edits: tuple[Edit, ...] = ()
    after: str = field(default="\n\n", compare=False)
    eol: str = field(default="\n", compare=False)
    lead: str = field(default="S ", compare=False)

    @property
    def words(self) -> tuple[str, ...]:
        """The words as written."""
        return tuple(self.text.split())

    @property
    def annotators(self) -> tuple[int, ...]:
        """Who annotated it, in order; annotator 0 when nobody did."""
        return tuple(sorted({edit.annotator for edit in self.edits})) or (0,)

    def by(self, annotator: int) -> tuple[Edit, ...]:
        """One annotator's edits from left to right, without noops.

        Raises:
            FormatError: two of them overlap.
        """
        mine = sorted(
            (edit for edit in self.edits if edit.annotator == annotator and not edit.is_noop),
            key=lambda edit: (edit.start, edit.end),
        )
        for before, edit in pairwise(mine):
            if edit.start < before.end:
                raise FormatError(
                    f"edits of one annotator may not overlap: {before.line()!r} and {edit.line()!r} of {self.text!r}"
                )
        return tuple(mine)

    def corrected(self, annotator: int = 0) -> tuple[str, ...]:
        """The words when one annotator's edits are made."""
        words, out, at = self.words, [], 0
        for edit in self.by(annotator):
            out += [*words[at : edit.start], *edit.words]
            at = edit.end
        return (*out, *words[at:])

    def block(self) -> str:
        """The block as it stands in a file."""
        return self.eol.join([f"{self.lead}{self.text}", *(edit.line() for edit in self.edits)]) + self.after


def read(path: str | os.PathLike[str]) -> Iterator[Sentence]:
    """Sentences of an M2 file, one after the other.

    Raises:
        InputError: the file cannot be read.
        FormatError: a line that is neither `S` nor `A`, an edit without its six fields or outside its sentence.
    """
    try:
        with open(path, encoding="utf-8", newline="") as file:
            yield from parse(_lines(file), path=str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}.") from error


def parse(lines: Iterable[str], *, path: str = "m2") -> Iterator[Sentence]:
    """Sentences out of lines with their line ends.

    >>> text = "S He go home\\nA 1 2|||R:VERB|||goes|||REQUIRED|||-NONE-|||0\\n\\n"
    >>> (sentence,) = parse(text.splitlines(keepends=True))
    >>> sentence.edits[0].words, sentence.block() == text
    (('goes',), True)
    """
    text: str | None = None
    edits: list[Edit] = []
    after, eol, lead = "", "\n", "S "
    for number, line in enumerate(lines, start=1):
        body = line.rstrip("\r\n")
        ending = line[len(body) :]
        blank = not body.strip()
        if blank and text is None:
            raise FormatError("expected an 'S' line first; got a blank line", path, number)
        if blank:
            after += line
        elif body == "S" or body.startswith("S "):
            if text is not None:
                yield Sentence(text, tuple(edits), after, eol, lead)
            text, edits, after, eol, lead = body[2:], [], ending, ending or "\n", body[:2]
        elif body.startswith("A ") and text is not None and "\n" not in after.removeprefix(eol):
            edits.append(_edit(body, len(text.split()), path, number))
            after = ending
        else:
            raise FormatError(
                f"expected 'S words' or, right below one, 'A start end|||...'; got {body[:60]!r}", path, number
            )
    if text is not None:
        yield Sentence(text, tuple(edits), after, eol, lead)


def write(path: str | os.PathLike[str], sentences: Iterable[Sentence]) -> int:
    """Write an M2 file, whole or not at all; how many sentences."""
    count = 0
    with atomic_write(path, "w") as file:
        for sentence in sentences:
            file.write(sentence.block())
            count += 1
    return count


def _lines(file: Iterable[str]) -> Iterator[str]:
    """Lines that end at line feeds only: other separators are part of a sentence."""
    held = ""
    for piece in file:
        held += piece
        if held.endswith("\n"):
            yield held
            held = ""
    if held:
        yield held


def _edit(body: str, words: int, path: str, line: int) -> Edit:
    fields = body[2:].split("|||")
    if len(fields) != 6:
        raise FormatError(f"an edit has 6 fields parted by '|||'; got {len(fields)}: {body[:60]!r}", path, line)
    span, kind, correction, required, comment, annotator = fields
    try:
        start, end = map(int, span.split(" "))
        who = int(annotator)
    except ValueError:
        raise FormatError(
            f"an edit begins with two positions and ends with the annotator's number; got {body[:60]!r}", path, line
        ) from None
    edit = Edit(start, end, correction, kind, who, required, comment)
    if not edit.is_noop and not 0 <= start <= end <= words:
        raise FormatError(f"the edit {start} {end} lies outside its sentence of {words} words", path, line)
    if edit.line() != body:
        raise FormatError(f"numbers are written plainly: {edit.line()[:60]!r}; got {body[:60]!r}", path, line)
    return edit
