"""A trained model, or any language model, that takes records out of texts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, cast

from macaronic.core.errors import MissingData, MissingExtra
from macaronic.extract import about as folder_of
from macaronic.extract.about import About
from macaronic.extract.bio import MARK, characters, read_bio
from macaronic.extract.codecs.codec import Codec, Decoded, failed
from macaronic.extract.codecs.named import codec as codec_named
from macaronic.extract.grammar import Grammar, grammar
from macaronic.extract.grammar.pieces import token_bytes
from macaronic.extract.record import Record

TOO_LONG = "text over the context"
EMPTY = "empty text"
MOST_NEW = 256


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one text.

    Args:
        decoded: the record, or why there is none.
        output: what the model wrote; empty for one that writes nothing.
    """

    decoded: Decoded
    output: str = ""


class Extractor(Protocol):
    """Anything that answers a batch of texts, in their order."""

    def answers(self, records: Sequence[Record], *, constrain: bool) -> list[Answer]:
        """One answer a record; only its text, language and task are looked at."""
        ...


def load(folder: str | os.PathLike[str], *, codec: str | None = None) -> Generating | Tagging:
    """The extractor in a folder of `extract train`.

    Args:
        folder: with `extract.json`, weights (safetensors) and tokenizer.
        codec: read answers in another codec than the one that it was taught.

    Raises:
        MissingData: no such model there.
        MissingExtra: torch or transformers is not installed.
    """
    told = folder_of.read(folder)
    try:
        import torch
        from transformers import AutoModelForSeq2SeqLM, AutoModelForTokenClassification, AutoTokenizer
        from transformers.utils import logging

        from macaronic.extract.model import copier, tagger  # noqa: F401 (registers their kinds)
    except ImportError as error:
        raise MissingExtra("torch and transformers", "train") from error
    logging.disable_progress_bar()
    kind = AutoModelForTokenClassification if told.kind == "tag" else AutoModelForSeq2SeqLM
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(Path(folder), **options)
        model = kind.from_pretrained(Path(folder), use_safetensors=True, **options)
    except (OSError, ValueError) as error:
        first = (str(error).strip().splitlines() or [""])[0]
        raise MissingData(f"no model in {folder}: {first}\nTrain one: macaronic extract train.") from error
    if os.environ.get("OMP_NUM_THREADS") is None:
        torch.set_num_threads(1)
    if told.kind == "tag":
        return Tagging(told, model.eval(), tokenizer)
    return Generating(told, model.eval(), tokenizer, codec_named(codec or told.codec, dialect=_dialect(told.dialect)))


def _dialect(name: str) -> Literal["escaped", "compat"]:
    return cast(Literal["escaped", "compat"], name)


@dataclass(frozen=True, slots=True)
class Tagging:
    """Labels of characters as records.

    Args:
        about: what the folder says.
        model: a token classifier.
        tokenizer: its tokenizer.
    """

    about: About
    model: Any
    tokenizer: Any

    def answers(self, records: Sequence[Record], *, constrain: bool = True) -> list[Answer]:
        """One answer a record; with `constrain` only labels of the record's language, and no cut words."""
        import torch

        out: list[Answer | None] = [_unfit(record, self.about.context) for record in records]
        left = [i for i, answer in enumerate(out) if answer is None]
        rows = [first_tokens(self.tokenizer, characters(records[i].text)) for i in left]
        for i, (ids, _) in zip(left, rows):
            if len(ids) > self.about.context:
                out[i] = Answer(failed(TOO_LONG))
        fit = [(i, ids, places) for i, (ids, places) in zip(left, rows) if out[i] is None]
        if fit:
            batch = self.tokenizer.pad({"input_ids": [ids for _, ids, _ in fit]}, return_tensors="pt")
            with torch.inference_mode():
                logits = self.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
            scores = logits.float().log_softmax(-1).cpu().numpy()
            for (i, _, places), row in zip(fit, scores):
                out[i] = Answer(Decoded(self._read(records[i], row[places], constrain)))
        return [answer for answer in out if answer is not None]

    def _read(self, record: Record, scores: Any, constrain: bool) -> Record:
        schema = self.about.schema(record) if constrain else None
        return read_bio(record, scores, self.about.labels, schema=schema, whole=constrain and self.about.whole)


