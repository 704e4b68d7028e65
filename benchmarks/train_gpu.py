"""Training on a GPU: beside a bare loop by the clock, and whether a resumed run ends where the unbroken one does:
`python benchmarks/train_gpu.py [--out FILE]`.

The same model (30M parameters), batches, optimiser and schedule in bf16, once through the Trainer of `train.run.train`
and once in a bare PyTorch loop; seconds by the clock from the end of the first step to the end of the last, the least
of three rounds in turns. Tiny transformers as proxies of `mix` on the GPU beside the same ones on the processor: their
losses are no part of a promise bit by bit, so the largest difference is told. The text is made up.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from macaronic import __version__
from macaronic.train import presets
from macaronic.train.recipe import Recipe
from macaronic.train.run import train
from train_base import batches_of, resume, texts

ROUNDS, STEPS = 3, 40
RECIPE = Recipe(model="30m", tokenizer=1020, steps=STEPS, batch=64, length=512, precision="bf16", warmup=0.0)
SWEEP = [
    sys.executable, "-m", "macaronic", "mix", "sweep", "package:django", "--languages", "de,es,ja", "--proxies", "4",
    "--proxy", "tiny", "--tokens", "200000", "--width", "128", "--workers", "1", "-q",
]  # fmt: skip
ONE_THREAD = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Clock:
    """Seconds between the first and the last step, when the GPU has finished them."""

    def __init__(self) -> None:
        self.begin = self.end = 0.0

    def __call__(self, step: int, steps: int, loss: float) -> None:
        if step in (1, steps):
            torch.cuda.synchronize()
            self.end = time.perf_counter()
            self.begin = self.begin or self.end


def by_trainer(recipe: Recipe, rows: list[dict[str, str]]) -> float:
    """Seconds a step."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        train(recipe, out=folder, rows=rows, say=clock)
    return (clock.end - clock.begin) / (recipe.steps - 1)


def by_hand(recipe: Recipe, batches: list[Any], words: Any) -> float:
    """The same in a bare loop."""
    torch.manual_seed(recipe.seed)
    model = presets.build(recipe, words).train().cuda()
    learner = torch.optim.AdamW(model.parameters(), lr=recipe.rate, betas=(0.9, 0.95), fused=True)
    clock = Clock()
    for step, batch in enumerate(batches, 1):
        moved = {key: value.cuda(non_blocking=True) for key, value in batch.items()}
        with torch.autocast("cuda", torch.bfloat16):
            loss = model(**moved).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        learner.step()
        learner.zero_grad()
        clock(step, len(batches), 0.0)
    return (clock.end - clock.begin) / (len(batches) - 1)


def proxies() -> dict[str, Any]:
    """Four tiny proxies by each device: the seconds, and the largest difference of a loss."""
    table: dict[str, list[list[str]]] = {}
    seconds: dict[str, float] = {}
    for device in ("cpu", "cuda"):
        with tempfile.TemporaryDirectory() as folder:
            begin = time.perf_counter()
            subprocess.run([*SWEEP, "--device", device, "--out", f"{folder}/sweep"], check=True, env=ONE_THREAD)
            seconds[device] = time.perf_counter() - begin
            with open(f"{folder}/sweep/losses.csv", encoding="utf-8", newline="") as file:
                table[device] = list(csv.reader(file))
    pairs = zip(table["cpu"][1:], table["cuda"][1:], strict=True)
    gaps = [abs(float(a) - float(b)) for cpu, gpu in pairs for a, b in zip(cpu[1:], gpu[1:], strict=True)]
    return {"proxies": len(table["cpu"]) - 1, "seconds": seconds, "largest_difference": max(gaps)}


def main() -> None:
    """Run all and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=str(Path(__file__).parent / "results" / "train_gpu.json"))
    out = parser.parse_args().out
    rows = texts(8000)
    batches, words = batches_of(RECIPE, rows)
    rounds = [(by_trainer(RECIPE, rows), by_hand(RECIPE, batches, words)) for _ in range(ROUNDS)]
    ours, bare = (min(pair[side] for pair in rounds) for side in (0, 1))
    found = {
        "version": __version__,
        "device": torch.cuda.get_device_name(0),
        "torch": torch.__version__,
        "preset": RECIPE.model,
        "tokens_a_step": RECIPE.batch * RECIPE.length,
        "trainer_seconds_a_step": ours,
        "bare_seconds_a_step": bare,
        "ratio": ours / bare,
        "tokens_a_second": RECIPE.batch * RECIPE.length / ours,
        "resume": resume(texts(600)),
        "proxies": proxies(),
    }
    print(json.dumps(found, indent=1))
    Path(out).write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
