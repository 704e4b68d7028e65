"""Low-rank adapters by peft."""

from __future__ import annotations

from typing import Any

from macaronic.core.errors import MissingExtra, UsageError
from macaronic.train.recipe import Recipe


def adapted(recipe: Recipe, model: Any) -> Any:
    """The model as the recipe trains it: as it is, or frozen with added low-rank matrices.

    Raises:
        MissingExtra: peft is not installed.
        UsageError: target layers that the model does not have.
    """
    if recipe.adapter == "none":
        return model
    try:
        import peft
    except ImportError as error:
        raise MissingExtra("peft", "train") from error
    kinds = {"causal": "CAUSAL_LM", "seq2seq": "SEQ_2_SEQ_LM", "tokens": "TOKEN_CLS", "text": "SEQ_CLS"}
    targets = "all-linear" if recipe.lora_targets == ("all-linear",) else list(recipe.lora_targets)
    config = peft.LoraConfig(
        r=recipe.lora_r, lora_alpha=recipe.lora_alpha, target_modules=targets, task_type=kinds.get(recipe.task)
    )
    try:
        return peft.get_peft_model(model, config)
    except ValueError as error:
        raise UsageError(f"lora_targets: {(str(error).splitlines() or [''])[0]}") from error