def first_tokens(tokenizer: Any, symbols: Sequence[str]) -> tuple[list[int], list[int]]:
    """The tokens of a mark and characters (see `bio.characters`), and where the first token of each stands.

    >>> from macaronic.extract.tokenizer import char_tokenizer
    >>> first_tokens(char_tokenizer(["abab"], marks=[MARK]), [MARK, "a", "é", "b"])[1]
    [0, 1, 2, 4]
    """
    told = tokenizer("".join(symbols[1:]), add_special_tokens=False, return_offsets_mapping=True)
    places = {start: i for i, (start, _) in reversed(list(enumerate(told["offset_mapping"], 1)))}
    ids = [tokenizer.convert_tokens_to_ids(MARK), *told["input_ids"]]
    return ids, [0, *(places[at] for at in range(len(symbols) - 1))]


@dataclass(frozen=True, slots=True)
class Generating:
    """Answers that a model writes, held to the grammar of records or free.

    Args:
        about: what the folder says.
        model: a sequence-to-sequence model.
        tokenizer: its tokenizer.
        codec: how answers are written.
        most: most tokens of an answer; no more than twice the text's and 32 either.
    """

    about: About
    model: Any
    tokenizer: Any
    codec: Codec
    most: int = MOST_NEW
    _grammars: dict[str, Grammar] = field(default_factory=dict, repr=False)
    _bytes: dict[int, bytes] = field(default_factory=dict, repr=False)

    def answers(self, records: Sequence[Record], *, constrain: bool = True) -> list[Answer]:
        """One answer a record; with `constrain` every one of them can be read."""
        out: list[Answer | None] = [_unfit(record, self.about.context) for record in records]
        left = [i for i, answer in enumerate(out) if answer is None]
        prompts = [self.codec.prompt(records[i]) for i in left]
        sources = [[*self.tokenizer(text)["input_ids"], self.tokenizer.eos_token_id] for text in prompts]
        fit = []
        for i, ids in zip(left, sources):
            if len(ids) > self.about.context:
                out[i] = Answer(failed(TOO_LONG))
            else:
                fit.append((i, ids))
        for i, output in zip([i for i, _ in fit], self._written([records[i] for i, _ in fit], fit, constrain)):
            record = records[i]
            schema = self.about.schema(record)
            out[i] = Answer(self.codec.decode(output, record.text, task=record.task, schema=schema), output)
        return [answer for answer in out if answer is not None]

    def _written(self, records: Sequence[Record], fit: Sequence[tuple[int, list[int]]], constrain: bool) -> list[str]:
        import torch

        from macaronic.synth.constrained import Constrained

        if not fit:
            return []
        batch = self.tokenizer.pad({"input_ids": [ids for _, ids in fit]}, return_tensors="pt")
        most = min(self.most, 2 * batch["input_ids"].shape[1] + 32)
        held = []
        if constrain:
            held = [Constrained([self._rule(record) for record in records], max_new_tokens=most)]
        with torch.inference_mode():
            made = self.model.generate(
                batch["input_ids"],
                attention_mask=batch["attention_mask"],
                max_new_tokens=most,
                do_sample=False,
                logits_processor=held,
            )
        return [self._spoken(row) for row in made.tolist()]

    def _spoken(self, ids: list[int]) -> str:
        """The text of tokens by their bytes: byte-level decoders garble letters such as ğ in whole pieces."""
        if not self._bytes:
            self._bytes.update(token_bytes(self.tokenizer))
        end = self.tokenizer.eos_token_id
        ids = ids[: ids.index(end)] if end in ids else ids
        return b"".join(self._bytes.get(i, b"") for i in ids).decode("utf-8", "replace")

    def _rule(self, record: Record) -> Any:
        schema = self.about.schema(record)
        key = f"{record.language}/{record.task}"
        if key not in self._grammars:
            ends = self.tokenizer.eos_token_id
            self._grammars[key] = grammar(self.codec, schema, self.tokenizer, whole=self.about.whole, eos=ends)
        return self._grammars[key].rule(record)


def _unfit(record: Record, context: int) -> Answer | None:
    """Why a text is not even shown to the model."""
    if not record.text.strip():
        return Answer(failed(EMPTY))
    return Answer(failed(TOO_LONG)) if len(record.text) > context else None
