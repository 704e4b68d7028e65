"""Find the likeliest language of every word of a sentence: which languages it is in, then which word is in which.

Words are emissions of a hidden Markov model whose states are the languages of the sentence. All sentences of a batch
are decoded together: `Batch` lays their words side by side, one row a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
LONGEST = 256
"""Longer stretches are cut here before decoding."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Settings of the hidden Markov model.

    Args:
        switch: chance that the language changes from one word to the next.
        clip: a word never speaks louder than this many nats against a language.
    """

    switch: float = 0.25
    clip: float = 9.0


def clipped(score: Floats, clip: float) -> Floats:
    """Log-likelihoods relative to each word's best language, none below `-clip`; shape (n, K) as given."""
    return np.asarray(np.maximum(score - score.max(axis=1, keepdims=True), -clip), dtype=np.float32)


def _pieces(offsets: Ints) -> Iterator[tuple[Ints, NDArray[np.bool_], Ints]]:
    """Groups of stretches of like length, longer sentences cut.

    Args:
        offsets: where each sentence's words begin, shape (sentences + 1,).

    Yields:
        The word index at each place (b, t), which places hold a word (b, t), and the stretches' numbers (b,).
    """
    sizes = np.diff(offsets)
    pieces = -(-sizes // LONGEST)
    begin = np.repeat(offsets[:-1], pieces)
    nth = np.arange(len(begin)) - np.repeat(np.concatenate([[0], np.cumsum(pieces)[:-1]]), pieces)
    begin = begin + nth * LONGEST
    length = np.minimum(np.repeat(offsets[1:], pieces) - begin, LONGEST)
    order = np.argsort(length, kind="stable")
    at = 0
    while at < len(order):
        widest = int(length[order[at]])
        end = at
        while end < len(order) and length[order[end]] <= widest * 1.25 + 2 and end - at < 1024:
            end += 1
        chosen = order[at:end]
        span = np.arange(int(length[chosen].max()))
        inside = span[None, :] < length[chosen, None]
        place = np.where(inside, begin[chosen, None] + span[None, :], begin[chosen, None])
        yield place, inside, chosen
        at = end


def path_values(score: Floats, offsets: Ints, switch: float) -> Floats:
    """Log-likelihood of each sentence's likeliest path, where staying in a language costs nothing, shape (sentences,).

    >>> score = np.array([[0, -3], [-1, 0], [0, -3]], dtype=np.float32)
    >>> path_values(score, np.array([0, 3]), 0.2).tolist()
    [-1.0]
    """
    states = score.shape[1]
    sizes = np.diff(offsets)
    out = np.zeros(len(sizes), dtype=np.float32)
    full = np.flatnonzero(sizes)
    if states < 2 or not len(full):
        return np.add.reduceat(score[:, 0], offsets[:-1][full]) if len(full) == len(sizes) and len(full) else out
    step = _transition(states, switch) - np.float32(np.log(1 - switch))
    owner = np.repeat(np.arange(len(sizes)), -(-sizes // LONGEST))
    for place, inside, piece in _pieces(offsets):
        emitted = np.where(inside[:, :, None], score[place], 0.0)
        best = emitted[:, 0]
        for t in range(1, place.shape[1]):
            best = (best[:, :, None] + step).max(axis=1) + emitted[:, t]
        np.add.at(out, owner[piece], best.max(axis=1))
    return out


def _transition(states: int, switch: float) -> Floats:
    step = np.full((states, states), np.log(switch / (states - 1)), dtype=np.float32)
    np.fill_diagonal(step, np.log(1 - switch))
    return step


def posteriors(score: Floats, offsets: Ints, chain: Chain, start: Floats | None = None) -> Floats:
    """Chance of every state at every word given the whole sentence, by forward-backward, shape (n, K).

    >>> score = np.array([[0, -3], [-1, 0], [0, -3]], dtype=np.float32)
    >>> posteriors(score, np.array([0, 3]), Chain()).argmax(axis=1).tolist()
    [0, 0, 0]
    """
    states = score.shape[1]
    out = np.ones((len(score), states), dtype=np.float32)
    if states < 2 or not len(score):
        return out
    move = np.exp(_transition(states, chain.switch))
    for place, inside, _ in _pieces(offsets):
        seen = np.where(inside[:, :, None], np.exp(score[place]), 1.0)
        forward = np.empty(seen.shape, dtype=np.float32)
        now = np.asarray(seen[:, 0] * (np.exp(start) if start is not None else 1.0), dtype=np.float32)
        forward[:, 0] = now / now.sum(axis=1, keepdims=True)
        for t in range(1, place.shape[1]):
            now = (forward[:, t - 1] @ move) * seen[:, t]
            forward[:, t] = now / now.sum(axis=1, keepdims=True)
        later = np.ones((len(place), states), dtype=np.float32)
        for t in range(place.shape[1] - 1, -1, -1):
            forward[:, t] *= later
            ahead = (seen[:, t] * later) @ move.T
            later = np.where(inside[:, t, None], ahead / ahead.sum(axis=1, keepdims=True), 1.0).astype(np.float32)
        forward /= forward.sum(axis=2, keepdims=True)
        out[place[inside]] = forward[inside]
    return out
