"""Which token ids a decoder may give next: the sub-words of the sources, punctuation, and the end of the sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError

Ids = NDArray[np.int64]
PUNCTUATION = ".,;:!?'\"()-–…।॥؟،。，！？"
"""What may always stand in a sentence."""

_PROBES = ("a", "1", "x", "?")


class Allowed(Protocol):
    """Says which token ids may follow; the end of the sentence counts as a token."""

    @property
    def eos(self) -> tuple[int, ...]:
        """The ids that end a sentence."""
        ...

    def following(self, generated: Sequence[int], left: int | None = None) -> Ids:
        """The ids that may come next, ascending and never empty, after `generated`, with `left` tokens to go."""
        ...


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The same ids at every step.

    Args:
        ids: the ids that may be used, ascending, those in `eos` among them.
        eos: the ids that end a sentence.

    >>> Vocabulary.of([5, 3, 5], eos=1).following([3]).tolist()
    [1, 3, 5]
    """

    ids: Ids
    eos: tuple[int, ...]

    @classmethod
    def of(cls, ids: Iterable[int], *, eos: int | Sequence[int]) -> Vocabulary:
        """A vocabulary of these ids and the ends of a sentence."""
        ends = ends_of(eos)
        return cls(np.unique(np.array([*ids, *ends], dtype=np.int64)), ends)

    def following(self, generated: Sequence[int], left: int | None = None) -> Ids:
        """The ids that may come next: always all of them."""
        return self.ids


def ends_of(eos: int | Sequence[int]) -> tuple[int, ...]:
    """The ids that end a sentence, as a tuple; at least one, so that decoding can always stop.

    Raises:
        UsageError: there is none.

    >>> ends_of(2), ends_of([2, 7])
    ((2,), (2, 7))
    """
    ends = (eos,) if isinstance(eos, int) else tuple(eos)
    if not ends or any(end is None or end < 0 for end in ends):
        raise UsageError("expected the id of at least one token that ends a sentence, got none\nPass eos=...")
    return ends


def allowed_ids(
    tokenizer: Any,
    texts: Sequence[str],
    *,
    extra: str | Sequence[str] = PUNCTUATION,
    eos: int | Sequence[int] | None = None,
) -> Vocabulary:
    """The sub-words of the sources as a vocabulary for decoding.

    Each text is cut as it stands, and each of its words also as the first of a sentence and as it is cut behind a
    space, because the output may use a word at another place than the source does.

    Args:
        tokenizer: a tokenizer of Hugging Face `transformers` or `tokenizers`.
        texts: the sources, in the letters that the output shall have (see `sources`).
        extra: characters or strings that may be used besides.
        eos: ids of the tokens that end a sentence; those of the tokenizer when left out.

    Returns:
        A vocabulary; `.ids` are its ids, ascending.

    Raises:
        UsageError: the end of a sentence is not known.

    Source: S060, constrained decoding for subtask 1.

    >>> from tokenizers import Tokenizer
    >>> from tokenizers.models import WordLevel
    >>> from tokenizers.pre_tokenizers import Whitespace
    >>> cut = Tokenizer(WordLevel({"</s>": 0, "<unk>": 1, "the": 2, "road": 3, "band": 4, "hai": 5, ".": 6}, "<unk>"))
    >>> cut.pre_tokenizer = Whitespace()
    >>> allowed_ids(cut, ["the road", "hai"], eos=0, extra=".").ids.tolist()
    [0, 2, 3, 5, 6]
    """
    listed = list(dict.fromkeys(word for text in texts for word in text.split()))
    inside = [f" {word}" for word in listed] + [form for mark in extra for form in (mark, f" {mark}")]
    cuts = [*token_ids(tokenizer, [*texts, *listed, *extra]), *behind(tokenizer, inside)]
    ids = {number for own in cuts for number in own}
    return Vocabulary.of(ids - unknown_ids(tokenizer), eos=eos_of(tokenizer) if eos is None else eos)


def token_ids(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    """The token ids of texts, without the marks of a sentence's ends.

    Args:
        tokenizer: of `tokenizers` or of `transformers`.
        texts: what to cut.
    """
    if not texts:
        return []
    if hasattr(tokenizer, "encode_batch"):
        return [cut.ids for cut in tokenizer.encode_batch(list(texts), add_special_tokens=False)]
    return [list(ids) for ids in tokenizer(list(texts), add_special_tokens=False)["input_ids"]]


def behind(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    """The token ids of texts as they are cut behind other text, where some tokenizers write no start of a word.

    A text is cut behind a probe and the probe's tokens are taken off; where they melt into the text for every probe,
    the text is cut alone.

    Args:
        tokenizer: of `tokenizers` or of `transformers`.
        texts: what to cut; with a space in front for the start of a word.
    """
    cuts: list[list[int] | None] = [None] * len(texts)
    for probe, head in zip(_PROBES, token_ids(tokenizer, _PROBES)):
        left = [i for i, own in enumerate(cuts) if own is None]
        for i, own in zip(left, token_ids(tokenizer, [probe + texts[i] for i in left])):
            if head and own[: len(head)] == head and len(own) > len(head):
                cuts[i] = own[len(head) :]
    alone = iter(token_ids(tokenizer, [text for text, own in zip(texts, cuts) if own is None]))
    return [next(alone) if own is None else own for own in cuts]


def unknown_ids(tokenizer: Any) -> set[int]:
    """The ids that stand for what a tokenizer does not know; they are never allowed."""
    if hasattr(tokenizer, "unk_token_id"):
        return set() if tokenizer.unk_token_id is None else {int(tokenizer.unk_token_id)}
    name = getattr(tokenizer.model, "unk_token", None)
    number = tokenizer.token_to_id(name) if isinstance(name, str) else None
    return set() if number is None else {number}


def eos_of(tokenizer: Any) -> int:
    """The id of the token that ends a sentence, where a tokenizer of `transformers` says it.

    Raises:
        UsageError: the tokenizer does not say it.
    """
    number = getattr(tokenizer, "eos_token_id", None)
    if number is None:
        raise UsageError("expected a tokenizer with an eos token, got one without\nPass eos=... with its id.")
    return int(number)
