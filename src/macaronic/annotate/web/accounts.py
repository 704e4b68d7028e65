"""Who may log in: passwords, sessions and one-time links, in a file of its own beside the project.

The project holds people and their roles; this file says only how they prove who they are, so that a project can be
given to others without any password in it. Tokens are kept as hashes: who reads the file cannot log in with it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from macaronic.core.errors import MacaronicError, UsageError

ENDING = ".accounts"
SESSION_SECONDS = 30 * 86_400
LINK_SECONDS = 7 * 86_400
SHORTEST = 8
_COST, _BLOCK, _LANES = 1 << 14, 8, 1
_FREE_TRIES, _LONGEST_WAIT = 5, 900
_TABLES = """
CREATE TABLE IF NOT EXISTS accounts(
    name TEXT PRIMARY KEY, salt BLOB NOT NULL, hash BLOB NOT NULL, cost INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS disabled(name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS sessions(token BLOB PRIMARY KEY, name TEXT NOT NULL, csrf TEXT NOT NULL, used REAL NOT NULL);
CREATE TABLE IF NOT EXISTS links(
    token BLOB PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, role TEXT NOT NULL, name TEXT,
    ends REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS tries(who TEXT PRIMARY KEY, count INTEGER NOT NULL, until REAL NOT NULL);
"""


class Refused(MacaronicError):
    """A wrong password, or a link or session that does not hold."""


class TooMany(Refused):
    """Too many tries; `seconds` tells how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many tries; wait {seconds} seconds.")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Session:
    """Who asks, and the token that every change must bring along."""

    name: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link: for an account that is to be made (`join`), or for a person that is let in (`enter`)."""

    id: str
    kind: str
    role: str
    name: str | None
    ends: float


class Accounts:
    """The open file; one object a thread.

    Args:
        project: the project's file.
        now: the clock, in seconds.

    >>> import tempfile
    >>> held = Accounts(Path(tempfile.mkdtemp()) / "chat.annotate")
    >>> token = held.link("join", "annotator", "asha")
    >>> held.join(token, None, "long enough")
    ('asha', 'annotator')
    >>> held.session(held.login("asha", "long enough", "127.0.0.1")).name
    'asha'
    """

    def __init__(self, project: Path, now: Callable[[], float] = time.time) -> None:
        self.path = project.with_suffix(ENDING)
        with suppress(FileExistsError):  # closing a file that is open here already would give up SQLite's locks on it
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL, 0o600))
        self._now = now
        self._db = sqlite3.connect(self.path, timeout=10, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def names(self) -> dict[str, bool]:
        """Everybody with a password -> whether they may log in."""
        off = {name for (name,) in self._db.execute("SELECT name FROM disabled")}
        return {name: name not in off for (name,) in self._db.execute("SELECT name FROM accounts ORDER BY name")}

    def set_password(self, name: str, password: str, *, but: str | None = None) -> None:
        """Give somebody a password, and end their sessions.

        Args:
            name: of the person.
            password: at least 8 characters.
            but: a session that goes on.

        Raises:
            UsageError: too short, or too long.
        """
        if not SHORTEST <= len(password) <= 1000:
            raise UsageError(f"a password has at least {SHORTEST} characters; got {len(password)}.")
        salt = secrets.token_bytes(16)
        row = (name, salt, _hashed(password, salt, _COST), _COST)
        self._db.execute("INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)", row)
        self.end_all(name, but=but)

    def allow(self, name: str, allowed: bool) -> None:
        """Let somebody log in, or not any more; their sessions end."""
        if allowed:
            self._db.execute("DELETE FROM disabled WHERE name = ?", (name,))
        else:
            self._db.execute("INSERT OR IGNORE INTO disabled VALUES (?)", (name,))
            self.end_all(name)

    def login(self, name: str, password: str, address: str) -> str:
        """A new session's token.

        Raises:
            TooMany: after five wrong tries for this name or from this address the wait doubles each time.
            Refused: a wrong name or password; which of both is not told, nor by the time that it takes.
        """
        name = name.encode("utf-8", "replace").decode()
        keys = (f"name {name[:200]}", f"address {address}")
        self._try(keys)
        row = self._db.execute("SELECT salt, hash, cost FROM accounts WHERE name = ?", (name,)).fetchone()
        salt, wanted, cost = row or (b"none", b"", _COST)
        right = hmac.compare_digest(_hashed(password[:1000], salt, cost), wanted)
        off = self._db.execute("SELECT 1 FROM disabled WHERE name = ?", (name,)).fetchone()
        if not right or row is None or off:
            raise Refused("wrong name or password.")
        self._db.executemany("DELETE FROM tries WHERE who = ?", [(key,) for key in keys])
        return self.begin(name)

    def begin(self, name: str) -> str:
        """A new session of somebody who has proved who they are."""
        token = secrets.token_urlsafe(32)
        self._db.execute("DELETE FROM sessions WHERE used < ?", (self._now() - SESSION_SECONDS,))
        row = (_digest(token), name, secrets.token_urlsafe(24), self._now())
        self._db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", row)
        return token

    def session(self, token: str) -> Session:
        """The session of a token.

        Raises:
            Refused: there is none, it has ended, or the person may not log in any more.
        """
        asked = (
            "SELECT s.name, s.csrf, s.used, d.name FROM sessions s LEFT JOIN disabled d ON d.name = s.name "
            "WHERE s.token = ?"
        )
        row = self._db.execute(asked, (_digest(token),)).fetchone()
        if row is None or row[3] is not None or row[2] < self._now() - SESSION_SECONDS:
            raise Refused("not logged in.")
        if row[2] < self._now() - 3600:
            self._db.execute("UPDATE sessions SET used = ? WHERE token = ?", (self._now(), _digest(token)))
        return Session(row[0], row[1])

    def end(self, token: str) -> None:
        """Log out."""
        self._db.execute("DELETE FROM sessions WHERE token = ?", (_digest(token),))

    def end_all(self, name: str, *, but: str | None = None) -> None:
        """End all sessions of a person, and the links that were made for them."""
        self._db.execute("DELETE FROM links WHERE name = ?", (name,))
        self._db.execute("DELETE FROM sessions WHERE name = ? AND token != ?", (name, _digest(but or "")))

    def link(self, kind: str, role: str, name: str | None = None, seconds: float = LINK_SECONDS) -> str:
        """The token of a new one-time link."""
        token = secrets.token_urlsafe(24)
        row = (_digest(token), secrets.token_hex(8), kind, role, name, self._now() + seconds)
        self._db.execute("INSERT INTO links VALUES (?, ?, ?, ?, ?, ?)", row)
        return token

    def links(self) -> list[Link]:
        """The links that can still be used."""
        asked = "SELECT id, kind, role, name, ends FROM links WHERE ends > ? ORDER BY ends"
        return [Link(*row) for row in self._db.execute(asked, (self._now(),))]

    def revoke(self, number: str) -> bool:
        """Make a link worthless; whether there was one of that id."""
        return self._db.execute("DELETE FROM links WHERE id = ?", (number,)).rowcount > 0

    def peek(self, token: str, kind: str) -> Link:
        """What a link is for, without using it.

        Raises:
            Refused: it was used, has expired or never was.
        """
        asked = "SELECT id, kind, role, name, ends FROM links WHERE token = ? AND kind = ? AND ends > ?"
        row = self._db.execute(asked, (_digest(token), kind, self._now())).fetchone()
        if row is None:
            raise Refused("this link was used already, has expired, or is not whole; ask for a new one.")
        return Link(*row)

    def use(self, token: str, kind: str) -> Link:
        """What a link is for; it is worth nothing afterwards.

        Raises:
            Refused: it was used, has expired or never was.
        """
        found = self.peek(token, kind)
        if self._db.execute("DELETE FROM links WHERE token = ?", (_digest(token),)).rowcount != 1:
            raise Refused("this link was used already.")
        return found

    def join(self, token: str, name: str | None, password: str) -> tuple[str, str]:
        """Make an account by an invitation: (name, role).

        Raises:
            Refused: the link does not hold.
            UsageError: no name, one that is taken, or a password that is too short.
        """
        with self._alone():
            found = self.use(token, "join")
            chosen = (found.name or name or "").strip()
            if not chosen:
                raise UsageError("choose a name.")
            if chosen in self.names() and found.name is None:
                raise UsageError(f"the name {chosen!r} is taken; choose another one.")
            self.set_password(chosen, password)
        return chosen, found.role

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """All that is done inside, or nothing of it; nobody else writes meanwhile."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _try(self, keys: tuple[str, ...]) -> None:
        """Count a try before it is looked at, so that many at once are not free; a right one is forgotten."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.execute("DELETE FROM tries WHERE until < ?", (self._now() - 86_400,))
            held = {key: self._tried(key) for key in keys}
            left = max(until for _, until in held.values()) - self._now()
            if left > 0:
                raise TooMany(int(left) + 1)
            for key, (count, _) in held.items():
                row = (key, count + 1, self._now() + _wait(key, count + 1))
                self._db.execute("INSERT OR REPLACE INTO tries VALUES (?, ?, ?)", row)
        finally:
            self._db.execute("COMMIT")

    def _tried(self, key: str) -> tuple[int, float]:
        row: Any = self._db.execute("SELECT count, until FROM tries WHERE who = ?", (key,)).fetchone()
        return (row[0], row[1]) if row else (0, 0.0)


def _wait(key: str, count: int) -> int:
    """How many seconds follow a wrong try."""
    free = _FREE_TRIES if key.startswith("name ") else 4 * _FREE_TRIES
    return min(_LONGEST_WAIT, 1 << min(20, count - free)) if count >= free else 0


def _hashed(password: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=cost, r=_BLOCK, p=_LANES)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
