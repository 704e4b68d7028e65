"""A program that tries what must be refused: if anything succeeds, the mechanism is not used."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from macaronic.evaluate.sandbox.limits import Limits
from macaronic.evaluate.sandbox.mechanism import Mechanism
from macaronic.evaluate.sandbox.run import SetupError, environment, run

_LIMITS = Limits(seconds=20, processes=8, disk=1 << 20)
_PROBE = """
import errno, os, socket
found = []
def must_fail(what, *numbers):
    try:
        attempts[what]()
        found.append(what)
    except OSError as error:
        if error.errno not in numbers:
            found.append(f"{what} ({error})")
def connect():
    socket.create_connection(("192.0.2.1", 9), 1)
def fork():
    for _ in range(20):
        if os.fork() == 0:
            os.read(hold, 1)
            os._exit(0)
hold, _ = os.pipe()
attempts = {
    "reads a file outside": lambda: open(SECRET).read(),
    "writes a file outside": lambda: open(SECRET + ".new", "w"),
    "reaches the network": connect,
    "makes too many processes": fork,
    "becomes root": lambda: os.setuid(0),
    "changes the root": lambda: os.chroot("/"),
}
hidden = (errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS)
must_fail("reads a file outside", *hidden)
must_fail("writes a file outside", *hidden)
must_fail("reaches the network", errno.ENETUNREACH, errno.EPERM, errno.EACCES)
must_fail("becomes root", errno.EPERM, errno.EINVAL)
must_fail("changes the root", errno.EPERM)
must_fail("makes too many processes", errno.EAGAIN)
if set(os.environ) & set(OUTSIDE):
    found.append("sees the environment")
open("own", "w").write("x")
assert not found, ", ".join(found)
"""


def fault(mechanism: Mechanism) -> str:
    """What is wrong with a mechanism on this machine; empty where the probe was shut in."""
    with tempfile.TemporaryDirectory(prefix="macaronic-probe-") as folder:
        secret = Path(folder) / "secret"
        secret.write_text("not to be read", "utf-8")
        secret.chmod(0o644)
        Path(folder).chmod(0o777)
        try:
            given = f"SECRET, OUTSIDE = {str(secret)!r}, {sorted(set(os.environ) - set(environment('')))!r}\n"
            found = run(given + _PROBE, limits=_LIMITS, mechanism=mechanism)
        except (SetupError, OSError) as error:
            return str(error).removeprefix(f"{mechanism}: ")
    return "" if found.kind == "passed" else f"a probe: {found.kind} {found.detail}"
