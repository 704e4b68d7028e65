"""How much memory a worker may take: sizes as people write them, and the limit of a process."""

from __future__ import annotations

import os
import re
import sys

from macaronic.core.errors import UsageError

LEAST = 100 << 20
"""With less a worker cannot even load what it needs to start."""

_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)I?B?", re.IGNORECASE)


def size(text: str) -> int:
    """The bytes in `2G`, `500M`, `1.5 GiB`: powers of 1024.

    Raises:
        UsageError: not a size, or one in which no worker can start.

    >>> size("2G") == 2 * 1024**3, size("1.5 GiB") == size("1536m")
    (True, True)
    """
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise UsageError(f"expected a size such as 2G or 500M; got {text!r}")
    whole = int(float(found[1]) * (1 << _UNITS[found[2].upper()]))
    if whole < LEAST:
        raise UsageError(f"expected at least {LEAST >> 20}M of memory for a worker; got {text!r}")
    return whole


def shown(whole: int) -> str:
    """Bytes as people write them.

    >>> shown(2 << 30), shown(1536 << 20)
    ('2G', '1536M')
    """
    return f"{whole >> 30}G" if whole % (1 << 30) == 0 else f"{whole >> 20}M"


def bound(whole: int) -> None:
    """Keep the data of this process (heap, stacks, buffers) below a number of bytes; for workers.

    Memory-mapped files do not count, which is why address space is not what is limited. Beyond the limit an allocation
    fails: Python raises MemoryError, other code ends the process. Arrow must not have been loaded yet: its usual
    allocator reserves a gigabyte at once, so the system's takes its place.

    Raises:
        UsageError: not on Linux, the only system that keeps such a limit.
    """
    check_system()
    import resource

    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    most = resource.getrlimit(resource.RLIMIT_DATA)[1]
    least = whole if most == resource.RLIM_INFINITY else min(whole, most)
    resource.setrlimit(resource.RLIMIT_DATA, (least, most))


def check_system() -> None:
    """Whether this system can keep a limit.

    Raises:
        UsageError: it cannot.
    """
    if sys.platform != "linux":
        raise UsageError("a memory limit for workers needs Linux.\nLeave it out, and set fewer workers instead.")
