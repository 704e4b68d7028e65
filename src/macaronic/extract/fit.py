"""Train a small extractor on records: one that writes answers, or one that labels characters."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from macaronic.core.errors import MissingExtra, UnknownName, UsageError
from macaronic.core.problems import Problems
from macaronic.extract import about as folder_of
from macaronic.extract import features
from macaronic.extract.about import KINDS, About, Kind
from macaronic.extract.bio import CLASS, MARK, labels_of
from macaronic.extract.codecs.codec import Codec
from macaronic.extract.codecs.named import codec as codec_named
from macaronic.extract.extractor import Extractor, load
from macaronic.extract.grammar.frame import frame
from macaronic.extract.record import Record, Schema
from macaronic.extract.tokenizer import char_tokenizer

SIZES = {
    "0.3m": {"width": 48, "table": 4096, "table_width": 32, "convolutions": 2},
    "1m": {"width": 80, "table": 8192, "table_width": 48, "convolutions": 2},
    "5m": {"width": 96, "table": 65_536, "table_width": 64, "convolutions": 2},
}
"""Name -> widths and tables; the vocabulary comes on top. Most of it is the table, of which a step touches little."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """How an extractor is trained.

    Args:
        kind: `generate` writes answers in a codec, `tag` labels characters.
        codec: of the answers.
        dialect: of the codec.
        size: one of `SIZES`.
        steps: of the optimiser.
        batch: records a step.
        rate: highest learning rate; it rises over the first steps and falls to 0.
        context: most tokens of a text and of an answer; longer ones are counted and left out.
        seed: of the first numbers and of the order.
    """

    kind: Kind = "tag"
    codec: str = "oiellm"
    dialect: Literal["escaped", "compat"] = "escaped"
    size: str = "5m"
    steps: int = 1500
    batch: int = 32
    rate: float = 3e-3
    context: int = 512
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained extractor.

    Args:
        folder: where it lies.
        records: how many it learnt from.
        parameters: how many numbers it has.
        loss: mean of the last steps.
    """

    folder: Path
    records: int
    parameters: int
    loss: float


def fit(
    records: Sequence[Record],
    out: str | os.PathLike[str],
    fitting: Fitting | None = None,
    *,
    problems: Problems | None = None,
    say: Callable[[int, int, float], None] | None = None,
    note: Callable[[str], None] | None = None,
) -> Fitted:
    """Train an extractor from nothing on records, on one thread, the same way every time.

    A run that was stopped goes on from its last checkpoint when it is called again with the same records and settings.

    Args:
        records: in any languages; the labels of each language and task are kept for constrained answers.
        out: the folder that becomes the model: weights, tokenizer, `extract.json`.
        fitting: how.
        problems: where records over the context are counted.
        say: is told the step, the steps in all and the loss.
        note: is told that a stopped run goes on.

    Raises:
        UsageError: no records, or fewer than a batch; a number out of range; the folder holds another stopped run.
        UnknownName: no such kind or size.
        Interrupted: Ctrl-C; a checkpoint was saved.
        MissingExtra: torch or transformers is not installed.
    """
    how = fitting or Fitting()
    _check(how, records)
    problems = problems if problems is not None else Problems()
    try:
        from macaronic.extract.model import start
        from macaronic.extract.model.learn import done, learn
    except ImportError as error:
        raise MissingExtra("torch and transformers", "train") from error
    told = replace(
        folder_of.about(records, how.kind, how.codec, dialect=how.dialect),
        context=how.context,
        labels=_labels(records, how),
    )
    codec = codec_named(how.codec, dialect=how.dialect)
    prompts = [codec.prompt(record) for record in records]
    tokenizer = char_tokenizer(prompts, pieces=_pieces(told, codec, records), marks=[MARK])
    if how.kind == "tag":
        rows = features.tagged(records, told, tokenizer, problems)
    else:
        rows = features.written(records, told, codec, tokenizer, problems)
    if len(rows) < how.batch:
        raise UsageError(f"expected at least a batch of {how.batch} records that fit; got {len(rows)}.")
    model = start.model(how.kind, SIZES[how.size], tokenizer, told.labels, seed=how.seed)
    loss = learn(model, rows, out, how, say, note)
    tokenizer.save_pretrained(out)
    folder_of.write(told, out)
    done(out)
    return Fitted(Path(out), len(rows), sum(p.numel() for p in model.parameters()), loss)


def trained(
    records: Sequence[Record],
    fitting: Fitting | None = None,
    *,
    problems: Problems | None = None,
    say: Callable[[int, int, float], None] | None = None,
) -> Extractor:
    """An extractor that is ready to answer and leaves no folder behind; arguments and errors as of `fit`."""
    with tempfile.TemporaryDirectory() as place:
        fit(records, place, fitting, problems=problems, say=say)
        return load(place)


def _labels(records: Sequence[Record], how: Fitting) -> tuple[str, ...]:
    if how.kind != "tag":
        return ()
    some = [CLASS] if any(not record.text_label for record in records) else []
    return (*labels_of(Schema.of(records)), *some)


def _pieces(told: About, codec: Codec, records: Sequence[Record]) -> list[str]:
    """The fixed pieces of prompts and answers, where the codec can be taken apart."""
    out: list[str] = []
    if told.kind == "tag":
        return out
    for language, task in dict.fromkeys((record.language, record.task) for record in records):
        asked = Record("", language=language, task=task)
        out.append(codec.prompt(asked))
        try:
            found = frame(codec, told.schema(asked), task=task, language=language)
        except UsageError:
            continue
        out += [*found.heads, *found.empties, *found.opens, *found.thens, *found.nexts, found.close]
    return out


def _check(how: Fitting, records: Sequence[Record]) -> None:
    if how.kind not in KINDS:
        raise UnknownName("kind of extractor", how.kind, KINDS)
    if how.size not in SIZES:
        raise UnknownName("size", how.size, SIZES)
    if how.steps < 1 or how.batch < 1 or how.rate <= 0 or how.context < 8:
        raise UsageError(
            "expected steps and batch of at least 1, a rate above 0 and a context of at least 8, "
            f"got {how.steps}, {how.batch}, {how.rate} and {how.context}"
        )
    if not records:
        raise UsageError("expected records to learn from, got none")
