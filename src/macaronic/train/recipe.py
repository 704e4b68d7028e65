"""A recipe: everything that decides what a training run gives, in one flat table that is kept beside the model."""

from __future__ import annotations

import dataclasses
import inspect
import json
import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from macaronic.core.errors import InputError, UsageError, nearest

Task = Literal["causal", "seq2seq", "mlm", "tokens", "text"]
Count = Annotated[int, Field(ge=0)]
Some = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is trained, on what, how long and how.

    Args:
        task: causal, seq2seq, mlm, tokens (a label a word) or text (a label a text).
        model: a preset such as 1m (see `train ls`), a folder, or a hub id.
        tokenizer: how many byte-level BPE pieces to learn from the data (256 = bytes), or a folder or hub id.
        data: files or globs with rows; NAME=FILE where shares or phases weigh them by name.
        validation: a share of the rows to hold out, in [0, 1), or a file of rows.
        steps: optimiser steps.
        epochs: passes over the data instead of steps, when above 0.
        batch: rows a step on each process.
        accumulate: batches whose gradients make one step.
        length: most tokens of a row; longer rows are counted and left out, never cut.
        rate: highest learning rate.
        schedule: how the rate falls after the warm-up: cosine, linear or constant.
        warmup: share of the steps in which the rate rises, in [0, 1].
        decay: weight decay of AdamW.
        clip: largest gradient norm; 0 does not clip.
        mask: share of the tokens that mlm hides, in [0, 1].
        seed: of the first numbers, the order, the held-out rows and the masks.
        precision: auto, fp32 or bf16; auto takes bf16 from 5M parameters where the processor computes in it.
        adapter: none trains everything, lora trains small added matrices only (peft).
        lora_r: rank of the added matrices.
        lora_alpha: their scale, times lora_r.
        lora_targets: names of the layers that get them; all-linear means every linear one.
        shares: NAME=WEIGHT of each named source in the training tokens (task causal or mlm).
        phases: a TOML file of phase tables, each with a mixture and a budget, instead of shares.
        evaluate_every: steps between looks at the validation rows; 0 looks at the end only.
        save_every: steps between checkpoints; 0 saves none before the end.
        keep: how many checkpoints stay.
        patience: looks without a better validation loss before it ends early; 0 never ends early.
        threads: of one process on a processor; 0 leaves them as they are.
        offline: look for models on this machine only.
        licence: of the data, for the card.

    >>> Recipe(task="causal", model="1m", steps=50).batch
    16
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    task: Task = "causal"
    model: str = "0.3m"
    tokenizer: int | str = 1024
    data: tuple[str, ...] = ()
    validation: float | str = 0.0
    steps: Count = 200
    epochs: Annotated[float, Field(ge=0)] = 0.0
    batch: Some = 16
    accumulate: Some = 1
    length: Annotated[int, Field(ge=4)] = 128
    rate: Annotated[float, Field(gt=0)] = 3e-3
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    warmup: Share = 0.1
    decay: Annotated[float, Field(ge=0)] = 0.1
    clip: Annotated[float, Field(ge=0)] = 1.0
    mask: Annotated[float, Field(gt=0, lt=1)] = 0.3
    seed: Count = 1
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    adapter: Literal["none", "lora"] = "none"
    lora_r: Some = 8
    lora_alpha: Some = 16
    lora_targets: tuple[str, ...] = ("all-linear",)
    shares: dict[str, float] = field(default_factory=dict)
    phases: str = ""
    evaluate_every: Count = 0
    save_every: Count = 0
    keep: Some = 2
    patience: Count = 0
    threads: Count = 1
    offline: bool = True
    licence: str = ""

    def __post_init__(self) -> None:
        if not self.steps and not self.epochs:
            raise ValueError("expected steps or epochs above 0")
        if isinstance(self.validation, float | int) and not 0 <= self.validation < 1:
            raise ValueError(f"validation: expected a share in [0, 1) or a file; got {self.validation}")
        if isinstance(self.tokenizer, int) and self.tokenizer < 256:
            raise ValueError(f"tokenizer: expected 256 pieces or more (256 are the bytes); got {self.tokenizer}")
        if self.shares and self.phases:
            raise ValueError("shares and phases exclude each other; give one")
        if (self.shares or self.phases) and self.task not in ("causal", "mlm"):
            raise ValueError(f"shares and phases are for tasks causal and mlm; got task {self.task}")
        if self.patience and not (self.evaluate_every and self.validation):
            raise ValueError("patience needs validation and evaluate_every")


def meanings() -> dict[str, str]:
    """Field -> what it means, as the docstring of `Recipe` says it; the command line's help is made of this.

    >>> meanings()["steps"]
    'optimiser steps.'
    """
    told = (inspect.getdoc(Recipe) or "").partition("Args:\n")[2].partition("\n\n")[0]
    return {k: " ".join(v.split()) for k, v in re.findall(r"^ {4}(\w+): (.*(?:\n {5,}.*)*)", told, re.MULTILINE)}


def parse(text: str, where: str = "recipe") -> Recipe:
    """The recipe in TOML text.

    Raises:
        UsageError: not TOML, an unknown key, or a value out of range; says which, and the nearest name.

    >>> parse("step = 5", "my.toml")
    Traceback (most recent call last):
        ...
    macaronic.core.errors.UsageError: my.toml: step: unknown key. Did you mean 'steps'?
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where}: this is not valid TOML: {error}.") from error
    return of(told, where)


def of(told: dict[str, Any], where: str = "recipe") -> Recipe:
    """The recipe of a table of values.

    Raises:
        UsageError: as `parse`.

    >>> of({"steps": 5, "tokenizer": 512}).tokenizer
    512
    """
    for name in told:  # pydantic leaves unknown keys of a slotted dataclass to its constructor
        if name not in meanings():
            near = nearest(name, meanings())
            hint = f"Did you mean {near!r}?" if near else f"Known: {', '.join(meanings())}."
            raise UsageError(f"{where}: {name}: unknown key. {hint}")
    try:
        return TypeAdapter(Recipe).validate_python(told)
    except ValidationError as error:
        raise UsageError("\n".join(_explained(e, where) for e in error.errors()[:3])) from error


def _explained(error: Any, where: str) -> str:
    name = ".".join(str(part) for part in error["loc"][:1])
    message = str(error["msg"]).removeprefix("Value error, ")
    got = f"; got {error['input']!r}" if name else ""
    return f"{where}: {f'{name}: ' if name else ''}{message}{got}."


def load(path: str | os.PathLike[str]) -> Recipe:
    """The recipe of a TOML file.

    Raises:
        InputError: it cannot be read.
        UsageError: as `parse`.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the recipe {path}: {error}.") from error
    return parse(text, str(path))


def dump(recipe: Recipe) -> str:
    """The recipe as TOML with a comment a field; `parse` gives it back.

    >>> parse(dump(Recipe(steps=7, shares={"hi": 2.0}))) == Recipe(steps=7, shares={"hi": 2.0})
    True
    """
    said, lines = meanings(), []
    for one in dataclasses.fields(recipe):
        value = getattr(recipe, one.name)
        lines += [f"# {said[one.name]}", f"{one.name} = {_toml(value)}"]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(str(k))} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
