"""Start a server: where it listens, who may reach it, and how the first person comes in."""

from __future__ import annotations

import getpass
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from macaronic.annotate.database import located
from macaronic.annotate.store import Store
from macaronic.annotate.web.accounts import Accounts
from macaronic.annotate.web.guard import LOCAL
from macaronic.core.errors import InputError, MissingExtra, UsageError
from macaronic.core.protocols import LM

PORT = 8765
ENTER_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Serving:
    """How a project is served.

    Args:
        project: the project file, or a folder that holds one.
        host: the address to listen on.
        port: 0 for any that is free.
        tls: certificate and key files.
        insecure: whether another address than this machine's may do without TLS.
        public: the address under which people reach it, when a proxy stands in front.
        proxy: whether a proxy on this machine says where requests come from.
        learns: whether the project's tagger is fitted while people work.
        lm: the model that suggestions come from.
        who: the person who is let in by the terminal's link; the name of the login when left out.
    """

    project: str
    host: str = "127.0.0.1"
    port: int = PORT
    tls: tuple[str, str] | None = None
    insecure: bool = False
    public: str = ""
    proxy: bool = False
    learns: bool = True
    lm: LM | None = None
    who: str | None = None

    @property
    def local(self) -> bool:
        """Whether only this machine reaches it."""
        return self.host in LOCAL and not self.public and not self.proxy


def serve(asked: Serving, tell: Callable[[str, str], None]) -> None:
    """Serve a project until it is interrupted.

    Args:
        asked: how.
        tell: is told the address, and the one-time link of the first person (empty when everybody has a password).

    Raises:
        MissingExtra: fastapi or uvicorn is not installed.
        UsageError: an open address without TLS.
        InputError: the address or the project cannot be used.
    """
    try:
        import uvicorn

        from macaronic.annotate.web.app import application
        from macaronic.annotate.web.site import Site
    except ImportError as error:
        raise MissingExtra("fastapi and uvicorn", "annotate") from error
    check(asked)
    project = located(asked.project)
    with Store(project, write=True) as store, Accounts(project) as accounts:
        enter = entrance(store, accounts, asked)
    listening = listen(asked.host, asked.port)
    port = listening.getsockname()[1]
    address = asked.public.rstrip("/") or f"{'https' if asked.tls else 'http'}://{bracketed(asked.host)}:{port}"
    site = Site(project.resolve(), asked.local, asked.public, asked.learns, asked.lm)
    config = uvicorn.Config(
        application(site, hosts(asked)),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=asked.proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        ssl_certfile=asked.tls[0] if asked.tls else None,
        ssl_keyfile=asked.tls[1] if asked.tls else None,
        timeout_graceful_shutdown=5,
        limit_concurrency=500,
    )
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn passes it on when all requests are answered
    tell(address, f"{address}/enter#{enter}" if enter else "")
    uvicorn.Server(config).run(sockets=[listening])


def check(asked: Serving) -> None:
    """Refuse to stand open to a network without TLS.

    Raises:
        UsageError: it would.
        InputError: a certificate or key that is not there.
    """
    for name in asked.tls or ():
        if not Path(name).is_file():
            raise InputError(f"no file {name} for --tls CERT KEY.")
    if asked.host not in LOCAL and asked.tls is None and not asked.insecure:
        raise UsageError(
            f"--host {asked.host} lets other machines in, and passwords would cross the network readable.\n"
            "Give --tls CERT KEY, put a proxy in front (docs/annotate-server.md), or say --insecure."
        )


def entrance(store: Store, accounts: Accounts, asked: Serving) -> str:
    """The token that lets the first person in, as an admin; empty when an admin has a password already."""
    people = store.people()
    admins = [name for name, role in people.items() if role == "admin"]
    if not asked.local and any(name in accounts.names() for name in admins):
        return ""
    who = asked.who or (admins[0] if admins else login_name(people))
    if people.get(who, "admin") != "admin":
        raise UsageError(
            f"the link of the terminal is an admin's, and {who} is {people[who]} here.\n"
            f"Invite them: macaronic annotate users invite {asked.project} {who} --role {people[who]}"
        )
    if who not in people:
        store.add_person(who, "admin")
    return accounts.link("enter", "admin", who, ENTER_SECONDS)


def login_name(people: dict[str, str]) -> str:
    """The name of who runs the server; another one when somebody with another role has it."""
    try:
        name = getpass.getuser().strip().replace("~", "-") or "admin"
    except (OSError, KeyError):
        name = "admin"
    return name if name not in people else f"{name} (admin)"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens, so that the port is known before the address is told.

    Raises:
        InputError: the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # without TCP, asyncio leaves out TCP_NODELAY
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        why = error.strerror or error
        raise InputError(f"cannot listen on {host} port {port}: {why}.\nTake another --port, or 0.") from error
    made.listen(128)
    made.set_inheritable(True)
    return made


def bracketed(host: str) -> str:
    """A host as it stands in an address.

    >>> bracketed("::1"), bracketed("127.0.0.1")
    ('[::1]', '127.0.0.1')
    """
    return f"[{host}]" if ":" in host else host


def hosts(asked: Serving) -> frozenset[str] | None:
    """The names under which the server may be asked; any where it stands open under names that it cannot know."""
    if asked.public:
        return LOCAL | {(urlsplit(asked.public).hostname or "").lower()}
    return None if asked.host not in LOCAL or asked.proxy else LOCAL
