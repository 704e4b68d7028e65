"""Which translated examples go into a prompt: the most similar sources, by vectors or by character n-grams.

Character n-grams weighed by how rare they are find fuzzy matches in any language without a model; an `Embedder` finds
sentences that mean the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.core.protocols import Embedder

_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Match:
    """An example that was found: its place in the pool and its similarity in [-1, 1]."""

    place: int
    similarity: float


def nearest(
    queries: Sequence[str],
    pool: Sequence[str],
    k: int,
    *,
    embedder: Embedder | None = None,
    n: tuple[int, int] = (2, 4),
) -> list[list[Match]]:
    """The k most similar texts of the pool for each query, the most similar first; equal texts are left out.

    Args:
        queries: texts to find examples for.
        pool: what may be found.
        k: how many, at least 0; fewer where the pool has not as many.
        embedder: compares by vectors; without one by tf-idf of character n-grams.
        n: shortest and longest n-gram.

    Raises:
        UsageError: k below 0.

    Source: S066 (similarity search by sentence vectors), S070 (fuzzy matches).

    >>> pool = ["the red car", "a blue house", "the red cat"]
    >>> [match.place for match in nearest(["the red cars"], pool, 2)[0]]
    [0, 2]
    """
    if k < 0:
        raise UsageError(f"expected k of at least 0; got {k}")
    if not pool or not k:
        return [[] for _ in queries]
    vectors, of_pool = _embedded(queries, pool, embedder) if embedder else _ngrams(queries, pool, n)
    out: list[list[Match]] = []
    for at in range(0, len(queries), _BLOCK):
        block: Any = vectors[at : at + _BLOCK] @ of_pool.T
        similarities = block.toarray() if sparse.issparse(block) else block
        out += [_best(row, query, pool, k) for row, query in zip(similarities, queries[at : at + _BLOCK])]
    return out


def _best(row: NDArray[np.float64], query: str, pool: Sequence[str], k: int) -> list[Match]:
    order = np.argsort(-row, kind="stable")[: k + 8]
    found = [Match(int(i), float(row[i])) for i in order if pool[int(i)] != query]
    if len(found) < min(k, len(pool)):  # many copies of the query itself
        found = [Match(int(i), float(row[i])) for i in np.argsort(-row, kind="stable") if pool[int(i)] != query]
    return found[:k]


def _embedded(
    queries: Sequence[str], pool: Sequence[str], embedder: Embedder
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    both = np.asarray(embedder.embed([*queries, *pool]), np.float64)
    both /= np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-12)
    return both[: len(queries)], both[len(queries) :]


def _ngrams(
    queries: Sequence[str], pool: Sequence[str], n: tuple[int, int]
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Unit vectors of character n-grams, weighed by log(pool size / texts that have them)."""
    numbers: dict[str, int] = {}
    rows, columns = [], []
    for i, text in enumerate([*pool, *queries]):
        padded = f" {' '.join(text.casefold().split())} "
        for size in range(n[0], n[1] + 1):
            for at in range(len(padded) - size + 1):
                rows.append(i)
                columns.append(numbers.setdefault(padded[at : at + size], len(numbers)))
    shape = (len(pool) + len(queries), max(1, len(numbers)))
    counts = sparse.coo_matrix((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()
    held = np.asarray((counts[: len(pool)] > 0).sum(axis=0)).ravel()
    weighed = counts.multiply(np.log((1 + len(pool)) / (1 + held)) + 1).tocsr()
    norms = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    unit = sparse.diags(1 / np.maximum(norms, 1e-12)) @ weighed
    return unit[len(pool) :].tocsr(), unit[: len(pool)].tocsr()


def prompt(
    source: str,
    examples: Sequence[tuple[str, str]],
    *,
    languages: tuple[str, str],
    terms: Sequence[tuple[str, str]] = (),
) -> str:
    """A prompt for a translation: terms, then examples from the least to the most similar, then the sentence.

    Args:
        source: the sentence.
        examples: (source, translation), the most similar first.
        languages: names of the two languages, as the prompt shall write them.
        terms: (source, target) terms that the translation shall use.

    >>> print(prompt("a cat", [("a dog", "un perro")], languages=("English", "Spanish")))
    English: a dog
    Spanish: un perro
    <BLANKLINE>
    English: a cat
    Spanish:
    """
    first, second = languages
    parts = []
    if terms:
        parts.append("Terms: " + "; ".join(f"{a} = {b}" for a, b in terms))
    parts += [f"{first}: {a}\n{second}: {b}" for a, b in reversed(examples)]
    parts.append(f"{first}: {source}\n{second}:")
    return "\n\n".join(parts)
