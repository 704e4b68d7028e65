"""A call that failed for good, as something that a run can count."""

from __future__ import annotations

from typing import Literal

from macaronic.core.errors import InputError

Cause = Literal[
    "timeout", "connection", "rate limit", "server error", "refused by the server", "malformed answer", "no reply"
]
"""Why a call gave nothing."""


class CallFailed(InputError):
    """One call to a language model gave nothing, and asking again did not help.

    It concerns that call alone: a run counts it and goes on.

    Args:
        cause: why, as a short name to count by.
        detail: the same in words; never holds a key.
        attempts: how often the call was made.
        status: the HTTP status, where a server gave one.

    >>> error = CallFailed("rate limit", "too many requests", attempts=4, status=429)
    >>> str(error), error.attempts
    ('rate limit: too many requests (attempts: 4)', 4)
    """

    def __init__(self, cause: Cause, detail: str = "", *, attempts: int = 1, status: int | None = None) -> None:
        self.cause: Cause = cause
        self.detail = detail
        self.attempts = attempts
        self.status = status
        super().__init__(f"{cause}: {detail or 'no more is known'} (attempts: {attempts})")
