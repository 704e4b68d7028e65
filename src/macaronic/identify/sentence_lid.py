"""A trainable language identifier for whole sentences: hashed letter n-grams of words and a linear softmax.

Pretrained identifiers fail on languages that they never saw (half of the scheduled languages of India, for a start);
this one learns from a few hundred labelled sentences a language, in seconds, and needs numpy alone to answer.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.corpus import Card
from macaronic.core.errors import UsageError
from macaronic.core.files import sha256
from macaronic.identify import model_folder
from macaronic.identify.hashing import ngrams, normal

_MODEL = "model.npz"
ORDER = 4
BUCKETS = 1 << 20
_BLOCK = 4096

WEIGHTS = 8_000_000
"""About as many weights are learnt at most; training needs some hundred bytes for each."""

Floats = NDArray[np.float64]


@dataclass(slots=True)
class SentenceModel:
    """A trained sentence identifier.

    Args:
        labels: the k labels.
        buckets: the n-gram buckets that the training data had, ascending, shape (f,).
        rarity: how much an n-gram of each bucket counts (inverse document frequency), shape (f,).
        weights: shape (f, k).
        bias: shape (k,).
        training: sentences and fingerprint of the training data.
        card: its source and licence.
    """

    labels: tuple[str, ...]
    buckets: NDArray[np.int32]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    training: dict[str, Any] = field(default_factory=dict)
    card: Card = field(default_factory=Card)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """How likely each label is for each text, rows sum to 1, shape (n, k)."""
        out = np.empty((len(texts), len(self.labels)))
        for at in range(0, len(texts), _BLOCK):
            text, column, value = _weighed(texts[at : at + _BLOCK], self.buckets, self.rarity)
            size = min(_BLOCK, len(texts) - at)
            scores = np.tile(self.bias.astype(np.float64), (size, 1))
            for start, end in _stretches(text, len(self.labels)):
                rows, first = np.unique(text[start:end], return_index=True)
                scores[rows] += np.add.reduceat(self.weights[column[start:end]] * value[start:end, None], first)
            out[at : at + size] = _softmax(scores)
        return out

    def identify(self, texts: Sequence[str]) -> list[tuple[str | None, float]]:
        """The likeliest label of each text and its probability; (None, 0.0) for a text without anything to go by."""
        shares = self.probabilities(texts)
        known = np.zeros(len(texts), dtype=bool)
        known[_weighed(texts, self.buckets, self.rarity)[0]] = True
        best = shares.argmax(1).tolist()
        return [
            (self.labels[at], float(row[at])) if seen else (None, 0.0)
            for at, row, seen in zip(best, shares, known.tolist(), strict=True)
        ]

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the model and its description into `folder` (weights in half precision).

        Raises:
            InputError: the folder cannot be written.
        """
        arrays = {"buckets": self.buckets, "rarity": self.rarity, "bias": self.bias}
        packed = model_folder.pack({**arrays, "weights": self.weights.astype(np.float16)})
        about = model_folder.Description("sentence", self.labels, {"order": ORDER}, self.training, self.card)
        return model_folder.write(folder, {_MODEL: packed}, about)


def load(folder: str | os.PathLike[str]) -> SentenceModel:
    """The sentence identifier that `save` wrote into `folder`.

    Raises:
        InputError: there is no model there.
        FormatError: it is damaged, or another kind of model.
    """
    about = model_folder.read(folder, "sentence")
    arrays = model_folder.unpack(model_folder.content(folder, _MODEL, about))
    weights = arrays.pop("weights").astype(np.float32)
    return SentenceModel(about.labels, **arrays, weights=weights, training=dict(about.training), card=about.card)


