"""The stream as a PyTorch dataset: each machine and each reading worker takes its own part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from macaronic.core.errors import MissingExtra, UsageError
from macaronic.mix.stream import Stream

if TYPE_CHECKING:
    from torch.utils.data import IterableDataset


def torch_dataset(
    stream: Stream,
    *,
    batch: int,
    position: int = 0,
    rank: int | None = None,
    ranks: int | None = None,
    drop_last: bool = True,
) -> IterableDataset[dict[str, Any]]:
    """An `IterableDataset` of whole batches, for `DataLoader(dataset, batch_size=None, num_workers=...)`.

    An item is a dict: `input_ids` (int64, shape (batch, length)), `source` (int64, shape (batch,), indexes of
    `stream.names`), `phase`, and `position`. The order does not depend on the number of workers. To go on later, keep
    `stream.state(position)` with the `position` of the last batch that was trained on, and give `stream.resumed(state)`
    here.

    Args:
        stream: a stream whose phases all have a length.
        batch: rows of a batch on this machine.
        position: where to begin.
        rank: which machine this is; what `torch.distributed` says when left out, else 0.
        ranks: how many there are; what `torch.distributed` says when left out, else 1.
        drop_last: leave out the batches that are not full at the end of a phase, so that ranks have equally many.

    Raises:
        MissingExtra: PyTorch is not installed.
        UsageError: a stream of whole documents, or a part that is out of range.

    >>> import tempfile
    >>> from macaronic.core.mixture import Mixture
    >>> from macaronic.mix.schedule import Phase
    >>> from macaronic.mix.shards import write_tokens
    >>> folder = tempfile.mkdtemp()
    >>> n = write_tokens(f"{folder}/fi.shard", [range(64)])
    >>> phases = [Phase("all", Mixture({"fi": 1}, "tokens"), 64, length=8)]
    >>> stream = Stream({"fi": [f"{folder}/fi.shard"]}, phases, seed=1)
    >>> [tuple(item["input_ids"].shape) for item in torch_dataset(stream, batch=4)]
    [(4, 8), (4, 8)]
    """
    try:
        import torch
        from torch.utils.data import IterableDataset, get_worker_info
    except ImportError as error:
        raise MissingExtra("torch", "local") from error
    if any(phase.length is None for phase in stream.phases):
        raise UsageError("expected phases with a length: whole documents do not make tensors of one shape.")
    if rank is None or ranks is None:
        here = torch.distributed.is_available() and torch.distributed.is_initialized()
        rank = torch.distributed.get_rank() if here else 0
        ranks = torch.distributed.get_world_size() if here else 1
    part = {"batch": batch, "position": position, "rank": rank, "ranks": ranks, "drop_last": drop_last}
    own_rank, all_ranks = rank, ranks
    stream.batches(batch, position=position, rank=rank, ranks=ranks)

    class Batches(IterableDataset[dict[str, Any]]):  # type: ignore[misc]
        """Batches of the stream."""

        def __reduce__(self) -> tuple[Any, ...]:
            return _again, (stream, part)

        def __iter__(self) -> Iterator[dict[str, Any]]:
            info = get_worker_info()
            for found in stream.batches(
                batch,
                position=position,
                rank=own_rank,
                ranks=all_ranks,
                worker=info.id if info else 0,
                workers=info.num_workers if info else 1,
                drop_last=drop_last,
            ):
                yield {
                    "input_ids": torch.from_numpy(np.asarray(found.rows).astype(np.int64)),
                    "source": torch.from_numpy(found.sources.astype(np.int64)),
                    "phase": found.phase,
                    "position": found.position,
                }

    return Batches()


def _again(stream: Stream, part: Mapping[str, Any]) -> IterableDataset[dict[str, Any]]:
    """The dataset in another process."""
    return torch_dataset(stream, **part)
