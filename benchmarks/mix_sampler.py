"""Batches out of shards, beside bare NumPy and Hugging Face interleaving: `python benchmarks/mix_sampler.py [--out F]`.

Five sources of made-up token ids, mixed 1 : 2 : 3 : 4 : 5 into batches of 32 sequences of 1024 tokens, in one thread
and in one run, the contenders taking turns; each figure is the best of its turns. `numpy` gathers random windows from
the same files with `np.memmap` and keeps no shares, no order and no position. `datasets` reads rows of 1024 tokens from
disk, one after the other, in NumPy format. Also: the share that came out of each source, and how long the first batch
takes from the beginning and from the last tenth. Needs `datasets` for its rows; they are left out without it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np

from macaronic import __version__
from macaronic.core.mixture import Mixture
from macaronic.mix.schedule import Phase
from macaronic.mix.shards import HEADER, write_tokens
from macaronic.mix.stream import Stream

LENGTH, ROWS, TURNS = 1024, 32, 5
WEIGHTS = {f"s{i}": float(i + 1) for i in range(5)}


def shards(folder: Path, tokens: int, rng: np.random.Generator) -> dict[str, list[Path]]:
    """One shard a source, of documents of 500 tokens."""
    found = {}
    for name in WEIGHTS:
        ids = rng.integers(0, 50_000, tokens, dtype=np.uint16)
        write_tokens(folder / f"{name}.shard", ids.reshape(-1, 500))
        found[name] = [folder / f"{name}.shard"]
    return found


def ours(stream: Stream) -> int:
    """All batches of the stream."""
    return sum(np.asarray(batch.rows).size for batch in stream.batches(ROWS))


def bare(files: dict[str, list[Path]], tokens: int, batches: int) -> int:
    """As many batches of random windows, gathered in a plain loop."""
    maps = [np.memmap(own[0], np.uint16, "r", offset=HEADER, shape=(tokens,)) for own in files.values()]
    rng, done = np.random.default_rng(1), 0
    for _ in range(batches):
        source, begin = rng.integers(0, len(maps), ROWS), rng.integers(0, tokens - LENGTH, ROWS)
        out = np.empty((ROWS, LENGTH), np.uint16)
        for i, (s, b) in enumerate(zip(source, begin)):
            out[i] = maps[s][b : b + LENGTH]
        done += out.size
    return done


def interleaved(files: dict[str, list[Path]], folder: Path, tokens: int) -> dict[str, Callable[[int], int]]:
    """Hugging Face interleaving of the same tokens: rows of a data set on disk, and of a streamed one."""
    import datasets

    datasets.disable_progress_bars()
    parts = []
    for name, own in files.items():
        ids = np.memmap(own[0], np.uint16, "r", offset=HEADER, shape=(tokens,))
        rows = np.asarray(ids[: tokens // LENGTH * LENGTH]).reshape(-1, LENGTH)
        datasets.Dataset.from_dict({"input_ids": list(rows)}).save_to_disk(str(folder / f"{name}.hf"))
        parts.append(datasets.load_from_disk(str(folder / f"{name}.hf")).with_format("numpy"))
    told: dict[str, Any] = {
        "probabilities": list(Mixture(WEIGHTS).array),
        "seed": 1,
        "stopping_strategy": "first_exhausted",
    }
    mapped = datasets.interleave_datasets(parts, **told)
    streamed = datasets.interleave_datasets([part.to_iterable_dataset() for part in parts], **told)

    def read(rows: Any, count: int) -> int:
        return sum(len(row["input_ids"]) for _, row in zip(range(count), rows))

    return {
        "datasets, row by row": lambda count: read(mapped, count),
        "datasets, streamed": lambda count: read(streamed, count),
    }


def rate(work: Callable[[], int]) -> float:
    """Millions of tokens a second."""
    start = time.perf_counter()
    return work() / (time.perf_counter() - start) / 1e6


def first_batch(stream: Stream, position: int) -> float:
    """Milliseconds until the first batch from a position."""
    start = time.perf_counter()
    next(stream.batches(ROWS, position=position))
    return (time.perf_counter() - start) * 1e3


def run(tokens: int) -> dict[str, Any]:
    """Everything; a JSON-able dict."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = shards(folder, tokens, np.random.default_rng(1))
        budget = 10 * tokens
        stream = Stream(files, [Phase("all", Mixture(WEIGHTS, "tokens"), budget, length=LENGTH)], seed=1)
        contenders: dict[str, Callable[[], int]] = {
            "macaronic": lambda: ours(stream),
            "numpy": lambda: bare(files, tokens, len(stream) // ROWS),
        }
        try:
            for peer, read in interleaved(files, folder, tokens).items():
                contenders[peer] = lambda read=read: read(3000)  # type: ignore[misc]
        except ImportError:
            print("datasets is not installed; its rows are left out", file=sys.stderr)
        best = dict.fromkeys(contenders, 0.0)
        for _ in range(TURNS):
            for who, work in contenders.items():
                best[who] = max(best[who], rate(work))
        achieved = stream.achieved()
        off = [abs(a.units - a.wanted * budget) / LENGTH for a in achieved]
        whole = [batch.rows for batch in stream.batches(ROWS)]
        at = len(whole) * 9 // 10
        again = list(stream.batches(ROWS, position=at * ROWS))
        return {
            "command": "python benchmarks/mix_sampler.py",
            "version": __version__,
            "tokens_a_source": tokens,
            "ratios": {
                f"macaronic / {who}": round(best["macaronic"] / best[who], 2) for who in best if who != "macaronic"
            },
            "million_tokens_per_s": {who: round(value, 1) for who, value in best.items()},
            "largest_share_error_in_sequences": round(max(off), 3),
            "first_batch_ms": {
                "from the beginning": round(min(first_batch(stream, 0) for _ in range(5)), 2),
                "from nine tenths": round(min(first_batch(stream, at * ROWS) for _ in range(5)), 2),
            },
            "resumed_stream_is_equal": all(np.array_equal(a, b.rows) for a, b in zip(whole[at:], again, strict=True)),
        }


def main() -> None:
    """Print the result, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the result to this JSON file too")
    parser.add_argument("--tokens", type=int, default=8_000_000, help="tokens of each source, a multiple of 500")
    asked = parser.parse_args()
    text = json.dumps(run(asked.tokens), indent=1)
    sys.stdout.write(text + "\n")
    if asked.out:
        asked.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
