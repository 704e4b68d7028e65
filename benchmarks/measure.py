"""How fast a corpus is measured, beside plain Python loops: `python benchmarks/measure.py [--out FILE] [--tokens N]`.

All in one thread, on made-up sentences. `loop` is a loop over sentences tuned by hand: it gets lists of labels for
nothing, goes over each sentence once, and computes the same measures at both levels. `functions` is how such programs
are usually written: one function a measure, each of which goes over the sentence (our own functions of one sentence).
Text is not looked at in these three; `measure with scripts` looks at every character too.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from math import log2, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from macaronic import __version__
from macaronic.core.columns import with_token_layer
from macaronic.core.corpus import Corpus, to_batch
from macaronic.core.utterance import Utterance
from macaronic.measure import cmi, diversity, matrix, spans, switches
from macaronic.measure.corpus import measure
from macaronic.measure.names import UNITS
from macaronic.measure.values import NAMES

WITHOUT_TEXT = [name for name in UNITS if not name.startswith("script")]
CHECKED = ("cmi", "cu", "i_index", "burstiness", "memory", "span_entropy", "language_entropy", "switch_surprisal")
FUNCTIONS = [
    getattr(module, name)
    for module in (cmi, diversity, spans, switches)
    for name in NAMES
    if hasattr(module, name) and name != "spans"
]
ROWS = 8192


def batches(tokens: int, languages: list[str]) -> list[pa.RecordBatch]:
    """Made-up mixed sentences: about 14 words each, a language for about 4 words, one word in eight without one."""
    rng = np.random.default_rng(1)
    names = [*languages, "other", "ne"]
    share = [0.875 / len(languages)] * len(languages) + [0.1, 0.025]
    made, done = [], 0
    while done < tokens:
        lengths = rng.poisson(14, ROWS)
        bare = to_batch([Utterance.from_words(["kaafi"] * n) for n in lengths.tolist()])
        size = int(lengths.sum())
        new = np.where(rng.random(size) < 0.25, np.arange(size), 0)
        codes = rng.choice(len(names), size, p=share)[np.maximum.accumulate(new)].astype(np.int32)
        made.append(with_token_layer(bare, "lang", codes, names))
        done += size
    return made


def loop(sentences: list[list[str]]) -> dict[str, float]:
    """The same measures in plain Python, one sentence after the other, each sentence gone over once."""
    special = {"ne", "other", "ambiguous", "mixed", "unk", None}
    total: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    words, lengths, mains = Counter[str](), Counter[int](), Counter[str]()
    pairs: Counter[tuple[str, str]] = Counter()
    pooled = [0.0] * 15
    before = None
    for labels in sentences:
        counts: dict[str, int] = {}
        runs: list[int] = []
        last, run = None, 0
        for label in labels:
            if label in special:
                continue
            counts[label] = counts.get(label, 0) + 1
            if label == last:
                run += 1
            else:
                if last is not None:
                    runs.append(run)
                    pairs[last, label] += 1
                last, run = label, 1
        if last is not None:
            runs.append(run)
        n, r = sum(counts.values()), len(runs)
        pooled[0] += 1
        pooled[1] += len(labels)
        if not n:
            seen["cmi"] += 1
            seen["cu"] += 1
            continue
        main = max(counts, key=lambda name: counts[name])
        top, switched = counts[main], r - 1
        mains[main] += 1
        words.update(counts)
        lengths.update(runs)
        values = {
            "cmi": 100 * (1 - top / n),
            "cu": 50 * (n - top + switched) / n,
            "cs_ratio": (n - top) / len(labels),
            "switch_count": switched,
            "language_entropy": log2(n) - sum(c * log2(c) for c in counts.values()) / n,
        }
        squares = sum(c * c for c in counts.values()) / n**2
        values["m_index"] = 1 / squares - 1
        again = Counter(runs)
        values["span_entropy"] = log2(r) - sum(c * log2(c) for c in again.values()) / r
        if n > 1:
            q = switched / (n - 1)
            values |= {"i_index": q, "spf": q, "switch_entropy": -q * log2(q) if q else 0.0}
            if q:
                values["switch_surprisal"] = -log2(q)
        sum_squares = sum(x * x for x in runs)
        x = y = xx = yy = xy = 0
        if r > 1:
            deviation = sqrt(r * sum_squares - n * n)
            values["burstiness"] = (deviation - n) / (deviation + n)
            x, y, xx, yy = n - runs[-1], n - runs[0], sum_squares - runs[-1] ** 2, sum_squares - runs[0] ** 2
            xy = sum(a * b for a, b in pairwise(runs))
            varies = (switched * xx - x * x) * (switched * yy - y * y)
            if varies > 0:
                values["memory"] = (switched * xy - x * y) / sqrt(varies)
        for name, value in values.items():
            total[name] += value
            seen[name] += 1
        clear = list(counts.values()).count(top) == 1
        shift = clear and before is not None and main != before
        before = main if clear else before
        parts = (0, 0, n, top, switched, n - 1, switched > 0, 1 - (top - switched) / n, shift, shift and switched > 0)
        for i, part in enumerate((*parts, r, sum_squares, x, y, xy)):
            pooled[i] += part
    return {name: total[name] / seen[name] for name in total} | {"i_index_corpus": pooled[4] / pooled[5]}


def functions(sentences: list[list[str]]) -> None:
    """Our own functions of one sentence, each in turn."""
    for labels in sentences:
        for function in FUNCTIONS:
            function(labels)
        matrix.matrix_language(labels)
    cmi.cc(sentences)


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Best of some repeats."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def compared(tokens: int, languages: list[str]) -> dict[str, Any]:
    """Rates on one made-up corpus; stops when the loop and the columns do not agree."""
    made = batches(tokens, languages)
    corpus, part = Corpus(lambda: iter(made)), Corpus(lambda: iter(made[:3]))
    sentences = [labels or [] for batch in made[:3] for labels in batch.column("token.lang").to_pylist()]
    few = sum(map(len, sentences))
    many = sum(len(batch.column("tokens").flatten()) for batch in made)
    fast, slow = {r.name: r.value for r in measure(part, level=["sentence_mean"], samples=0)}, loop(sentences)
    for name in CHECKED:
        if abs(fast[name] - slow[name]) > 1e-9:
            raise SystemExit(f"{name} differs: {fast[name]} by columns, {slow[name]} in the loop")
    rate = {
        "measure": many / seconds(lambda: measure(corpus, names=WITHOUT_TEXT, samples=0), 5),
        "measure with scripts": many / seconds(lambda: measure(corpus, samples=0), 5),
        "measure with scripts and intervals": many / seconds(lambda: measure(corpus), 2),
        "loop": few / seconds(lambda: loop(sentences), 3),
        "functions": few / seconds(lambda: functions(sentences), 1),
    }
    return {
        "languages": len(languages),
        "tokens": many,
        "tokens_per_s": {name: round(value) for name, value in rate.items()},
        "times_the_loop": round(rate["measure"] / rate["loop"], 1),
        "times_the_functions": round(rate["measure"] / rate["functions"], 1),
    }


def run(tokens: int = 2_000_000) -> dict[str, Any]:
    """Measure everything; a JSON-able dict."""
    two, many = ["en", "hi"], [f"{a}{b}" for a in "bdfgk" for b in "aeiou"]
    command = f"python benchmarks/measure.py --tokens {tokens}"
    return {"command": command, "version": __version__, "rows": [compared(tokens, names) for names in (two, many)]}


def main() -> None:
    """Print the result, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the result to this JSON file too")
    parser.add_argument("--tokens", type=int, default=2_000_000, help="tokens of each corpus")
    asked = parser.parse_args()
    text = json.dumps(run(asked.tokens), indent=1)
    sys.stdout.write(text + "\n")
    if asked.out:
        asked.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
