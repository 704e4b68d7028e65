"""What the exchangeable parts look like: a scripted fake, a local model and an API all fit the same shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

S = TypeVar("S")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Tagged:
    """A label and a confidence in [0, 1] for each word of one sentence."""

    labels: list[str]
    confidence: list[float]


@runtime_checkable
class Tagger(Protocol):
    """Gives each word a label."""

    def tag(self, sentences: list[list[str]], languages: Sequence[str] | None = None) -> list[Tagged]:
        """One `Tagged` a sentence, with as many labels as words; `languages` narrows the choice."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What a language model said: the text, why it stopped, tokens used, and log-probabilities where known."""

    text: str
    finish: str = "stop"
    usage: Mapping[str, int] = field(default_factory=dict)
    logprobs: tuple[float, ...] | None = None


@runtime_checkable
class LM(Protocol):
    """A language model that answers messages."""

    async def reply(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        max_tokens: int,
        temperature: float,
        seed: int | None,
        stop: Sequence[str],
    ) -> Reply:
        """The model's answer to a conversation."""
        ...


@runtime_checkable
class Embedder(Protocol):
    """Maps texts to vectors."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, shape (n, d), float32."""
        ...


@runtime_checkable
class Translator(Protocol):
    """Translates texts between two languages."""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """One translation a text."""
        ...


class Executor(Protocol):
    """Runs a function over shards, here or elsewhere, and gives the results in shard order."""

    def map(self, fn: Callable[[S], R], shards: Sequence[S], *, key: Callable[[S], str] | None = None) -> Iterator[R]:
        """`fn` (a module-level function) of every shard; `key` names a finished shard so that it can be reused."""
        ...
