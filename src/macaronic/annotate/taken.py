"""Labels that somebody made in a file of their own, taken into a project as that person's events."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from macaronic.annotate.events import Event
from macaronic.annotate.fold import fold
from macaronic.annotate.imported import work_of
from macaronic.annotate.items import Item
from macaronic.annotate.layers import Layer
from macaronic.annotate.store import Store
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.text import formats


@dataclass(frozen=True, slots=True)
class Taken:
    """How many items came in, by how many events, and how many said what the project knew already."""

    items: int
    events: int
    same: int


def take(
    project: str | Path, file: str, who: str, *, role: str = "annotator", format: str | None = None, problems: Problems
) -> Taken:
    """Make a person's sheets say what a file says; only differences become events, and each item is accepted.

    Args:
        project: the project.
        file: of any format with labels of words; rows are found by their text; of several with the same
            one by their id, or else in order.
        who: the person; let in when new.
        role: of the person.
        format: of the file; guessed when left out.
        problems: where rows without an item are counted.

    Raises:
        UsageError: no such role, or a name that cannot be one.
        InputError: the file cannot be read, or the project not be written.
    """
    step = secrets.token_hex(8)
    with Store(project, write=True) as store:
        rows = list(_rows(file, format, problems))
        if store.people().get(who) != role:
            store.add_person(who, role)
        items = {item.number: item for item in store.items()}
        sheets = fold(store.events(who), items)
        made: list[Event] = []
        count = same = 0
        for row, item in _matched(rows, items.values()):
            if item is None:
                problems.add(file, 0, f"{row.id!r} has the text of no item", kind="no item")
                continue
            if not _says_something(row, store.settings.layers):
                problems.add(
                    file, 0, f"{row.id!r} has no labels of the project; it is not taken for work", kind="no labels"
                )
                continue
            sheet = sheets.get((who, item.number))
            opening = store.opening(who, item.number, source="import", item=item)
            events = work_of(item, opening, row, store.settings.layers, sheet=sheet, step=f"take:{step}:{item.number}")
            same += not events
            count += bool(events)
            made += events
        if made:
            store.append(made)
    return Taken(count, len(made), same)


def _rows(file: str, format: str | None, problems: Problems) -> Iterator[Utterance]:
    corpus = formats.read(file, format=format, strict=problems.strict)
    yield from corpus.utterances()
    problems.merge(corpus.problems)


def _says_something(row: Utterance, layers: Sequence[Layer]) -> bool:
    """Whether a row has labels of the project: a bare text is nobody's work."""
    words = any(label is not None for layer in layers for label in row.layers.get(layer.name, ()))
    names = {layer.name for layer in layers} | {layer.key for layer in layers}
    return words or any(span.layer in names for span in row.spans) or not names.isdisjoint(row.labels)


def _matched(rows: Iterable[Utterance], items: Iterable[Item]) -> Iterator[tuple[Utterance, Item | None]]:
    """Each row with its item: of those with the same text the one of its id, else the next one; spaces do not count."""
    by_text: dict[str, dict[str, Item]] = {}
    for item in items:
        by_text.setdefault(_plain(item.utterance.text), {})[item.utterance.id] = item
    for row in rows:
        left = by_text.get(_plain(row.text), {})
        yield row, left.pop(row.id if row.id in left else next(iter(left))) if left else None


def _plain(text: str) -> str:
    return "".join(text.split())
