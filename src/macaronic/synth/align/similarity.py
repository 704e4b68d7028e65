"""Links out of a similarity matrix of word vectors: no parallel text is needed to learn from.

Source: Jalili Sabet, Dufter, Yvon & Schütze 2020 (SimAlign) for argmax, itermax, match and the distortion.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UnknownName
from macaronic.core.protocols import Embedder
from macaronic.synth.align.aligner import Alignment, Pair
from macaronic.synth.align.types import Floats

Choice = Literal["argmax", "itermax", "match"]
CHOICES: tuple[str, ...] = get_args(Choice)

_AT_ONCE = 4096


def align(
    pairs: Sequence[Pair],
    embedder: Embedder,
    *,
    choice: Choice = "itermax",
    distortion: float = 0.0,
    least: float = 0.0,
) -> list[Alignment]:
    """Link words whose vectors are alike.

    Args:
        pairs: the words of both sides, pair by pair.
        embedder: gives a vector for each distinct word.
        choice: how links are chosen out of the matrix, see `chosen`.
        distortion: how much words at other places of the sentence lose, in [0, 1]; see `matrix`.
        least: keep links of at least this confidence, in [0, 1].

    Returns:
        An `Alignment` a pair; a link's confidence is its similarity, (1 + cosine) / 2 after the distortion.

    Raises:
        UnknownName: no such choice.

    >>> class Letters:
    ...     def embed(self, texts):
    ...         return np.array([[text.count(c) for c in "abc"] for text in texts], np.float32)
    >>> align([(["aa", "b"], ["b", "a"])], Letters())[0].links
    ((0, 1), (1, 0))
    """
    if choice not in CHOICES:
        raise UnknownName("choice of links", choice, CHOICES)
    forms = sorted({word for pair in pairs for side in pair for word in side})
    vectors = _unit(forms, embedder)
    place = {form: row for row, form in enumerate(forms)}
    found = []
    for words, others in pairs:
        if not words or not others:
            found.append(Alignment())
            continue
        alike = matrix(vectors[[place[w] for w in words]], vectors[[place[w] for w in others]], distortion=distortion)
        at = [(i, j) for i, j in np.argwhere(chosen(alike, choice)).tolist() if alike[i, j] >= least]
        found.append(Alignment(tuple(at), tuple(float(alike[i, j]) for i, j in at)))
    return found


def matrix(first: Floats, second: Floats, *, distortion: float = 0.0) -> Floats:
    """Similarities in [0, 1] of the words of two sentences.

    Args:
        first, second: unit vectors, (n, d) and (m, d).
        distortion: kappa in [0, 1]: a cell loses kappa times the square of the distance of its two relative places.

    Returns:
        (1 + cosine) / 2, less the distortion, (n, m).

    >>> matrix(np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32), distortion=0.5).tolist()
    [[1.0, 0.25], [0.25, 1.0]]
    """
    alike = np.clip((1 + first @ second.T) / 2, 0, 1).astype(np.float32)
    if distortion:
        x = np.linspace(0, 1, len(first), dtype=np.float32)[:, None]
        y = np.linspace(0, 1, len(second), dtype=np.float32)
        alike *= 1 - np.float32(distortion) * (x - y) ** 2
    return alike


def chosen(alike: Floats, choice: str = "itermax", *, rounds: int = 2, discount: float = 0.9) -> NDArray[np.bool_]:
    """Which cells of a similarity matrix are links.

    Args:
        alike: similarities of at least 0, (n, m).
        choice: `argmax` (each is the other's likest word), `itermax` (then again among what is left; words with a link
            count less, and two linked words are left alone) or `match` (the assignment of the greatest sum).
        rounds: rounds of `itermax`.
        discount: what the similarities of a linked word are multiplied by in the later rounds of `itermax`.

    >>> chosen(np.array([[0.9, 0.8], [0.1, 0.3]]), "argmax").tolist()
    [[True, False], [False, False]]
    >>> chosen(np.array([[0.9, 0.8], [0.1, 0.3]]), "match").tolist()
    [[True, False], [False, True]]
    """
    if choice not in CHOICES:
        raise UnknownName("choice of links", choice, CHOICES)
    if choice == "match":
        from scipy.optimize import linear_sum_assignment

        rows, columns = linear_sum_assignment(alike, maximize=True)
        links = np.zeros(alike.shape, bool)
        links[rows, columns] = True
        return links
    links = _mutual(alike)
    for _ in range(rounds - 1 if choice == "itermax" else 0):
        linked, others = links.any(1, keepdims=True), links.any(0, keepdims=True)
        left = np.where(linked & others, 0, np.where(linked | others, discount * alike, alike))
        more = _mutual(left) & (left > 0) & ~links
        if not more.any():
            break
        links |= more
    return links


def _mutual(alike: Floats) -> NDArray[np.bool_]:
    """Cells that are the first maximum of their row and of their column."""
    n, m = alike.shape
    of_row, of_column = alike.argmax(1), alike.argmax(0)
    links = np.zeros((n, m), bool)
    links[np.arange(n), of_row] = of_column[of_row] == np.arange(n)
    return links


def _unit(forms: Sequence[str], embedder: Embedder) -> Floats:
    parts = [embedder.embed(forms[start : start + _AT_ONCE]) for start in range(0, len(forms), _AT_ONCE)]
    vectors = np.concatenate(parts).astype(np.float32) if parts else np.zeros((0, 1), np.float32)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12), np.float32)
