"""Which tokens may come next in the answer about one text; for `synth.constrained.Constrained` and `decode`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from macaronic.extract.codecs.codec import Codec
from macaronic.extract.grammar.automaton import Automaton, State, automaton
from macaronic.extract.grammar.frame import Frame, escaped, frame
from macaronic.extract.grammar.pieces import Branch, branches, token_bytes
from macaronic.extract.record import Record, Schema
from macaronic.synth.constrained.vocabulary import Ids, ends_of, eos_of

States = frozenset[State]


@dataclass(frozen=True, slots=True)
class Rule:
    """An automaton over bytes seen through a tokenizer's tokens.

    A token is allowed when the answer can still end within the tokens that are left, counting one token a byte. Only
    where not even the shortest answer fits is the end allowed at once.

    Args:
        machine: what an answer may be.
        tokens: token -> its bytes.
        tree: the same as a tree.
        eos: the tokens that end an answer.
    """

    machine: Automaton
    tokens: dict[int, bytes]
    tree: Branch
    eos: tuple[int, ...]
    _seen: dict[tuple[int, ...], States] = field(default_factory=dict, repr=False)
    _next: dict[States, list[tuple[int, int]]] = field(default_factory=dict, repr=False)

    def following(self, generated: Sequence[int], left: int | None = None) -> Ids:
        """The ids that may come next, ascending, never empty."""
        states = self._states(tuple(generated))
        room = 1 << 30 if left is None else left
        ids = [number for number, distance in self._options(states) if distance + 2 <= room]
        if not ids or self.machine.distance(states) == 0:
            ids += self.eos
        return np.array(sorted(ids), dtype=np.int64)

    def _states(self, generated: tuple[int, ...]) -> States:
        if not generated:
            return self.machine.start
        found = self._seen.get(generated)
        if found is None:
            found = self._states(generated[:-1])
            for byte in self.tokens.get(generated[-1], b""):
                found = self.machine.step(found, byte)
            if generated[-1] in self.eos:
                found = frozenset()
            self._seen[generated] = found
        return found

    def _options(self, states: States) -> list[tuple[int, int]]:
        """Every token that may follow, with the fewest bytes to the end behind it."""
        if states not in self._next:
            found: list[tuple[int, int]] = []
            stack = [(self.tree, states)]
            while stack:
                branch, here = stack.pop()
                for byte in self.machine.expected(here) & branch.next.keys():
                    after = self.machine.step(here, byte)
                    if after:
                        below = branch.next[byte]
                        distance = self.machine.distance(after)
                        found += [(number, distance) for number in below.tokens]
                        stack.append((below, after))
            self._next[states] = found
        return self._next[states]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Rules for texts of one schema: what a tokenizer and a codec share is worked out once.

    Args:
        codec: how answers are written.
        schema: the labels that they may use.
        tokens: token -> its bytes.
        tree: the same as a tree.
        eos: the tokens that end an answer.
        whole: whether copied words may not be cut.
    """

    codec: Codec
    schema: Schema
    tokens: dict[int, bytes]
    tree: Branch
    eos: tuple[int, ...]
    whole: bool = False
    _frames: dict[tuple[str, str], Frame] = field(default_factory=dict, repr=False)

    def rule(self, record: Record) -> Rule:
        """What may be answered about a record's text.

        Raises:
            UsageError: the codec's answers cannot be held to a grammar.
        """
        key = (record.task, record.language)
        if key not in self._frames:
            self._frames[key] = frame(self.codec, self.schema, task=record.task, language=record.language)
        forms = escaped(self.codec, record.text, self.schema, task=record.task, language=record.language)
        machine = automaton(self._frames[key], forms, record.text, whole=self.whole)
        return Rule(machine, self.tokens, self.tree, self.eos)


def grammar(
    codec: Codec, schema: Schema, tokenizer: Any, *, eos: int | Sequence[int] | None = None, whole: bool = False
) -> Grammar:
    """The grammar of a codec's answers for a tokenizer.

    Args:
        codec: one that quotes the words of spans or relations.
        schema: the labels that answers may use.
        tokenizer: see `token_bytes`.
        eos: the tokens that end an answer; the tokenizer's own when left out.
        whole: no copied words are cut, see `extract.edges`.

    Raises:
        UsageError: the tokenizer does not tell its bytes, or no token ends an answer.
    """
    tokens = token_bytes(tokenizer)
    ends = ends_of(eos_of(tokenizer) if eos is None else eos)
    return Grammar(codec, schema, tokens, branches(tokens), ends, whole)
