"""One record on its way into another language: what is known of its translation so far, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from macaronic.core.errors import UnknownName
from macaronic.core.languages import parse
from macaronic.extract.record import Record
from macaronic.extract.translate.answer import Answer
from macaronic.extract.translate.labels import LabelTable
from macaronic.extract.translate.language import Untranslated
from macaronic.extract.translate.marks import unmarked
from macaronic.extract.translate.pieces import Pieces, Place, pieces_of, rebuilt
from macaronic.extract.translate.place import loose_occurrences, place
from macaronic.extract.translate.prompts import SEVERAL
from macaronic.extract.translate.rules import MENDABLE, Fault, check_text
from macaronic.extract.translate.translation import Dropped, Kept, Repair
from macaronic.synth.agents.answers import refuses


@dataclass
class Draft:
    """A record and its translation so far.

    Args:
        source: the record, its language known.
        pieces: what must be found again.
        target: the source with labels of the target language; text and spans are still the source's.
        to: the target language.
        text: the translation; empty while there is none.
        sound: whether the text passed the rules that look at it alone.
        places: where the pieces stand in it, None where that is not known.
        fault: why it cannot be kept, None once it can.
        repairs: what was done to it.
        spare: a marked translation that is taken when nothing else helps.
        untranslated: tells texts that are still in the source language; nothing is asked without it.
    """

    source: Record
    pieces: Pieces
    target: Record
    to: str
    text: str = ""
    sound: bool = False
    places: tuple[Place | None, ...] = ()
    fault: Fault | None = field(default_factory=lambda: Fault("no answer", "not asked"))
    repairs: tuple[Repair, ...] = ()
    spare: str = ""
    untranslated: Untranslated | None = None

    @property
    def labels(self) -> list[str]:
        """The label of each piece in the target language, several joined."""
        return [SEVERAL.join(labels) for labels in labels_of_pieces(self.target, self.pieces)]

    @property
    def mendable(self) -> bool:
        """Whether a repair is worth trying."""
        return self.fault is not None and self.fault.rule in MENDABLE

    def take(self, answer: Answer, labels: LabelTable | None) -> None:
        """Judge the answer to the instruction."""
        try:
            self.take_text(answer.text)
            if answer.fault is not None:
                raise answer.fault
            mended = self._check_labels(answer, labels)
            placed = place(self.source.text, self.pieces.items, [text for _, text in answer.spans], self.text)
            self.places = placed.places
            if placed.missing:
                raise self._not_found([text for _, text in answer.spans], placed.missing)
        except Fault as fault:
            self.fault = fault
            return
        made: list[tuple[Repair, bool]] = [
            ("label put back", mended),
            ("search without case and width", placed.loosely),
            ("occurrence by order", placed.guessed),
        ]
        self.fault, self.repairs = None, tuple(repair for repair, needed in made if needed)

    def take_text(self, text: str) -> None:
        """Hold a translation; raises the `Fault` of the rules that look at the text alone."""
        self.text, self.sound = text, False
        self.places = (None,) * len(self.pieces.items)
        if refuses(text) and not refuses(self.source.text):
            raise Fault("refusal", text[:80])
        self._check(text)
        self.sound = True

    def take_marked(self, text: str) -> None:
        """Judge a marked translation; when it is good it replaces what there was, else nothing changes.

        Raises:
            Fault: what is wrong with it.
        """
        plain, places = unmarked(text, len(self.pieces.items))
        self._check(plain)
        self.text, self.sound, self.places = plain, True, tuple(places)
        self.fault, self.repairs = None, ("marks",)

    def take_places(self, places: Sequence[Place | None], repair: Repair) -> None:
        """Hold the places of a repair; it is done once none is missing."""
        self.places = tuple(places)
        if None not in self.places:
            self.fault, self.repairs = None, (*self.repairs, repair)

    def outcome(self) -> Kept | Dropped:
        """What became of the record."""
        if self.fault is not None:
            return Dropped(self.source, self.fault.rule, self.fault.detail, self.text, self.places)
        return Kept(self.source, self.built(self.text, self.places, self.repairs), self.repairs, self.places)

    def built(self, text: str, places: Sequence[Place | None], repairs: Sequence[str] = ()) -> Record:
        """The record over a translation in which every piece has its place."""
        meta = {**self.source.meta, "group": self.source.id, "translated_from": self.source.language}
        meta |= {"repairs": list(repairs)} if repairs else {}
        record = rebuilt(self.target, self.pieces, text, [one for one in places if one is not None])
        return replace(record, language=self.to, meta=meta)

    def _check(self, text: str) -> None:
        check_text(self.source.text, text, self.pieces.items, self.to)
        if self.untranslated is not None and self.untranslated(text, self.source.language, self.to):
            raise Fault("still in the source language", text[:60])

    def _check_labels(self, answer: Answer, labels: LabelTable | None) -> bool:
        """Whether a label came back in another of its words; another class is a fault."""
        pairs = [(self.target.text_label, self.source.text_label, answer.label)]
        sources = [SEVERAL.join(names) for names in labels_of_pieces(self.source, self.pieces)]
        pairs += zip(self.labels, sources, (label for label, _ in answer.spans), strict=True)
        mended = False
        for expected, source, got in pairs:
            if got is None or got.strip() == expected or not expected:
                continue
            forms = labels.forms(source, self.source.language) if labels else {source}
            if got.strip().casefold() not in {form.casefold() for form in (*forms, source, expected)}:
                raise Fault("label changed", f"expected {expected!r}, got {got[:40]!r}")
            mended = True
        return mended

    def _not_found(self, wanted: Sequence[str], missing: Sequence[int]) -> Fault:
        first = wanted[missing[0]]
        stands, asked = len(loose_occurrences(self.text, first)), sum(text == first for text in wanted)
        if 0 < stands < asked:
            return Fault("count mismatch", f"{first!r} stands {stands} times, expected {asked}")
        return Fault("span not in the translation", ", ".join(repr(wanted[i]) for i in missing[:3]))


def begun(record: Record, to: str, source: str | None) -> Draft:
    """A draft of a record that may be sent.

    Args:
        record: any record.
        to: the target language.
        source: the language of records that name none.

    Raises:
        Fault: one of the rules that hold before anything is paid.
    """
    try:
        language = parse(record.language or source or "")
    except UnknownName as error:
        raise Fault("no language", str(error).partition("\n")[0]) from error
    if not record.text.strip():
        raise Fault("empty source", "there is no text")
    if language == to:
        raise Fault("already in the target language", language)
    pieces = pieces_of(record)
    if pieces.lost:
        raise Fault("span not in the source", ", ".join(repr(text) for text in pieces.lost[:3]))
    record = replace(record, language=language)
    return Draft(record, pieces, record, to)


def labels_of_pieces(record: Record, pieces: Pieces) -> list[list[str]]:
    """The labels of each piece, none twice, taken from the spans, triggers and arguments that it belongs to.

    >>> from macaronic.extract.record import Span
    >>> one = Record("Ann left.", spans=(Span("person", "Ann", 0, 3), Span("agent", "Ann", 0, 3)))
    >>> labels_of_pieces(one, pieces_of(one))
    [['person', 'agent']]
    """
    found: list[list[str]] = [[] for _ in pieces.items]

    def add(piece: int | None, label: str) -> None:
        if piece is not None and label and label not in found[piece]:
            found[piece].append(label)

    for span, piece in zip(record.spans, pieces.spans, strict=True):
        add(piece, span.label)
    for event, (trigger, arguments) in zip(record.events, pieces.events, strict=True):
        add(trigger, event.type)
        for argument, piece in zip(event.arguments, arguments, strict=True):
            add(piece, argument.label)
    return found
