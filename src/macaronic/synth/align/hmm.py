"""The hidden Markov model of alignment on blocks: words that stand together come from words that stand together.

Source: Vogel, Ney & Tillmann 1996; Och & Ney 2003 for the word that comes from nowhere, which keeps the place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from macaronic.synth.align.ibm import NULL
from macaronic.synth.align.types import Floats, Ints

REACH = 20
"""Longer jumps count as jumps of this length."""

_TINY = np.float32(1e-30)


def first_jumps() -> NDArray[np.float64]:
    """Jump probabilities before any is learnt: forward by one is likeliest; (2 * REACH + 1,).

    >>> int(first_jumps().argmax()) - REACH
    1
    """
    weight = np.exp(-np.abs(np.arange(-REACH, REACH + 1) - 1) / 4.0)
    return np.asarray(weight / weight.sum())


def posteriors(
    emission: Floats, null: Floats, lengths: Ints, jumps: NDArray[np.float64]
) -> tuple[Floats, NDArray[np.float64]]:
    """How likely each word of the made side comes from each word of the other side, and the jumps expected.

    Args:
        emission: the translation probabilities, (m, B, n): made words, sentences, states; 0 where padded.
        null: the probability of each made word from no word, (m, B); a padded word has `1 / NULL`.
        lengths: words of the other side, (B,).
        jumps: the weight of each jump from -REACH to REACH.

    Returns:
        Posteriors, (m, B, n), and how often each jump is expected, (2 * REACH + 1,).

    >>> same = np.eye(3, dtype=np.float32)[:, None, :] * 0.9 + np.float32(0.01)
    >>> found, _ = posteriors(same, np.full((3, 1), 0.01, np.float32), np.array([3]), first_jumps())
    >>> found[:, 0].argmax(1).tolist()
    [0, 1, 2]
    """
    steps, _, states = emission.shape
    distance = np.clip(np.arange(states) - np.arange(states)[:, None], -REACH, REACH) + REACH
    kernel = jumps[distance].astype(np.float32)
    inside = (np.arange(states) < lengths[:, None]).astype(np.float32)
    leave = inside * ((1 - NULL) / np.maximum(inside @ kernel.T, _TINY))
    start = inside / lengths[:, None].astype(np.float32)
    stay = (NULL * null)[:, :, None]
    real = np.empty_like(emission)
    state = np.empty_like(emission)
    for t in range(steps):
        before = state[t - 1] if t else start
        now = (before * leave) @ kernel if t else start * (1 - np.float32(NULL))
        now *= emission[t]
        whole = stay[t] * before
        whole += now
        scale = 1 / np.maximum(whole.sum(1, keepdims=True), _TINY)
        np.multiply(now, scale, out=real[t])
        np.multiply(whole, scale, out=state[t])
    back = np.empty_like(emission)
    weight = np.ones((steps, emission.shape[1], 1), np.float32)
    back[-1] = 1
    turned = np.ascontiguousarray(kernel.T)
    for t in range(steps - 1, 0, -1):
        after = (emission[t] * back[t]) @ turned
        after *= leave
        after += stay[t] * back[t]
        np.divide(1, np.maximum((state[t - 1] * after).sum(1, keepdims=True), _TINY), out=weight[t])
        np.multiply(after, weight[t], out=back[t - 1])
    real *= back
    came = (state[:-1] * leave * weight[1:]).reshape(-1, states)
    went = (emission[1:] * back[1:]).reshape(-1, states)
    expected = (came.T @ went) * kernel
    moved = np.bincount(distance.ravel(), expected.ravel().astype(np.float64), minlength=2 * REACH + 1)
    return real, np.asarray(moved, np.float64)
