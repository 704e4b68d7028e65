"""An encoder over characters that learns from a few thousand sentences: hashed n-grams, convolutions, attention.

Each character carries the n-grams of its neighbourhood (rows of a hashed table); gated convolutions look nearby and
attention, which knows no positions, at the whole text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import PretrainedConfig

WINDOWS = ((-1, 0), (0, 1), (-2, -1), (1, 2), (-2, -1, 0), (-1, 0, 1), (0, 1, 2))
"""Which neighbours make up each n-gram of a character."""
_PRIME, _MULTIPLIER = 2_147_483_647, 1_000_003


class CharConfig(PretrainedConfig):  # type: ignore[misc, unused-ignore]
    """The size of a character encoder, and of what stands on it.

    Args:
        vocab_size: number of characters that are told apart.
        width: of a character's vector; a multiple of 4.
        table: rows of the table that n-grams are hashed into.
        table_width: of a row.
        convolutions: layers that look nearby.
        attentions: layers that look at the whole text.
        reach: characters that a convolution sees, odd.
        dropout: share of numbers that are dropped in training.
        gram_dropout: share of n-grams that are dropped in training, so that names are not learnt by heart.
        unknown_dropout: share of characters that training hides.
        unk_token_id: what a hidden character becomes.
    """

    def __init__(
        self,
        vocab_size: int = 1000,
        width: int = 96,
        table: int = 65_536,
        table_width: int = 64,
        convolutions: int = 2,
        attentions: int = 1,
        reach: int = 5,
        dropout: float = 0.3,
        gram_dropout: float = 0.5,
        unknown_dropout: float = 0.1,
        unk_token_id: int = 3,
        **rest: Any,
    ) -> None:
        self.vocab_size = vocab_size
        self.width = width
        self.table, self.table_width = table, table_width
        self.convolutions, self.attentions, self.reach = convolutions, attentions, reach
        self.dropout, self.gram_dropout, self.unknown_dropout = dropout, gram_dropout, unknown_dropout
        self.unk_token_id = unk_token_id
        super().__init__(**rest)


class CharEncoder(nn.Module):  # type: ignore[misc, unused-ignore]
    """Characters to vectors.

    >>> encoder = CharEncoder(CharConfig(vocab_size=50, width=16, table=64, table_width=8))
    >>> ids = torch.randint(4, 50, (2, 7))
    >>> tuple(encoder(ids, torch.ones_like(ids)).shape)
    (2, 7, 16)
    """

    def __init__(self, config: CharConfig) -> None:
        super().__init__()
        self.config = config
        width, reach = config.width, config.reach
        self.letters = nn.Embedding(config.vocab_size, width)
        self.grams = nn.Embedding(config.table, config.table_width)
        self.widen = nn.Linear(config.table_width, width)
        self.near = nn.ModuleList(
            nn.Conv1d(width, 2 * width, reach, padding=reach // 2) for _ in range(config.convolutions)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(config.convolutions))
        self.far = nn.ModuleList(
            nn.TransformerEncoderLayer(width, 4, 2 * width, 0.1, batch_first=True, norm_first=True)
            for _ in range(config.attentions)
        )
        self.last = nn.LayerNorm(width)
        self.drop = nn.Dropout(config.dropout)
        nn.init.normal_(self.letters.weight, 0.0, 0.3)
        nn.init.normal_(self.grams.weight, 0.0, 0.05)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """ids of shape (batch, length) and 1 where a character stands, to (batch, length, width)."""
        there = mask.bool()
        x = self.drop(self.seen(ids, WINDOWS)) * there[..., None]
        for convolution, norm in zip(self.near, self.norms):
            around = convolution((norm(x) * there[..., None]).transpose(1, 2))
            x = x + self.drop(functional.glu(around, dim=1).transpose(1, 2)) * there[..., None]
        for attention in self.far:
            x = attention(x, src_key_padding_mask=~there)
        return self.drop(self.last(x))

    def seen(self, ids: Tensor, windows: Sequence[Sequence[int]]) -> Tensor:
        """The vectors of characters and of the n-grams around them; in training some of both are hidden."""
        vectors = self.grams(hashed(ids, windows) % self.config.table)
        if self.training:
            kept = torch.rand(vectors.shape[:3], device=ids.device) >= self.config.gram_dropout
            vectors = vectors * kept[..., None] / (1 - self.config.gram_dropout)
            hidden = torch.rand(ids.shape, device=ids.device) < self.config.unknown_dropout
            ids = torch.where(hidden & (ids > self.config.unk_token_id), self.config.unk_token_id, ids)
        return self.letters(ids) + self.widen(vectors.sum(2))


def hashed(ids: Tensor, windows: Sequence[Sequence[int]]) -> Tensor:
    """A number for each n-gram around each character, the same wherever the n-gram stands.

    Args:
        ids: shape (batch, length).
        windows: places relative to the character, -3 to 3; beyond the text stands 0.

    Returns:
        shape (batch, length, number of windows).

    >>> rows = hashed(torch.tensor([[5, 6, 5, 6]]), WINDOWS)
    >>> bool(rows[0, 1, 0] == rows[0, 3, 0]), bool(rows[0, 1, 0] == rows[0, 2, 0])
    (True, False)
    """
    length, padded = ids.shape[1], functional.pad(ids, (3, 3))
    found = []
    for number, window in enumerate(windows):
        value = torch.full_like(ids, 17 + 7919 * number)
        for at in window:
            value = (value * _MULTIPLIER + padded[:, 3 + at : 3 + at + length]) % _PRIME
        found.append(value)
    return torch.stack(found, dim=-1)
