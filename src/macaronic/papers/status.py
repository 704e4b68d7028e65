"""The status of a claim and of a paper: computed from stored results, never typed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from macaronic import __version__
from macaronic.core.errors import FormatError
from macaronic.core.files import write_text
from macaronic.papers.paper import SCALES, Check, Claim, Paper

FOLDER = Path(__file__).parent / "results"
Entry = dict[str, Any]
KEYS = frozenset(("claim", "value", "low", "high", "n", "data_sha256", "note", "scale", "seed", "version", "command"))


def place(paper: Paper, folder: Path | None = None) -> Path:
    """The file that holds a paper's results: in `folder`, in `MACARONIC_RESULTS`, or in the package."""
    return (folder or Path(os.environ.get("MACARONIC_RESULTS") or FOLDER)) / f"{paper.id}.json"


def stored(paper: Paper, folder: Path | None = None) -> list[Entry]:
    """The results of earlier runs of a paper's checks, oldest first.

    Raises:
        FormatError: the file is not what `store` writes.
    """
    path = place(paper, folder)
    if not path.exists():
        return []
    try:
        entries = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise FormatError(f"expected results as JSON; got {error}", str(path)) from error
    if not isinstance(entries, list) or not all(isinstance(e, dict) and e.keys() >= KEYS for e in entries):
        raise FormatError(f"expected a list of results with the keys {', '.join(sorted(KEYS))}", str(path))
    return entries


def as_entries(paper: Paper, checks: Sequence[Check], *, scale: str, seed: int) -> list[Entry]:
    """What is stored of a run: one entry a check."""
    command = f"macaronic reproduce {paper.slug} --scale {scale} --seed {seed}"
    return [{**asdict(c), "scale": scale, "seed": seed, "version": __version__, "command": command} for c in checks]


def store(paper: Paper, new: Sequence[Entry], folder: Path | None = None) -> Path:
    """Add what a run measured; an older entry of the same claim, scale, seed and version is replaced.

    A check without a value leaves no trace: a run without the data undoes nothing.

    Returns:
        The file.

    Raises:
        InputError: it cannot be written.
    """
    measured = [e for e in new if e["value"] is not None]
    keys = {_key(e) for e in measured}
    kept = [e for e in stored(paper, folder) if _key(e) not in keys] + measured
    path = place(paper, folder)
    write_text(path, json.dumps(kept, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    return path


def _key(entry: Entry) -> tuple[Any, ...]:
    return entry["claim"], entry["scale"], entry["seed"], entry["version"]


def holds(claim: Claim, value: float | None) -> bool | None:
    """Whether a measured value bears the claim out; None when there is nothing to judge.

    >>> holds(Claim("a", "", "number", reported=0.95, tolerance=0.01), 0.955)
    True
    >>> holds(Claim("a", "", "direction", at_least=0.0), -0.1)
    False
    """
    if value is None or claim.kind == "needs":
        return None
    if claim.kind == "number" and claim.reported is not None:
        return abs(value - claim.reported) <= claim.tolerance
    return value >= (claim.at_least or 0.0)


def deciding(claim: Claim, entries: Iterable[Entry]) -> Entry | None:
    """The entry that decides a claim: of this version, with a value, at the largest scale, the newest."""
    own = [e for e in entries if e["claim"] == claim.id and e["version"] == __version__ and e["value"] is not None]
    return max(enumerate(own), key=lambda pair: (SCALES.index(pair[1]["scale"]), pair[0]))[1] if own else None


def claim_status(claim: Claim, entries: Iterable[Entry]) -> str:
    """`reproduced`, `direction`, `mechanism`, `needs`, `contradicted`, or `not run`.

    >>> claim_status(Claim("a", "", "mechanism", at_least=1.0), [])
    'not run'
    """
    entry = deciding(claim, entries)
    verdict = holds(claim, entry["value"]) if entry else None
    if claim.kind == "needs":
        return "needs"
    if verdict is None:
        return "not run"
    if not verdict:
        return "contradicted"
    return "reproduced" if claim.kind == "number" else claim.kind


_ORDER = ("contradicted", "not run", "needs", "mechanism", "direction", "reproduced")


def paper_status(paper: Paper, entries: Sequence[Entry]) -> str:
    """A paper is contradicted when one claim is; else it has the best status that one of its claims has earned."""
    statuses = [claim_status(claim, entries) for claim in paper.claims]
    if "contradicted" in statuses:
        return "contradicted"
    return max(statuses, key=_ORDER.index, default="not run")
