"""A root folder that holds nothing but what a program may read, and a `/tmp` in memory."""

from __future__ import annotations

import os
from collections.abc import Sequence

from macaronic.evaluate.sandbox import kernel

WORK = "/tmp"  # noqa: S108 (a file system of its own, in a namespace of its own)
_OLD = "/old"


def enter(readable: Sequence[str], *, size: int, owner: int | None) -> None:
    """Make such a root and go there; this process has a mount namespace of its own already.

    Args:
        readable: files and folders to be seen, read-only, under their own names.
        size: bytes that `/tmp` can hold.
        owner: whose `/tmp` is; the present user's when left out.

    Raises:
        OSError: the system does not let us.
    """
    sources = {path: os.path.realpath(os.path.dirname(path)) + "/" + os.path.basename(path) for path in readable}
    kernel.mount("none", "/", flags=kernel.PRIVATE)
    kernel.mount("tmpfs", WORK, "tmpfs", options="size=1m,mode=755")
    os.mkdir(WORK + _OLD)
    kernel.pivot_root(WORK, WORK + _OLD)
    os.chdir("/")
    os.mkdir(WORK)  # first, for Python itself may lie below
    kernel.mount("tmpfs", WORK, "tmpfs", options=f"size={size},nr_inodes=10000,mode=700")
    for path in sorted(sources):
        if not os.path.lexists(path):
            _show(_OLD + sources[path], path)
    os.chown(WORK, *([-1, -1] if owner is None else [owner, owner]))
    os.symlink(WORK, "/dev/shm")  # noqa: S108
    _show_processes()
    kernel.call("umount2", _OLD.encode(), kernel.DETACH)
    os.rmdir(_OLD)
    kernel.mount("none", "/", flags=0x1000 | 0x20 | 1)  # bind, remount, read-only: of the root alone
    os.chdir(WORK)


def _show(source: str, path: str) -> None:
    """Bind what lay at a path to the same path; a symbolic link is made anew."""
    if not os.path.lexists(source):
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.islink(source):
        os.symlink(os.readlink(source), path)
        return
    if os.path.isdir(source):
        os.mkdir(path)
    else:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    kernel.mount(source, path, flags=kernel.BIND)
    kernel.read_only(path)


def _show_processes() -> None:
    """`/proc` with our own processes; some containers do not allow it, and few programs need it."""
    os.mkdir("/proc")
    try:
        kernel.mount("proc", "/proc", "proc", flags=2 | 4 | 8)  # no set-user-id programs, devices, execution
    except OSError:
        return
