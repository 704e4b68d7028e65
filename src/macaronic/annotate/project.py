"""A project out of files: read, cut into words, labelled by the tagger where they are bare, and kept."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np

from macaronic.annotate import comi_lingua, commentator, label_studio, pair_manifest, reenactment
from macaronic.annotate.create import create, refuse_existing
from macaronic.annotate.imported import Imported, add_people, numbered
from macaronic.annotate.items import Item, Proposal
from macaronic.annotate.layers import LANGUAGE, Layer, layers_of
from macaronic.annotate.planted import disclosure, plant
from macaronic.annotate.prefill import found_languages, proposals
from macaronic.annotate.settings import Settings
from macaronic.annotate.warmup import FEW
from macaronic.core.corpus import Corpus, from_batch
from macaronic.core.errors import FormatError, UnknownName, UsageError
from macaronic.core.problems import Problems
from macaronic.identify.annotate import has_languages
from macaronic.text import formats, words

LABEL_STUDIO, COMMENTATOR, COMI_LINGUA = "label-studio", "commentator", "comi-lingua"
_TABLES = {COMMENTATOR: commentator, COMI_LINGUA: comi_lingua}


@dataclass(frozen=True)
class Asked:
    """What a person asks of a new project.

    Args:
        files: where the texts are.
        labels: presets or a TOML file, as in `layers_of`.
        languages: tags; those of the texts when left out.
        overlap: how many people label each item.
        format: of the files; guessed when left out.
        text_key: the field or column of the text.
        encoding: of the files; detected when left out.
        prefill: whether the tagger proposes languages for files that have none.
        model: the tagger's name; the shipped one when left out.
        warmup: a file with right labels, of which the first ten items are shown to everybody first.
        guidelines: what the people who label are told (Markdown).
        strict: whether the first bad row raises.
        plant: the share of the proposed languages that is wrong on purpose, from 0 to 0.5; said in the guidelines.
        seed: which of them.
        template: `re-enactment` for a manifest of pairs; its layers take the place of `labels`.
    """

    files: Sequence[str]
    labels: str = "languages"
    languages: tuple[str, ...] | None = None
    overlap: int = 1
    format: str | None = None
    text_key: str = "text"
    encoding: str | None = None
    prefill: bool = True
    model: str | None = None
    warmup: str | None = None
    guidelines: str = ""
    strict: bool = False
    plant: float = 0.0
    seed: int = 0
    template: str | None = None


@dataclass(frozen=True)
class Made:
    """What a new project holds, and what could not be read."""

    settings: Settings
    items: int
    warmup: int
    people: tuple[str, ...]
    problems: Problems
    notes: tuple[str, ...] = field(default=())


def new(path: str | Path, asked: Asked) -> Made:
    """Make a project.

    Args:
        path: where it shall lie.
        asked: what it is made of.

    Raises:
        UsageError: there is something at `path`, there is nothing to label, or an overlap below 1.
        UnknownName: no such label set, language or template.
        InputError: a file cannot be read, or the project not be written.
    """
    refuse_existing(Path(path))
    if asked.overlap < 1:
        raise UsageError(f"overlap is how many people label each item, at least 1; got {asked.overlap}.")
    if not 0 <= asked.plant <= 0.5:
        raise UsageError(f"the share of planted labels goes from 0 to 0.5; got {asked.plant}.")
    problems = Problems(asked.strict)
    if asked.template is not None:
        return _from_template(path, asked, problems)
    kind = asked.format or guessed(asked.files)
    rows = elsewhere(asked, kind, problems) if kind in (LABEL_STUDIO, *_TABLES) else None
    corpus = None if rows is not None else _corpus(asked)
    source = ", ".join(Path(file).name for file in asked.files)
    if corpus is None:
        settings = _settings(path, asked, source, _seen(rows or []), _layers_of(rows or []))
        made = iter(rows or [])
    else:
        tags = asked.languages or found_languages(corpus, asked.model)
        settings = _settings(path, asked, source, tags, [])
        made = _rows(corpus, asked, settings)
    if asked.warmup:
        made = chain(_warmup(asked, settings), made)
    kept: dict[int, Imported] = {}
    counts = {"work": 0, "warmup": 0}
    counted = _counted(numbered(made, problems, source), kept, counts, source)
    create(path, settings, counted, lambda part: add_people(part, kept))
    if corpus is not None:
        problems.merge(corpus.problems)
    people = tuple(dict.fromkeys(name for row in kept.values() for name in row.people))
    return Made(settings, counts["work"], counts["warmup"], people, problems, tuple(corpus.notes) if corpus else ())


def _from_template(path: str | Path, asked: Asked, problems: Problems) -> Made:
    """A project of re-enacted pairs, out of one manifest."""
    if asked.template != reenactment.TEMPLATE:
        raise UnknownName("template", str(asked.template), [reenactment.TEMPLATE])
    if len(asked.files) != 1:
        raise UsageError(f"--template {asked.template} takes one manifest; got {len(asked.files)} files.")
    manifest = Path(asked.files[0])
    pairs = pair_manifest.read(manifest, problems)
    if not pairs:
        first = problems.first[0] if problems.first else f"{manifest} has no rows"
        raise UsageError(f"there is no pair without a fault to judge. The first of {problems.count}:\n{first}")
    tags = dict.fromkeys(side.lang for pair in pairs for side in pair.sides)
    media = os.path.relpath(manifest.resolve().parent, Path(path).resolve().parent)
    settings = Settings(
        Path(path).stem,
        reenactment.layers(),
        tuple(tags),
        asked.overlap,
        manifest.name,
        asked.guidelines,
        media=media,
    )
    rows = numbered(reenactment.rows(pairs), problems, manifest.name)
    kept: dict[int, Imported] = {}
    counts = {"work": 0, "warmup": 0}
    create(path, settings, _counted(rows, kept, counts, manifest.name))
    return Made(settings, counts["work"], 0, (), problems, reenactment.notes(pairs))


def _counted(
    pairs: Iterator[tuple[Item, Imported]], kept: dict[int, Imported], counts: dict[str, int], source: str
) -> Iterator[Item]:
    for item, row in pairs:
        counts[item.kind] += 1
        if row.people:
            kept[item.number] = row
        yield item
    if not counts["work"]:
        raise UsageError(f"there is nothing to label in {source}: no text with a word in it.")


def guessed(files: Sequence[str]) -> str | None:
    """`label-studio`, `commentator` or `comi-lingua` where all files are such; None for what `text.formats` reads."""
    kinds = {_guess(Path(file)) for file in files}
    return kinds.pop() if len(kinds) == 1 else None


def _guess(path: Path) -> str | None:
    if path.suffix.lower() == ".csv" and path.is_file():
        try:
            with open(path, encoding="utf-8-sig", newline="") as file:
                header = next(csv.reader(file), [])
            return next((name for name, table in _TABLES.items() if table.is_header(header)), None)
        except (OSError, UnicodeDecodeError, csv.Error):
            return None
    if path.suffix.lower() == ".json" and path.is_file():
        try:
            return LABEL_STUDIO if label_studio.is_tasks(json.loads(path.read_text("utf-8-sig"))) else None
        except (OSError, ValueError, RecursionError):
            return None
    return None


def elsewhere(asked: Asked, kind: str, problems: Problems) -> list[Imported]:
    """What was labelled with another tool, one row a text."""
    if kind in _TABLES:
        return [row for file in asked.files for row in _TABLES[kind].read(file, problems)]
    return [row for file in asked.files for row in label_studio.read(file, problems, text_key=asked.text_key)]


def _corpus(asked: Asked) -> formats.Reading:
    return formats.read(
        list(asked.files), format=asked.format, text_key=asked.text_key, encoding=asked.encoding, strict=asked.strict
    )


def _settings(path: str | Path, asked: Asked, source: str, tags: Sequence[str], found: Sequence[Layer]) -> Settings:
    layers = layers_of(asked.labels, tags)
    names = {layer.name for layer in layers} | {layer.key for layer in layers}
    layers = (*layers, *(layer for layer in found if layer.name not in names))
    told = [asked.guidelines, *([disclosure(asked.plant)] if asked.plant else [])]
    return Settings(Path(path).stem, layers, tuple(tags), asked.overlap, source, "\n\n".join(filter(None, told)))


def _seen(rows: Sequence[Imported]) -> list[str]:
    """The languages that people or models named."""
    from macaronic.core.languages import is_language

    said = (one.layers.get(LANGUAGE, ()) for row in rows for one in row.people.values())
    proposed = (row.proposals[LANGUAGE].labels for row in rows if LANGUAGE in row.proposals)
    whole = ((one.labels[LANGUAGE],) for row in rows for one in row.people.values() if LANGUAGE in one.labels)
    labels = dict.fromkeys(label for labels in chain(said, proposed, whole) for label in labels if label)
    return [label for label in labels if is_language(label)]


def _layers_of(rows: Sequence[Imported]) -> list[Layer]:
    """The layers that people used elsewhere, with the labels that occur; many different ones are free text."""
    used: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows:
        for said in row.people.values():
            for name, labels in said.layers.items():
                used.setdefault(("token", name), {}).update(dict.fromkeys(label for label in labels if label))
            for span in said.spans:
                used.setdefault(("span", span.layer), {})[span.label] = None
            for name, label in said.labels.items():
                used.setdefault(("sentence", name), {})[label] = None
    found = []
    for (level, name), known in used.items():
        labels = tuple(known) if (len(known) <= 40 and level != "sentence") or len(known) <= 10 else ()
        if name != LANGUAGE:
            found.append(Layer.model_validate({"name": name, "level": level, "labels": labels}))
    return found


def _rows(corpus: Corpus, asked: Asked, settings: Settings) -> Iterator[Imported]:
    lang = settings.by_name.get(LANGUAGE)
    bare = lang is not None and asked.prefill
    rng = np.random.default_rng(asked.seed)
    for batch in corpus.batches():
        cut = words.annotate(batch)
        guessed: Iterator[dict[str, Proposal]] = iter(())
        if bare and not has_languages(batch) and lang is not None:
            guessed = proposals(cut, asked.languages or settings.languages or None, lang.labels, asked.model)
        for utterance in from_batch(cut):
            proposal = next(guessed, {})
            yield Imported(utterance, plant(proposal, lang, asked.plant, rng) if lang and asked.plant else proposal)


def _warmup(asked: Asked, settings: Settings) -> Iterator[Imported]:
    """The first items of a file with right labels; people are shown the tagger's, not these."""
    corpus = formats.read(str(asked.warmup))
    layers = set(settings.token_layers)
    found = 0
    for batch in corpus.batches():
        cut = words.annotate(batch)
        lang = settings.by_name.get(LANGUAGE)
        guessed = (
            proposals(cut, settings.languages or None, lang.labels, asked.model) if lang and asked.prefill else iter(())
        )
        for utterance in from_batch(cut):
            proposal = next(guessed, {})
            if found < FEW and any(
                label is not None for name in layers & set(utterance.layers) for label in utterance.layers[name]
            ):
                found += 1
                yield Imported(utterance, proposal, kind="warmup")
    if not found:
        raise FormatError("expected right labels for the warm-up; there are none", str(asked.warmup))
