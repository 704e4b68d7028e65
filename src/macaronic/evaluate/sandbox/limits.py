"""What a program may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may use before it is stopped.

    Args:
        seconds: by the clock, and of one process's CPU time.
        memory: bytes of address space a process; of all together where there is a cgroup.
        disk: bytes in its temporary folder, and in any one file.
        output: bytes printed, stdout and stderr together.
        processes: processes and threads at a time.
        files: open files a process.

    >>> Limits().told()
    '30s/4096M/64p'
    """

    seconds: float = 30.0
    memory: int = 4 << 30
    disk: int = 64 << 20
    output: int = 1 << 20
    processes: int = 64
    files: int = 256

    def told(self) -> str:
        """Time, memory and processes in short, for signatures."""
        return f"{self.seconds:g}s/{self.memory >> 20}M/{self.processes}p"
