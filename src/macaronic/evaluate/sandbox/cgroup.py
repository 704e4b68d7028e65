"""A control group (v2) of its own for a program: limits on what all its processes use together."""

from __future__ import annotations

import os
import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
NEEDED = {"memory", "pids"}


def parent(root: Path = ROOT, told: str | None = None) -> Path | None:
    """The nearest group above this process in which a group with limits can be made; None where there is none.

    Args:
        root: where the cgroup file system lies.
        told: what `/proc/self/cgroup` says; read when left out.
    """
    try:
        text = Path("/proc/self/cgroup").read_text("utf-8") if told is None else told
        own = next(line.partition("::")[2] for line in text.splitlines() if line.startswith("0::"))
    except (OSError, StopIteration):
        return None
    place = root / own.strip("/")
    for folder in (place, *place.parents):
        control = folder / "cgroup.subtree_control"
        if not folder.is_relative_to(root) or not control.is_file():
            return None
        if set(control.read_text("utf-8").split()) >= NEEDED and os.access(folder / "cgroup.procs", os.W_OK):
            return folder
    return None


def make(above: Path, *, memory: int, processes: int) -> Path | None:
    """A new group with limits; None where the system does not allow it after all.

    Args:
        above: of `parent`.
        memory: bytes that all its processes may have together.
        processes: how many there may be.
    """
    group = above / f"macaronic-{os.getpid()}"
    try:
        group.mkdir()
        (group / "memory.max").write_text(str(memory))
        (group / "pids.max").write_text(str(processes))
        if (group / "memory.swap.max").exists():
            (group / "memory.swap.max").write_text("0")
    except OSError:
        remove(group)
        return None
    return group


def join(group: Path) -> None:
    """Move this process, and so its children, into the group."""
    (group / "cgroup.procs").write_text("0")


def ran_out_of_memory(group: Path) -> bool:
    """Whether the kernel killed a process of the group for its memory."""
    try:
        events = dict(line.split() for line in (group / "memory.events").read_text("utf-8").splitlines())
    except OSError:
        return False
    return int(events.get("oom_kill", 0)) > 0


def remove(group: Path) -> None:
    """Kill what is left in the group and take it away; the kernel may need a moment to empty it."""
    for _ in range(50):
        try:
            if (group / "cgroup.kill").exists():
                (group / "cgroup.kill").write_text("1")
            group.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.01)
