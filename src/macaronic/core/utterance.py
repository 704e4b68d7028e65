"""One piece of text with what is known about its words.

The text is never changed: tokens are offsets into it (in code points), and everything else points at tokens
or at offsets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from macaronic.core.errors import FormatError

Labels = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of text: code points `start` to `end` (exclusive) in a named layer."""

    layer: str
    label: str
    start: int
    end: int
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A labelled arrow from one span (`head`, a span id) to another (`tail`)."""

    type: str
    head: str
    tail: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """Untouched text, its tokens, and layers of labels over them.

    Args:
        text: the text as it came.
        id: a name that is unique in its corpus.
        tokens: (start, end) offsets in code points, ascending, not overlapping.
        layers: layer name -> one label (or None) a token; `lang` holds word languages.
        spans: labelled stretches of text.
        relations: arrows between spans.
        labels: labels of the whole utterance, such as `lang` or `sentiment`.
        meta: anything else that came with it (JSON-like).

    Raises:
        FormatError: offsets outside the text or out of order, or a layer of the wrong length.

    >>> u = Utterance("yaar, chill", tokens=((0, 4), (4, 5), (6, 11)), layers={"lang": ("hi-Latn", "other", "en")})
    >>> u.words
    ('yaar', ',', 'chill')
    """

    text: str
    id: str = ""
    tokens: tuple[tuple[int, int], ...] = ()
    layers: Mapping[str, Labels] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        last = 0
        for start, end in self.tokens:
            if not last <= start < end <= len(self.text):
                raise FormatError(
                    f"token offsets must ascend inside the text (0 to {len(self.text)}); got ({start}, {end})", self.id
                )
            last = end
        for name, labels in self.layers.items():
            if len(labels) != len(self.tokens):
                raise FormatError(
                    f"layer {name!r} needs one label a token ({len(self.tokens)}); got {len(labels)}", self.id
                )
        for span in self.spans:
            if not 0 <= span.start <= span.end <= len(self.text):
                raise FormatError(f"span ({span.start}, {span.end}) lies outside the text", self.id)

    @property
    def words(self) -> tuple[str, ...]:
        """The tokens' strings, in order."""
        return tuple(self.text[start:end] for start, end in self.tokens)

    @property
    def langs(self) -> Labels:
        """The language layer; all None when nothing is identified yet."""
        return self.layers.get("lang", (None,) * len(self.tokens))

    def with_layer(self, name: str, labels: Sequence[str | None]) -> Utterance:
        """The same utterance with one token layer added or replaced."""
        return replace(self, layers={**self.layers, name: tuple(labels)})

    @classmethod
    def from_words(
        cls,
        words: Iterable[str],
        *,
        layers: Mapping[str, Sequence[str | None]] | None = None,
        text: str | None = None,
        id: str = "",
        labels: Mapping[str, str] | None = None,
        meta: Mapping[str, Any] | None = None,
    ) -> Utterance:
        """An utterance from words that are already split.

        Without `text` the words are joined by single spaces; with it each word is looked up from left to right.

        Raises:
            FormatError: a word that does not occur in `text` behind the one before it.

        >>> Utterance.from_words(["so", "chill"], layers={"lang": ["en", "en"]}).tokens
        ((0, 2), (3, 8))
        """
        words = list(words)
        whole = " ".join(words) if text is None else text
        tokens, at = [], 0
        for word in words:
            start = whole.find(word, at)
            if start < 0 or not word:
                raise FormatError(f"the word {word!r} does not stand in the text behind offset {at}", id)
            at = start + len(word)
            tokens.append((start, at))
        frozen = {name: tuple(values) for name, values in (layers or {}).items()}
        return cls(whole, id, tuple(tokens), frozen, labels=dict(labels or {}), meta=dict(meta or {}))
