"""Language Confusion on all released outputs of five models: `python benchmarks/eval_confusion.py [--out FILE]`.

By the authors' rules the figures have to be those of their code with the same identifier (lid.176.ftz). The processor
time of scoring stands beside that of the identifier and the splitters of words alone on the same lines, measured in
turn in one run; the least of three runs counts. The same is told by our rules, where the identifier is our own. Last,
`in-language` on the outputs of one model. It needs eval-language-confusion in MACARONIC_DATA.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from macaronic import __version__
from macaronic.core.errors import MissingData
from macaronic.curate.datasets import locate
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.benchmarks import in_language, language_confusion
from macaronic.evaluate.benchmarks.language_confusion import SHORT, normalised, words_of
from macaronic.evaluate.lid import Lid, lid_named

LID = "lid.176.ftz"
RUNS = 3
ONE = "command-r-plus"
Row = dict[str, str]


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one run."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def parts_alone(rows: list[Row], lid: Lid) -> None:
    """What scoring cannot do without: words of every line, the language of those that are long enough."""
    kept = []
    for row in rows:
        split = [(line, words_of(line, row["language"])) for line in row["lines"]]
        long = [line for line, words in split if len(words) >= SHORT]
        kept += long or ([" ".join(row["lines"])] if lid.name != LID else [])
    lid.labels(kept)


def released(path: Path) -> list[dict[str, Any]]:
    """The lines of every output, read beforehand."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        {**row, "lines": [part.strip() for part in normalised(row["completion"]).split("\n") if part.strip()]}
        for row in rows
    ]


def timed(path: Path, *, compat: bool) -> tuple[float, float]:
    """Processor seconds of scoring a file, and of its parts alone; the least of some runs, taken in turn."""
    name = LID if compat else None
    rows, lid = released(path), lid_named(name)
    whole, alone = [], []
    for _ in range(RUNS):
        whole.append(seconds(lambda: language_confusion.score(Asked(str(path), compat=compat, lid=name, samples=0))))
        alone.append(seconds(lambda: parts_alone(rows, lid)))
    return min(whole), min(alone)


def differences(path: Path, stored: dict[str, Any]) -> list[float]:
    """How far every figure of a model is from that of the authors' code."""
    found = language_confusion.score(Asked(str(path), compat=True, lid=LID, samples=0)).body
    model = path.name.partition(".csv")[0]
    own = {f"{model}|{r['task']}|{r['source']}|{r['language']}": r for r in found["rows"]}
    own |= {f"{model}|{task}|all|all": means for task, means in found["averages"].items()}
    return [
        abs(value - own[key][name])
        for key, values in stored.items()
        if key.startswith(f"{model}|") and key in own
        for name, value in values.items()
    ]


def speed(path: Path) -> tuple[int, float]:
    """Outputs of one model, and how many of them `in-language` judges in a processor second."""
    rows = released(path)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "outputs.jsonl"
        lines = [
            {"id": str(i), "response": row["completion"], "allowed": [row["language"]]} for i, row in enumerate(rows)
        ]
        place.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        best = min(seconds(lambda: in_language.score(Asked(str(place), samples=0))) for _ in range(RUNS))
    return len(rows), len(rows) / best


def measured(place: Path) -> list[dict[str, Any]]:
    """All figures."""
    files = sorted((place / "outputs").glob("*.csv.gz"))
    stored = json.loads((place / "scores_author_code_lid176ftz.json").read_text("utf-8"))
    for text, language in (("你好", "zh"), ("こんにちは", "ja")):  # the splitters load their lexicons once
        words_of(text, language)
    off = [gap for path in files for gap in differences(path, stored)]
    n = sum(len(released(path)) for path in files)
    equal = sum(gap <= 1e-6 for gap in off)
    said = {"name": "language-confusion, figures equal to the authors' code (1e-6)", "value": equal}
    figures: list[dict[str, Any]] = [{**said, "versus": f"of {len(off)}; largest difference {max(off):.1e}"}]
    for compat, rules in ((True, "authors' rules"), (False, "our rules")):
        times = [timed(path, compat=compat) for path in files]
        whole, alone = (sum(column) for column in zip(*times))
        told = f"{whole:.1f} s for {n:,} outputs; identifier and splitters alone {alone:.1f} s"
        told += "; target 1.5" if compat else ""
        figures.append(
            {"name": f"language-confusion, {rules}, times its parts", "value": round(whole / alone, 2), "versus": told}
        )
    count, rate = speed(place / "outputs" / f"{ONE}.csv.gz")
    told = f"{count:,} outputs of {ONE}"
    figures.append({"name": "in-language, outputs a processor second", "value": round(rate), "versus": told})
    return figures


def main() -> int:
    """Measure, print, and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    try:
        place = locate("eval-language-confusion")
    except MissingData as error:
        print(error, file=sys.stderr)
        return 0
    figures = measured(place)
    for figure in figures:
        print(json.dumps(figure))
    if asked.out:
        command = "python benchmarks/eval_confusion.py --out benchmarks/results/eval_confusion.json"
        kept = {"command": command, "version": __version__, "lid": lid_named(LID).told, "figures": figures}
        asked.out.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
