"""The data of a run: rows to a tokenizer, labels and datasets, written once under the run's folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.files import sha256, write_text
from macaronic.core.mixture import Mixture
from macaronic.core.problems import Problems
from macaronic.mix import phase_file
from macaronic.mix.schedule import Phase
from macaronic.mix.shards import write_tokens
from macaronic.mix.stream import Stream
from macaronic.train import examples, presets, store
from macaronic.train import tokenizer as tokenizers
from macaronic.train.dataset import Chosen, Held, Masked, Mixed, Shuffled
from macaronic.train.recipe import Recipe
from macaronic.train.rows import Placed, Rows


@dataclass(frozen=True, slots=True)
class Data:
    """What is learnt from.

    Args:
        training: the items of the whole run, in order.
        validation: held-out items; None without.
        steps: optimiser steps.
        items: rows or windows that there are.
        stream: of a mixture; None without.
    """

    training: Held
    validation: Held | None
    steps: int
    items: int
    stream: Stream | None


def first_row(sources: list[Rows], task: str) -> Placed:
    """The first row of all.

    Raises:
        UsageError: there is none.
    """
    problems = Problems()
    for source in sources:
        for row in source.pass_over(problems):
            return row
    why = f" The first problem: {problems.first[0]}" if problems.first else ""
    raise UsageError(f"expected rows with {' or '.join(examples.WANTED[task])}; the data holds no row.{why}")


def passes(sources: list[Rows]) -> Iterator[Placed]:
    """One pass over all sources; problems are counted in another pass."""
    return chain.from_iterable(source.pass_over(Problems()) for source in sources)


def vocabulary(recipe: Recipe, sources: list[Rows], place: Path) -> tuple[Any, tuple[str, ...]]:
    """The tokenizer and the labels of a run."""
    first = first_row(sources, recipe.task)
    mark = sha256(repr((recipe.tokenizer, [source.fingerprint for source in sources])))[:16]
    kept = place / "data" / f"tokenizer-{mark}"
    named = recipe.model if recipe.model not in (*presets.SIZES, *presets.TINY) else recipe.tokenizer
    if isinstance(named, str):
        words = tokenizers.existing(named, offline=recipe.offline)
    elif (kept / "tokenizer.json").is_file():
        words = tokenizers.existing(str(kept), offline=True)
    else:
        words = tokenizers.learn(examples.texts(passes(sources)), named)
        words.save_pretrained(kept)
    labels = examples.labels_of(recipe.task, passes(sources)) if recipe.task in ("tokens", "text") else ()
    if recipe.task in ("tokens", "text") and not labels:
        need, got = " or ".join(examples.WANTED[recipe.task]), ", ".join(map(str, first[2]))
        raise UsageError(f"{first[0]}:{first[1]}: expected {need}; got the fields {got}.")
    if recipe.task == "text" and len(labels) == 1:
        raise UsageError(f"there is nothing to tell apart: every text is labelled {labels[0]!r}.")
    return words, labels


def prepare(
    recipe: Recipe,
    sources: list[Rows],
    held: list[Rows],
    tokenizer: Any,
    labels: tuple[str, ...],
    folder: Path,
    problems: Problems,
    ranks: int,
) -> Data:
    """Tokenise what is not yet tokenised, and put the run in order.

    Args:
        recipe: what is asked.
        sources: rows to learn from.
        held: validation rows of their own; empty when a share is held out.
        tokenizer: of the run.
        labels: of the run.
        folder: where features are kept.
        problems: where rows that are left out are counted.
        ranks: processes that train together.

    Raises:
        UsageError: fewer items than a batch, or no usable row.
    """
    step = recipe.batch * recipe.accumulate * ranks
    validation = _stored(recipe, held, tokenizer, labels, folder, Problems()) if held else None
    if recipe.shares or recipe.phases:
        stream = _stream(recipe, sources, tokenizer, folder, problems, step)
        if validation is None and recipe.validation:
            raise UsageError("validation: expected a file of rows beside shares or phases; got a share.")
        looked = Chosen(validation, np.arange(len(validation))) if validation else None
        return _whole(recipe, tokenizer, Mixed(stream), looked, len(stream) // step, len(stream), stream)
    held_store = _stored(recipe, sources, tokenizer, labels, folder, problems)
    if len(held_store) < step:
        raise UsageError(_short(recipe, held_store, len(held_store), step, problems))
    share = 0.0 if held else float(recipe.validation)
    out = examples.held_out(len(held_store), share, recipe.seed)
    chosen = np.flatnonzero(~out)
    if len(chosen) < step:
        raise UsageError(_short(recipe, held_store, len(chosen), step, problems))
    steps = round(recipe.epochs * len(chosen) / step) if recipe.epochs else recipe.steps
    training = Shuffled(held_store, chosen, max(1, steps) * step, recipe.seed)
    looked = Chosen(validation, np.arange(len(validation))) if validation else None
    if out.any():
        looked = Chosen(held_store, np.flatnonzero(out))
    return _whole(recipe, tokenizer, training, looked, max(1, steps), len(chosen), None)


def _whole(
    recipe: Recipe, tokenizer: Any, training: Held, looked: Held | None, steps: int, items: int, stream: Stream | None
) -> Data:
    if looked is not None and not len(looked):
        raise UsageError("expected validation rows; none of them is usable.")
    if recipe.task == "mlm":
        mask = tokenizer.mask_token_id
        if mask is None:
            raise UsageError("task mlm needs a tokenizer with a mask token; this one has none.")
        training = Masked(training, recipe.mask, mask, len(tokenizer), recipe.seed)
        looked = Masked(looked, recipe.mask, mask, len(tokenizer), recipe.seed + 1) if looked is not None else None
    return Data(training, looked, steps, items, stream)


def _short(recipe: Recipe, held: store.Store, count: int, step: int, problems: Problems) -> str:
    kinds = ", ".join(f"{n} {kind}" for kind, n in problems.by_kind.most_common())
    what = f"windows of {recipe.length} tokens" if "labels" not in held.names else "rows"
    lead = f"expected at least one step of {step} {what}; the data gives {count}"
    first = f" The first: {problems.first[0]}" if problems.first else ""
    return f"{lead}{f' ({kinds} left out)' if kinds else ''}.{first}\nGive more data, or lower batch or length."


def _stored(
    recipe: Recipe, sources: list[Rows], tokenizer: Any, labels: tuple[str, ...], folder: Path, problems: Problems
) -> store.Store:
    """The features of sources; made when they are not there yet."""
    marks = [source.fingerprint for source in sources]
    key = sha256(repr((recipe.task, recipe.length, tokenizer.backend_tokenizer.to_str(), labels, marks)))[:16]
    place, told = folder / f"{key}.arrow", folder / f"{key}.problems.jsonl"
    if place.is_file() and told.is_file():
        _recall(told, problems)
        return store.Store(place)
    rows = chain.from_iterable(source.pass_over(problems) for source in sources)
    first = list(islice(rows, 1))
    if first and examples.is_packed(recipe.task, first[0][2]):
        made = examples.windows(chain(first, rows), tokenizer, recipe.length, problems)
        names: tuple[str, ...] = ("input_ids",)
    else:
        made = examples.features(recipe.task, chain(first, rows), tokenizer, recipe.length, labels, problems)
        names = ("input_ids", "labels")
    store.write(place, made, names)
    _remember(told, problems)
    return store.Store(place)


def _remember(place: Path, problems: Problems) -> None:
    write_text(place, json.dumps(problems.asdict(), ensure_ascii=False) + "\n")


def _recall(place: Path, problems: Problems) -> None:
    told = json.loads(place.read_text("utf-8"))
    problems.by_kind.update(told["kinds"])
    problems.first.extend(told["first"])


def _stream(recipe: Recipe, sources: list[Rows], tokenizer: Any, folder: Path, problems: Problems, step: int) -> Stream:
    shards = {}
    for source in sources:
        key = sha256(repr((tokenizer.backend_tokenizer.to_str(), source.fingerprint)))[:16]
        shards[source.name] = [folder / f"{key}.shard"]
        if not shards[source.name][0].is_file():
            made = examples.documents(source.pass_over(problems), tokenizer, problems)
            write_tokens(shards[source.name][0], made, vocabulary=len(tokenizer))
    if recipe.phases:
        phases = [
            Phase(p.name, p.mixture, p.budget, p.until, p.length or recipe.length)
            for p in phase_file.read(recipe.phases, unit="tokens")
        ]
    else:
        budget = recipe.steps * step * recipe.length
        phases = [Phase("all", Mixture(recipe.shares, "tokens"), budget, length=recipe.length)]
    stream = Stream(shards, phases, seed=recipe.seed)
    if len(stream) < step:
        raise UsageError(f"expected at least one step of {step} windows; the phases give {len(stream)}.")
    return stream
