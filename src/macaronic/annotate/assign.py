"""Who gets which item next."""

from __future__ import annotations

import sqlite3

from macaronic.core.errors import UnknownName

_OPEN = """
SELECT o.item FROM events o JOIN items i ON i.number = o.item
WHERE o.who = :who AND o.action = 'open' AND NOT EXISTS (
    SELECT 1 FROM events d WHERE d.who = :who AND d.item = o.item AND d.action IN ('accept', 'skip') AND NOT EXISTS (
        SELECT 1 FROM events u WHERE u.who = :who AND u.item = o.item AND u.action = 'undo' AND u.new = d.step
        AND NOT EXISTS (
            SELECT 1 FROM events r WHERE r.who = :who AND r.item = o.item AND r.action = 'redo' AND r.new = d.step
            AND r.number > u.number
        )
    )
)
ORDER BY i.kind = 'work', o.item LIMIT 1
"""
_FRESH = """
SELECT number FROM items i
WHERE NOT EXISTS (SELECT 1 FROM events WHERE action = 'open' AND item = i.number AND who = :who)
AND (kind = 'warmup' OR (
    SELECT count(*) FROM events WHERE action = 'open' AND item = i.number
) < :overlap)
ORDER BY kind = 'work', number LIMIT 1
"""


def next_item(connection: sqlite3.Connection, who: str, overlap: int) -> tuple[int | None, bool]:
    """The item that a person shall see next, and whether it is new to them.

    Args:
        connection: of the project, in a transaction.
        who: name of the person.
        overlap: how many people label each item.

    Returns:
        An item that the person has opened and neither accepted nor skipped; else the first one that fewer than
        `overlap` people have; (None, False) when there is none.

    Raises:
        UnknownName: no such person.
    """
    people = dict(connection.execute("SELECT name, number FROM people"))
    if who not in people:
        raise UnknownName("person", who, people)
    held = {"who": people[who], "overlap": overlap}
    lying = connection.execute(_OPEN, {"who": held["who"]}).fetchone()
    if lying:
        return int(lying[0]), False
    fresh = connection.execute(_FRESH, held).fetchone()
    return (int(fresh[0]), True) if fresh else (None, False)
