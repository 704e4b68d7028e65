"""A tokenizer of characters: rare ones fall apart into bytes, and the fixed pieces of answers are one token each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

PAD, BEGIN, END, UNKNOWN = "[PAD]", "[BEGIN]", "[END]", "[HIDDEN]"
MOST_PIECES = 2000


def char_tokenizer(texts: Iterable[str], *, pieces: Sequence[str] = (), marks: Sequence[str] = ()) -> Any:
    """Learn a tokenizer of characters.

    No token spans two characters, so that a name has the same tokens in a text and in an answer; no text is lost.

    Args:
        texts: what the characters are taken from; those that stand once fall apart into bytes.
        pieces: fixed pieces of answers; with more than 2,000 of them (open labels) none becomes a token.
        marks: further special tokens.

    Returns:
        A `PreTrainedTokenizerFast` with padding 0, beginning 1, end 2 and hidden characters 3.

    >>> tokenizer = char_tokenizer(["東京 東京"], pieces=["Place;"])
    >>> [tokenizer.decode([i]) for i in tokenizer("東京Place;").input_ids]
    ['東', '京', 'Place;']
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=100_000,
        min_frequency=2,
        show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        special_tokens=[PAD, BEGIN, END, UNKNOWN, *marks],
    )
    tokenizer.train_from_iterator(texts, trainer)
    fixed = [piece for piece in dict.fromkeys(pieces) if len(piece) > 1]
    if len(fixed) <= MOST_PIECES:
        tokenizer.add_tokens([AddedToken(piece, normalized=False) for piece in fixed])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        bos_token=BEGIN,
        eos_token=END,
        clean_up_tokenization_spaces=False,
        model_max_length=512,
    )
