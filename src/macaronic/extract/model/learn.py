"""The training of an extractor: the trainer, checkpoints and interruptions of `train`, over rows of its own kind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from transformers import PrinterCallback

from macaronic.core.errors import UsageError
from macaronic.core.files import sha256, write_text
from macaronic.extract.features import Features, padded
from macaronic.train import checkpoint, settings
from macaronic.train.dataset import alike
from macaronic.train.pinned import random_state, threads
from macaronic.train.recipe import Recipe
from macaronic.train.resumed import resumed
from macaronic.train.trainer import Telling, WholeTrainer, quiet

if TYPE_CHECKING:
    from macaronic.extract.fit import Fitting

_LAST, _WARM, _SAVES = 50, 50, 10
_MARK = "learns"


def learn(
    model: Any,
    rows: Sequence[Features],
    out: str | os.PathLike[str],
    how: Fitting,
    say: Callable[[int, int, float], None] | None = None,
    note: Callable[[str], None] | None = None,
) -> float:
    """Train a network on one thread, or go on where it was stopped, and save it (safetensors), whole or not at all.

    The checkpoints stay, so that a run that is killed behind this goes on as well; `done` removes them.

    Args:
        model: the network; changed in place.
        rows: what it learns.
        out: the folder to save it in; its checkpoints lie there.
        how: steps, batch, rate, seed.
        say: is told the step, the steps in all and the loss.
        note: is told that a run goes on.

    Returns:
        The mean loss of the last steps.

    Raises:
        UsageError: the folder holds checkpoints of another run.
        Interrupted: Ctrl-C; a checkpoint was saved.
        Diverged: the loss is no number any more.
    """
    quiet()
    place = Path(out)
    _mark(place / "checkpoints", rows, how)
    recipe = Recipe(
        model=how.size, steps=how.steps, batch=how.batch, rate=how.rate, seed=how.seed, schedule="linear", decay=0.05,
        warmup=min(_WARM, how.steps // 10) / how.steps, save_every=max(1, how.steps // _SAVES), keep=1,
    )  # fmt: skip
    lengths = np.array([len(row["input_ids"]) for row in rows])
    with random_state(), threads(1):
        run = WholeTrainer(
            keep=recipe.keep,
            shifts=False,
            model=model,
            args=settings.arguments(recipe, place, how.steps, beta2=0.98),
            train_dataset=[rows[i] for i in alike(lengths, how.batch, how.steps * how.batch, how.seed)],
            data_collator=padded,
            callbacks=[Telling(say, 0)],
        )
        run.remove_callback(PrinterCallback)
        resumed(run, how.steps, note or (lambda text: None), "the same command")
    _save(model, place)
    last = [row["loss"] for row in run.state.log_history if "loss" in row and row["step"] > how.steps - _LAST]
    return float(sum(last) / max(1, len(last)))


def done(out: str | os.PathLike[str]) -> None:
    """Remove the checkpoints of a run whose folder is whole."""
    shutil.rmtree(Path(out) / "checkpoints", ignore_errors=True)


def _mark(checkpoints: Path, rows: Sequence[Features], how: Fitting) -> None:
    """Write down what is learnt and how, or see that the checkpoints are of that.

    Raises:
        UsageError: they are not.
    """
    mark, file = sha256(repr((how, list(rows))))[:16], checkpoints / _MARK
    if file.is_file() and file.read_text("utf-8").strip() != mark and checkpoint.all_of(checkpoints):
        raise UsageError(
            f"{checkpoints.parent} holds a stopped run on other records or settings.\n"
            "Take another --out, or delete the folder."
        )
    write_text(file, mark + "\n")


def _save(model: Any, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    try:
        model.save_pretrained(place)
        out.mkdir(exist_ok=True)
        for file in sorted(place.iterdir()):
            os.replace(file, out / file.name)
    finally:
        shutil.rmtree(place, ignore_errors=True)
