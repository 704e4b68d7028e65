"""The table by which closed labels are translated: fixed, the same every time, never asked of a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from macaronic.core.errors import FormatError, UnknownName, UsageError, nearest
from macaronic.core.languages import name
from macaronic.extract.record import Event, Record, Relation


@dataclass(frozen=True, slots=True)
class Entry:
    """One class: what it is called in each language (tag -> word), and other spellings of it (`PER`)."""

    words: Mapping[str, str]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabelTable:
    """What each label is called in each language.

    Args:
        entries: the classes.
        where: where they come from, for messages.

    Raises:
        FormatError: one word of one language stands for two classes.

    >>> table = LabelTable((Entry({"en": "person", "ja": "人名"}, ("PER",)),))
    >>> table.translated("PER", "en", "ja"), table.translated("人名", "ja", "en"), table.translated("song", "en", "ja")
    ('人名', 'person', None)
    """

    entries: tuple[Entry, ...]
    where: str = "the label table"

    def __post_init__(self) -> None:
        seen: dict[tuple[str, str], int] = {}
        for number, entry in enumerate(self.entries):
            for tag, word in [*entry.words.items(), *(("", alias) for alias in entry.aliases)]:
                if seen.setdefault((tag, word), number) != number:
                    raise FormatError(
                        f"the label {word!r} stands for two classes; each needs a word of its own", self.where
                    )

    @cached_property
    def _by_word(self) -> dict[tuple[str, str], Entry]:
        found = {("", alias): entry for entry in self.entries for alias in entry.aliases}
        for entry in self.entries:
            for tag, word in entry.words.items():
                found[tag, word] = entry
                found.setdefault(("", word), entry)
        return found

    def entry(self, label: str, source: str) -> Entry | None:
        """The class of a label: by its word in the source language, else by an alias or its word in any language."""
        return self._by_word.get((source, label)) or self._by_word.get(("", label))

    def translated(self, label: str, source: str, to: str) -> str | None:
        """A label in another language; None where the table does not tell."""
        entry = self.entry(label, source)
        return None if entry is None else entry.words.get(to)

    def forms(self, label: str, source: str) -> frozenset[str]:
        """Every word for a label's class, the label itself too."""
        entry = self.entry(label, source)
        return frozenset({label} if entry is None else {label, *entry.words.values(), *entry.aliases})

    def check(self, records: Iterable[Record], to: str) -> None:
        """See that every label of the records can be translated.

        Args:
            records: with their languages.
            to: the target language.

        Raises:
            UnknownName: the table has no word of that language at all.
            MissingLabel: some label cannot; the message has the number of records, and the nearest known label.

        >>> LabelTable((Entry({"en": "person", "ja": "人名"}),)).check([Record("x", "persn", language="en")], "ja")
        Traceback (most recent call last):
            ...
        macaronic.extract.translate.labels.MissingLabel: no Japanese word for 1 label in the label table: 'persn' (1)
        Did you mean 'person'? Else add a row for each to a table of your own; nothing was asked or paid.
        """
        missing: Counter[str] = Counter()
        for record in records:
            missing.update(
                {label for label in labels_of(record) if self.translated(label, record.language, to) is None}
            )
        if missing:
            tags = {tag for entry in self.entries for tag in entry.words}
            if to not in tags:
                raise UnknownName("language of the labels", to, tags, where=self.where)
            known = [
                word for entry in self.entries if to in entry.words for word in (*entry.words.values(), *entry.aliases)
            ]
            raise MissingLabel(missing, known, to, self.where)

    def applied(self, record: Record, to: str) -> Record:
        """The record with its labels in another language; text and spans stay. `check` comes first."""

        def put(label: str) -> str:
            return (self.translated(label, record.language, to) or label) if label else ""

        return replace(
            record,
            text_label=put(record.text_label),
            spans=tuple(replace(span, label=put(span.label)) for span in record.spans),
            relations=tuple(Relation(one.head, put(one.type), one.tail) for one in record.relations),
            events=tuple(
                Event(put(e.type), e.trigger, tuple(replace(a, label=put(a.label)) for a in e.arguments))
                for e in record.events
            ),
        )


class MissingLabel(UsageError):
    """Labels that the table does not translate, found before anything is paid."""

    def __init__(self, missing: Mapping[str, int], known: Sequence[str], to: str, where: str) -> None:
        labels = sorted(missing, key=lambda label: (-missing[label], label))
        shown = ", ".join(f"{label!r} ({missing[label]:,})" for label in labels[:10])
        more = f", ... and {len(labels) - 10} more" if len(labels) > 10 else ""
        near = nearest(labels[0], known, cutoff=0.6)
        hint = f"Did you mean {near!r}? Else add" if near else "Add"
        super().__init__(
            f"no {name(to)} word for {len(labels)} label{'s'[: len(labels) > 1]} in {where}: {shown}{more}\n"
            f"{hint} a row for each to a table of your own; nothing was asked or paid."
        )
        self.missing = dict(missing)


def labels_of(record: Record) -> Iterator[str]:
    """Every label of a record that is not empty: of the text, spans, relations, events and roles.

    >>> from macaronic.extract.record import Span
    >>> list(labels_of(Record("so chill", "joy", (Span("adj", "chill"),))))
    ['joy', 'adj']
    """
    yield from filter(None, (record.text_label, *(span.label for span in record.spans)))
    yield from filter(None, (relation.type for relation in record.relations))
    for event in record.events:
        yield from filter(None, (event.type, *(argument.label for argument in event.arguments)))
