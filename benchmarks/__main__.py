"""Run every benchmark, one after the other, and keep what each measured: `python -m benchmarks [--full] [NAME ...]`.

Each benchmark is a script that prints its rows, ratios against named peers first, and writes them to
`benchmarks/results/NAME.json` with the command that made them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run the named benchmarks, or all of them; returns how many failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="which ones; all when left out")
    parser.add_argument("--full", action="store_true", help="also the long runs")
    asked = parser.parse_args()
    known = sorted(p.stem for p in HERE.glob("*.py") if not p.stem.startswith("_") and p.stem != "summary")
    unknown = set(asked.names) - set(known)
    if unknown:
        parser.error(f"unknown benchmark {sorted(unknown)[0]!r}; known: {', '.join(known)}")
    failed = 0
    for name in asked.names or known:
        print(f"== {name}", flush=True)
        command = [sys.executable, str(HERE / f"{name}.py"), "--out", str(HERE / "results" / f"{name}.json")]
        failed += subprocess.run([*command, *(["--full"] if asked.full and name == "build" else [])]).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
