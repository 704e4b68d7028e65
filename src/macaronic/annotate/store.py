"""A project in one file: its items, its people, and the log of all that they did, which only grows.

SQLite in WAL mode: people write while others read; an event is acknowledged when it is on the disk. What a person may
see is decided by whoever asks: `events(who)` gives one person's log alone, and folds are made of that.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from macaronic.annotate import database, settings
from macaronic.annotate.events import WITH_PLACE, Event, check, check_place
from macaronic.annotate.items import Item, Proposal, boundaries, from_json, shown_json
from macaronic.annotate.settings import ROLES, Settings, check_name
from macaronic.core.errors import FormatError, UnknownName

if TYPE_CHECKING:
    from macaronic.annotate.rules import Rule

_SELECT = (
    "SELECT p.name, e.item, e.action, e.client, e.layer, e.first, e.last, e.old, e.new, e.source, e.latency, e.step, "
    "e.time, e.number FROM events e JOIN people p ON p.number = e.who"
)
_PROPOSALS = "SELECT item, layer, labels, confidence FROM proposals"
_ITEMS = "SELECT number, kind, content FROM items"
PROPOSE = (
    "INSERT OR REPLACE INTO proposals SELECT ?1, ?2, ?3, ?4 "
    "WHERE NOT EXISTS (SELECT 1 FROM proposals WHERE item = ?1 AND layer = 'planted:' || ?2)"
)
_INSERT = (
    "INSERT INTO events(who, item, action, client, layer, first, last, old, new, source, latency, step, time) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)


class Store:
    """An open project; use it in a `with`.

    Args:
        project: the file, or a folder that holds one.
        write: whether events will be added.

    Raises:
        InputError: there is none, or it cannot be opened.
        FormatError: it is damaged, or no project.

    >>> import pathlib, tempfile
    >>> from macaronic.annotate.create import create
    >>> from macaronic.annotate.layers import layers_of
    >>> from macaronic.core.utterance import Utterance
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "chat.annotate"
    >>> create(path, Settings("chat", layers_of("languages", ["en"])), [Item(1, Utterance.from_words(["so"], id="a"))])
    >>> with Store(path, write=True) as store:
    ...     store.add_person("asha")
    ...     item = store.take("asha")
    ...     first = store.append([Event("asha", item, "label", "c1", "lang", 0, 2, None, "en")])
    ...     again = store.append([Event("asha", item, "label", "c1", "lang", 0, 2, None, "en")])
    ...     first == again, [event.action for event in store.events("asha")]
    (True, ['open', 'label'])
    """

    def __init__(self, project: str | Path, *, write: bool = False) -> None:
        self.path = database.located(project)
        self._connection = database.connect(self.path, write=write)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def copy_to(self, target: sqlite3.Connection) -> None:
        """Copy everything to another database, page by page, while people write (SQLite's online backup)."""
        with database.explained(self.path):
            self._connection.backup(target)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @cached_property
    def settings(self) -> Settings:
        """The settings of the project."""
        with database.explained(self.path):
            return settings.read(self._connection)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything in it is kept or nothing; other writers wait."""
        with database.explained(self.path):
            database.begin(self._connection)
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[Self]:
        """What is read in it is the project at one moment, whatever people write meanwhile; nobody waits."""
        with database.explained(self.path):
            self._connection.execute("BEGIN")
            try:
                self._connection.execute("SELECT count(*) FROM settings").fetchone()
                yield self
            finally:
                self._connection.execute("ROLLBACK")

    def ask(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """The rows that answer a query; values go in by their places, never into its text."""
        with database.explained(self.path):
            return self._connection.execute(query, values).fetchall()

    def people(self) -> dict[str, str]:
        """Name -> role, in the order in which they came."""
        with database.explained(self.path):
            return dict(self._connection.execute("SELECT name, role FROM people ORDER BY number"))

    def role(self, who: str) -> str:
        """The role of a person.

        Raises:
            UnknownName: the project has nobody of that name.
        """
        people = self.people()
        if who not in people:
            raise UnknownName("person", who, people)
        return people[who]

    def add_person(self, name: str, role: str = "annotator") -> None:
        """Let somebody in, or give them another role.

        Raises:
            UnknownName: no such role.
            UsageError: a name that is empty, too long or would break a line.
        """
        if role not in ROLES:
            raise UnknownName("role", role, ROLES)
        check_name(name)
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO people(name, role) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET role = excluded.role",
                (name, role),
            )

    def append(self, events: Sequence[Event], *, now: int | None = None) -> list[int]:
        """Keep events, all of them or none; when this returns they are on the disk.

        Args:
            events: of people and items that the project has.
            now: milliseconds since 1970; the clock's when left out.

        Returns:
            The number of each in the log; an event that was kept before has its number of then.

        Raises:
            UnknownName: a person, action, layer or label that the project does not have.
            FormatError: a place outside the text or inside a letter, or a client name used for two different events.
        """
        for event in events:
            check(event, self.settings.by_name)
        with self.transaction() as connection:
            self._check_places(events, connection)
            return _kept_all(connection, events, now)

    def _check_places(self, events: Iterable[Event], connection: sqlite3.Connection) -> None:
        texts: dict[int, tuple[str, frozenset[int]]] = {}
        for event in events:
            if event.item not in texts:
                row = connection.execute("SELECT content FROM items WHERE number = ?", (event.item,)).fetchone()
                if row is None:
                    raise FormatError(f"the project has no item {event.item}", str(self.path))
                text = json.loads(row[0]).get("text", "")
                texts[event.item] = text, boundaries(text)
            if event.action in WITH_PLACE:
                check_place(event, *texts[event.item])

    def events(self, who: str | None = None, item: int | None = None, *, after: int = 0) -> Iterator[Event]:
        """The log, oldest first.

        Args:
            who: of one person alone.
            item: of one item alone.
            after: only events with a larger number.
        """
        clauses, values = ["e.number > ?"], [after]
        if who is not None:
            clauses.append("p.name = ?")
            values.append(who)  # type: ignore[arg-type]
        if item is not None:
            clauses.append("e.item = ?")
            values.append(item)
            if who is None:
                clauses.append("e.who IN (SELECT number FROM people)")  # lets SQLite use the index on who and item
        with database.explained(self.path):
            found = self._connection.execute(f"{_SELECT} WHERE {' AND '.join(clauses)} ORDER BY e.number", values)
            yield from map(Event._make, found)

    def items(self, numbers: Sequence[int] | None = None) -> Iterator[Item]:
        """The items in order, or those with these numbers."""
        if numbers is not None:
            for number in numbers:
                yield from self._items(f"{_PROPOSALS} WHERE item = ?", f"{_ITEMS} WHERE number = ?", (number,))
            return
        yield from self._items(_PROPOSALS, f"{_ITEMS} ORDER BY number", ())

    def _items(self, some: str, which: str, values: tuple[int, ...]) -> Iterator[Item]:
        with database.explained(self.path):
            proposals: dict[int, dict[str, Proposal]] = {}
            for item, layer, labels, sure in self._connection.execute(some, values):
                held = proposals.setdefault(item, {})
                held[layer] = Proposal(tuple(json.loads(labels)), tuple(json.loads(sure)))
            for number, kind, content in self._connection.execute(which, values):
                yield Item(number, from_json(content), kind, proposals.get(number, {}))

    def item(self, number: int) -> Item:
        """One item.

        Raises:
            FormatError: the project has none of that number.
        """
        found = next(self.items([number]), None)
        if found is None:
            raise FormatError(f"the project has no item {number}", str(self.path))
        return found

    def count(self) -> dict[str, int]:
        """How many items of each kind, and `events`."""
        with database.explained(self.path):
            counts = {"work": 0, "warmup": 0}
            counts |= dict(self._connection.execute("SELECT kind, count(*) FROM items GROUP BY kind"))
            return {**counts, "events": self._connection.execute("SELECT count(*) FROM events").fetchone()[0]}

    def propose(self, proposals: Iterable[tuple[int, str, Proposal]]) -> None:
        """Put a model's labels (item, layer, proposal) in the place of its earlier ones; nobody's work is touched.

        Items with planted labels keep those that they have.
        """
        rows = list(map(proposal_row, proposals))
        with self.transaction() as connection:
            connection.executemany(PROPOSE, rows)

    def take(self, who: str, have: Collection[int] = ()) -> int | None:
        """The next item for a person: one that lies open, else the next that fewer people have than shall label it.

        Warm-up items come first, and to everybody. The item is theirs from then on (event `open`, with what is shown).

        Args:
            who: the person.
            have: items that their page holds already.

        Raises:
            UnknownName: no such person.

        Returns:
            The item's number, or None when nothing is left for them.
        """
        from macaronic.annotate.assign import next_item
        from macaronic.annotate.rules import rules_of

        with self.transaction() as connection:
            number, fresh = next_item(connection, who, self.settings.overlap, have)
            if number is not None and fresh:
                _kept_all(connection, [self.opening(who, number, rules=rules_of(self, who))], None)
        return number

    def opening(
        self, who: str, number: int, *, source: str = "key", item: Item | None = None, rules: Sequence[Rule] = ()
    ) -> Event:
        """The event that a person is shown an item (read anew unless it is given), with the labels that stand there.

        Args:
            who: the person.
            number: of the item.
            source: of the event.
            item: the item.
            rules: of the person: what they said of a word in all texts to come.
        """
        from macaronic.annotate.rules import applied

        found = item or self.item(number)
        shown = shown_json(applied(found, rules), self.settings.layers)
        return Event(who, number, "open", f"open:{number}", new=shown, source=source)


def proposal_row(one: tuple[int, str, Proposal]) -> tuple[int, str, str, str]:
    """(item, layer, proposal) as the table keeps it."""
    item, layer, proposal = one
    return item, layer, json.dumps(proposal.labels, ensure_ascii=False), json.dumps(proposal.confidence)


def _kept_all(connection: sqlite3.Connection, events: Iterable[Event], now: int | None) -> list[int]:
    stamp = time.time_ns() // 1_000_000 if now is None else now
    people = dict(connection.execute("SELECT name, number FROM people"))
    return [_kept(connection, event, people, stamp) for event in events]


def _kept(connection: sqlite3.Connection, event: Event, people: dict[str, int], stamp: int) -> int:
    if event.who not in people:
        raise UnknownName("person", event.who, people)
    row = (people[event.who], *event[1:11], event.step_name, stamp)
    done = connection.execute(_INSERT, row)
    if done.rowcount == 1 and done.lastrowid is not None:
        return done.lastrowid
    same = f"{_SELECT} WHERE e.who = ? AND (e.client = ? OR (e.action = 'open' AND e.item = ? AND ? = 'open'))"
    old = Event._make(connection.execute(same, (row[0], event.client, event.item, event.action)).fetchone())
    if event.action != "open" and old.said != event.said:
        raise FormatError(
            f"{event.who} has used the client name {event.client!r} for another event (number {old.number})"
        )
    return old.number
