"""The tokenizer of a run: learnt from the data (byte-level BPE), or one that exists."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from macaronic.core.errors import MissingData

PAD, BOS, EOS, MASK = "<pad>", "<bos>", "<eos>", "<mask>"
SPECIAL = (PAD, BOS, EOS, MASK)
LEARN_FROM = 200_000
"""Texts; more change a small vocabulary little."""


def learn(texts: Iterable[str], pieces: int) -> Any:
    """A byte-level BPE tokenizer of the texts: any text in any script comes back unchanged.

    Args:
        texts: to learn from; the first `LEARN_FROM` count.
        pieces: vocabulary without the four special tokens, at least 256 (the bytes); fewer when the texts have no more.

    Returns:
        a `PreTrainedTokenizerFast` with pad, bos, eos and mask.

    >>> tokenizer = learn(["नमस्ते world"] * 9, 260)
    >>> len(tokenizer), tokenizer.decode(tokenizer("नमस्ते 🙂")["input_ids"])
    (264, 'नमस्ते 🙂')
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    model = Tokenizer(models.BPE())
    model.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    model.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=pieces + len(SPECIAL),
        special_tokens=list(SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    model.train_from_iterator(_known(texts), trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=model,
        pad_token=PAD,
        bos_token=BOS,
        eos_token=EOS,
        mask_token=MASK,
        clean_up_tokenization_spaces=False,
        padding_side="right",
    )


def _known(texts: Iterable[str]) -> Iterator[str]:
    return (text for text in islice(texts, LEARN_FROM) if text)


def existing(name: str, *, offline: bool) -> Any:
    """A tokenizer from a folder or by its hub id, with a pad token.

    Raises:
        MissingData: it is not on this machine, or not a fast one.
    """
    from transformers import AutoTokenizer

    try:
        found = AutoTokenizer.from_pretrained(name, local_files_only=offline or Path(name).is_dir())
    except (OSError, ValueError) as error:
        first = (str(error).strip().splitlines() or [""])[0]
        raise MissingData(
            f"no tokenizer at {name!r}: {first}\nExpected a folder, or a hub id with offline = false."
        ) from error
    if found.pad_token_id is None:
        found.pad_token = found.eos_token
    return found
