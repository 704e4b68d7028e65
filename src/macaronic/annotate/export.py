"""What people labelled, as a file: one answer an item, or one a person; out of a snapshot, while people go on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from macaronic.annotate.conllu_fields import with_fields
from macaronic.annotate.events import Event
from macaronic.annotate.final import final, single
from macaronic.annotate.items import Item, shown_json
from macaronic.annotate.label_studio import task_of
from macaronic.annotate.planted import hide
from macaronic.annotate.project import LABEL_STUDIO
from macaronic.annotate.pseudonyms import pseudonyms
from macaronic.annotate.sheet import Sheet
from macaronic.annotate.work import Work
from macaronic.core.corpus import Corpus
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.files import atomic_write
from macaronic.core.utterance import Utterance
from macaronic.text import formats
from macaronic.text.formats import kinds

FORMATS = ("jsonl", "json", "conllu", "conll", "lince", "inline", "parquet", "arrow", LABEL_STUDIO)
"""What can be written: the formats that have a place for labels of words."""

_PACKED = (".gz", ".zst", ".bz2")


@dataclass(frozen=True)
class Choice:
    """What shall be exported.

    Args:
        format: one of `FORMATS`; from the file's ending when left out.
        who: only this person's labels.
        each: everybody's labels, a row for each person and item, instead of one answer an item.
        unfinished: also the items that nobody has accepted, as they were read.
        proposed: those with the labels that a model proposes, to be put right elsewhere; nobody has looked at these.
        pseudonymous: other names for the people.
    """

    format: str | None = None
    who: str | None = None
    each: bool = False
    unfinished: bool = False
    proposed: bool = False
    pseudonymous: bool = False


@dataclass(frozen=True)
class Exported:
    """How many rows were written, how their labels came about, and how many labels have no majority and are empty."""

    rows: int
    ways: Mapping[str, int]
    undecided: int


def export(work: Work, path: str | Path, choice: Choice) -> Exported:
    """Write a project's labels.

    Warm-up items are left out: they are not the project's.

    Args:
        work: out of a snapshot.
        path: the file; `.gz`, `.zst` and `.bz2` compress what is text.
        choice: what to write, and how.

    Raises:
        UnknownName: a format without a place for labels of words, or a person that the project does not have.
        UsageError: the ending says no format, or there is nothing to write yet.
        InputError: it cannot be written; nothing is left half-written.
    """
    kind = format_of(path, choice.format)
    if choice.who is not None:
        work.known(choice.who)
    names = pseudonyms(work.settings, work.people) if choice.pseudonymous else {name: name for name in work.people}
    counts: Counter[str] = Counter()
    if kind == LABEL_STUDIO:
        tasks = [json.dumps(task, ensure_ascii=False) for task in _tasks(work, choice, names, counts)]
        _refuse_nothing(len(tasks))
        with atomic_write(path, "w") as file:
            file.write("[\n" + ",\n".join(tasks) + "\n]\n")
        return _told(counts)
    rows = list(_rows(work, choice, names, counts, kind))
    _refuse_nothing(len(rows))
    formats.write(Corpus.from_utterances(rows), path, format=kind)
    return _told(counts)


def _told(counts: Counter[str]) -> Exported:
    undecided = counts.pop("undecided", 0)
    return Exported(counts.total(), dict(sorted(counts.items())), undecided)


def _refuse_nothing(rows: int) -> None:
    if not rows:
        raise UsageError(
            "nothing is accepted yet, so there is nothing to export.\n"
            "--unfinished writes the items as they were read, --proposed with the tagger's labels."
        )


def format_of(path: str | Path, asked: str | None) -> str:
    """The format to write, by its name or by the file's ending.

    >>> format_of("out.conllu", None), format_of("out.json", "label-studio")
    ('conllu', 'label-studio')
    """
    name = str(path)
    for ending in _PACKED:
        name = name.removesuffix(ending)
    kind = asked or kinds.ending(name)
    if kind is None:
        raise UsageError(
            f"cannot tell the format from the name {str(path)!r}.\nGive one with --format: {', '.join(FORMATS)}."
        )
    if kind not in FORMATS:
        raise UnknownName("format with a place for labels of words", kind, FORMATS)
    return kind


def _rows(work: Work, choice: Choice, names: Mapping[str, str], counts: Counter[str], kind: str) -> Iterator[Utterance]:
    for number, item in work.items.items():
        if item.kind == "warmup":
            continue
        if choice.who is not None or choice.each:
            done = _chosen(work, number, choice)
            for who, sheet in done.items():
                counts["single"] += 1
                utterance = _fitted(single(work, sheet), item, work, kind)
                yield _named(utterance, names[who], kind) if choice.each else utterance
            found = bool(done)
        else:
            answer = final(work, number)
            found = answer is not None
            if answer is not None:
                counts[answer.way] += 1
                counts["undecided"] += answer.undecided
                yield _fitted(answer.utterance, item, work, kind)
        if not found and choice.proposed:
            counts["proposed"] += 1
            yield _fitted(_proposed(work, item), item, work, kind)
        elif not found and choice.unfinished:
            counts["unfinished"] += 1
            yield item.utterance


def _fitted(utterance: Utterance, item: Item, work: Work, kind: str) -> Utterance:
    return with_fields(utterance, item.utterance, work.settings.layers) if kind == "conllu" else utterance


def _proposed(work: Work, item: Item) -> Utterance:
    sheet = Sheet(item)
    shown = shown_json(item, work.settings.layers)
    sheet.apply(Event("", item.number, "open", "open", new=shown))
    hide(sheet)
    return single(work, sheet)


def _chosen(work: Work, number: int, choice: Choice) -> dict[str, Sheet]:
    return {who: sheet for who, sheet in work.done(number).items() if choice.who in (None, who)}


def _named(utterance: Utterance, name: str, kind: str) -> Utterance:
    """The utterance with the person's name, as a field and, where sentences have comments, as a comment."""
    meta: dict[str, Any] = {**utterance.meta, "annotator": name}
    comments = meta.get("comments")
    if isinstance(comments, list) or kind in ("conll", "lince"):
        held = comments if isinstance(comments, list) else [f"# sent_id = {utterance.id}"]
        meta["comments"] = [*held, f"# annotator = {name}"]
    return replace(utterance, meta=meta)


def _tasks(work: Work, choice: Choice, names: Mapping[str, str], counts: Counter[str]) -> Iterator[dict[str, Any]]:
    for number, item in work.items.items():
        done = _chosen(work, number, choice) if item.kind == "work" else {}
        if item.kind == "work" and (done or choice.unfinished):
            counts["single" if done else "unfinished"] += 1
            people = {names[who]: single(work, sheet) for who, sheet in done.items()}
            seconds = {names[who]: sheet.time / 1000 for who, sheet in done.items()}
            yield task_of(item.utterance, people, work.settings.layers, seconds)
