"""The transformers Trainer with whole checkpoints, and an end when the loss is no number."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import Trainer, TrainerCallback

from macaronic.core.errors import InputError, MacaronicError
from macaronic.train import checkpoint
from macaronic.train.examples import IGNORE
from macaronic.train.interrupt import Asked

Say = Callable[[int, int, float], None]


class Diverged(MacaronicError):
    """The loss is not a number any more."""


class WholeTrainer(Trainer):  # type: ignore[misc]
    """A Trainer whose checkpoints appear whole or not at all.

    Args:
        keep: how many checkpoints stay.
        shifts: whether each token is the label of the one before (causal models).
        told: all else that `Trainer` takes.
    """

    def __init__(self, *, keep: int, shifts: bool, **told: Any) -> None:
        super().__init__(**told)
        self.control: Any = self.control
        self._keep, self._shifts = keep, shifts
        self._into: str | None = None

    def training_step(self, model: Any, inputs: Any, num_items_in_batch: Any = None) -> torch.Tensor:
        """One batch; ends before the weights are touched when its loss is not finite."""
        loss: torch.Tensor = super().training_step(model, inputs, num_items_in_batch)
        if not math.isfinite(loss.item()):
            where = checkpoint.all_of(Path(self.args.output_dir))
            kept = f"{where[0]} is the last good state" if where else "no checkpoint was saved (save_every)"
            raise Diverged(
                f"the loss became {loss.item()} in step {self.state.global_step + 1}; the weights did not take it.\n"
                f"{kept}. Lower rate (now {self.args.learning_rate:g}) or raise warmup, into another --out."
            )
        return loss

    def evaluate(
        self, eval_dataset: Any = None, ignore_keys: Any = None, metric_key_prefix: str = "eval"
    ) -> dict[str, float]:
        """The validation loss: a mean over what is learnt (tokens), so that batches and processes change nothing."""
        sums = torch.zeros(2, device=self.args.device, dtype=torch.float64)
        self.model.eval()
        rows, size, rank = self.eval_dataset, self.args.per_device_eval_batch_size, self.args.process_index
        with torch.no_grad(), self.compute_loss_context_manager():
            for at in range(rank * size, len(rows), size * self.args.world_size):
                batch = self.data_collator([rows[i] for i in range(at, min(at + size, len(rows)))])
                labels = batch["labels"][..., 1:] if self._shifts else batch["labels"]
                count = int((labels != IGNORE).sum())
                if count:
                    loss = self.compute_loss(self.model, self._prepare_inputs(batch))
                    sums += torch.tensor([float(loss) * count, count], dtype=torch.float64, device=sums.device)
        self.model.train()
        total = self.accelerator.reduce(sums, "sum").tolist()
        metrics = {"eval_loss": total[0] / max(total[1], 1.0)}
        self.log(metrics)
        control: Any = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        self.control = control
        return metrics

    def _get_output_dir(self, trial: Any) -> str:
        return self._into or str(super()._get_output_dir(trial))

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        top = Path(self.args.output_dir)
        name = f"checkpoint-{self.state.global_step}"
        part = top / f"{name}{checkpoint.PART}"
        self._into = str(part)
        try:
            super()._save_checkpoint(model, trial)
            self.accelerator.wait_for_everyone()
            if self.args.should_save:
                checkpoint.seal(part / name, top / name)
        except (OSError, RuntimeError, MemoryError) as error:
            raise InputError(
                f"cannot save {top / name}: {getattr(error, 'strerror', None) or error}.\n"
                "Free some space and run the same command again; it goes on from the checkpoint before."
            ) from error
        finally:
            self._into = None
            if self.args.should_save:
                shutil.rmtree(part, ignore_errors=True)
        if self.args.should_save:
            checkpoint.rotate(top, self._keep, best_step(self.state.log_history))
        self.accelerator.wait_for_everyone()


def best_step(history: list[dict[str, float]]) -> int | None:
    """The step with the lowest validation loss so far.

    >>> best_step([{"loss": 3.0, "step": 1}, {"eval_loss": 2.0, "step": 5}, {"eval_loss": 2.5, "step": 10}])
    5
    """
    looks = [(row["eval_loss"], int(row["step"])) for row in history if "eval_loss" in row]
    return min(looks)[1] if looks else None


class Telling(TrainerCallback):  # type: ignore[misc]
    """Tells how far a run is, and ends it when validation has not become better for `patience` looks.

    Args:
        say: is told the step, the steps in all and the loss.
        patience: looks; 0 never ends.
    """

    def __init__(self, say: Say | None, patience: int) -> None:
        self._say, self._patience = say, patience

    def _logged(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
        """A step's loss."""
        if self._say and logs and "loss" in logs and state.is_world_process_zero:
            self._say(state.global_step, state.max_steps, float(logs["loss"]))

    def _looked(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """A look at the validation rows; the history decides, so a resumed run ends where the unbroken one does."""
        looks = [row["eval_loss"] for row in state.log_history if "eval_loss" in row]
        control.should_save = control.should_save or self._patience > 0
        if self._patience and len(looks) - 1 - looks.index(min(looks)) >= self._patience:
            control.should_training_stop = True

    on_log, on_evaluate = _logged, _looked


class Ending(TrainerCallback):  # type: ignore[misc]
    """Saves and ends after the step in which an end was asked for.

    Args:
        asked: says so.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def _stepped(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if self._asked.now and state.global_step < state.max_steps:
            control.should_save = control.should_training_stop = True

    on_step_end = _stepped


def quiet() -> None:
    """No bars and no remarks of transformers; ours say what matters."""
    from transformers.utils import logging

    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    logging.set_verbosity_error()
    logging.disable_progress_bar()
