"""What a build costs at 10 and 100 MB (1 GB with --full): megabytes a second, and the most memory it took.

The text is made of the bundled sentences, numbered so that no two are the same. Each size is built once from nothing,
and once more with other proportions, which must not identify anything again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from macaronic import __version__, bundled

RECIPE = """
[run]
out = "out"
engine = "{engine}"
[[source]]
name = "made"
path = "text.txt"
[filter]
dedup = "exact"
[mix]
by = ["language", "mixedness"]
method = "temperature"
temperature = {tau}
"""

WATCH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def write_text(path: Path, size: int) -> int:
    """Write about `size` bytes of sentences, each with its number; returns how many bytes."""
    sentences = [row[tag] for row in bundled.parallel() for tag in row if tag != "sentence"]
    sentences += [sentence.text for sentence in bundled.mixed()]
    written = number = 0
    with open(path, "w", encoding="utf-8") as file:
        while written < size:
            block = "".join(f"{s} {number + i}\n" for i, s in enumerate(sentences))
            number += len(sentences)
            file.write(block)
            written += len(block.encode())
    return written


def timed_build(folder: Path, tau: float, engine: str) -> tuple[float, float]:
    """Seconds of one build, and the most memory (MB) of any process that it started."""
    (folder / "made.toml").write_text(RECIPE.format(tau=tau, engine=engine))
    begun = time.perf_counter()
    command = [sys.executable, "-m", "macaronic", "build", "made.toml", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-c", WATCH, *command], cwd=folder, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - begun, int(done.stdout.split()[-1]) / 1024


def main() -> None:
    """Build every size, print a row each, and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--full", action="store_true", help="also 1 GB")
    parser.add_argument("--engine", default="serial")
    asked = parser.parse_args()
    rows = []
    for megabytes in (10, 100, 1000) if asked.full else (10, 100):
        with tempfile.TemporaryDirectory(prefix="macaronic-bench-") as place:
            folder = Path(place)
            size = write_text(folder / "text.txt", megabytes * 1_000_000)
            seconds, memory = timed_build(folder, 3.0, asked.engine)
            again, _ = timed_build(folder, 2.0, asked.engine)
        row = {
            "megabytes": round(size / 1e6, 1),
            "seconds": round(seconds, 2),
            "megabytes_per_second": round(size / 1e6 / seconds, 2),
            "peak_memory_megabytes": round(memory, 1),
            "seconds_with_new_proportions": round(again, 2),
            "ratio_new_proportions": round(seconds / again, 2),
        }
        rows.append(row)
        print(json.dumps(row), flush=True)
    result = {
        "benchmark": "build",
        "version": __version__,
        "engine": asked.engine,
        "command": "make bench",
        "rows": rows,
    }
    if asked.full:
        result["command"] = "make bench-full"
    if asked.out:
        asked.out.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
