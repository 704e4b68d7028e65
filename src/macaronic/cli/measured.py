"""What `macaronic measure` computes: counts from every shard, by any engine, and the results of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from macaronic.cli.show import note, progress

if TYPE_CHECKING:
    from macaronic.core.protocols import Executor
    from macaronic.core.result import Result
    from macaronic.identify.rows import Labelling
    from macaronic.measure.compare import Comparison
    from macaronic.measure.counts import Counts
    from macaronic.measure.symcom import Pair
    from macaronic.text.formats import Reading

UNTAGGED = "note: these words have no languages yet; identifying them first"


@dataclass(frozen=True)
class Asked:
    """What was asked for, whatever the files."""

    level: str | None
    languages: list[str] | None
    names: tuple[str, ...] | None
    samples: int
    seed: int
    quiet: bool

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of corpus measures."""
        return ("corpus", "sentence_mean") if self.level in (None, "sentence") else (self.level,)


def _counts(
    read: Sequence[Reading], label: Labelling, asked: Asked, run: Executor, key: str | None = None
) -> tuple[Pair | None, list[dict[str, Counts]]]:
    """The counts of each reading, by group, and the two languages whose tags were counted."""
    from macaronic.measure.names import check_names
    from macaronic.measure.shards import Wanted, count_all, with_pair

    check_names(asked.names, asked.levels)
    tags = tuple(asked.languages) if asked.languages is not None else None
    wanted = with_pair(read, label.where_missing, Wanted(tags, asked.names, key), run)
    told = asked.quiet
    with progress("measuring", quiet=asked.quiet) as advance:

        def say(done: int, total: int, bare: bool) -> None:
            nonlocal told
            advance(done, total, f"{done}/{total} parts")
            if bare and not told:
                note(UNTAGGED)
                told = True

        return wanted.pair, [count_all(reading, label.where_missing, wanted, run, say=say) for reading in read]


def whole(reading: Reading, label: Labelling, asked: Asked, run: Executor) -> list[Result]:
    """The measures of a reading."""
    import numpy as np

    from macaronic.measure.corpus import results

    pair, (found,) = _counts([reading], label, asked, run)
    rng = np.random.default_rng(asked.seed)
    return results(
        found[""],
        level=asked.levels,
        languages=asked.languages,
        names=asked.names,
        pair=pair,
        rng=rng,
        samples=asked.samples,
    )


def grouped(reading: Reading, by: str, label: Labelling, asked: Asked, run: Executor) -> dict[str, list[Result]]:
    """The measures of each group of a reading."""
    import numpy as np

    from macaronic.measure.corpus import results
    from macaronic.measure.groups import check_key

    check_key(by)
    pair, (found,) = _counts([reading], label, asked, run, by)
    rng = np.random.default_rng(asked.seed)
    return {
        group: results(
            counts,
            level=asked.levels,
            languages=asked.languages,
            names=asked.names,
            pair=pair,
            rng=rng,
            samples=asked.samples,
        )
        for group, counts in found.items()
    }


def compared(read: Sequence[Reading], label: Labelling, asked: Asked, run: Executor) -> list[Comparison]:
    """How two readings differ."""
    import numpy as np

    from macaronic.measure.compare import compare_counts

    pair, (first, second) = _counts(read, label, asked, run)
    return compare_counts(
        first[""],
        second[""],
        level=asked.levels,
        languages=asked.languages,
        names=asked.names,
        pair=pair,
        rng=np.random.default_rng(asked.seed),
        samples=asked.samples or 1,
    )
