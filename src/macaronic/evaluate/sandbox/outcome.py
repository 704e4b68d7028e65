"""How a program ended, and what stopped it."""

from __future__ import annotations

import errno
import json
import os
import signal
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from macaronic.evaluate.sandbox.places import readable

Kind = Literal["passed", "failed", "timeout", "memory", "processes", "files", "output", "refused", "crashed"]
OVER_LIMIT: tuple[Kind, ...] = ("memory", "processes", "files", "output")
_KIND_OF_ERRNO: dict[int, Kind] = {
    errno.EPERM: "refused", errno.EACCES: "refused", errno.EROFS: "refused", errno.ENETUNREACH: "refused",
    errno.ENOMEM: "memory", errno.EAGAIN: "processes",
    errno.EFBIG: "files", errno.ENOSPC: "files", errno.EMFILE: "files", errno.EDQUOT: "files",
}  # fmt: skip
_KIND_OF_SIGNAL: dict[str, Kind] = {
    "SIGXCPU": "timeout", "SIGXFSZ": "files", "SIGKILL": "memory", "SIGSYS": "refused"
}  # fmt: skip
SHOWN, SHOWN_OF_ERROR = 4000, 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended.

    Args:
        kind: `passed`; `failed` (an error or a test of its own); `timeout`; over its limit of `memory`, `processes`,
            `files` or `output`; `refused` (it needed the network, a file outside or a forbidden call, and did not get
            it); `crashed` (a signal, or it left before its tests had run).
        detail: the error, in a line.
        output: the beginning of what it printed.
        tests: how many test cases ran.
        left: processes that were still there when it ended, and were killed.
        cpu: seconds.
        memory: bytes of the first process at its largest.
        mechanism: what it was shut in by.
    """

    kind: Kind
    detail: str = ""
    output: str = ""
    tests: int = 0
    left: int = 0
    cpu: float = 0.0
    memory: int = 0
    mechanism: str = ""

    def asdict(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return asdict(self)


def outcome(
    ended: Mapping[str, Any], verdict: bytes, output: bytes, *, token: str, stopped: Kind | None, mechanism: str
) -> Outcome:
    """Put together what is known of a program.

    Args:
        ended: what its keeper said.
        verdict: what its driver said, if it is that.
        output: what it printed.
        token: what the driver's word must hold.
        stopped: why it was stopped from outside, if it was.
        mechanism: what it was shut in by.

    >>> outcome({"status": 11}, b"", b"", token="t", stopped=None, mechanism="").detail
    'killed by SIGSEGV'
    """
    said = _said(verdict, token)
    error = (said or {}).get("error") or {}
    if stopped:
        kind, detail = stopped, ""
    elif ended.get("out_of_memory"):
        kind, detail = "memory", "all its processes together"
    elif said and not said["failed"]:
        kind, detail = "passed", ""
    elif said:
        kind, detail = kind_of(error), f"{error.get('type', '')}: {error.get('text', '')}"
    else:
        kind, detail = _silent(int(ended.get("status", 0)), over=bool(ended.get("cpu_spent")))
    line = " ".join(detail.split())[:SHOWN_OF_ERROR].encode("utf-8", "replace").decode()
    return Outcome(
        kind, line, output[:SHOWN].decode("utf-8", "replace"), int(said["ran"]) if said else 0,
        int(ended.get("left", 0)), float(ended.get("cpu", 0.0)), int(ended.get("memory", 0)), mechanism,
    )  # fmt: skip


def _said(verdict: bytes, token: str) -> dict[str, Any] | None:
    """The driver's word; None where there is none, or where it is not the driver's."""
    try:
        said = json.loads(verdict)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("token") != token:
        return None
    shape = isinstance(said.get("ran"), int) and "failed" in said and isinstance(said.get("error"), dict | None)
    return said if shape else None


def kind_of(error: Mapping[str, Any]) -> Kind:
    """What an exception of a program comes from: the sandbox, or the program itself.

    >>> kind_of({"type": "URLError", "errno": 101}), kind_of({"type": "AssertionError"})
    ('refused', 'failed')
    """
    number, names = error.get("errno"), (error.get("type"), error.get("cause"))
    if "MemoryError" in names:
        return "memory"
    if error.get("type") == "RuntimeError" and "start new thread" in str(error.get("text")):
        return "processes"
    if "gaierror" in names or (number == errno.ENOENT and hidden(error.get("path"))):
        return "refused"
    return _KIND_OF_ERRNO.get(number, "failed") if isinstance(number, int) else "failed"


def hidden(path: object) -> bool:
    """Whether what a program could not find is there outside: a file, a folder to write to, or a socket (no path).

    >>> hidden("/etc/passwd"), hidden("/usr/no/such/file"), hidden("mine")
    (True, False, False)
    """
    if not isinstance(path, str):
        return path is None
    if not path.startswith("/") or "\0" in path:
        return False
    if os.path.lexists(path):
        return True
    above = os.path.dirname(path)
    inside = (*readable(), "/tmp", "/proc", "/dev")  # noqa: S108
    return above != "/" and os.path.lexists(above) and not any(f"{above}/".startswith(f"{place}/") for place in inside)


def _silent(status: int, *, over: bool) -> tuple[Kind, str]:
    """What an end without a word of the driver was."""
    if not os.WIFSIGNALED(status):
        return "crashed", f"left with exit code {os.waitstatus_to_exitcode(status)} before its tests had run"
    name = _signal(os.WTERMSIG(status))
    kind: Kind = "timeout" if over else _KIND_OF_SIGNAL.get(name, "crashed")
    return kind, f"killed by {name}"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # one of the real-time signals
        return f"signal {number}"
