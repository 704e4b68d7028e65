"""How long the demo's job takes, as a whole process from nothing: `python benchmarks/demo.py [--out FILE]`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from macaronic import __version__

RUNS = 3


def main() -> None:
    """Run the demo in empty folders and keep the middle time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    times = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(prefix="macaronic-demo-") as folder:
            begun = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "macaronic", "demo", "-q"], cwd=folder, check=True, capture_output=True
            )
            times.append(time.perf_counter() - begun)
    middle = sorted(times)[RUNS // 2]
    figure = {"name": "seconds of the demo's job, installing aside", "value": round(middle, 1), "versus": "target 60"}
    print(json.dumps(figure))
    if asked.out:
        command = "python benchmarks/demo.py --out benchmarks/results/demo.json"
        asked.out.write_text(
            json.dumps({"command": command, "version": __version__, "figures": [figure]}, indent=1) + "\n"
        )


if __name__ == "__main__":
    main()
