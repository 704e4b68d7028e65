"""Train a model by a recipe: the same numbers every time, also when the run was killed in between."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from macaronic.core.errors import MissingExtra, UsageError
from macaronic.core.files import sha256, write_text
from macaronic.core.problems import Problems
from macaronic.train import checkpoint, data, presets, settings, trained
from macaronic.train import recipe as recipes
from macaronic.train.adapter import adapted
from macaronic.train.dataset import Collator
from macaronic.train.pinned import random_state, threads
from macaronic.train.recipe import Recipe
from macaronic.train.resumed import resumed
from macaronic.train.rows import Row, Rows, of_files, of_rows, some
from macaronic.train.trained import Trained

CONTINUES = ("keep", "threads", "licence", "offline", "save_every", "patience")
"""Fields that may differ when a run goes on."""


def train(
    recipe: Recipe,
    *,
    out: str | os.PathLike[str],
    rows: Iterable[Row] | None = None,
    validation: Iterable[Row] | None = None,
    say: Callable[[int, int, float], None] | None = None,
    note: Callable[[str], None] | None = None,
) -> Trained:
    """Train by a recipe, or go on with a run that was interrupted in the same folder.

    Args:
        recipe: what to train, on what and how.
        out: the folder for the model, tokenizer, card, report, curve, recipe and checkpoints.
        rows: instead of the recipe's data: dicts with `text`; `prompt` and `completion`; `source` and `target`;
            `words` and `labels`; or `text` and `label`.
        validation: instead of the recipe's validation rows.
        say: is told (step, steps in all, loss) as it learns.
        note: is told remarks, such as that a run goes on from a checkpoint.

    Returns:
        the result; also kept as `trained.json`.

    Raises:
        UsageError: fewer rows than one step takes, no usable row, or a folder that holds another run.
        UnknownName: no such preset.
        MissingData: a model or tokenizer that is not on this machine.
        MissingExtra: torch, transformers, accelerate or peft is not installed.
        Diverged: the loss is not a number any more; the last checkpoint stays.
        InputError: something cannot be read or written (no space).
        Interrupted: Ctrl-C; a checkpoint was saved.

    >>> import tempfile
    >>> rows = [{"prompt": f"{a} + 1 =", "completion": f" {a + 1}"} for a in range(8)]
    >>> tiny = Recipe(model="0.3m", tokenizer=256, steps=2, batch=4, length=16)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result = train(tiny, out=folder, rows=rows)
    ...     result.steps, result.rows, result.parameters
    (2, 8, 217920)
    """
    tell = note or (lambda text: None)
    place = Path(out)
    presets.check(recipe.model)
    sources = some(recipe.data, rows)
    held = _held(recipe, validation)
    mark = sha256(repr([(s.name, s.fingerprint) for s in [*sources, *held]]))[:16]
    done = trained.kept(place)
    _same(recipe, place, mark)
    if done is not None:
        tell(f"{place} holds the finished run of this recipe; nothing to do")
        return done
    with random_state(), threads(recipe.threads):
        return _run(recipe, place, sources, held, mark, say, tell)


def _held(recipe: Recipe, validation: Iterable[Row] | None) -> list[Rows]:
    if validation is not None:
        return [of_rows(validation, "validation")]
    return [of_files([recipe.validation], "validation")] if isinstance(recipe.validation, str) else []


def _same(recipe: Recipe, place: Path, mark: str) -> None:
    """Nothing when the folder is new or holds this run.

    Raises:
        UsageError: it holds another run.
    """
    begun = trained.kept(place) is not None or checkpoint.all_of(place / "checkpoints")
    if not begun or not (place / "recipe.toml").is_file():
        return
    before = recipes.load(place / "recipe.toml")
    differ = [
        f.name for f in fields(recipe) if f.name not in CONTINUES and getattr(before, f.name) != getattr(recipe, f.name)
    ]
    if differ:
        name = differ[0]
        raise UsageError(
            f"{place} holds a run with {name} = {getattr(before, name)!r}; asked for {getattr(recipe, name)!r}.\n"
            "Take another --out, or delete the folder."
        )
    told = place / "data" / "fingerprint"
    if told.is_file() and told.read_text("utf-8").strip() != mark:
        raise UsageError(f"{place} holds a run on other data. Take another --out, or delete the folder.")


def _run(recipe: Recipe, place: Path, sources: list[Rows], held: list[Rows], mark: str, say: Any, tell: Any) -> Trained:
    try:
        from transformers import PrinterCallback

        from macaronic.train import trainer as trainers
        from macaronic.train.finish import finish
    except ImportError as error:
        raise MissingExtra("torch, transformers and accelerate", "train") from error
    trainers.quiet()
    arguments = settings.arguments(recipe, place, 1)
    problems = Problems()
    with arguments.main_process_first(desc="data"):
        if arguments.process_index == 0:
            write_text(place / "recipe.toml", recipes.dump(recipe))
            write_text(place / "data" / "fingerprint", mark + "\n")
        words, labels = data.vocabulary(recipe, sources, place)
        ready = data.prepare(recipe, sources, held, words, labels, place / "data", problems, arguments.world_size)
    model = presets.build(recipe, words, labels=labels)
    count = sum(p.numel() for p in model.parameters())
    model = adapted(recipe, model)
    number = settings.precision(recipe, count)
    arguments = settings.arguments(recipe, place, ready.steps, number, looks=ready.validation is not None)
    run = trainers.WholeTrainer(
        keep=recipe.keep,
        shifts=recipe.task == "causal",
        model=model,
        args=arguments,
        train_dataset=ready.training,
        eval_dataset=ready.validation,
        data_collator=Collator(words.pad_token_id, single=recipe.task == "text"),
        processing_class=words,
        callbacks=[trainers.Telling(say, recipe.patience)],
    )
    run.pop_callback(PrinterCallback)
    again = f"macaronic train run {shlex.quote(str(place / 'recipe.toml'))} --out {shlex.quote(str(place))}"
    resumed(run, ready.steps, tell, again)
    return finish(recipe, place, run, ready, words, problems, count, number, mark)


def changed(recipe: Recipe, values: dict[str, Any], where: str = "option") -> Recipe:
    """A recipe with some fields changed, checked again.

    Raises:
        UsageError: a value out of range.
    """
    if not values:
        return recipe
    told = {f.name: getattr(recipe, f.name) for f in fields(recipe)}
    return recipes.of({**told, **values}, where)
