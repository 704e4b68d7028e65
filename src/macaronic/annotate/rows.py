"""An event as a page sends it and is sent it back: a plain row without who, when and which number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from macaronic.annotate.events import Event
from macaronic.core.errors import FormatError

FIELDS = ("client", "item", "action", "layer", "start", "end", "old", "new", "source", "latency", "step")
NEEDED = FIELDS[:3]
NUMBERS = ("item", "start", "end", "latency")


def event_of(who: str, row: Mapping[str, Any], index: int) -> Event:
    """The event that a row says.

    Args:
        who: did it.
        row: `client`, `item`, `action`, and what the action needs.
        index: of the row, for the error.

    Raises:
        FormatError: it is no event, or one that only the server makes.
    """
    missing = [name for name in NEEDED if row.get(name) in (None, "")]
    strange = sorted(set(row) - set(FIELDS))
    if missing or strange:
        what = f"lacks {missing[0]!r}" if missing else f"has an unknown field {strange[0]!r}"
        raise FormatError(f"event {index} {what}; fields are {', '.join(FIELDS)}")
    for name, value in row.items():
        wanted: tuple[type, ...] = (int,) if name in NUMBERS else (str,)
        if value is not None and (not isinstance(value, wanted) or isinstance(value, bool)):
            raise FormatError(f"event {index}: {name} is {wanted[0].__name__} or null; got {value!r:.60}")
        if isinstance(value, int) and not 0 <= value < 1 << 53:
            raise FormatError(f"event {index}: {name} is a number from 0; got {value}")
        if isinstance(value, str) and any(0xD800 <= ord(c) < 0xE000 for c in value):
            raise FormatError(f"event {index}: {name} holds half a character")
    if row["action"] == "open":
        raise FormatError(f"event {index}: items are given by the server, never opened by a page")
    given = {name: value for name, value in row.items() if value is not None}
    return Event(who, **given)


def row_of(event: Event) -> dict[str, Any]:
    """The row that says an event.

    >>> event_of("asha", row_of(Event("asha", 1, "accept", "c1", step="s1")), 0).step
    's1'
    """
    values = dict(zip(FIELDS, (event.client, event.item, event.action, *event[4:9], event.source, event.latency)))
    return {**values, "step": event.step_name}
