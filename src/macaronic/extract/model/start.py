"""An extractor's network before it has learnt anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from macaronic.extract.model.copier import Copier, CopierConfig
from macaronic.extract.model.tagger import CharTagger, CharTaggerConfig


def model(
    kind: str, size: Mapping[str, int], tokenizer: Any, labels: Sequence[str], *, seed: int
) -> Copier | CharTagger:
    """A network of a size for a tokenizer, its first numbers set by the seed.

    Args:
        kind: `tag` or `generate`.
        size: fields of `CharConfig`.
        tokenizer: of `char_tokenizer`.
        labels: of a `tag` network.
        seed: any whole number from 0; the state of torch's own generator is put back.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if kind == "tag":
            names = dict(enumerate(labels))
            numbers = {label: i for i, label in enumerate(labels)}
            config = CharTaggerConfig(vocab_size=len(tokenizer), id2label=names, label2id=numbers, **size)
            return CharTagger(config)
        return Copier(CopierConfig(vocab_size=len(tokenizer), **size))
