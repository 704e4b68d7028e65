"""Features on disk: written once as Arrow, mapped into memory, used again by the next run on the same data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from macaronic.core.errors import FormatError, InputError
from macaronic.core.files import atomic_write

ROWS = 2048
Ints = NDArray[np.int32]


class Store:
    """Lists of ids, a row each, in a file that is mapped into memory.

    Args:
        path: what `write` made.

    Raises:
        InputError: it cannot be read.
        FormatError: it was cut short.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     n = write(f"{folder}/a.arrow", [{"input_ids": [5, 6]}, {"input_ids": [7]}])
    ...     store = Store(f"{folder}/a.arrow")
    ...     len(store), store[1]["input_ids"].tolist(), store.tokens
    (2, [7], 3)
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        except OSError as error:
            raise InputError(f"cannot read {path}: {error}.") from error
        except pa.ArrowInvalid as error:
            raise FormatError(
                "expected an Arrow file; this one is cut short. Delete it; it is made again.", str(path)
            ) from error
        self.names = tuple(table.column_names)
        self._batches = table.to_batches()
        self._begin = np.cumsum([0, *(b.num_rows for b in self._batches)])
        self.tokens = sum(len(b.column(0).flatten()) for b in self._batches) if self._batches else 0

    def __len__(self) -> int:
        return int(self._begin[-1])

    def __getitem__(self, index: int) -> dict[str, Ints]:
        batch = int(np.searchsorted(self._begin, index, "right")) - 1
        row = index - int(self._begin[batch])
        held = self._batches[batch]
        return {name: held.column(i)[row].values.to_numpy() for i, name in enumerate(self.names)}


def write(path: str | Path, features: Iterable[dict[str, list[int]]], names: Sequence[str] = ("input_ids",)) -> int:
    """Write features, whole or not at all, in bounded memory.

    Args:
        path: the file.
        features: name -> ids; all have the same names.
        names: the names when there is no feature at all.

    Returns:
        how many were written.
    """
    reading, count = iter(features), 0
    first = next(reading, None)
    columns = tuple(first) if first else tuple(names)
    schema = pa.schema([(name, pa.list_(pa.int32())) for name in columns])
    with atomic_write(path) as file, pa.ipc.new_file(file, schema) as out:
        for block in _blocks([] if first is None else [first], reading):
            out.write_batch(
                pa.record_batch([pa.array([f[n] for f in block], pa.list_(pa.int32())) for n in columns], schema)
            )
            count += len(block)
    return count


def _blocks(
    first: list[dict[str, list[int]]], reading: Iterator[dict[str, list[int]]]
) -> Iterator[list[dict[str, Any]]]:
    block = first + list(islice(reading, ROWS - len(first)))
    while block:
        yield block
        block = list(islice(reading, ROWS))
