"""Sentences drawn from constraint lattices: `MACARONIC_DATA=... python benchmarks/lattice.py [--out FILE]`.

Parallel sentences of NTREX-128 (the first 200 of English with five languages, and of Kinyarwanda with French) and
FLORES-200 (dev and devtest, English with Spanish and Hindi), aligned by our own aligner (both directions, intersected),
without a parser. For each constraint ten sentences a pair, at random and at a CMI of 25: how many a second of processor
time on one core (units, tree, lattice and drawing included, alignment not), the share of pairs with three links or more
that give something, and how far the CMI is from what was asked. Needs parallel-ntrex under MACARONIC_DATA.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from macaronic import __version__
from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.measure.cmi import cmi
from macaronic.synth.align import align
from macaronic.synth.lattice import CONSTRAINTS, sample
from macaronic.synth.mixed import Outcome, tally
from macaronic.text.words import words

NTREX = (("en", "es"), ("en", "de"), ("en", "hi"), ("en", "id"), ("en", "fr"), ("rw", "fr"))
FLORES = (("en", "es"), ("en", "hi"))
CODES = {"en": "eng", "es": "spa", "de": "deu", "hi": "hin", "id": "ind", "fr": "fra", "rw": "kin"}
EACH = 10
TARGETS = (None, 10.0, 25.0, 40.0)


def sentences(path: Path) -> dict[str, list[str]]:
    """The sentences of each language, by the first three letters of its code; the first variety of each counts."""
    found: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        own = row["sentences"] if "sentences" in row else [*row["dev"], *row["devtest"]]
        if row["lang"] in ("eng-US", *CODES.values()) or "_" in row["lang"]:
            found[row["lang"][:3]] = own
    return found


def pairs(texts: dict[str, list[str]], a: str, b: str) -> list[tuple[list[str], list[str]]]:
    """The words of both sides, line by line."""
    if CODES[a] not in texts or CODES[b] not in texts:
        return []
    return [(words(one), words(two)) for one, two in zip(texts[CODES[a]], texts[CODES[b]])]


def rows(
    own: Sequence[tuple[list[str], list[str]]], a: str, b: str, extra: Sequence[tuple[list[str], list[str]]] = ()
) -> list[Parallel]:
    """Aligned rows with at least three links."""
    found = align(own, source=a, target=b, extra=extra)
    return [
        Parallel(str(at), {a: Utterance.from_words(one), b: Utterance.from_words(two)}, {(a, b): tuple(links.links)})
        for at, ((one, two), links) in enumerate(zip(own, found))
        if len(links.links) >= 3
    ]


def made(held: Sequence[Parallel], constraint: Any, target: float | None) -> tuple[list[Outcome], float]:
    """The outcomes of all rows, and the processor seconds that they took."""
    rng = np.random.default_rng(1)
    start = time.process_time()
    found = [sample(row, constraint, n=EACH, target_cmi=target, rng=rng) for row in held]
    return found, time.process_time() - start


def measured(name: str, held: Sequence[Parallel], repeats: int) -> list[dict[str, Any]]:
    """One entry a constraint and target."""
    found = []
    for constraint in CONSTRAINTS:
        for target in TARGETS:
            runs = [made(held, constraint, target) for _ in range(repeats)]
            outcomes, seconds = runs[0][0], min(run[1] for run in runs)
            given = [one for outcome in outcomes for one in outcome.sentences]
            off = [abs(cmi(one.langs) - target) for one in given if target is not None]
            entry = {
                "text": name,
                "constraint": constraint,
                "target_cmi": target,
                "pairs": len(held),
                "share_not_empty": round(sum(bool(o.sentences) for o in outcomes) / len(held), 4),
                "reasons": {reason: n for reason, n in tally(outcomes).items() if reason != "made"},
                "sentences": len(given),
                "sentences_per_s": round(len(given) / seconds),
                "mean_cmi_off": round(float(np.mean(off)), 2) if off else None,
            }
            print(json.dumps(entry), file=sys.stderr, flush=True)
            found.append(entry)
    return found


def run(data: Path) -> dict[str, Any]:
    """Everything; a JSON-able dict."""
    ntrex = sentences(data / "parallel-ntrex" / "ntrex200.jsonl")
    flores = sentences(data / "parallel-ntrex" / "flores200_check.jsonl")
    found = []
    for a, b in NTREX:
        held = rows(pairs(ntrex, a, b), a, b, pairs(flores, a, b))
        found += measured(f"NTREX {a}-{b}", held, 3)
    for a, b in FLORES:
        found += measured(f"FLORES {a}-{b}", rows(pairs(flores, a, b), a, b), 1)
    return {"command": "python benchmarks/lattice.py", "version": __version__, "each": EACH, "rows": found}


def main() -> None:
    """Print the result, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the result to this JSON file too")
    asked = parser.parse_args()
    data = Path(os.environ.get("MACARONIC_DATA", ""))
    if not (data / "parallel-ntrex").is_dir():
        print("set MACARONIC_DATA to the folder with parallel-ntrex", file=sys.stderr)
        raise SystemExit(3)
    text = json.dumps(run(data), indent=1)
    sys.stdout.write(text + "\n")
    if asked.out:
        asked.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
