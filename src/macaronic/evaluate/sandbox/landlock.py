"""Landlock: which files a process and all its children can ever open."""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Sequence

from macaronic.evaluate.sandbox.kernel import syscall

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_READ = 1 << 0 | 1 << 2 | 1 << 3  # execute, read files, list folders
_RIGHTS_OF_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}
_RIGHTS = 16
_FILE = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14  # execute, write, read, truncate
_TCP, _SCOPES = 3, 3  # bind and connect; abstract sockets and signals
SCOPES_SIGNALS = 6


def version() -> int:
    """The kernel's version of Landlock; 0 where it has none.

    >>> version() >= 0
    True
    """
    try:
        return syscall(_CREATE, None, 0, 1, what="landlock")
    except (OSError, AttributeError):
        return 0


def restrict(readable: Sequence[str], writable: Sequence[str], *, network: bool) -> int:
    """Let this process open only what lies at these places; cannot be undone.

    Args:
        readable: files and folders to read and to execute; those that do not exist are passed over.
        writable: those to do anything in.
        network: whether TCP stays as it is.

    Returns:
        The version used; 0 where the kernel has none and nothing was restricted.
    """
    known = version()
    if not known:
        return 0
    every = (1 << _RIGHTS_OF_VERSION.get(known, _RIGHTS)) - 1
    attributes = struct.pack("=QQQ", every, 0 if network else _TCP, _SCOPES)[
        : 8 if known < 4 else 16 if known < 6 else 24
    ]
    rules = syscall(_CREATE, attributes, len(attributes), 0, what="landlock_create_ruleset")
    for path, rights in [*((path, _READ) for path in readable), *((path, every) for path in writable)]:
        _allow(rules, path, rights & every)
    syscall(_RESTRICT, rules, 0, what="landlock_restrict_self")
    os.close(rules)
    return known


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(os.fstat(place).st_mode):
        rights &= _FILE
    syscall(_ADD, rules, 1, struct.pack("=Qi", rights, place), 0, what=f"landlock_add_rule {path}")
    os.close(place)
