"""What a log amounts to: everybody's sheets, with undone steps left out.

Undo never takes anything out of the log: a step counts as long as the last word about it is not `undo`. So the fold of
one person, of one item, or of all gives the same sheets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from macaronic.annotate.events import Event
from macaronic.annotate.items import Item
from macaronic.annotate.sheet import Sheet
from macaronic.core.errors import UsageError

Sheets = dict[tuple[str, int], Sheet]


def fold(events: Iterable[Event], items: Mapping[int, Item]) -> Sheets:
    """The sheet of every person and item that the events are about.

    Args:
        events: a log, or a part of it with all events of the people and items in it, oldest first.
        items: by number.

    >>> from macaronic.core.utterance import Utterance
    >>> items = {1: Item(1, Utterance.from_words(["so"]))}
    >>> log = [Event("asha", 1, "label", "a", "lang", 0, 2, None, "en"), Event("asha", 1, "undo", "b", new="a")]
    >>> fold(log, items)["asha", 1].token_labels("lang")
    (None,)
    """
    log = list(events)
    off = undone(log)
    sheets: Sheets = {}
    for event in log:
        key = (event[0], event[1])
        sheet = sheets.get(key)
        if sheet is None:
            sheet = sheets[key] = Sheet(items[event[1]])
        if event[2] in ("undo", "redo"):
            continue
        if off and (event[0], event[11] or event[3]) in off and event[2] != "open":
            continue
        sheet.apply(event)
    return sheets


def undone(events: Iterable[Event]) -> set[tuple[str, str]]:
    """(person, step) of every step whose last word is `undo`."""
    off: set[tuple[str, str]] = set()
    for event in events:
        if event[2] == "undo":
            off.add((event[0], str(event.new)))
        elif event[2] == "redo":
            off.discard((event[0], str(event.new)))
    return off


def steps(events: Iterable[Event]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """One person's steps (name, item) that can be undone, and those that can be done again, the next one last.

    A new step after an undo ends what could be done again, as in any editor.

    Args:
        events: of one person, over all items, oldest first.
    """
    done: dict[str, int] = {}
    again: dict[str, int] = {}
    for event in events:
        name = str(event.new) if event.action in ("undo", "redo") else event.step_name
        if event.action == "open":
            continue
        if event.action == "undo":
            if name in done:
                again[name] = done.pop(name)
        elif event.action == "redo":
            if name in again:
                done[name] = again.pop(name)
        elif name not in done:
            again.clear()
            done[name] = event.item
    return list(done.items()), list(again.items())


def undo(events: Sequence[Event], who: str, client: str) -> Event | None:
    """The event that takes a person's last step back, in whatever item that was; None when there is nothing left.

    Args:
        events: that person's log.
        who: the person.
        client: the name of the new event.
    """
    done, _ = steps(_own(events, who))
    return Event(who, done[-1][1], "undo", client, new=done[-1][0]) if done else None


def redo(events: Sequence[Event], who: str, client: str) -> Event | None:
    """The event that does a person's last undone step again; None when there is none."""
    _, again = steps(_own(events, who))
    return Event(who, again[-1][1], "redo", client, new=again[-1][0]) if again else None


def _own(events: Sequence[Event], who: str) -> Sequence[Event]:
    stranger = next((event.who for event in events if event.who != who), None)
    if stranger is not None:
        raise UsageError(f"expected the log of {who} alone; it holds an event of {stranger}")
    return events
