"""Whole words only: a trie over the token ids of each allowed word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.synth.constrained.vocabulary import PUNCTUATION, Ids, behind, ends_of, eos_of, token_ids, unknown_ids
from macaronic.text.words import words as word_tokens


@dataclass(slots=True, eq=False)
class Node:
    """A place in the trie.

    Args:
        next: token id -> place after it.
        ends: whether a word ends here.
        least: how many tokens at least until a word ends.
    """

    next: dict[int, Node] = field(default_factory=dict)
    ends: bool = False
    least: int = 0


@dataclass(frozen=True, slots=True)
class WholeWords:
    """Only whole allowed words, punctuation behind them, and an end of the sentence where a word has ended.

    Args:
        start: the trie of what may begin a sentence.
        inner: the trie of what may follow a word: words behind a space, punctuation.
        eos: the ids that end a sentence.
    """

    start: Node
    inner: Node
    eos: tuple[int, ...]

    def following(self, generated: Sequence[int], left: int | None = None) -> Ids:
        """The ids that may come next: only those from which a word can still end within `left` tokens."""
        open_nodes, complete = self._state(generated)
        roots = [*open_nodes, self.inner] if complete and generated else open_nodes
        room = np.inf if left is None else left
        ids = {number for node in roots for number, after in node.next.items() if after.least < room}
        if complete or not ids:
            ids |= set(self.eos)
        return np.array(sorted(ids), dtype=np.int64)

    def complete(self, generated: Sequence[int]) -> bool:
        """Whether no word is left unfinished."""
        return self._state(generated)[1]

    def _state(self, generated: Sequence[int]) -> tuple[list[Node], bool]:
        """The places inside words where the tokens may stand, and whether a word may have ended there."""
        nodes, complete = [self.start], True
        for place, number in enumerate(generated):
            if number in self.eos:
                break
            roots = [*nodes, self.inner] if complete and place else nodes
            nodes = [after for node in roots if (after := node.next.get(number))]
            complete = any(node.ends for node in nodes)
        return nodes, complete


def whole_words(
    tokenizer: Any,
    texts: Iterable[str],
    *,
    extra: str | Sequence[str] = PUNCTUATION,
    eos: int | Sequence[int] | None = None,
) -> WholeWords:
    """Allow the words of the sources as wholes.

    For tokenizers that mark the start of a word (`Ġ`, `▁`), as those of today's language models do; with others the
    tokens of two words in a row cannot be told from those of one long word. A word that the tokenizer cannot write
    without its unknown token is left out.

    Args:
        tokenizer: a tokenizer of Hugging Face `transformers` or `tokenizers`.
        texts: the sources; their word tokens are the allowed words.
        extra: characters or strings that may follow a word.
        eos: ids of the tokens that end a sentence; those of the tokenizer when left out.

    Raises:
        UsageError: no word is left, or the end of a sentence is not known.

    Source: ours; S060 allows sub-words.

    >>> from tokenizers import Tokenizer, models, pre_tokenizers
    >>> cut = Tokenizer(models.BPE({"</s>": 0, "▁": 1, "a": 2, "b": 3, "▁a": 4, ".": 5}, [("▁", "a")]))
    >>> cut.pre_tokenizer = pre_tokenizers.Metaspace()
    >>> rule = whole_words(cut, ["ab b"], eos=0, extra=".")
    >>> rule.following([4]).tolist(), rule.following([4, 3]).tolist()
    ([3], [0, 1, 4, 5])
    """
    ends = ends_of(eos_of(tokenizer) if eos is None else eos)
    unknown = unknown_ids(tokenizer)
    listed = [w for w in dict.fromkeys(w for text in texts for w in word_tokens(text)) if any(c.isalnum() for c in w)]
    start, inner = Node(), Node()
    inside = behind(tokenizer, [f" {word}" for word in listed])
    marks = behind(tokenizer, [form for mark in extra for form in (mark, f" {mark}")])
    for cuts, roots in ((inside, (start, inner)), (token_ids(tokenizer, listed), (start,)), (marks, (inner,))):
        for ids in cuts:
            if ids and not unknown & set(ids):
                for root in roots:
                    _add(root, ids)
    if not start.next:
        raise UsageError("expected sources with at least one word that the tokenizer can write, got none")
    return WholeWords(start, inner, ends)


def _add(root: Node, ids: Sequence[int]) -> None:
    node = root
    for left, number in zip(range(len(ids) - 1, -1, -1), ids):
        fresh = Node(least=left)
        node = node.next.setdefault(number, fresh)
        node.least = min(node.least, left)
    node.ends = True
