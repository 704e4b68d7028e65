"""Ctrl-C during training: the step is finished and saved before the run ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Asked:
    """Whether an end was asked for."""

    def __init__(self) -> None:
        self.now = False

    def hear(self, *_: Any) -> None:
        """The first Ctrl-C is noted; the second ends at once."""
        if self.now:
            raise KeyboardInterrupt
        self.now = True


@contextmanager
def heard() -> Iterator[Asked]:
    """While it is open Ctrl-C (and SIGTERM, as schedulers send it) only sets a flag; in other threads nothing changes.

    >>> with heard() as asked:
    ...     asked.now
    False
    """
    asked = Asked()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(kind, asked.hear) for kind in kinds]
    try:
        yield asked
    finally:
        for kind, old in zip(kinds, before, strict=True):
            signal.signal(kind, old)
