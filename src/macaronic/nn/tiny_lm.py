"""A small transformer language model that learns on one processor in seconds to minutes, the same way every time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a model is.

    Args:
        vocabulary: number of symbols.
        width: of a symbol's vector; a multiple of `heads`.
        layers: of attention.
        heads: a layer.
        context: how many symbols are seen at once.

    >>> Shape(300).parameters < 200_000
    True
    """

    vocabulary: int
    width: int = 64
    layers: int = 2
    heads: int = 4
    context: int = 128

    @property
    def parameters(self) -> int:
        """How many numbers are learnt; the last layer shares the symbols' vectors."""
        block = 12 * self.width**2 + 13 * self.width
        return (self.vocabulary + self.context) * self.width + self.layers * block + 2 * self.width


class Block(nn.Module):  # type: ignore[misc, unused-ignore]
    """Causal attention and a two-layer network, each after a normalisation and added to its input."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.first = nn.LayerNorm(shape.width)
        self.mix = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.second = nn.LayerNorm(shape.width)
        self.up = nn.Linear(shape.width, 4 * shape.width)
        self.down = nn.Linear(4 * shape.width, shape.width)

    def forward(self, x: Tensor) -> Tensor:
        """x of shape (batch, length, width) to the same shape."""
        batch, length, width = x.shape
        parts = self.mix(self.first(x)).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.out(seen.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(functional.gelu(self.up(self.second(x))))


class TinyLM(nn.Module):  # type: ignore[misc, unused-ignore]
    """A decoder-only transformer with learnt positions and tied symbol vectors.

    Args:
        shape: its size.
        seed: what its first numbers depend on.

    Source: Radford et al. 2019 (GPT-2), section 2.3, at a small size.

    >>> model = TinyLM(Shape(50, width=16, layers=1, heads=2, context=8), seed=0)
    >>> tuple(model(torch.zeros(2, 8, dtype=torch.long)).shape)
    (2, 8, 50)
    """

    def __init__(self, shape: Shape, *, seed: int) -> None:
        super().__init__()
        self.shape = shape
        self.symbols = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Embedding(shape.context, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.last = nn.LayerNorm(shape.width)
        _begin(self, seed, shape.layers)

    def forward(self, symbols: Tensor) -> Tensor:
        """Logits of the next symbol, shape (batch, length, vocabulary)."""
        x = self.symbols(symbols) + self.places(torch.arange(symbols.shape[1], device=symbols.device))
        for block in self.blocks:
            x = block(x)
        return functional.linear(self.last(x), self.symbols.weight)

    def step(self, symbols: Sequence[int]) -> NDArray[np.float32]:
        """The logits of the symbol after these, shape (vocabulary,); the last `context` of them count.

        It is what `synth.constrained.decode` takes, so that a tiny model can be held to an allowed vocabulary.

        >>> TinyLM(Shape(50, width=16, layers=1, heads=2, context=8), seed=0).step([1, 2, 3]).shape
        (50,)
        """
        seen = torch.tensor([list(symbols)[-self.shape.context :]], device=self.symbols.weight.device)
        with torch.no_grad():
            logits: NDArray[np.float32] = self(seen)[0, -1].float().cpu().numpy()
        return logits


def _begin(model: nn.Module, seed: int, layers: int) -> None:
    """Set every number from the seed alone."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in sorted(model.named_parameters()):
            if value.dim() < 2:
                value.fill_(1.0 if name.endswith("weight") else 0.0)
            else:
                scale = 0.02 / math.sqrt(2 * layers) if name.endswith(("out.weight", "down.weight")) else 0.02
                value.copy_(torch.randn(value.shape, generator=generator) * scale)


@dataclass(frozen=True, slots=True)
class Training:
    """How a model is taught.

    Args:
        tokens: how many symbols it sees in all.
        batch: sequences a step.
        rate: the highest learning rate; it rises over the first tenth of the steps and falls to a tenth (cosine).
        seed: what the first numbers and the order of the sequences depend on.
    """

    tokens: int = 200_000
    batch: int = 16
    rate: float = 3e-3
    seed: int = 0


def teach(stream: Ints, shape: Shape, training: Training, *, device: str = "cpu") -> TinyLM:
    """Teach a model a stream of symbols by AdamW, on one thread when on a CPU.

    Args:
        stream: symbols one after the other, below `shape.vocabulary`, at least one, shape (n,).
        shape: the model's size.
        training: how long and how fast.
        device: `cpu`, `cuda`, `cuda:1`, ...

    Returns:
        the model; on a CPU the same numbers every time.

    >>> stream = np.tile(np.arange(3, 7), 50)
    >>> small = Shape(8, width=16, layers=1, heads=2, context=8)
    >>> model = teach(stream, small, Training(tokens=4000, batch=4, rate=1e-2))
    >>> bool(losses(model, stream[:16], np.array([0, 16])).sum() < 25)  # 17 symbols; all alike would be 35 nats
    True
    """
    steps = max(1, training.tokens // (training.batch * shape.context))
    rng = np.random.default_rng([training.seed, 1])
    model = TinyLM(shape, seed=training.seed)
    model.to(device)
    learner = torch.optim.AdamW(model.parameters(), lr=training.rate, betas=(0.9, 0.95), weight_decay=0.1)
    whole = np.tile(stream, -(-(shape.context + 2) // len(stream)))
    with one_thread():
        for step in range(steps):
            for group in learner.param_groups:
                group["lr"] = training.rate * _pace(step, steps)
            starts = rng.integers(0, len(whole) - shape.context, training.batch)
            rows = torch.from_numpy(whole[starts[:, None] + np.arange(shape.context + 1)]).to(device)
            loss = functional.cross_entropy(model(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())
            learner.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            learner.step()
    return model


def _pace(step: int, steps: int) -> float:
    rise = max(1, steps // 10)
    if step < rise:
        return (step + 1) / rise
    return 0.1 + 0.45 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def losses(model: TinyLM, symbols: Ints, offsets: Ints, *, begin: int = 0, end: int = 1) -> Floats:
    """Nats of each document, its end with it, when the model reads it from its beginning.

    Args:
        model: what was taught.
        symbols: documents one after the other, shape (n,).
        offsets: where each begins, and the end, shape (documents + 1,).
        begin: the symbol that stands before a document.
        end: the symbol that closes one.

    Returns:
        shape (documents,).
    """
    out = np.zeros(len(offsets) - 1)
    context = model.shape.context
    device = model.symbols.weight.device
    pieces = []
    for i, (a, b) in enumerate(pairwise(offsets.tolist())):
        row = np.concatenate([[begin], symbols[a:b], [end]])
        pieces += [(i, row[at : at + context + 1]) for at in range(0, len(row) - 1, context)]
    pieces.sort(key=lambda piece: len(piece[1]))
    with one_thread(), torch.no_grad():
        for at in range(0, len(pieces), 64):
            some = pieces[at : at + 64]
            longest = len(some[-1][1])
            rows = np.full((len(some), longest), -100, np.int64)
            for j, (_, piece) in enumerate(some):
                rows[j, : len(piece)] = piece
            given = torch.from_numpy(rows).to(device)
            logits = model(given[:, :-1].clamp(min=0))
            each = functional.cross_entropy(logits.flatten(0, 1), given[:, 1:].flatten(), reduction="none")
            nats = each.view(len(some), -1).sum(1).cpu().double().numpy()
            np.add.at(out, [i for i, _ in some], nats)
    return out


@contextmanager
def one_thread() -> Iterator[None]:
    """While it is open torch computes on one thread; the number before is put back."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
