"""Who gets which item next."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from typing import TYPE_CHECKING

from macaronic.core.errors import UnknownName

if TYPE_CHECKING:
    from macaronic.annotate.store import Store

_STANDS = """
NOT EXISTS (
    SELECT 1 FROM events u WHERE u.who = d.who AND u.item = d.item AND u.action = 'undo' AND u.new = d.step
    AND NOT EXISTS (
        SELECT 1 FROM events r WHERE r.who = d.who AND r.item = d.item AND r.action = 'redo' AND r.new = d.step
        AND r.number > u.number
    )
)
"""
"""A step `d` that is not undone."""

_SKIPPED = f"SELECT 1 FROM events d WHERE d.who = o.who AND d.item = o.item AND d.action = 'skip' AND {_STANDS}"  # noqa: S608
_LYING = f"""
FROM events o JOIN items i ON i.number = o.item
WHERE o.who = :who AND o.action = 'open' AND o.item NOT IN (SELECT value FROM json_each(:have)) AND NOT EXISTS (
    SELECT 1 FROM events d WHERE d.who = o.who AND d.item = o.item AND d.action IN ('accept', 'skip') AND {_STANDS}
)
"""  # noqa: S608
_FREE = f"""
NOT EXISTS (SELECT 1 FROM events WHERE action = 'open' AND item = i.number AND who = :who)
AND (i.kind = 'warmup' OR (
    SELECT count(*) FROM events o JOIN people p ON p.number = o.who
    WHERE o.action = 'open' AND o.item = i.number AND p.role IN ('annotator', 'admin') AND NOT EXISTS ({_SKIPPED})
) < :overlap)
"""  # noqa: S608
"""An item `i` that may come to a person."""

_FRESH = f"FROM items i WHERE {_FREE}"
_QUEUED = "(SELECT item FROM queue ORDER BY place, item LIMIT -1) q CROSS JOIN items i ON i.number = q.item"
_IN_TURN = (
    f"SELECT i.number FROM items i WHERE i.kind = 'warmup' AND {_FREE} ORDER BY i.number LIMIT 1",  # noqa: S608
    f"SELECT i.number FROM {_QUEUED} WHERE i.kind = 'work' AND {_FREE} LIMIT 1",  # noqa: S608
    "SELECT i.number FROM items i WHERE i.kind = 'work' AND i.number NOT IN (SELECT item FROM queue) "  # noqa: S608
    f"AND {_FREE} ORDER BY i.number LIMIT 1",
)
"""What comes first is looked for first, so that a large project is not read through for every item."""


def next_item(
    connection: sqlite3.Connection, who: str, overlap: int, have: Collection[int] = ()
) -> tuple[int | None, bool]:
    """The item that a person shall see next, and whether it is new to them.

    Args:
        connection: of the project, in a transaction.
        who: name of the person.
        overlap: how many people label each item; who judges or has skipped it does not count.
        have: items that the person's page holds already.

    Returns:
        An item that the person has opened and neither accepted nor skipped; else the first in the queue that fewer than
        `overlap` people have; (None, False) when there is none.

    Raises:
        UnknownName: no such person.
    """
    held = {"who": number_of(connection, who), "have": json.dumps(list(have)), "overlap": overlap}
    lying = connection.execute(f"SELECT o.item {_LYING} ORDER BY i.kind = 'work', o.number LIMIT 1", held).fetchone()
    if lying:
        return int(lying[0]), False
    for query in _IN_TURN:
        fresh = connection.execute(query, held).fetchone()
        if fresh:
            return int(fresh[0]), True
    return None, False


def left(store: Store, who: str) -> int:
    """How many items a person can still do: those that lie open and those that may come to them."""
    number = store.ask("SELECT number FROM people WHERE name = ?", (who,))[0][0]
    held = {"who": number, "have": "[]", "overlap": store.settings.overlap}
    return sum(int(store.ask(f"SELECT count(*) {query}", held)[0][0]) for query in (_LYING, _FRESH))


def opened(store: Store, who: str, item: int) -> bool:
    """Whether a person has been shown an item."""
    asked = (
        "SELECT 1 FROM events e JOIN people p ON p.number = e.who WHERE p.name = ? AND e.item = ? AND action = 'open'"
    )
    return bool(store.ask(asked, (who, item)))


def number_of(connection: sqlite3.Connection, who: str) -> int:
    """The number under which a project keeps a person.

    Raises:
        UnknownName: no such person.
    """
    people = dict(connection.execute("SELECT name, number FROM people"))
    if who not in people:
        raise UnknownName("person", who, people)
    return int(people[who])
