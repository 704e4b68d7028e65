"""How well predicted labels agree with given ones: counts in a confusion matrix, and everything that follows from it.

All functions of a matrix also take a stack of them (shape (..., k, k)), as bootstrap resamples come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def codes(
    gold: Sequence[Sequence[str | None]], predicted: Sequence[Sequence[str | None]], *, names: Iterable[str] = ()
) -> tuple[Ints, Ints, Ints, list[str]]:
    """Two label sequences as flat codes; words without a gold label are left out.

    Args:
        gold: labels of each sentence; None means not labelled.
        predicted: labels of the same words; None means that nothing was answered (counted as `unk`).
        names: labels that shall have the first codes, whether they occur or not.

    Returns:
        gold codes, predicted codes, the sentence number of each word, and the labels in code order (sorted).

    Raises:
        UsageError: the two differ in length.

    >>> g, p, sentence, names = codes([["hi", None], ["en"]], [["hi", "hi"], ["hi"]])
    >>> g.tolist(), p.tolist(), sentence.tolist(), names
    ([1, 0], [1, 1], [0, 1], ['en', 'hi'])
    """
    if [len(row) for row in gold] != [len(row) for row in predicted]:
        raise UsageError(
            f"expected one predicted label a word: {sum(map(len, gold))} words in {len(gold)} sentences; "
            f"got {sum(map(len, predicted))} in {len(predicted)}"
        )
    kept = [
        (at, wanted, answer or "unk")
        for at, (wanted_row, answer_row) in enumerate(zip(gold, predicted, strict=True))
        for wanted, answer in zip(wanted_row, answer_row, strict=True)
        if wanted is not None
    ]
    first = list(dict.fromkeys(names))
    rest = {label for _, wanted, answer in kept for label in (wanted, answer)} - set(first)
    order = [*first, *sorted(rest)]
    index = {name: at for at, name in enumerate(order)}
    table = np.array([(at, index[wanted], index[answer]) for at, wanted, answer in kept], dtype=np.int64).reshape(-1, 3)
    return table[:, 1], table[:, 2], table[:, 0], order


def confusion(gold: Ints, predicted: Ints, size: int) -> Ints:
    """Counts of (gold, predicted) code pairs, shape (size, size): gold in rows.

    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [[1, 1], [0, 1]]
    """
    return np.bincount(gold * size + predicted, minlength=size * size).reshape(size, size)


def confusion_by_row(gold: Ints, predicted: Ints, row: Ints, rows: int, size: int) -> Ints:
    """A confusion matrix for each sentence, flattened, shape (rows, size * size): what the bootstrap resamples."""
    cells = size * size
    flat = np.bincount(row * cells + gold * size + predicted, minlength=rows * cells)
    return flat.reshape(rows, cells)


def accuracy(matrix: Ints | Floats) -> Floats:
    """The share of words with the right label; NaN without words.

    >>> float(accuracy(np.array([[3, 1], [0, 4]])))
    0.875
    """
    return _ratio(np.trace(matrix, axis1=-2, axis2=-1), matrix.sum((-2, -1)))


def precision(matrix: Ints | Floats) -> Floats:
    """For each label, how many of its answers are right, shape (..., k); NaN where it was never answered."""
    return _ratio(_right(matrix), matrix.sum(-2))


def recall(matrix: Ints | Floats) -> Floats:
    """For each label, how many of its words are found, shape (..., k); NaN where it never stands in the gold."""
    return _ratio(_right(matrix), matrix.sum(-1))


def f1(matrix: Ints | Floats) -> Floats:
    """For each label, the harmonic mean of precision and recall, shape (..., k); NaN where the label never occurs.

    >>> f1(np.array([[2, 2], [0, 4]])).round(3).tolist()
    [0.667, 0.8]
    """
    return _ratio(2 * _right(matrix), matrix.sum(-1) + matrix.sum(-2))


def macro_f1(matrix: Ints | Floats) -> Floats:
    """The mean F1 over labels that occur in the gold or in the answers (as scikit-learn counts it)."""
    return _mean(f1(matrix))


def micro_f1(matrix: Ints | Floats, without: Sequence[int] = ()) -> Floats:
    """F1 over all words together, leaving out some labels.

    With every label counted this equals the accuracy; leaving out, say, `other` gives precision and recall of the rest.

    Args:
        matrix: counts, shape (..., k, k).
        without: codes that count neither as wanted nor as answered.
    """
    keep = np.ones(matrix.shape[-1], dtype=bool)
    keep[list(without)] = False
    right = _right(matrix)[..., keep].sum(-1)
    return _ratio(2 * right, matrix.sum(-1)[..., keep].sum(-1) + matrix.sum(-2)[..., keep].sum(-1))


def weighted_f1(matrix: Ints | Floats) -> Floats:
    """The mean F1 over the gold labels, each counting as often as it occurs (as scikit-learn counts it).

    >>> round(float(weighted_f1(np.array([[2, 2], [0, 4]]))), 4)
    0.7333
    """
    support = np.asarray(matrix.sum(-1), np.float64)
    return _ratio((np.nan_to_num(f1(matrix)) * support).sum(-1), support.sum(-1))


def balanced_accuracy(matrix: Ints | Floats) -> Floats:
    """The mean recall over labels that occur in the gold: a constant answer gets 1 / k.

    Source: S017 (the measure of its code-switched language identification).

    >>> float(balanced_accuracy(np.array([[9, 0], [1, 0]])))
    0.5
    """
    return _mean(recall(matrix))


def language_accuracy(matrix: Ints | Floats, languages: Sequence[int]) -> Floats:
    """Accuracy over words whose gold label is a language; an answer that is none counts as wrong.

    Args:
        matrix: counts, shape (..., k, k).
        languages: the codes that are languages.
    """
    index = list(languages)
    return _ratio(_right(matrix)[..., index].sum(-1), matrix[..., index, :].sum((-2, -1)))


def _right(matrix: Ints | Floats) -> Floats:
    return np.diagonal(matrix, axis1=-2, axis2=-1).astype(np.float64)


def _ratio(part: Ints | Floats, whole: Ints | Floats) -> Floats:
    whole = np.asarray(whole, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, np.asarray(part, dtype=np.float64) / whole, np.nan)


def _mean(values: Floats) -> Floats:
    defined = ~np.isnan(values)
    return _ratio(np.where(defined, values, 0.0).sum(-1), defined.sum(-1))
