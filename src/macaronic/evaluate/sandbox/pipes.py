"""What a keeper and its program say, read up to a limit, and the clock that they are held to."""

from __future__ import annotations

import os
import selectors
import subprocess
import threading
import time
from types import TracebackType

from macaronic.evaluate.sandbox.outcome import Kind

NAMES = ("output", "verdict", "status", "told")
_FIRST, _LOOK, _GRACE = 10, 0.2, 5.0


class Pipes:
    """One pipe a name, closed at the end whatever happens.

    Args:
        most: bytes of each that are kept; more of `output` ends the program, more of the rest is dropped.
    """

    def __init__(self, most: dict[str, int]) -> None:
        self.most = most
        self.got = {name: bytearray() for name in NAMES}
        self.ends: dict[str, int] = {}
        self._reading: dict[int, str] = {}

    def __enter__(self) -> Pipes:
        import fcntl  # Linux alone has it all, and is asked for before

        for name in NAMES:
            reading, writing = os.pipe()
            self._reading[reading] = name
            self.ends[name] = fcntl.fcntl(writing, fcntl.F_DUPFD_CLOEXEC, _FIRST)
            os.close(writing)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close_ends()
        for descriptor in self._reading:
            os.close(descriptor)

    def close_ends(self) -> None:
        """Close what others write to, once they have it."""
        while self.ends:
            os.close(self.ends.popitem()[1])

    def follow(self, keeper: subprocess.Popen[bytes], seconds: float, stop: threading.Event | None) -> Kind | None:
        """Read until the keeper and all that it kept are gone; says why they were stopped, if they were."""
        stopped: Kind | None = None
        deadline = time.monotonic() + seconds
        try:
            with selectors.DefaultSelector() as selector:
                for descriptor in self._reading:
                    selector.register(descriptor, selectors.EVENT_READ)
                while selector.get_map():
                    for key, _ in selector.select(_LOOK):
                        if not self._read(key.fd):
                            selector.unregister(key.fd)
                    why = self._why(deadline, stop if not stopped else None)
                    if why == "timeout" or (why and not stopped):
                        (keeper.kill if stopped else keeper.terminate)()
                        stopped, deadline = stopped or why, time.monotonic() + _GRACE
        except BaseException:
            keeper.terminate()
            raise
        finally:
            keeper.wait()
        return stopped

    def _why(self, deadline: float, stop: threading.Event | None) -> Kind | None:
        if time.monotonic() > deadline or (stop and stop.is_set()):
            return "timeout"
        return "output" if len(self.got["output"]) > self.most["output"] else None

    def _read(self, descriptor: int) -> bool:
        name = self._reading[descriptor]
        block = os.read(descriptor, 1 << 16)
        room = self.most[name] + 1 - len(self.got[name])
        self.got[name] += block[: max(0, room)]
        return bool(block)
