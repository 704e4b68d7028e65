"""Train the softmax over hashed character n-grams: which language does a word look like?

Each word type is one example whose target is its share of use in each language; frequencies are flattened
(``f ** 0.5``) because the model answers for words that no list holds, and every language has the same total weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from macaronic.identify.hashing import ngrams

Floats = NDArray[np.float32]
_BATCH = 2048


def train(
    words: Sequence[Mapping[str, float]],
    *,
    buckets: int,
    rounds: int,
    rng: np.random.Generator,
    most: int = 15_000,
    power: float = 0.5,
    rate: float = 0.5,
    decay: float = 1e-7,
) -> tuple[Floats, Floats]:
    """Fit by AdaGrad on shuffled batches.

    Args:
        words: word -> relative frequency, one mapping a language (L of them).
        buckets: n-gram buckets.
        rounds: passes over the word types.
        rng: for the order.
        most: most word types of one language that are used.
        power: exponent that flattens frequencies.
        rate: AdaGrad step.
        decay: L2 weight.

    Returns:
        Weights (buckets, L) and biases (L,).
    """
    from scipy.sparse import csr_matrix

    vocabulary, target = _targets(words, most, power)
    rows, offsets = ngrams(vocabulary, buckets)
    sizes = np.diff(offsets)
    value = np.repeat((1 / np.sqrt(np.maximum(sizes, 1))).astype(np.float32), sizes)
    features = csr_matrix((value, rows, offsets), shape=(len(vocabulary), buckets))
    count = len(words)
    weight = np.asarray(target.sum(axis=1)).ravel()
    table, bias = np.zeros((buckets, count), np.float32), np.zeros(count, np.float32)
    square, bias_square = np.full((buckets, count), 1e-3, np.float32), np.full(count, 1e-3, np.float32)
    for turn in range(rounds):
        step = rate / (1 + 2 * turn / rounds)
        order = rng.permutation(len(vocabulary))
        for at in range(0, len(order), _BATCH):
            batch = order[at : at + _BATCH]
            x, y, w = features[batch], target[batch].toarray(), weight[batch, None]
            logits = x @ table + bias
            logits -= logits.max(axis=1, keepdims=True)
            guess = np.exp(logits)
            guess *= w / guess.sum(axis=1, keepdims=True)
            error = guess - y
            used, local = np.unique(x.indices, return_inverse=True)
            small = csr_matrix((x.data, local, x.indptr), shape=(len(batch), len(used)))
            slope = small.T @ error + decay * table[used]
            square[used] += slope * slope
            table[used] -= step * slope / np.sqrt(square[used])
            drift = error.sum(axis=0)
            bias_square += drift * drift
            bias -= 0.1 * step * drift / np.sqrt(bias_square)
    return table, bias


def _targets(words: Sequence[Mapping[str, float]], most: int, power: float):  # type: ignore[no-untyped-def]
    """All word types, and how much each counts for each language, shape (types, L), sparse."""
    from scipy.sparse import csr_matrix

    number: dict[str, int] = {}
    row, column, value = [], [], []
    for language, counted in enumerate(words):
        top = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most]
        flat = np.array([f for _, f in top], dtype=np.float64) ** power
        row += [number.setdefault(word, len(number)) for word, _ in top]
        column += [language] * len(top)
        value.append(flat / flat.sum())
    table = csr_matrix((np.concatenate(value), (row, column)), shape=(len(number), len(words)), dtype=np.float32)
    table *= len(number) / len(words)
    return list(number), table
