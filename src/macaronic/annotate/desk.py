"""What one person sees of a project and does in it: plain values in and out, for a page or any other program.

Everything here is asked for by name, and answers with that person's own work alone; only who judges sees what others
labelled. A view reads one item and one person's events of it, whatever the size of the project.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from macaronic.annotate import planted, word_index
from macaronic.annotate.assign import left, opened
from macaronic.annotate.events import Event
from macaronic.annotate.fold import fold, steps, undone
from macaronic.annotate.items import Item, boundaries
from macaronic.annotate.judging import next_to_judge, others
from macaronic.annotate.planted import ROW
from macaronic.annotate.rows import event_of, row_of
from macaronic.annotate.rules import applied, plain, rules_of
from macaronic.annotate.store import Store
from macaronic.core.errors import UsageError

UNDO_SHOWN = 500
PLACES_SHOWN = 500


class NotYours(UsageError):
    """Something that this person may not see or do."""


def project_view(store: Store, who: str) -> dict[str, Any]:
    """The project as a person meets it: its layers, how far they are, and what they can undo.

    Raises:
        UnknownName: no such person.
    """
    known, role = store.settings, store.role(who)
    own = list(store.events(who))
    done, again = steps(own)
    return {
        "name": known.name,
        "person": who,
        "role": role,
        "languages": list(known.languages),
        "overlap": known.overlap,
        "planted": planted.any_in(store),
        "layers": [layer.model_dump() for layer in known.layers],
        "counts": {**_states(own), "left": left(store, who) if role != "adjudicator" else 0},
        "model": model_view(store),
        "undo": [list(step) for step in done[-UNDO_SHOWN:]],
        "redo": [list(step) for step in again[-UNDO_SHOWN:]],
        "older": len(done) > UNDO_SHOWN,
    }


def next_items(store: Store, who: str, have: Collection[int], count: int) -> dict[str, Any]:
    """The next items for a person, which are theirs from then on.

    Args:
        store: open for writing.
        who: the person.
        have: items that their page holds and has not finished.
        count: how many at most.

    Raises:
        UnknownName: no such person.
        NotYours: a viewer.
    """
    role = _working(store, who)
    held, found = set(have), []
    for _ in range(count):
        number = next_to_judge(store, who, held) if role == "adjudicator" else store.take(who, held)
        again = number is None and role != "adjudicator"
        number = _again(store, who, held) if again else number
        if number is None:
            break
        held.add(number)
        found.append(item_view(store, who, number, again=again))
    return {
        "items": found,
        "left": left(store, who) if role != "adjudicator" else len(found),
        "model": model_view(store),
    }


def given(store: Store, who: str, number: int) -> Item:
    """An item that a person was given.

    Raises:
        NotYours: they were not.
    """
    if not opened(store, who, number):
        raise NotYours(f"item {number} was not given to {who}.")
    return store.item(number)


def item_view(store: Store, who: str, number: int, *, again: bool = False) -> dict[str, Any]:
    """One item with the person's own events.

    Args:
        store: the project.
        who: the person.
        number: of the item.
        again: whether it is shown once more because planted labels stand in it.

    Raises:
        NotYours: they have not been given it.
    """
    role, item = store.role(who), given(store, who, number)
    events = list(store.events(who, number))
    sheet = fold(events, {number: item})[who, number]
    text = item.utterance.text
    opening = next(event for event in events if event.action == "open")
    judging = role == "adjudicator"
    return {
        "number": number,
        "id": item.utterance.id,
        "kind": "judge" if judging else "again" if again else item.kind,
        "text": text,
        "cuts": sorted(boundaries(text)),
        "tokens": [list(token) for token in item.utterance.tokens],
        "shown": _shown(store, item, opening),
        "confidence": {name: list(one.confidence) for name, one in item.proposals.items() if name != ROW},
        "spans": [
            [s.layer, s.label, s.start, s.end] for s in item.utterance.spans if s.layer in store.settings.by_name
        ],
        "events": [row_of(event) for event in events if event.action != "open"],
        "off": sorted({step for _, step in undone(events)}),
        "others": others(store, number, who) if judging else [],
        "planted": [list(place) for place in planted.standing(sheet)] if again else [],
        "done": sheet.state in ("accepted", "skipped"),
        "media": _media(item),
        "rules": applied(item, rules_of(store, who)) is not item,
    }


def keep(store: Store, who: str, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Take in what a page says that a person did, all of it or nothing.

    Args:
        store: open for writing.
        who: the person.
        rows: events as JSON: `client`, `item`, `action`, and what the action needs.

    Returns:
        The number of each in the log.

    Raises:
        NotYours: a viewer, or an item that the person was not given.
        FormatError: a row that is no event.
        UnknownName: a layer or label that the project does not have.
    """
    _working(store, who)
    events = [event_of(who, row, index) for index, row in enumerate(rows)]
    for number in dict.fromkeys(event.item for event in events):
        if not opened(store, who, number):
            raise NotYours(f"item {number} was not given to {who}.")
    _check_turns(store, who, events)
    return store.append(events)


