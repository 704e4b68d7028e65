"""The few Linux calls that Python has no function for, each raising OSError where it fails."""

from __future__ import annotations

import ctypes
import os
import platform
import socket
import struct

NEW_NAMESPACE, NEW_USER = 0x20000, 0x10000000
NEW_REST = 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000  # process numbers, network, IPC, host name
BIND, PRIVATE, DETACH = 0x1000 | 0x4000, 0x40000 | 0x4000, 2
DEATH_SIGNAL, SECCOMP, SUBREAPER, NO_NEW_PRIVILEGES = 1, 22, 36, 38
MACHINE = platform.machine()
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_MOUNT_SETATTR, _RECURSIVE, _READ_ONLY_NOSUID = 442, 0x8000, 3


def call(name: str, *values: int | bytes | None, what: str = "") -> int:
    """Call a function of the C library; integers go as longs.

    Raises:
        OSError: it gave a negative number; the message says which call.
    """
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    given = int(function(*(ctypes.c_long(value) if isinstance(value, int) else value for value in values)))
    if given < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what or name}: {os.strerror(number)}")
    return given


def syscall(number: int, *values: int | bytes | None, what: str) -> int:
    """Make a system call by its number."""
    return call("syscall", number, *values, what=what)


def prctl(option: int, *values: int | bytes | None) -> None:
    """Set an attribute of this process."""
    call("prctl", option, *values, *(0,) * (4 - len(values)), what=f"prctl {option}")


def unshare(flags: int) -> None:
    """Move this process (its children, for process numbers) into new namespaces."""
    call("unshare", flags)


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system, or bind one place to another."""
    call("mount", source.encode(), target.encode(), kind.encode() or None, flags, options.encode() or None)


def read_only(target: str) -> None:
    """Make a mount and all below it read-only, without set-user-id programs; needs Linux 5.12."""
    attributes = struct.pack("=QQQQ", _READ_ONLY_NOSUID, 0, 0, 0)
    syscall(_MOUNT_SETATTR, -100, target.encode(), _RECURSIVE, attributes, len(attributes), what="mount_setattr")


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root folder; what was the root lies at `old`."""
    syscall(_PIVOT_ROOT[MACHINE], new.encode(), old.encode(), what="pivot_root")


def loopback_up() -> None:
    """Switch on the loopback of a new network namespace, which has nothing else."""
    import fcntl  # here, so that other systems can at least be told that this needs Linux

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH22x", b"lo", 0x41))  # set flags: up, running
