"""A training stream out of shards: exact shares, any place at once, the same for any number of machines and workers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UnknownName, UsageError
from macaronic.mix.permute import key_of
from macaronic.mix.pieces import Documents, Pieces, Windows
from macaronic.mix.schedule import Laid, Phase, exact, rounded, total
from macaronic.mix.shards import Shard, open_shard

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Batch:
    """Some items of the stream, in order.

    Args:
        rows: token ids of shape (n, length); or a list of whole documents, text or token ids.
        sources: whose each row is, as indexes of the stream's `names`, shape (n,).
        phase: the phase they belong to.
        position: how many items of the whole stream are past after this step, on all machines together; save this.
    """

    rows: NDArray[Any] | list[str] | list[NDArray[Any]]
    sources: NDArray[np.int32]
    phase: str
    position: int


@dataclass(frozen=True)
class Achieved:
    """What one source gave to one phase, beside what was asked.

    Args:
        phase: the phase's name.
        source: the source's name.
        unit: what the mixture counts.
        wanted: the share that was asked for, in [0, 1].
        share: the share that came out, in [0, 1].
        units: how many units came out.
        items: how many sequences or documents.
        epochs: how often the source has been seen since the beginning, at this length.
    """

    phase: str
    source: str
    unit: str
    wanted: float
    share: float
    units: float
    items: int
    epochs: float


class Stream:
    """Items of named sources in the order that phases of mixtures ask for.

    The order depends on the seed, the shards' sizes and the phases, and on nothing else: the number of machines,
    workers and the size of a batch only say who reads which part of it. Each source is shuffled anew in each epoch, and
    goes on in the next phase where it stopped in the one before (when the sequences are as long).

    Args:
        shards: the files of each source, in order; or shards that are open.
        phases: what comes after what.
        seed: what every shuffle depends on.

    Raises:
        UnknownName: a mixture that weighs a source that is not there.
        UsageError: a weighed source too small for one sequence, text asked for as sequences, or a unit that the shards
            do not count.

    >>> import tempfile
    >>> from macaronic.core.mixture import Mixture
    >>> from macaronic.mix.shards import write_tokens
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, token in (("fi", 1), ("en", 2)):
    ...         n = write_tokens(f"{folder}/{name}.shard", [[token] * 100])
    ...     files = {name: [f"{folder}/{name}.shard"] for name in ("fi", "en")}
    ...     stream = Stream(files, [Phase("all", Mixture({"fi": 3, "en": 1}, "tokens"), 320, length=8)], seed=1)
    ...     rows = [batch.rows for batch in stream.batches(10)]
    >>> len(rows), rows[0].shape, [a.items for a in stream.achieved()]
    (4, (10, 8), [30, 10])
    """

    def __init__(
        self, shards: Mapping[str, Sequence[str | Path | Shard]], phases: Sequence[Phase], *, seed: int
    ) -> None:
        self.names = tuple(shards)
        self.phases = tuple(phases)
        self.seed = seed
        self._shards = {n: tuple(s if isinstance(s, Shard) else open_shard(s) for s in shards[n]) for n in self.names}
        self._pieces: dict[tuple[str, int | None], Pieces] = {}
        self._laid = self._lay()

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, ({n: [s.path for s in own] for n, own in self._shards.items()}, self.phases, self.seed)

    def __len__(self) -> int:
        """How many items the whole stream has."""
        return sum(laid.size for laid in self._laid)

    @property
    def tokens(self) -> int:
        """How many tokens all sequences hold together; phases of whole documents do not count."""
        return sum(laid.size * (laid.phase.length or 0) for laid in self._laid)

    def batches(
        self,
        size: int,
        *,
        position: int = 0,
        rank: int = 0,
        ranks: int = 1,
        worker: int = 0,
        workers: int = 1,
        drop_last: bool = False,
    ) -> Iterator[Batch]:
        """Batches from a position on, for one of several machines and one of its several reading workers.

        A step takes the next `size * ranks` items, `size` for each rank; worker w reads the steps w, w + workers, ...
        of its rank. A step does not cross the end of a phase: the last of a phase is shorter, or left out.

        Args:
            size: rows of a batch on one machine.
            position: where to go on: the `position` of the last batch that was used.
            rank: which machine this is, in [0, ranks).
            ranks: how many machines read together.
            worker: which reading worker this is, in [0, workers).
            workers: how many workers read for this machine.
            drop_last: leave out steps that are not full, so that every rank has equally many.

        Raises:
            UsageError: a rank, worker, size or position out of range.
        """
        if not (0 <= rank < ranks and 0 <= worker < workers and size >= 1):
            raise UsageError(
                f"expected rank < ranks and worker < workers, size >= 1; got {rank}/{ranks}, {worker}/{workers}, {size}"
            )
        if not 0 <= position <= len(self):
            raise UsageError(f"expected a position from 0 to {len(self)}; got {position}")
        return self._batches(size, position, rank, ranks, worker, workers, drop_last)

    def _batches(
        self, size: int, position: int, rank: int, ranks: int, worker: int, workers: int, drop_last: bool
    ) -> Iterator[Batch]:
        step = 0
        for number, laid in enumerate(self._laid):
            if not laid.size or laid.start + laid.size <= position:
                continue
            reader = _Reader(laid, [self._of(name, laid.phase) for name in self.names])
            for place in range(max(0, position - laid.start), laid.size, size * ranks):
                end = min(place + size * ranks, laid.size)
                if drop_last and end - place < size * ranks:
                    continue
                mine = slice(min(place + rank * size, end), min(place + (rank + 1) * size, end))
                if step % workers == worker and mine.start < mine.stop:
                    sources, rows = reader.read(mine.start, mine.stop)
                    yield Batch(rows, sources, self.phases[number].name, laid.start + end)
                step += 1

    def achieved(self, position: int | None = None) -> list[Achieved]:
        """What came out of each source in each phase that has begun; all of it when no position is given."""
        end = len(self) if position is None else position
        found = []
        for laid in self._laid:
            if laid.start >= end and laid.start:
                break
            taken = laid.taken(min(end - laid.start, laid.size))
            pieces = [self._of(name, laid.phase) for name in self.names]
            unit = laid.phase.mixture.unit
            units = [float(p.units(unit, f, f + n)) if n else 0.0 for p, f, n in zip(pieces, laid.first, taken)]
            whole = sum(units) or 1.0
            wanted = [laid.phase.mixture.weights.get(name, 0.0) for name in self.names]
            found += [
                Achieved(laid.phase.name, name, unit, w, u / whole, u, n, (f + n) / p.count if p.count else 0.0)
                for name, w, u, n, f, p in zip(self.names, wanted, units, taken, laid.first, pieces)
            ]
        return found

    @property
    def fingerprint(self) -> str:
        """What the order depends on, in 16 hexadecimal digits."""
        sizes = [[(len(s.items), s.documents, s.items.dtype.itemsize) for s in self._shards[n]] for n in self.names]
        laid = [(x.phase.name, x.phase.length, x.counts, x.first) for x in self._laid]
        return f"{key_of(self.seed, repr((self.names, sizes, laid))):016x}"

    def state(self, position: int) -> dict[str, int | str]:
        """What to save beside a model: the seed, the position, and what they are a position of."""
        return {"seed": self.seed, "position": position, "stream": self.fingerprint}

    def resumed(self, state: Mapping[str, Any]) -> int:
        """The position of a saved state, after checking that it belongs to this stream.

        Raises:
            UsageError: a state of another stream: other shards, phases or seed.
        """
        missing = [key for key in ("seed", "position", "stream") if key not in state]
        if missing:
            raise UsageError(f"expected a saved state with seed, position and stream; {missing[0]!r} is missing.")
        if state["stream"] != self.fingerprint:
            raise UsageError(
                f"the saved state (seed {state['seed']}) belongs to another stream than this one (seed {self.seed}).\n"
                "Use the shards, phases and seed it was saved with, or begin at position 0."
            )
        return int(state["position"])

    def _of(self, name: str, phase: Phase) -> Pieces:
        key = (name, phase.length)
        if key not in self._pieces:
            seed = key_of(self.seed, name, phase.length or 0)
            shards = self._shards[name]
            self._pieces[key] = (
                Documents(name, shards, seed) if phase.length is None else Windows(name, shards, phase.length, seed)
            )
        return self._pieces[key]

    def _lay(self) -> tuple[Laid, ...]:
        laid, start, seen = [], 0, dict[tuple[str, int | None], int]()
        for number, phase in enumerate(self.phases):
            unknown = [name for name, weight in phase.mixture.weights.items() if weight and name not in self.names]
            if unknown:
                raise UnknownName("source of a weight", unknown[0], self.names, f"phase {phase.name!r}")
            first = {name: seen.get((name, phase.length), 0) for name in self.names}
            counts = self._counts(phase, first)
            for name in self.names:
                seen[name, phase.length] = first[name] + counts[name]
            row = tuple(counts[name] for name in self.names), tuple(first[name] for name in self.names)
            laid.append(Laid(phase, self.names, *row, start, key_of(self.seed, number, "order")))
            start += laid[-1].size
        return tuple(laid)

    def _counts(self, phase: Phase, first: Mapping[str, int]) -> dict[str, int]:
        """How many items of each source a phase takes."""
        unit, weights = phase.mixture.unit, {n: w for n, w in exact(phase.mixture).items() if w}
        pieces = {name: self._of(name, phase) for name in weights}
        for piece in pieces.values():
            piece.check(phase.name)
        kinds = {piece.text: name for name, piece in pieces.items()}
        if len(kinds) == 2:
            raise UsageError(
                f"phase {phase.name!r}: {kinds[True]!r} is text and {kinds[False]!r} tokens; use one kind in a phase."
            )
        whole = total(phase, {name: Fraction(p.units(unit, 0, p.count)) for name, p in pieces.items()})
        wanted = {name: weight * whole for name, weight in weights.items()}
        if phase.length is not None:
            counts = rounded({name: x / pieces[name].each(unit) for name, x in wanted.items()})
        else:
            counts = {name: pieces[name].filled(unit, first[name], x) for name, x in wanted.items()}
        return {name: counts.get(name, 0) for name in self.names}


class _Reader:
    """Reads ranges of one phase, and holds the block it is in."""

    def __init__(self, laid: Laid, pieces: Sequence[Pieces]) -> None:
        self._laid, self._pieces = laid, pieces
        self._block, self._low, self._high = -1, 0, 0
        self._sources = np.zeros(0, np.int32)
        self._where: list[list[int]] = [[], [], []]
        self._arrays = [array for piece in pieces for array in piece.arrays]
        self._begin = np.cumsum([0, *(len(piece.arrays) for piece in pieces)])
        used = [piece for piece, count in zip(pieces, laid.counts) if count]
        self._type = np.result_type(*{array.dtype for piece in used for array in piece.arrays})
        self._text = any(piece.text for piece in used)

    def _turn_to(self, place: int) -> None:
        """Load the block that holds a place."""
        near = self._block + 1
        block = near if place == self._high and near < self._laid.blocks else self._laid.block_at(place)
        low, sources, item = self._laid.deal(block)
        where = np.zeros((3, len(sources)), np.int64)
        for number in np.unique(sources).tolist():
            own = np.flatnonzero(sources == number)
            found = self._pieces[number].locate(item[own])
            where[0, own] = found[0] + self._begin[number]
            where[1:, own] = found[1:]
        self._block, self._low, self._high = block, low, low + len(sources)
        self._sources, self._where = sources, where.tolist()

    def read(self, place: int, end: int) -> tuple[NDArray[np.int32], Any]:
        """The sources and the rows of [place, end)."""
        length = self._laid.phase.length
        out = np.empty((end - place, length), self._type) if length is not None else None
        rows: list[Any] = []
        parts, done = [], 0
        while place < end:
            while not self._low <= place < self._high:
                self._turn_to(place)
            a, b = place - self._low, min(end, self._high) - self._low
            arrays, where = self._arrays, zip(*(column[a:b] for column in self._where))
            if out is not None:
                for row, (array, begin, stop) in enumerate(where, done):
                    out[row] = arrays[array][begin:stop]
            else:
                rows += [arrays[array][begin:stop] for array, begin, stop in where]
            parts.append(self._sources[a:b])
            done += b - a
            place += b - a
        sources = parts[0] if len(parts) == 1 else np.concatenate(parts)
        if out is not None:
            return sources, out
        return sources, [row.tobytes().decode("utf-8") for row in rows] if self._text else rows


def _again(shards: dict[str, list[Path]], phases: tuple[Phase, ...], seed: int) -> Stream:
    return Stream(shards, phases, seed=seed)
