"""Records as what a model is trained on: token ids and labels, with what does not fit counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from macaronic.core.problems import Problems
from macaronic.extract.about import About
from macaronic.extract.bio import CLASS, bio, characters
from macaronic.extract.codecs.codec import Codec
from macaronic.extract.extractor import first_tokens
from macaronic.extract.record import Record

IGNORED = -100
Features = dict[str, list[int]]


def tagged(records: Iterable[Record], about: About, tokenizer: Any, problems: Problems) -> list[Features]:
    """A label a character, and the class of the text at the mark before it; further bytes of a character count not.

    Args:
        records: with located spans.
        about: `labels` and `context`.
        tokenizer: of `char_tokenizer`.
        problems: where texts over the context are counted.
    """
    numbers = {name: i for i, name in enumerate(about.labels)}
    out = []
    for record in records:
        ids, places = first_tokens(tokenizer, characters(record.text))
        if _too_long(record, len(ids), about, problems):
            continue
        labels = [IGNORED] * len(ids)
        for place, name in zip(places, bio(record)):
            labels[place] = numbers.get(name, IGNORED)
        if not record.text_label:
            labels[0] = numbers.get(CLASS, IGNORED)
        out.append({"input_ids": ids, "attention_mask": [1] * len(ids), "labels": labels})
    return out


def written(
    records: Iterable[Record], about: About, codec: Codec, tokenizer: Any, problems: Problems
) -> list[Features]:
    """The prompt as source and the codec's answer as target; the loss counts the answer alone.

    Args:
        records: what is to be learnt.
        about: `context`.
        codec: of prompts and answers.
        tokenizer: of `char_tokenizer`.
        problems: where texts and answers over the context are counted.
    """
    end = tokenizer.eos_token_id
    out = []
    for record in records:
        ids = [*tokenizer(codec.prompt(record))["input_ids"], end]
        labels = [*tokenizer(codec.encode(record))["input_ids"], end]
        if not _too_long(record, max(len(ids), len(labels)), about, problems):
            out.append({"input_ids": ids, "attention_mask": [1] * len(ids), "labels": labels})
    return out


def padded(rows: Sequence[Features]) -> dict[str, Any]:
    """Rows as tensors of one length: padding 0, no attention there, no loss.

    >>> {k: tuple(v.shape) for k, v in padded([{"input_ids": [4], "attention_mask": [1], "labels": [5, 2]}]).items()}
    {'input_ids': (1, 1), 'attention_mask': (1, 1), 'labels': (1, 2)}
    """
    import torch

    out = {}
    for name, filler in (("input_ids", 0), ("attention_mask", 0), ("labels", IGNORED)):
        longest = max(len(row[name]) for row in rows)
        out[name] = torch.tensor([row[name] + [filler] * (longest - len(row[name])) for row in rows])
    return out


def _too_long(record: Record, tokens: int, about: About, problems: Problems) -> bool:
    if tokens > about.context:
        problems.add(record.id or "record", 0, f"{tokens} tokens, over {about.context}", kind="over the context")
    return tokens > about.context
