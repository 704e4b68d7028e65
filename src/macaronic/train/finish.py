"""The end of a run: the model, its papers and the result."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from macaronic.core.errors import InputError
from macaronic.core.files import write_text
from macaronic.core.problems import Problems
from macaronic.train import checkpoint, papers
from macaronic.train.data import Data
from macaronic.train.recipe import Recipe
from macaronic.train.trained import RESULT, Trained
from macaronic.train.trainer import best_step


def finish(
    recipe: Recipe,
    place: Path,
    run: Any,
    ready: Data,
    words: Any,
    problems: Problems,
    count: int,
    precision: str,
    mark: str,
) -> Trained:
    """The model, its papers and the result, the result last: it says that all is there."""
    notes = []
    model = run.accelerator.unwrap_model(run.model)
    best = best_step(run.state.log_history)
    if recipe.patience and best is not None and best != run.state.global_step:
        _restore(model, Path(run.args.output_dir) / f"checkpoint-{best}")
        notes.append(f"the model is that of step {best}, where validation was best")
    history = run.state.log_history
    looked = _validated(run, ready, fresh=bool(notes))
    losses = [row["loss"] for row in history if "loss" in row]
    curve = [(int(r["step"]), r.get("loss"), r.get("eval_loss")) for r in history if "loss" in r or "eval_loss" in r]
    shares = []
    if ready.stream is not None:
        used = run.state.global_step * recipe.batch * recipe.accumulate * run.args.world_size
        shares = [
            (a.phase, a.source, a.wanted, a.share, a.units) for a in ready.stream.achieved(min(used, len(ready.stream)))
        ]
    result = Trained(
        folder=str(place),
        task=recipe.task,
        parameters=count,
        learnt=sum(p.numel() for p in model.parameters() if p.requires_grad),
        rows=ready.items,
        steps=int(run.state.global_step),
        loss=float(np.mean(losses[-10:])),
        validation_loss=looked,
        precision=precision,
        problems=problems.asdict(),
        curve=tuple(curve),
        shares=tuple(shares),
        notes=tuple(notes),
        recipe=recipe,
        data=mark,
    )
    if run.args.process_index == 0:
        _write_model(model, words, place)
        papers.write(result, place)
        write_text(place / RESULT, json.dumps({**result.asdict(), "folder": place.name}, ensure_ascii=False) + "\n")
    run.accelerator.wait_for_everyone()
    return result


def _validated(run: Any, ready: Data, *, fresh: bool) -> float | None:
    """The validation loss of the model as it is, looked up where the last step has just been judged."""
    if ready.validation is None:
        return None
    last = run.state.log_history[-2:]  # the last entry sums the run up
    told = [row["eval_loss"] for row in last if "eval_loss" in row and row["step"] == run.state.global_step]
    return float(told[-1] if told and not fresh else run.evaluate()["eval_loss"])


def _restore(model: Any, folder: Path) -> None:
    from safetensors.torch import load_file

    path = folder / "model.safetensors"
    if path.is_file():
        model.load_state_dict(load_file(path), strict=False)
    else:
        from peft import set_peft_model_state_dict

        set_peft_model_state_dict(model, load_file(folder / "adapter_model.safetensors"))


def _write_model(model: Any, words: Any, place: Path) -> None:
    """Each file appears whole."""
    part = place / f"model{checkpoint.PART}"
    try:
        model.save_pretrained(part)
        words.save_pretrained(part)
        for path in sorted(part.iterdir()):
            if path.name != "README.md":
                os.replace(path, place / path.name)
    except (OSError, RuntimeError) as error:
        raise InputError(f"cannot write the model to {place}: {getattr(error, 'strerror', None) or error}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
