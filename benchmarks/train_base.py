"""What the training base costs beside a bare loop, and whether a resumed run is the unbroken one:
`python benchmarks/train_base.py [--out FILE]`.

*Overhead*: the same model, batches, optimiser and schedule, once through the Trainer of `train.run.train` and once in a
bare PyTorch loop; CPU seconds of the steps alone (from the end of the first to the end of the last), one thread, the
least of `ROUNDS`, in turns. *Tokens a second*: of the Trainer, per CPU second. *Resume*: a run that is ended in the
middle and begun again against the unbroken one. The text is made up: syllables drawn at random.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import numpy as np

from macaronic import __version__
from macaronic.train import presets, settings
from macaronic.train.recipe import Recipe
from macaronic.train.run import train

ROUNDS, STEPS = 3, 12
BASE = Recipe(tokenizer=1020, steps=STEPS, batch=16, length=128, precision="fp32", warmup=0.0)


def texts(count: int) -> list[dict[str, str]]:
    """Made-up words of two to four syllables."""
    rng = np.random.default_rng(1)
    parts = [a + b for a in "kstnmrl" for b in "aeiou"]
    words = ["".join(rng.choice(parts, int(rng.integers(2, 5)))) for _ in range(2000)]
    return [{"text": " ".join(rng.choice(words, 60))} for _ in range(count)]


class Clock:
    """CPU seconds between the first and the last step."""

    def __init__(self) -> None:
        self.begin, self.end, self.steps = 0.0, 0.0, 0

    def __call__(self, step: int, steps: int, loss: float) -> None:
        self.end = time.process_time()
        self.begin = self.begin or self.end
        self.steps += 1

    @property
    def each(self) -> float:
        return (self.end - self.begin) / (self.steps - 1)


def by_trainer(recipe: Recipe, rows: list[dict[str, str]]) -> tuple[float, float]:
    """CPU seconds a step, and the loss of the first."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        result = train(recipe, out=folder, rows=rows, say=clock)
    return clock.each, float(result.curve[0][1] or 0)


def by_hand(recipe: Recipe, batches: list[Any], words: Any) -> tuple[float, float]:
    """The same in a bare loop."""
    import torch

    torch.set_num_threads(1)
    model = presets.build(recipe, words).train()
    learner = torch.optim.AdamW(
        model.parameters(), lr=recipe.rate, betas=(0.9, 0.95), weight_decay=recipe.decay, fused=True
    )
    paces = [0.5 * (1 + np.cos(np.pi * step / len(batches))) for step in range(len(batches))]
    pace = torch.optim.lr_scheduler.LambdaLR(learner, lambda step: paces[min(step, len(paces) - 1)])
    bf16, clock, first = recipe.precision == "bf16", Clock(), 0.0
    for step, batch in enumerate(batches, 1):
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        learner.step()
        pace.step()
        learner.zero_grad()
        clock(step, len(batches), loss.item())
        first = first or loss.item()
    return clock.each, first


def batches_of(recipe: Recipe, rows: list[dict[str, str]]) -> tuple[list[Any], Any]:
    """The Trainer's own batches, and its tokenizer."""
    from macaronic.core.problems import Problems
    from macaronic.train import data
    from macaronic.train.dataset import Collator
    from macaronic.train.rows import of_rows

    with tempfile.TemporaryDirectory() as folder:
        sources = [of_rows(rows)]
        words, _ = data.vocabulary(recipe, sources, Path(folder))
        ready = data.prepare(recipe, sources, [], words, (), Path(folder), Problems(), 1)
        join, size = Collator(words.pad_token_id), recipe.batch
        made = [join([ready.training[i] for i in range(k, k + size)]) for k in range(0, recipe.steps * size, size)]
    return made, words


def overhead(recipe: Recipe, rows: list[dict[str, str]]) -> dict[str, Any]:
    """Both sides in turns."""
    batches, words = batches_of(recipe, rows)
    rounds = [(by_trainer(recipe, rows), by_hand(recipe, batches, words)) for _ in range(ROUNDS)]
    ours, bare = (min(r[side][0] for r in rounds) for side in (0, 1))
    return {
        "preset": recipe.model,
        "precision": recipe.precision,
        "vocabulary": len(words),
        "trainer_cpu_seconds_a_step": round(ours, 4),
        "bare_cpu_seconds_a_step": round(bare, 4),
        "ratio": round(ours / bare, 3),
        "first_loss_difference": abs(rounds[0][0][1] - rounds[0][1][1]),
        "tokens_a_cpu_second": round(recipe.batch * recipe.length / ours),
    }


def resume(rows: list[dict[str, str]]) -> dict[str, Any]:
    """The largest difference between a resumed and an unbroken run."""
    from safetensors.torch import load_file

    from macaronic.train.resumed import Interrupted

    recipe = replace(BASE, model="0.3m", steps=20, save_every=5, batch=8, task="mlm", rate=1e-3)
    with tempfile.TemporaryDirectory() as folder:
        whole = train(recipe, out=f"{folder}/whole", rows=rows)

        def end(step: int, steps: int, loss: float) -> None:
            if step == 11:
                os.kill(os.getpid(), 2)

        with contextlib.suppress(Interrupted):
            train(recipe, out=f"{folder}/broken", rows=rows, say=end)
        broken = train(recipe, out=f"{folder}/broken", rows=rows)
        a, b = (load_file(f"{folder}/{name}/model.safetensors") for name in ("whole", "broken"))
    losses = [abs((x or 0) - (y or 0)) for (_, x, _), (_, y, _) in zip(whole.curve, broken.curve, strict=True)]
    weights = max(float((a[key] - b[key]).abs().max()) for key in a)
    return {"steps": 20, "task": "mlm", "largest_loss_difference": max(losses), "largest_weight_difference": weights}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=str(Path(__file__).parent / "results" / "train_base.json"))
    out = Path(parser.parse_args().out)
    rows = texts(400)
    wide = settings.precision(replace(BASE, precision="auto"), 5_000_000)
    asked = [replace(BASE, model="1m"), replace(BASE, model="5m")]
    asked += [replace(BASE, model="5m", precision="bf16")] if wide == "bf16" else []
    found = {
        "command": "python benchmarks/train_base.py",
        "version": __version__,
        "threads": 1,
        "batch": BASE.batch,
        "length": BASE.length,
        "steps": STEPS,
        "target_ratio": 1.15,
        "overhead": [overhead(recipe, rows) for recipe in asked],
        "resume": resume(rows),
    }
    out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
