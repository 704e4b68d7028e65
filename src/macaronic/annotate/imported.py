"""What is read for a project: texts, what is proposed for them, and what people said of them elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from macaronic.annotate.actions import towards
from macaronic.annotate.events import Event
from macaronic.annotate.items import Item, Kind, Proposal
from macaronic.annotate.layers import Layer
from macaronic.annotate.sheet import Sheet
from macaronic.annotate.store import Store
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance


@dataclass(frozen=True)
class Imported:
    """One text for a project.

    Args:
        utterance: with tokens.
        proposals: layer -> what a model proposes.
        people: name of a person -> the same text as that person labelled it elsewhere.
        kind: of the item.
    """

    utterance: Utterance
    proposals: Mapping[str, Proposal] = field(default_factory=dict)
    people: Mapping[str, Utterance] = field(default_factory=dict)
    kind: Kind = "work"


def numbered(rows: Iterable[Imported], problems: Problems, where: str) -> Iterator[tuple[Item, Imported]]:
    """Items out of rows: numbered from 1, with ids that are unique; texts without a word are counted and left out.

    >>> rows = [Imported(Utterance.from_words(["so"], id="a")), Imported(Utterance("", "b"))] * 2
    >>> problems = Problems()
    >>> [item.utterance.id for item, _ in numbered(rows, problems, "chat.jsonl")], problems.count
    (['a', 'a#2'], 3)
    """
    seen: set[str] = set()
    number = 0
    for row in rows:
        utterance = row.utterance
        if not utterance.tokens:
            problems.add(where, 0, f"{utterance.id or 'a row'} has no words", kind="no words")
            continue
        number += 1
        name = utterance.id or str(number)
        if name in seen:
            problems.add(where, 0, f"the id {name!r} occurs again; it gets a number", kind="same id")
            name = next(f"{name}#{n}" for n in range(2, number + 2) if f"{name}#{n}" not in seen)
        seen.add(name)
        yield Item(number, replace(utterance, id=name), row.kind, row.proposals), row


def work_of(
    item: Item,
    opening: Event,
    wanted: Utterance,
    layers: Sequence[Layer],
    *,
    sheet: Sheet | None = None,
    step: str = "",
) -> list[Event]:
    """The events by which a person comes to what they said elsewhere: shown, cut, labelled, accepted.

    Args:
        item: what they are shown.
        opening: their `open` event.
        wanted: what they said.
        layers: of the project; labels that these do not allow are left out.
        sheet: what the person has done of it already.
        step: begins the events' names.

    Returns:
        The events; none when the person said the same before.
    """
    first = sheet is None
    if sheet is None:
        sheet = Sheet(item)
        sheet.apply(opening)
    was = sheet.state
    tokens = tuple(layer.name for layer in layers if layer.level == "token" and layer.name in wanted.layers)
    allowed = {layer.name: layer for layer in layers}
    kept = {name: tuple(one if allowed[name].allows(one) else None for one in wanted.layers[name]) for name in tokens}
    own = item.utterance.meta
    fields = {key: value for key, value in wanted.meta.items() if isinstance(value, str) and own.get(key) != value}
    said = {**fields, **wanted.labels}
    sentence = {
        layer.name: said[key]
        for layer in layers
        for key in (layer.key, layer.name)
        if layer.level == "sentence" and key in said and layer.allows(said[key])
    }
    spans = tuple(s for s in wanted.spans if s.layer in allowed and allowed[s.layer].allows(s.label))
    who, step = opening.who, step or f"import:{item.number}"
    wanted = _placed(replace(wanted, layers=kept, spans=spans), item.utterance.text)
    names = tuple(layer.name for layer in layers if layer.level == "span")
    made = towards(sheet, who, step, wanted, tokens, sentence, span_layers=names)
    if not first and not made and was == "accepted":
        return []
    return [*([opening] if first else []), *made, Event(who, item.number, "accept", f"{step}.accept", source="import")]


def _placed(wanted: Utterance, text: str) -> Utterance:
    """The same words in the item's own text, where the file that they come from keeps no white space."""
    if wanted.text == text:
        return wanted
    tokens = Utterance.from_words(wanted.words, text=text).tokens
    return replace(wanted, text=text, tokens=tokens, spans=())


def add_people(project: Path, rows: Mapping[int, Imported]) -> None:
    """Put what people did elsewhere into a project, as their events.

    Args:
        project: the file.
        rows: number of an item -> what was read for it.
    """
    with Store(project, write=True) as store:
        for name in dict.fromkeys(name for row in rows.values() for name in row.people):
            store.add_person(name)
        made: list[Event] = []
        for item in store.items(list(rows)) if len(rows) < 500 else store.items():
            for who, wanted in rows[item.number].people.items() if item.number in rows else ():
                opening = store.opening(who, item.number, source="import", item=item)
                made += work_of(item, opening, wanted, store.settings.layers)
        if made:
            store.append(made)
