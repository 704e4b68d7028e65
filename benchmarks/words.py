"""How fast text is cut into words, beside the usual ways: `python benchmarks/words.py [--out FILE]`.

The work is in one thread whatever the settings. The texts are made here; with MACARONIC_DATA set, sentences of
parallel-ntrex are added.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import regex

from macaronic import __version__
from macaronic.text.scripts import scripts_of
from macaronic.text.words import tokenise, tokenise_batch

NTREX = {"eng-US": "English", "hin": "Hindi", "arb": "Arabic", "tha": "Thai", "zho-CN": "Chinese"}
BOUNDARY = regex.compile(r"(?w)\b")
SIMPLE = re.compile(r"\w+|[^\w\s]")


def texts() -> dict[str, list[str]]:
    """Named sets of texts, each some megabytes."""
    ascii_text = "yaar kal ki meeting cancel ho gayi, so we'll just chill at 7:30 then! mast hai na?"
    tweet = "@ana{0} kal ki meeting https://t.co/{0} cancel ho gayi #monday, सो चिल :) 😂"
    out = {"ascii": [ascii_text] * 40_000, "tweets": [tweet.format(i) for i in range(40_000)]}
    path = Path(os.environ.get("MACARONIC_DATA", "")) / "parallel-ntrex" / "ntrex200.jsonl"
    if path.is_file():
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            if row["lang"] in NTREX:
                out[NTREX[row["lang"]]] = row["sentences"] * 100
    return out


def rate(words: int, work: Callable[[], object], repeats: int = 3) -> float:
    """Words a second, best of some repeats."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return words / best


def main() -> None:
    """Measure every way on every set and print (or write) one JSON object a set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the rows to this JSON file too")
    rows = []
    out = parser.parse_args().out
    for name, sentences in texts().items():
        column = pa.array(sentences, pa.string())
        starts, _, offsets = tokenise_batch(column)
        some = sentences[:2000]
        part = int(offsets[len(some)])
        strings = pa.array([s[a:b] for s in some for a, b in tokenise(s)], pa.string())
        row = {
            "text": name,
            "words": len(starts),
            "words_per_s": {
                "tokenise_batch": rate(len(starts), lambda c=column: tokenise_batch(c)),
                "tokenise, one by one": rate(part, lambda t=some: [tokenise(s) for s in t]),
                "regex word boundaries": rate(part, lambda t=some: [list(BOUNDARY.finditer(s)) for s in t]),
                "re \\w+, not UAX 29": rate(part, lambda t=some: [[m.span() for m in SIMPLE.finditer(s)] for s in t]),
                "scripts_of": rate(len(strings), lambda w=strings: scripts_of(w)),
            },
        }
        row["words_per_s"] = {key: round(value) for key, value in row["words_per_s"].items()}
        rows.append(row)
        print(json.dumps(row, ensure_ascii=False))
    if out:
        report = {"command": "python benchmarks/words.py", "version": __version__, "rows": rows}
        out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
