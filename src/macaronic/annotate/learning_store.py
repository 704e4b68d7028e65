"""What a project keeps of its own tagger: the last fit, the queue, and how much there is to learn from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from macaronic.annotate.items import Proposal
from macaronic.annotate.store import PROPOSE, Store, proposal_row

_ACCEPTED = (
    "SELECT count(DISTINCT e.item) FROM events e JOIN items i ON i.number = e.item "
    "WHERE e.action = 'accept' AND i.kind = 'work'"
)


def accepted(store: Store) -> int:
    """How many work items somebody has accepted at some time."""
    return int(store.ask(_ACCEPTED)[0][0])


def keep_fit(
    store: Store,
    proposals: Iterable[tuple[int, str, Proposal]],
    places: Iterable[tuple[int, float, str]],
    known: Mapping[str, Any],
) -> None:
    """Keep what a fit came to, all of it or nothing.

    Under `since` it keeps the number of the last event before the first fit that was kept.

    Args:
        store: open for writing.
        proposals: (item, layer, labels); items that somebody has opened, or with planted labels, keep those they have.
        places: in which order items come: (item, place, way), smaller places first; items without one come last.
        known: what is to be remembered of it, as JSON.
    """
    rows = list(map(proposal_row, proposals))
    with store.transaction() as connection:
        opened = {item for (item,) in connection.execute("SELECT item FROM events WHERE action = 'open'")}
        connection.executemany(PROPOSE, (row for row in rows if row[0] not in opened))
        connection.execute("DELETE FROM queue")
        connection.executemany("INSERT INTO queue VALUES (?, ?, ?)", places)
        connection.execute("INSERT OR IGNORE INTO model SELECT 'since', coalesce(max(number), 0) FROM events")
        _keep(connection, known)


def remember(store: Store, key: str, value: Any) -> None:
    """Keep one value, as JSON, under a key."""
    with store.transaction() as connection:
        _keep(connection, {key: value})


def _keep(connection: sqlite3.Connection, known: Mapping[str, Any]) -> None:
    kept = [(key, json.dumps(value)) for key, value in known.items()]
    connection.executemany("INSERT OR REPLACE INTO model VALUES (?, ?)", kept)


def remembered(store: Store, key: str) -> Any:
    """What was kept under a key, or None."""
    rows = store.ask("SELECT value FROM model WHERE key = ?", (key,))
    return json.loads(rows[0][0]) if rows else None


def ways(store: Store) -> dict[int, str]:
    """How each item in the queue came to its place: `unsure` or `chance`."""
    return {item: way for item, way in store.ask("SELECT item, way FROM queue")}  # noqa: C416
