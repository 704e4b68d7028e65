"""What a recipe means to the transformers Trainer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from macaronic.train.recipe import Recipe

BF16_FROM = 4_000_000
"""Parameters from which bf16 pays on processors that compute in it."""


def precision(recipe: Recipe, parameters: int) -> str:
    """fp32 or bf16, as the recipe says or, when it says auto, as this machine does best."""
    import torch

    if recipe.precision != "auto":
        return recipe.precision
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    able = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)()
    return "bf16" if able and parameters >= BF16_FROM else "fp32"


def arguments(
    recipe: Recipe,
    place: Path,
    steps: int,
    number: str = "fp32",
    *,
    looks: bool = False,
    beta2: float = 0.95,
) -> Any:
    """The Trainer's arguments.

    Args:
        recipe: what is asked.
        place: the run's folder.
        steps: of the optimiser.
        number: fp32 or bf16.
        looks: whether there are validation rows.
        beta2: of AdamW.
    """
    import torch
    from transformers import TrainingArguments

    every = max(1, steps // 500)
    return TrainingArguments(
        output_dir=str(place / "checkpoints"),
        max_steps=steps,
        per_device_train_batch_size=recipe.batch,
        per_device_eval_batch_size=recipe.batch,
        gradient_accumulation_steps=recipe.accumulate,
        learning_rate=recipe.rate,
        lr_scheduler_type="constant_with_warmup" if recipe.schedule == "constant" else recipe.schedule,
        warmup_steps=round(recipe.warmup * steps),
        weight_decay=recipe.decay,
        max_grad_norm=recipe.clip,
        adam_beta2=beta2,
        seed=recipe.seed,
        bf16=number == "bf16",
        use_cpu=not torch.cuda.is_available(),
        train_sampling_strategy="sequential",
        logging_steps=every,
        logging_nan_inf_filter=False,
        eval_strategy="steps" if looks and recipe.evaluate_every else "no",
        eval_steps=_even(recipe.evaluate_every, every) if recipe.evaluate_every else None,
        save_strategy="steps" if recipe.save_every else "no",
        save_steps=_even(recipe.save_every, every) if recipe.save_every else 500,
        save_total_limit=None,
        dataloader_pin_memory=torch.cuda.is_available(),
        disable_tqdm=True,
        report_to="none",
        remove_unused_columns=False,
        prediction_loss_only=True,
        ddp_find_unused_parameters=False,
    )


def _even(steps: int, every: int) -> int:
    """A whole number of logged stretches, so that a resumed run logs the means that the unbroken one does."""
    return max(every, round(steps / every) * every)
