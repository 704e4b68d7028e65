"""What can shut a program in on this machine, and whether it does."""

from __future__ import annotations

import functools
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from macaronic.core.errors import MacaronicError
from macaronic.evaluate.sandbox import cgroup, landlock
from macaronic.evaluate.sandbox.places import DEVICES, readable

Mechanism = Literal["bubblewrap", "namespaces", "landlock"]
MECHANISMS: tuple[Mechanism, ...] = ("bubblewrap", "namespaces", "landlock")
SOURCE = str(Path(__file__).parents[3])
_OWN = str(Path(__file__).parents[2])


class NoSandbox(MacaronicError):
    """Nothing here can shut a program in, so none was run."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Available:
    """Whether one mechanism can be used.

    Args:
        name: which one.
        works: whether the probe was shut in.
        why: why not.
    """

    name: Mechanism
    works: bool
    why: str = ""


@functools.cache
def available() -> tuple[Available, ...]:
    """All mechanisms, each tried with a probe that does what must be refused."""
    from macaronic.evaluate.sandbox.probe import fault

    return tuple(Available(name, not (why := _missing(name) or fault(name)), why) for name in MECHANISMS)


def chosen() -> Mechanism:
    """The first mechanism that works.

    Raises:
        NoSandbox: none does.
    """
    for one in available():
        if one.works:
            return one.name
    reasons = "; ".join(f"{one.name}: {one.why}" for one in available())
    raise NoSandbox(
        f"no sandbox here, so code that a model wrote was not run ({reasons}).\n"
        "Install bubblewrap (apt install bubblewrap), or use Linux 6.12 or later."
    )


def told(name: Mechanism) -> str:
    """What all holds a program with that mechanism, for signatures.

    >>> told("namespaces").split("+")[0]
    'namespaces'
    """
    parts = [name, *(["landlock"] if name != "landlock" and landlock.version() else []), "seccomp", "rlimits"]
    return "+".join([*parts, *(["cgroup"] if cgroup.parent() else [])])


def _missing(name: Mechanism) -> str:
    """What a mechanism lacks that can be known without trying."""
    if sys.platform != "linux":
        return "it needs Linux"
    if name == "bubblewrap" and not shutil.which("bwrap"):
        return "bwrap is not installed"
    if name == "landlock" and not landlock.version():
        return "the kernel has no Landlock"
    if name == "landlock" and os.geteuid() and landlock.version() < landlock.SCOPES_SIGNALS:
        return "without root it needs a kernel whose Landlock scopes signals (Linux 6.12)"
    return ""


def bubblewrap_options(size: int) -> list[str]:
    """How bubblewrap is called.

    Args:
        size: bytes that `/tmp` can hold.
    """
    options = ["--die-with-parent", "--new-session", "--clearenv", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    options += ["--unshare-uts", "--proc", "/proc"]
    if os.geteuid():
        options.append("--unshare-user")
    else:  # a program takes a user id of its own, inside
        options += ["--cap-drop", "ALL"]
        options += [word for name in ("SETUID", "SETGID", "CHOWN", "KILL") for word in ("--cap-add", f"CAP_{name}")]
    options += ["--perms", "1777", "--size", str(size), "--tmpfs", "/tmp"]  # noqa: S108 (first: Python may lie below)
    shown = [*readable(), _OWN]
    above = {str(folder) for path in (*shown, *DEVICES) for folder in list(Path(path).parents)[:-1]} - {"/tmp"}  # noqa: S108
    for path in sorted(above):  # by itself bubblewrap makes them for their owner alone
        options += ["--perms", "0755", "--dir", path]
    for path in shown:
        link = os.path.islink(path)
        options += ["--symlink", os.readlink(path), path] if link else ["--ro-bind-try", path, path]
    for path in DEVICES:
        options += ["--dev-bind-try", path, path]
    return [*options, "--symlink", "/tmp", "/dev/shm", "--remount-ro", "/", "--chdir", "/tmp"]  # noqa: S108
