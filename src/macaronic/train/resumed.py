"""Training from where a run stopped to its end: from the newest whole checkpoint, or from the beginning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from macaronic.core.errors import MacaronicError
from macaronic.train import checkpoint
from macaronic.train.interrupt import heard


class Interrupted(MacaronicError):
    """Ctrl-C: the state is saved."""

    exit_code = 130


def resumed(run: Any, steps: int, tell: Callable[[str], None], again: str) -> None:
    """Train until the last step, or until an end is asked for.

    Args:
        run: a `trainer.WholeTrainer`; its output folder holds the checkpoints.
        steps: of the whole run.
        tell: is told that a run goes on, and which checkpoints are not whole.
        again: the command that goes on.

    Raises:
        Interrupted: Ctrl-C; the state is saved.
    """
    from macaronic.train.trainer import Ending

    checkpoints = Path(run.args.output_dir)
    if run.args.process_index == 0:
        checkpoint.sweep(checkpoints)
    begin = checkpoint.newest(checkpoints, tell)
    if begin is not None:
        tell(f"going on from step {checkpoint.step_of(begin)}")
        if checkpoint.step_of(begin) >= steps:
            _as_it_was(run, begin)
            return
    with heard() as asked:
        run.add_callback(Ending(asked))
        run.train(resume_from_checkpoint=str(begin) if begin else None)
    if asked.now and run.state.global_step < steps:
        raise Interrupted(f"interrupted; step {run.state.global_step} of {steps} is saved.\nGo on: {again}")


def _as_it_was(run: Any, last: Path) -> None:
    """Weights and log of a run that had made its last step; `Trainer.train` would make another one."""
    from transformers import TrainerState

    run._load_from_checkpoint(str(last))
    run.state = TrainerState.load_from_json(str(last / "trainer_state.json"))
