"""What of this machine a program can see."""

from __future__ import annotations

import os
import sys

SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime",
    "/etc/mime.types",
)  # fmt: skip
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def readable() -> list[str]:
    """This Python, its packages, the system's programs and libraries.

    >>> "/usr" in readable()
    True
    """
    python = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
    return list(dict.fromkeys([*SYSTEM, *python, *map(os.path.realpath, python)]))
