"""Proxies: anything that takes a mixture and says how well a model that learnt it predicts each target.

A proxy is a frozen dataclass, so that it can be sent to another process and so that its settings are its identity.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import MissingExtra
from macaronic.mix.ngram_lm import NgramLM, learn, log_probabilities, padded
from macaronic.mix.texts import Part, draw, load

Floats = NDArray[np.float64]


class Proxy(Protocol):
    """From a mixture to losses."""

    def settings(self) -> Mapping[str, str | int | float]:
        """Everything that a loss depends on besides mixture and seed."""
        ...

    def __call__(self, weights: Mapping[str, float], *, seed: int) -> dict[str, float]:
        """Target -> loss, lower is better."""
        ...


@dataclass(frozen=True, slots=True)
class NgramProxy:
    """Learns an n-gram model from texts drawn in the shares of the mixture: well below a second.

    Args:
        path: prepared texts (`texts.save`).
        fingerprint: of that file, so that other texts are other proxies.
        budget: how many symbols it learns from.
        order: the longest n-gram.
    """

    kind: ClassVar[str] = "ngram"
    path: str
    fingerprint: str
    budget: int
    order: int = 5

    def settings(self) -> dict[str, str | int | float]:
        """Its identity: all but where the file stands."""
        return _settings(self, self.kind)

    def __call__(self, weights: Mapping[str, float], *, seed: int) -> dict[str, float]:
        """Target -> nats a symbol."""
        texts = load(self.path)
        part = draw(texts, weights, self.budget, seed=seed)
        model = learn(part.symbols, part.offsets, vocabulary=texts.size, order=self.order)
        return {name: float(document_losses(model, held).sum()) / _events(held) for name, held in texts.held.items()}


@dataclass(frozen=True, slots=True)
class TinyProxy:
    """Teaches a small transformer texts drawn in the shares of the mixture: seconds to minutes, on one thread.

    Args:
        path: prepared texts (`texts.save`).
        fingerprint: of that file.
        budget: how many symbols of different text there are to learn from.
        tokens: how many symbols it sees in all; above the budget it sees them again.
        width: of the model.
        layers: of the model.
        context: how many symbols it sees at once.
        device: `cpu`, `cuda` (the first GPU that is visible), `cuda:1`; no part of its identity, though only a CPU
            gives the same bits every time.
    """

    kind: ClassVar[str] = "tiny"
    path: str
    fingerprint: str
    budget: int
    tokens: int = 200_000
    width: int = 64
    layers: int = 2
    context: int = 64
    device: str = "cpu"

    def settings(self) -> dict[str, str | int | float]:
        """Its identity: all but where the file stands and where it computes."""
        return _settings(self, self.kind)

    def __call__(self, weights: Mapping[str, float], *, seed: int) -> dict[str, float]:
        """Target -> nats a symbol.

        Raises:
            MissingExtra: torch is not installed.
        """
        try:
            from macaronic.nn.tiny_lm import Shape, Training, losses, teach
        except ImportError as error:
            raise MissingExtra("torch", "local") from error
        texts = load(self.path)
        part = draw(texts, weights, self.budget, seed=seed)
        stream, _ = padded(part.symbols, part.offsets, 2)
        shape = Shape(texts.size, width=self.width, layers=self.layers, context=self.context)
        model = teach(stream, shape, Training(tokens=self.tokens, seed=seed), device=self.device)
        return {
            name: float(losses(model, held.symbols, held.offsets).sum()) / _events(held)
            for name, held in texts.held.items()
        }


def _settings(proxy: NgramProxy | TinyProxy, kind: str) -> dict[str, str | int | float]:
    own = {field.name: getattr(proxy, field.name) for field in dataclasses.fields(proxy)}
    return {"kind": kind, **{name: value for name, value in own.items() if name not in ("path", "device")}}


def _events(part: Part) -> int:
    return len(part.symbols) + part.documents


def document_losses(model: NgramLM, part: Part) -> Floats:
    """Nats of each document with its end, shape (documents,).

    >>> model = learn(np.array([3, 3]), np.array([0, 2]), vocabulary=5, order=1)
    >>> document_losses(model, Part(np.array([3, 3, 3]), np.array([0, 1, 3]))).shape
    (2,)
    """
    nats = -log_probabilities(model, part.symbols, part.offsets)
    return np.add.reduceat(nats, part.offsets[:-1] + np.arange(part.documents))
