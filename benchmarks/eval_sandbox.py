"""What it costs to run a program shut in, beside a bare subprocess: `python benchmarks/eval_sandbox.py [--out FILE]`.

Each way runs the same programs (one that only starts, one that imports numpy) turn by turn in one run, so that a busy
machine slows all alike. CPU seconds are those of all processes that the run made; the probe that comes before the first
program is told apart.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from macaronic import __version__
from macaronic.evaluate.sandbox.mechanism import Mechanism, available, told
from macaronic.evaluate.sandbox.run import environment, run

PROGRAMS = {"starts": "x = 1", "imports numpy": "import numpy"}
REPEATS = 15


def cost(work: Callable[..., object], *given: str) -> tuple[float, float]:
    """(seconds by the clock, CPU seconds of this process and its children)."""
    clock, used = time.perf_counter(), cpu()
    work(*given)
    return time.perf_counter() - clock, cpu() - used


def cpu() -> float:
    """CPU seconds so far."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def bare(code: str) -> None:
    """The program with nothing around it."""
    subprocess.run(
        [sys.executable, "-s", "-B", "-c", f"import unittest, json\n{code}"], check=True, env=environment("/tmp")
    )


def shut_in(mechanism: Mechanism, code: str) -> None:
    """The program in the sandbox."""
    found = run(code, mechanism=mechanism)
    if found.kind != "passed":
        raise SystemExit(f"{mechanism}: {found}")


def main() -> None:
    """Measure every way on every program, print a row each, and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    out = parser.parse_args().out
    probe, _ = cost(available)
    ways: dict[str, Callable[[str], None]] = {"bare subprocess, nothing held": bare}
    ways |= {told(one.name): partial(shut_in, one.name) for one in available() if one.works}
    rows = []
    for program, code in PROGRAMS.items():
        costs: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _ in range(REPEATS):
            for way, work in ways.items():
                costs[way].append(cost(work, code))
        first = statistics.median(c for _, c in costs[next(iter(ways))])
        for way, measured in costs.items():
            seconds = statistics.median(c for _, c in measured)
            row = {
                "program": program,
                "way": way,
                "cpu_milliseconds": round(1000 * seconds, 1),
                "clock_milliseconds": round(1000 * statistics.median(c for c, _ in measured), 1),
                "ratio_cpu_to_bare": round(seconds / first, 2),
            }
            rows.append(row)
            print(json.dumps(row), flush=True)
    result = {
        "benchmark": "eval_sandbox",
        "version": __version__,
        "command": "make bench",
        "repeats": REPEATS,
        "probe_milliseconds": round(1000 * probe, 1),
        "not_here": {one.name: one.why.partition(":")[0] for one in available() if not one.works},
        "rows": rows,
    }
    if out:
        out.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
