"""The order of a whole run as one dataset: item i is the same for any number of processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from macaronic.mix.stream import Stream
from macaronic.train.examples import IGNORE

Item = dict[str, NDArray[Any]]
_STRETCH = 50


class Held(Protocol):
    """What has rows of ids."""

    def __len__(self) -> int:
        """How many."""
        ...

    def __getitem__(self, index: int) -> Item:
        """One."""
        ...


class Shuffled:
    """Passes over rows, each in a new order, up to `items` in all.

    Args:
        store: the rows.
        chosen: which of them, shape (n,), n at least 1.
        items: how many the run takes.
        seed: of the orders.

    >>> rows = [{"input_ids": np.array([i])} for i in range(3)]
    >>> run = Shuffled(rows, np.arange(3), 6, seed=1)
    >>> sorted(int(run[i]["input_ids"][0]) for i in range(3)), len(run)
    ([0, 1, 2], 6)
    """

    def __init__(self, store: Held, chosen: NDArray[np.int64], items: int, seed: int) -> None:
        self._store, self._chosen, self._items, self._seed = store, chosen, items, seed
        self._epoch, self._order = -1, chosen

    def __len__(self) -> int:
        return self._items

    def __getitem__(self, index: int) -> Item:
        epoch, at = divmod(index, len(self._chosen))
        if epoch != self._epoch:
            order = np.random.default_rng([self._seed, 11, epoch]).permutation(len(self._chosen))
            self._epoch, self._order = epoch, self._chosen[order]
        return self._store[int(self._order[at])]


def alike(lengths: NDArray[np.int64], batch: int, items: int, seed: int) -> NDArray[np.int64]:
    """Places of rows for a whole run: passes in new orders, batches of like length, at least `items` in all.

    Args:
        lengths: of the rows, shape (n,), n at least `batch`.
        batch: rows a batch; what is left of a pass beyond whole batches is left out of that pass.
        items: how many the run takes.
        seed: of the orders.

    >>> places = alike(np.array([9, 2, 9, 1]), 2, 6, seed=1)
    >>> sorted(sorted(pair) for pair in places.reshape(-1, 2).tolist())
    [[0, 2], [0, 2], [1, 3], [1, 3]]
    """
    passes: list[NDArray[np.int64]] = []
    whole = len(lengths) - len(lengths) % batch
    for epoch in range(-(-items // whole)):
        rng = np.random.default_rng([seed, 12, epoch])
        order = rng.permutation(len(lengths))[:whole]
        stretch = np.arange(whole) // (_STRETCH * batch)
        order = order[np.lexsort((lengths[order], stretch))]
        passes.append(rng.permutation(order.reshape(-1, batch)).ravel())
    return np.concatenate(passes)


class Chosen:
    """Some rows in their own order, for validation."""

    def __init__(self, store: Held, chosen: NDArray[np.int64]) -> None:
        self._store, self._chosen = store, chosen

    def __len__(self) -> int:
        return len(self._chosen)

    def __getitem__(self, index: int) -> Item:
        return self._store[int(self._chosen[index])]


class Mixed:
    """The items of a `mix.stream.Stream` by their position; `achieved` of the stream says the exact shares."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def __len__(self) -> int:
        return len(self.stream)

    def __getitem__(self, index: int) -> Item:
        return self.__getitems__([index])[0]

    def __getitems__(self, indices: Sequence[int]) -> list[Item]:
        """A stretch of positions, as the data loader asks for them."""
        found: list[Item] = []
        while len(found) < len(indices):
            batch = next(self.stream.batches(len(indices) - len(found), position=indices[len(found)]))
            found += [{"input_ids": np.asarray(row).astype(np.int32)} for row in batch.rows]
        return found


class Masked:
    """Rows with tokens hidden for masked language modelling: 80 % by the mask, 10 % by another token, 10 % left.

    What is hidden depends on the seed and the position alone, so that a resumed run hides the same.

    Args:
        rows: with `input_ids`.
        share: of the tokens to guess, in (0, 1).
        mask: id of the mask token.
        vocabulary: tokens.
        seed: of the choice.

    Source: Devlin et al. 2019 (BERT), section 3.1.
    """

    def __init__(self, rows: Held, share: float, mask: int, vocabulary: int, seed: int) -> None:
        self._rows, self._share, self._mask, self._vocabulary, self._seed = rows, share, mask, vocabulary, seed

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> Item:
        ids = self._rows[index]["input_ids"].copy()
        rng = np.random.default_rng([self._seed, 13, index])
        guessed = rng.random(len(ids)) < self._share
        guessed[int(rng.integers(len(ids)))] = True
        labels, how = np.where(guessed, ids, IGNORE), rng.random(len(ids))
        ids[guessed & (how < 0.8)] = self._mask
        other = guessed & (how >= 0.8) & (how < 0.9)
        ids[other] = rng.integers(0, self._vocabulary, int(other.sum()))
        return {"input_ids": ids, "labels": labels}


class Collator:
    """Rows of ids to tensors, padded on the right to the longest; rows without labels learn themselves.

    Args:
        pad: id of the pad token.
        single: whether `labels` holds one class a row.
    """

    def __init__(self, pad: int, *, single: bool = False) -> None:
        self._pad, self._single = pad, single

    def __call__(self, rows: Sequence[Item]) -> dict[str, Any]:
        """int64 tensors of shape (batch, longest); `labels` of a class of shape (batch,)."""
        import torch

        ids = [torch.from_numpy(row["input_ids"].astype(np.int64)) for row in rows]
        given = [torch.from_numpy(row.get("labels", row["input_ids"]).astype(np.int64)) for row in rows]
        fill = torch.nn.utils.rnn.pad_sequence
        mask = fill([torch.ones_like(x) for x in ids], batch_first=True)
        labels = torch.cat(given) if self._single else fill(given, batch_first=True, padding_value=IGNORE)
        return {
            "input_ids": fill(ids, batch_first=True, padding_value=self._pad),
            "attention_mask": mask,
            "labels": labels,
        }
