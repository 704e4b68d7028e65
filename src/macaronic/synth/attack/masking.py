"""How much each word matters to a classifier: what its probability of the right class loses when the word is masked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import MacaronicError, UsageError
from macaronic.synth.attack.switchable import Span

Floats = NDArray[np.float64]
Predict = Callable[[Sequence[str]], NDArray[Any]]
"""Any classifier: n texts to class probabilities of shape (n, classes)."""


def probabilities(predict: Predict, texts: Sequence[str], *, batch: int = 256) -> Floats:
    """Class probabilities of texts, asked for in batches, equal texts once.

    Args:
        predict: the classifier.
        texts: n texts.
        batch: how many texts `predict` gets at once, at least 1.

    Returns:
        Shape (n, classes), float64.

    Raises:
        UsageError: the classifier gives another number of rows, or something that is not a probability.

    >>> probabilities(lambda texts: np.full((len(texts), 2), 0.5), ["a", "b", "a"]).shape
    (3, 2)
    """
    place = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    unlike = list(place)
    parts = [_checked(predict, unlike[at : at + batch]) for at in range(0, len(unlike), batch)]
    return np.concatenate(parts)[[place[text] for text in texts]] if parts else np.zeros((0, 0))


def _checked(predict: Predict, texts: Sequence[str]) -> Floats:
    try:
        given = np.asarray(predict(texts), dtype=np.float64)
    except MacaronicError:
        raise
    except Exception as error:
        raise UsageError(f"the classifier failed: {type(error).__name__}: {error}") from error
    if given.ndim != 2 or len(given) != len(texts):
        raise UsageError(
            f"expected probabilities of shape ({len(texts)}, classes), got {given.shape} from the classifier"
        )
    if not np.all((given >= 0) & (given <= 1 + 1e-6)):
        raise UsageError("expected probabilities in [0, 1], got others from the classifier\nApply a softmax to logits.")
    return given


def importance(
    texts: Sequence[str],
    spans: Sequence[Sequence[Span]],
    gold: Sequence[int],
    predict: Predict,
    *,
    mask: str = "[MASK]",
    compat: bool = False,
    batch: int = 256,
) -> list[Floats]:
    """The importance of words: the drop of the gold class's probability when the word gives way to a mask.

    Args:
        texts: n texts.
        spans: for each text the (start, end) code-point offsets of the words to judge.
        gold: the right class of each text.
        predict: the classifier.
        mask: what stands in the word's place: the mask token of the classifier, or "" to leave the word out.
        compat: order words as the authors' published code does, not as the paper says: with `drop` the drop of the gold
            class and `rise` the change of the probability of the class that wins once the word is masked, the score is
            `-(drop + 1) * rise`.
        batch: texts for each call of `predict`.

    Returns:
        For each text one score a span, higher is more important.

    Source: S015 (IndoRobusta-Blend); `compat` from the repository that the paper names.

    >>> def predict(texts): return np.array([[0.9, 0.1] if "good" in text else [0.4, 0.6] for text in texts])
    >>> [score.round(2).tolist() for score in importance(["a good day"], [[(2, 6), (7, 10)]], [0], predict)]
    [[0.5, 0.0]]
    """
    masked = [text[:start] + mask + text[end:] for text, own in zip(texts, spans) for start, end in own]
    seen = probabilities(predict, [*texts, *masked], batch=batch)
    full, hidden = seen[: len(texts)], seen[len(texts) :]
    counts = np.array([len(own) for own in spans], dtype=np.int64)
    row = np.repeat(np.arange(len(texts)), counts)
    right = np.asarray(gold, dtype=np.int64)[row]
    score = full[row, right] - hidden[np.arange(len(row)), right] if len(row) else np.zeros(0)
    if compat and len(row):
        winner = hidden.argmax(axis=1)
        score = -(score + 1) * (hidden[np.arange(len(row)), winner] - full[row, winner])
    return np.split(score, np.cumsum(counts)[:-1]) if len(texts) else []
