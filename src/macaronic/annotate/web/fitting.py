"""The project's tagger, fitted in a process of its own while people work."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

_LOWEST = 15


class Fitting:
    """At most one process at a time, with the lowest priority; it ends with the server."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    @property
    def busy(self) -> bool:
        """Whether it works."""
        return self._process is not None and self._process.poll() is None

    def start(self, project: Path) -> bool:
        """Begin, unless it works already; whether it began."""
        with self._lock:
            if self.busy:
                return False
            self._process = subprocess.Popen(  # noqa: S603  our own module, with a path as its argument
                [sys.executable, "-m", "macaronic.annotate.learning", str(project)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=os.environ | _ONE_THREAD,
            )
            if hasattr(os, "setpriority"):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOWEST)
            return True

    def stop(self) -> None:
        """End it; what it had not finished is as if it had not begun."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._process.terminate()
                self._process.wait(timeout=10)