def fit(
    texts: Sequence[str],
    langs: Sequence[str],
    *,
    penalty: float = 1e-5,
    iterations: int = 40,
    most: int = 400_000,
    card: Card | None = None,
) -> SentenceModel:
    """Learn the label of a sentence from its letters.

    Args:
        texts: n sentences.
        langs: the label of each, any set of labels.
        penalty: weight of the squared weights against the mean log-loss, above 0.
        iterations: L-BFGS iterations at most.
        most: n-gram buckets to keep, those in most sentences first; fewer with many labels, to bound the memory.
        card: source and licence of the data.

    Raises:
        UsageError: unequal lengths, fewer than two labels, or nothing but blanks.

    Source: S119 trains linear models on letter n-grams for its baseline; tf-idf of 1- to 4-grams inside word edges.

    >>> model = fit(["ek do teen", "one two three"] * 3, ["hi-Latn", "en"] * 3)
    >>> model.identify(["teen do", ""])[0][0], model.identify([""])[0]
    ('hi-Latn', (None, 0.0))
    """
    if len(texts) != len(langs):
        raise UsageError(f"expected one label a text ({len(texts)}); got {len(langs)}")
    labels = sorted(set(langs))
    if len(labels) < 2:
        raise UsageError(f"expected at least two labels to tell apart; got {labels or 'none'}")
    from scipy.sparse import csr_matrix

    buckets, rarity = _rarity(texts, min(most, max(20_000, WEIGHTS // len(labels))))
    if not len(buckets):
        raise UsageError("expected texts with words; got nothing but blanks")
    text, column, value = _weighed(texts, buckets, rarity)
    examples = csr_matrix((value, (text, column)), shape=(len(texts), len(buckets)), dtype=np.float32)
    gold = np.searchsorted(labels, list(langs))
    weights, bias = _softmax_regression(examples, gold, len(labels), penalty, iterations)
    training = {"sentences": len(texts), "fingerprint": sha256(repr((list(texts), list(langs))))}
    return SentenceModel(tuple(labels), buckets, rarity, weights, bias, training, card or Card())


def _counted(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Text number, bucket and count of each n-gram of each text, ordered by text then bucket."""
    cut = [normal(text).split() for text in texts]
    words = [word for line in cut for word in line]
    rows, offsets = ngrams(words, BUCKETS, order=ORDER)
    owner = np.repeat(np.arange(len(cut)), [len(line) for line in cut])
    text = np.repeat(owner, np.diff(offsets))
    cell, count = np.unique(text * BUCKETS + rows, return_counts=True)
    return cell // BUCKETS, (cell % BUCKETS).astype(np.int32), count


def _rarity(texts: Sequence[str], most: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    seen = np.zeros(BUCKETS, dtype=np.int64)
    for at in range(0, len(texts), _BLOCK):
        seen += np.bincount(_counted(texts[at : at + _BLOCK])[1], minlength=BUCKETS)
    kept = np.sort(np.argsort(-seen, kind="stable")[: min(most, int((seen > 0).sum()))]).astype(np.int32)
    return kept, (np.log((1 + len(texts)) / (1 + seen[kept])) + 1).astype(np.float32)


def _weighed(
    texts: Sequence[str], buckets: NDArray[np.int32], rarity: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Text number, column and value of each known n-gram: (1 + log count) x rarity, each text of length 1."""
    parts = []
    for begin in range(0, len(texts), _BLOCK):
        text, bucket, count = _counted(texts[begin : begin + _BLOCK])
        at = np.minimum(np.searchsorted(buckets, bucket), len(buckets) - 1)
        known = buckets[at] == bucket
        text, at = text[known], at[known]
        value = (1 + np.log(count[known])) * rarity[at]
        length = np.sqrt(np.bincount(text, value**2, minlength=1))
        parts.append((text + begin, at, (value / length[text]).astype(np.float32)))
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32)
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))  # type: ignore[return-value]


def _softmax_regression(
    examples: Any, gold: NDArray[np.int64], k: int, penalty: float, iterations: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (f, k) and bias (k,) of the penalised maximum of the mean log-likelihood; every label counts alike."""
    from scipy.optimize import minimize

    n, f = examples.shape
    share = (1.0 / k) / np.bincount(gold, minlength=k)[gold]
    turned = examples.T.tocsr()
    rows = np.arange(n)

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights, bias = flat[:-k].reshape(f, k), flat[-k:]
        shares = _softmax(examples @ weights + bias)
        value = -(share * np.log(np.maximum(shares[rows, gold], 1e-300))).sum() + penalty * (weights**2).sum()
        shares[rows, gold] -= 1
        shares *= share[:, None]
        slope = turned @ shares + 2 * penalty * weights
        return float(value), np.concatenate([slope.ravel(), shares.sum(0)])

    found = minimize(
        loss, np.zeros((f + 1) * k), jac=True, method="L-BFGS-B", options={"maxiter": iterations, "maxcor": 5}
    )
    return found.x[:-k].reshape(f, k).astype(np.float32), found.x[-k:].astype(np.float32)


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True))


def _stretches(text: NDArray[np.int64], k: int) -> list[tuple[int, int]]:
    """Stretches of whole texts that need a bounded amount of memory."""
    room = max(1, (1 << 24) // k)
    ends, at = [], 0
    while at < len(text):
        end = len(text) if at + room >= len(text) else int(np.searchsorted(text, text[at + room]))
        end = end if end > at else int(np.searchsorted(text, text[at], side="right"))
        ends.append((at, end))
        at = end
    return ends
