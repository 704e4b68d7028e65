"""What a running server knows: its project, accounts and settings, and who asks."""

from __future__ import annotations

import hmac
import threading
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from fastapi import Request

from macaronic.annotate.desk import NotYours
from macaronic.annotate.store import Store
from macaronic.annotate.web.accounts import Accounts, Refused, Session
from macaronic.annotate.web.fitting import Fitting
from macaronic.core.protocols import LM


def cookie_of(project: Path) -> str:
    """The name of a project's cookie: browsers keep one of a name for a machine, whatever the port.

    >>> cookie_of(Path("a.annotate")) == cookie_of(Path("b.annotate"))
    False
    """
    return f"macaronic-{zlib.crc32(str(project.resolve()).encode('utf-8', 'surrogateescape')):08x}"


@dataclass(frozen=True)
class Site:
    """A project that is served.

    Args:
        project: its file.
        local: whether only this machine reaches it; who enters by the terminal's link needs no password then.
        public: the address that invitations begin with; that of the request when empty.
        learns: whether the project's tagger is fitted while people work.
        lm: the language model that suggestions come from, if any.
        fitting: the tagger's process.
    """

    project: Path
    local: bool = True
    public: str = ""
    learns: bool = True
    lm: LM | None = None
    fitting: Fitting = field(default_factory=Fitting)
    _held: threading.local = field(default_factory=threading.local, repr=False)

    @cached_property
    def cookie(self) -> str:
        """The name of its cookie."""
        return cookie_of(self.project)

    @property
    def store(self) -> Store:
        """The project, opened once a thread."""
        if not hasattr(self._held, "store"):
            self._held.store = Store(self.project, write=True)
        found: Store = self._held.store
        return found

    @property
    def accounts(self) -> Accounts:
        """The accounts, opened once a thread."""
        if not hasattr(self._held, "accounts"):
            self._held.accounts = Accounts(self.project)
        found: Accounts = self._held.accounts
        return found

    def session(self, request: Request) -> Session:
        """Who asks.

        Raises:
            Refused: nobody who is logged in.
        """
        found = self.accounts.session(request.cookies.get(self.cookie, ""))
        if found.name not in self.store.people():
            raise Refused("not logged in.")
        return found

    def role(self, request: Request) -> str:
        """What the one who asks does in the project.

        Raises:
            Refused: nobody who is logged in.
        """
        return self.store.people()[self.session(request).name]

    def writer(self, request: Request) -> Session:
        """Who asks, with the token that shows that a page of ours sends it.

        Raises:
            Refused: nobody who is logged in.
            NotYours: without that token.
        """
        found = self.session(request)
        given = request.headers.get("x-csrf-token", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, found.csrf.encode()):
            raise NotYours("this request does not carry the page's token; load the page again.")
        return found

    def overseer(self, request: Request, *, change: bool = False) -> str:
        """The name of an admin, or of a viewer where nothing is changed.

        Raises:
            NotYours: anybody else.
        """
        who = self.writer(request).name if change else self.session(request).name
        role = self.store.people()[who]
        if role != "admin" and (change or role != "viewer"):
            raise NotYours("only an admin may do that." if change else "only admins and viewers see this.")
        return who

    def is_https(self, request: Request) -> bool:
        """Whether people reach the server by TLS, its own or that of a proxy in front."""
        return self.address(request).startswith("https:")

    def address(self, request: Request) -> str:
        """The address under which people reach the server."""
        return self.public.rstrip("/") or str(request.base_url).rstrip("/")
