"""A tokenizer learnt from the bundled text, and a language model without any training."""

from functools import cache
from typing import Any

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from macaronic import bundled


@cache
def lines() -> list[str]:
    """English, romanised Hindi and mixed sentences."""
    rows = bundled.parallel()
    return [row[tag] for tag in ("en", "hi-Latn") for row in rows] + [s.text for s in bundled.mixed("hi-Latn/en")]


@cache
def byte_level(size: int = 400) -> Tokenizer:
    """Byte-level pieces, as GPT-2 has them: a word behind a space starts with a mark of its own."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines(), trainer)
    return tokenizer


@cache
def metaspace(size: int = 300) -> Tokenizer:
    """Pieces as SentencePiece has them: each word starts with ▁."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=["</s>", "<unk>"], show_progress=False)
    tokenizer.train_from_iterator(lines(), trainer)
    return tokenizer


@cache
def prepended(size: int = 300) -> Tokenizer:
    """Pieces as older SentencePiece conversions have them: ▁ comes before whatever is cut, even before a space."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=["</s>", "<unk>"], show_progress=False)
    tokenizer.train_from_iterator(lines(), trainer)
    return tokenizer


def random_model(vocabulary: int, *, seed: int = 3) -> Any:
    """A GPT-2 of about 60,000 parameters with random weights."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(seed)
    config = GPT2Config(
        vocab_size=vocabulary, n_positions=128, n_embd=48, n_layer=1, n_head=2, bos_token_id=0, eos_token_id=0
    )
    return GPT2LMHeadModel(config).eval()
