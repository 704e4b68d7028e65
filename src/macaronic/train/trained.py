"""What a run gave, and how it is loaded again."""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from macaronic.core.errors import MissingData
from macaronic.train import recipe as recipes
from macaronic.train.recipe import Recipe

RESULT = "trained.json"


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished run.

    Args:
        folder: where the model, its tokenizer, card, report and curve lie.
        task: as in the recipe.
        parameters: numbers of the model.
        learnt: how many of them were trained.
        rows: items that could be learnt from (rows, or windows of packed text).
        steps: that were made.
        loss: mean of the last logged steps, nats a token.
        validation_loss: of the held-out rows at the end; None without.
        precision: fp32 or bf16.
        problems: rows that were left out, as `Problems.asdict`.
        curve: (step, training loss, validation loss) where one was logged.
        shares: (phase, source, wanted share, share that came out, tokens) of a mixture.
        notes: what a reader should know.
        recipe: all settings.
        data: fingerprint of the rows.
    """

    folder: str
    task: str
    parameters: int
    learnt: int
    rows: int
    steps: int
    loss: float
    validation_loss: float | None
    precision: str
    problems: dict[str, Any]
    curve: tuple[tuple[int, float | None, float | None], ...]
    shares: tuple[tuple[str, str, float, float, float], ...]
    notes: tuple[str, ...]
    recipe: Recipe
    data: str

    def asdict(self) -> dict[str, Any]:
        """For JSON."""
        return dataclasses.asdict(self)


def kept(folder: str | os.PathLike[str]) -> Trained | None:
    """The result that a finished run left in its folder; None when there is none."""
    try:
        told = json.loads((Path(folder) / RESULT).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    listed = {
        name: tuple(tuple(x) if isinstance(x, list) else x for x in told[name]) for name in ("curve", "shares", "notes")
    }
    return Trained(**{**told, **listed, "folder": str(folder), "recipe": recipes.of(told["recipe"])})


def load(folder: str | os.PathLike[str]) -> tuple[Any, Any]:
    """The model of a run, ready to be used, and its tokenizer; only safetensors are read and no foreign code is run.

    Args:
        folder: of a finished run.

    Raises:
        MissingData: no finished run there, or weights that do not fit the model.
    """
    from transformers import AutoTokenizer

    from macaronic.train.presets import network_class

    place, done = Path(folder), kept(folder)
    if done is None:
        raise MissingData(
            f"no finished run in {folder}: expected {RESULT} beside the model. Run the same command again."
        )
    try:
        if (place / "adapter_config.json").is_file():
            from peft import PeftConfig, PeftModel

            base = network_class(done.task).from_pretrained(
                PeftConfig.from_pretrained(place).base_model_name_or_path, local_files_only=True
            )
            return PeftModel.from_pretrained(base, place).eval(), AutoTokenizer.from_pretrained(place)
        model, found = network_class(done.task).from_pretrained(
            place, local_files_only=True, use_safetensors=True, output_loading_info=True
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise MissingData(f"no model in {folder}: {(str(error).splitlines() or [''])[0]}") from error
    wrong = [*found["missing_keys"], *found["unexpected_keys"], *found["mismatched_keys"]]
    if wrong:
        raise MissingData(f"{folder}: the weights do not fit the model ({wrong[0]}). Copy the folder again.")
    return model.eval(), AutoTokenizer.from_pretrained(place)
