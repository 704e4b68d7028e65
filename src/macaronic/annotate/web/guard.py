"""What every request passes: the name that it asks for, how much it sends, what a browser may do with the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST = 1 << 20
"""So many bytes may one request send."""

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class TooLarge(Exception):
    """A request sends more than it may."""


class Guard:
    """Wraps an application.

    Args:
        app: what answers.
        hosts: names under which it may be asked; any when left out. A page elsewhere whose name is made to point here
            (DNS rebinding) asks by another one.
    """

    def __init__(self, app: App, hosts: frozenset[str] | None = LOCAL) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        answer = _with_headers(send, api=scope["path"].startswith("/api/"))
        if self.hosts is not None and named(headers.get("host", "")) not in self.hosts:
            await refuse(answer, 400, "this server is not asked by that name.")
        elif scope["method"] not in ("GET", "HEAD", "POST"):
            await refuse(answer, 405, "only GET and POST are known here.")
        elif scope["method"] == "POST" and not _same_origin(headers):
            await refuse(answer, 403, "this request comes from another page.")
        elif int(_digits(headers.get("content-length", "0"))) > LARGEST:
            await refuse(answer, 413, f"a request holds at most {LARGEST:,} bytes.")
        else:
            await self._passed(scope, receive, answer)

    async def _passed(self, scope: Scope, receive: Receive, send: Send) -> None:
        got = 0
        refused = False

        async def counted() -> MutableMapping[str, Any]:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > LARGEST:
                raise TooLarge
            return message

        async def watched(message: MutableMapping[str, Any]) -> None:
            nonlocal refused
            if got <= LARGEST:
                await send(message)
            elif not refused:  # whatever the application made of it
                refused = True
                await refuse(send, 413, f"a request holds at most {LARGEST:,} bytes.")

        try:
            await self.app(scope, counted, watched)
        except TooLarge:
            await watched({})


def named(host: str) -> str:
    """The name in a Host header, without its port.

    >>> named("[::1]:8765"), named("localhost:1"), named("evil.example")
    ('::1', 'localhost', 'evil.example')
    """
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _same_origin(headers: dict[str, str]) -> bool:
    """Whether a browser says that the request comes from a page of ours; programs that say nothing are let through."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        return False
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _digits(text: str) -> str:
    return text if text.isdecimal() and len(text) < 20 else str(LARGEST + 1)


def _with_headers(send: Send, *, api: bool) -> Send:
    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            held = {name.lower() for name, _ in message.get("headers", [])}
            added = HEADERS | ({"cache-control": "no-store"} if api else {"cache-control": "no-cache"})
            more = [(k.encode(), v.encode()) for k, v in added.items() if k.encode() not in held]
            message = {**message, "headers": [*message.get("headers", []), *more]}
        await send(message)

    return sent


async def refuse(send: Send, status: int, why: str) -> None:
    """Answer with an error in JSON."""
    import json

    body = json.dumps({"error": why}).encode()
    head = {"content-type": "application/json", "content-length": str(len(body)), "connection": "close"}
    lines = [(name.encode(), value.encode()) for name, value in head.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})
