"""Which rows of a batch stay, and why the others go."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from macaronic.core.columns import token_offsets
from macaronic.core.corpus import from_batch
from macaronic.core.errors import InputError, UsageError
from macaronic.core.utterance import Utterance

Mask = NDArray[np.bool_]
Rule = Callable[[dict[str, Any]], bool]


def by_length(batch: pa.RecordBatch, *, least: int = 0, most: int | None = None) -> Mask:
    """True for rows that have at least `least` and at most `most` tokens, shape (rows,).

    >>> from macaronic.core.corpus import to_batch
    >>> by_length(to_batch([Utterance.from_words(["so", "chill"]), Utterance("")]), least=1).tolist()
    [True, False]
    """
    lengths = np.diff(token_offsets(batch))
    return (lengths >= least) & (lengths <= (np.inf if most is None else most))


def by_rule(batch: pa.RecordBatch, rule: Rule) -> Mask:
    """True for rows that a person's function keeps, shape (rows,).

    The function gets a dict with id, text, words, langs, labels and meta.

    Raises:
        UsageError: the function failed; says on which row.

    >>> from macaronic.core.corpus import to_batch
    >>> by_rule(to_batch([Utterance("so chill"), Utterance("")]), lambda row: "chill" in row["text"]).tolist()
    [True, False]
    """
    return np.fromiter((_ask(rule, u) for u in from_batch(batch)), bool, batch.num_rows)


def _ask(rule: Rule, utterance: Utterance) -> bool:
    row = {
        "id": utterance.id,
        "text": utterance.text,
        "words": list(utterance.words),
        "langs": list(utterance.langs),
        "labels": dict(utterance.labels),
        "meta": dict(utterance.meta),
    }
    try:
        return bool(rule(row))
    except Exception as error:
        raise UsageError(
            f"the keep function failed on row {utterance.id!r}: {type(error).__name__}: {error}"
        ) from error


def load_rule(place: str, folder: Path) -> Rule:
    """The function in `file.py:name`; running a person's code is their choice, made with --allow-code.

    Raises:
        UsageError: not of that form, or no such function in the file.
        InputError: no such file.
    """
    file, _, name = place.rpartition(":")
    path = folder / file
    if not file.endswith(".py") or not name.isidentifier():
        raise UsageError(f'expected keep = "file.py:function"; got {place!r}')
    if not path.is_file():
        raise InputError(f"cannot read {path}: no such file.")
    spec = importlib.util.spec_from_file_location(f"macaronic_rule_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise InputError(f"cannot load {path}.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rule = getattr(module, name, None)
    if not callable(rule):
        raise UsageError(f"{path} has no function {name!r}")
    return cast(Rule, rule)


def text_hashes(batch: pa.RecordBatch) -> NDArray[np.uint64]:
    """A 128-bit fingerprint of each row's text without outer space, shape (rows, 2).

    >>> from macaronic.core.corpus import to_batch
    >>> a, b = text_hashes(to_batch([Utterance("so chill"), Utterance(" so chill ")]))
    >>> bool((a == b).all())
    True
    """
    digests = (hashlib.blake2b(t.strip().encode(), digest_size=16).digest() for t in batch.column("text").to_pylist())
    return np.frombuffer(b"".join(digests), np.uint64).reshape(-1, 2)


def first_of_each(hashes: NDArray[np.uint64]) -> Mask:
    """True for the first row of every text, shape (rows,).

    Args:
        hashes: fingerprints in corpus order, shape (rows, 2).

    >>> first_of_each(np.array([[1, 1], [2, 2], [1, 1]], np.uint64)).tolist()
    [True, True, False]
    """
    order = np.lexsort((hashes[:, 1], hashes[:, 0]))
    ordered = hashes[order]
    new = np.ones(len(hashes), bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    # lexsort is stable, so the first of each run of equal texts is the first in the corpus.
    mask = np.zeros(len(hashes), bool)
    mask[order[new]] = True
    return mask


def tally(masks: Mapping[str, Mask]) -> tuple[Mask, dict[str, int]]:
    """All conditions together, and how many rows each was the first to refuse.

    >>> keep, gone = tally({"short": np.array([True, False, True]), "rule": np.array([False, False, True])})
    >>> keep.tolist(), gone
    ([False, False, True], {'short': 1, 'rule': 1})
    """
    kept, gone = None, {}
    for name, mask in masks.items():
        kept = np.ones(len(mask), bool) if kept is None else kept
        gone[name] = int((kept & ~mask).sum())
        kept = kept & mask
    return kept if kept is not None else np.ones(0, bool), gone