def _check_turns(store: Store, who: str, events: Sequence[Event]) -> None:
    """Refuse to undo or redo what the person did not do."""
    turns = [event for event in events if event.action in ("undo", "redo")]
    held = [one for item in {turn.item for turn in turns} for one in store.events(who, item)]
    known = {(one.item, one.step_name) for one in [*held, *events] if one.action not in ("open", "undo", "redo")}
    for turn in turns:
        if (turn.item, turn.new) not in known:
            raise NotYours(f"{who} has no step {turn.new!r} in item {turn.item}.")


def occurrences(store: Store, who: str, layer: str, word: str) -> dict[str, Any]:
    """Where a word stands in the texts that a person was given, and how often in those to come.

    Args:
        store: the project.
        who: the person.
        layer: of words; tells the label that each place has now.
        word: the case of letters does not count.

    Returns:
        `places` (at most 500, newest items last), `total`, and `upcoming`: how often in items not given to them.
    """
    store.role(who)
    wanted = plain(word)
    own = {event.item for event in store.events(who) if event.action == "open"}
    places: list[dict[str, Any]] = []
    total = upcoming = 0
    for number, count in word_index.counts(store, word).items():
        if number not in own:
            upcoming += count
            continue
        total += count
        if len(places) < PLACES_SHOWN:
            places += _places(store, who, number, layer, wanted)
    return {"places": places[:PLACES_SHOWN], "total": total, "upcoming": upcoming}


def model_view(store: Store) -> dict[str, Any] | None:
    """What is known of the project's own tagger; None before it was fitted."""
    from macaronic.annotate import learning

    return learning.state(store)


def _places(store: Store, who: str, number: int, layer: str, wanted: str) -> list[dict[str, Any]]:
    item = store.item(number)
    sheet = fold(store.events(who, number), {number: item})[who, number]
    text = item.utterance.text
    return [
        {
            "item": number,
            "start": start,
            "end": end,
            "before": text[max(0, start - 40) : start],
            "word": text[start:end],
            "after": text[end : end + 40],
            "label": label,
            "done": sheet.state == "accepted",
        }
        for (start, end), label in zip(sheet.tokens, sheet.token_labels(layer))
        if plain(text[start:end]) == wanted
    ]


def _working(store: Store, who: str) -> str:
    role = store.role(who)
    if role == "viewer":
        raise NotYours(f"{who} may look on, not label.")
    return role


def _states(own: Sequence[Event]) -> dict[str, int]:
    """How many items a person has accepted and skipped."""
    off = undone(own)
    state: dict[int, str] = {}
    for event in own:
        if event.action in ("accept", "skip") and (event.who, event.step_name) not in off:
            state[event.item] = event.action
    return {"done": sum(s == "accept" for s in state.values()), "skipped": sum(s == "skip" for s in state.values())}


def _shown(store: Store, item: Item, opening: Event) -> dict[str, Any]:
    """The labels that stood there when the item was given, one a token where a layer has any."""
    shown = json.loads(opening.new or "{}")
    if item.kind != "warmup":
        first = {name: list(labels) for name, labels in item.shown.items() if name in store.settings.token_layers}
        return {**first, **shown}
    return dict(shown)


def _media(item: Item) -> list[dict[str, Any]]:
    """The sounds of an item, with the addresses under which a server gives them."""
    found = item.utterance.meta.get("media") or []
    return [
        {"label": one.get("label", ""), "url": f"/api/media/{item.number}/{k}", **_times(one)}
        for k, one in enumerate(found)
    ]


def _times(one: Mapping[str, Any]) -> dict[str, float]:
    return {name: one[name] for name in ("start", "end") if one.get(name) is not None}


def _again(store: Store, who: str, have: Collection[int]) -> int | None:
    """An accepted item in which planted labels stand, once nothing else is left."""
    if not planted.any_in(store):
        return None
    for number in dict.fromkeys(event.item for event in store.events(who) if event.action == "accept"):
        if number in have:
            continue
        item = store.item(number)
        if ROW in item.proposals:
            sheet = fold(store.events(who, number), {number: item})[who, number]
            if planted.standing(sheet):
                return number
    return None
