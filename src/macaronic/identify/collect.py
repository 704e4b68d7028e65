"""Collect mixed sentences out of a stream of any text: tag, measure, keep what mixes enough."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from macaronic.core.columns import token_layer, token_offsets
from macaronic.core.corpus import Corpus
from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.core.files import sync_folder, write_text
from macaronic.core.protocols import Tagger
from macaronic.identify.annotate import annotate
from macaronic.identify.asked import means
from macaronic.measure.sentences import summarise
from macaronic.measure.values import sentence_values
from macaronic.measure.words import language_words
from macaronic.text import words as word_cutter
from macaronic.text.formats import jsonl

PIECE = 1024
"""Rows between two saved states."""

REASONS = ("empty", "language missing", "too little mixing", "not sure", "duplicate")
"""Why a sentence is not kept; the first that holds is counted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sentences to keep.

    Args:
        languages: tags that must all occur in a sentence (`hi` is also met by `hi-Latn`).
        cmi: least code-mixing index, in percent, 0 to 50 or so.
        words: fewest words with a language.
        confidence: least mean confidence of the tagger, in [0, 1].
    """

    languages: tuple[str, ...] = ()
    cmi: float = 10.0
    words: int = 3
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Collected:
    """How far a collection has come.

    Args:
        read: sentences looked at.
        kept: sentences written.
        dropped: reason -> sentences not kept.
        size: bytes of the output.
        settings: what was wanted, so that a later run goes on with the same.
        done: whether the source was read to its end, or enough was kept.
    """

    read: int = 0
    kept: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    size: int = 0
    settings: str = ""
    done: bool = False


def collect(
    source: Corpus,
    tagger: Tagger,
    *,
    out: str | os.PathLike[str],
    wanted: Wanted | None = None,
    most: int | None = None,
) -> Collected:
    """Write the sentences of a stream that mix the wanted languages to a JSONL file, with their words' languages.

    The state lies beside the output (`<out>.state.json`) and is saved every `PIECE` sentences. Run again after an
    interruption, it goes on where it stood and ends in the same bytes. Equal texts are written once.

    Args:
        source: any text; it must give the same rows each time it is read.
        tagger: any word tagger.
        out: the JSONL file.
        wanted: which sentences to keep.
        most: stop when this many are kept.

    Returns:
        Counts of what was read, kept, and dropped by reason.

    Raises:
        UsageError: `out` belongs to a collection with other settings.
        InputError: the output cannot be written.

    Source: S024 (a loop of language identification that collects mixed posts), with CMI (Das & Gamback 2014).

    >>> import tempfile
    >>> from macaronic.core.utterance import Utterance
    >>> from macaronic.identify import mono
    >>> tagger = mono.fit({"de": ["ich habe heute keine zeit"], "tr": ["bugun hic vaktim yok"]})
    >>> rows = Corpus.from_utterances([Utterance("ich habe heute hic vaktim yok"), Utterance("ich habe keine zeit")])
    >>> done = collect(rows, tagger, out=f"{tempfile.mkdtemp()}/mixed.jsonl", wanted=Wanted(("de", "tr")))
    >>> done.read, done.kept, dict(done.dropped)
    (2, 1, {'language missing': 1})
    """
    if most is not None and most < 1:
        raise UsageError(f"expected to keep at least 1 sentence; got {most}")
    wanted = wanted or Wanted()
    settings = json.dumps({**asdict(wanted), "most": most}, sort_keys=True)
    path = Path(out)
    state = _resumed(path, settings)
    if state.done:
        return state
    seen = _seen(path, state.size)
    dropped = Counter(state.dropped)
    read, kept = state.read, state.kept
    with _opened(path, state.size) as file:
        for piece in _pieces(source, state.read):
            tagged, sure = annotate(word_cutter.annotate(piece), tagger)
            reasons = _reasons(tagged, sure, wanted)
            keep = _choose(tagged, reasons, seen, None if most is None else most - kept)
            looked_at = len(keep)
            dropped.update(REASONS[reason] for reason in reasons[:looked_at].tolist() if reason >= 0)
            rows = tagged.slice(0, looked_at).filter(pa.array(keep))
            for data in jsonl.write([rows]) if rows.num_rows else ():
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
            read, kept = read + looked_at, kept + rows.num_rows
            full = most is not None and kept >= most
            state = Collected(read, kept, _ordered(dropped), file.tell(), settings, full)
            _save(path, state)
            if full:
                return state
    state = Collected(read, kept, _ordered(dropped), path.stat().st_size, settings, True)
    _save(path, state)
    return state


def _reasons(batch: pa.RecordBatch, sure: NDArray[np.float32], wanted: Wanted) -> NDArray[np.int64]:
    """The number of the first reason against each row, -1 for none."""
    counted = summarise(language_words(batch))
    offsets = token_offsets(batch)
    present = _present(batch, wanted.languages)
    sums = np.concatenate([[0.0], np.cumsum(sure, dtype=np.float64)])
    mean = np.diff(sums[offsets]) / np.maximum(np.diff(offsets), 1)
    cmi = sentence_values(counted)["cmi"]
    against = np.stack(
        [counted.words == 0, ~present, (cmi < wanted.cmi) | (counted.words < wanted.words), mean < wanted.confidence]
    )
    return np.where(against.any(0), against.argmax(0), -1)


def _present(batch: pa.RecordBatch, languages: Sequence[str]) -> NDArray[np.bool_]:
    """Whether every one of the languages occurs in each row."""
    codes, names, offsets = token_layer(batch, "lang")
    row = np.repeat(np.arange(batch.num_rows), np.diff(offsets))
    present = np.ones(batch.num_rows, dtype=bool)
    for language in languages:
        meant = [at for at, name in enumerate(names) if means(language, name)]
        present &= np.bincount(row[np.isin(codes, meant)], minlength=batch.num_rows) > 0
    return present


def _choose(batch: pa.RecordBatch, reasons: NDArray[np.int64], seen: set[bytes], room: int | None) -> list[bool]:
    """Which rows to write, up to the row that fills the room; marks repeated texts in `reasons`."""
    keep: list[bool] = []
    left = -1 if room is None else room
    for at, text in enumerate(batch.column("text").to_pylist()):
        if reasons[at] < 0:
            key = _key(text)
            if key in seen:
                reasons[at] = REASONS.index("duplicate")
            else:
                seen.add(key)
        keep.append(bool(reasons[at] < 0))
        left -= keep[-1]
        if left == 0:
            break
    return keep


def _pieces(source: Corpus, skip: int) -> Iterator[pa.RecordBatch]:
    for batch in source.batches():
        start = min(skip, batch.num_rows)
        skip -= start
        for at in range(start, batch.num_rows, PIECE):
            yield batch.slice(at, PIECE)


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _seen(path: Path, size: int) -> set[bytes]:
    """Keys of the texts that are already written."""
    if not size:
        return set()
    with path.open("rb") as file:
        return {_key(_text_of(json.loads(line))) for line in file.read(size).splitlines()}


def _text_of(row: Mapping[str, Any]) -> str:
    return str(row["text"]) if "text" in row else " ".join(row.get("words") or row.get("tokens") or ())


def _opened(path: Path, size: int) -> Any:
    """The output, cut back to what the state vouches for."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("r+b" if size else "wb")
        file.truncate(size)
        file.seek(size)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}.") from error
    return file


def _state_path(path: Path) -> Path:
    return path.with_name(path.name + ".state.json")


def _resumed(path: Path, settings: str) -> Collected:
    place = _state_path(path)
    if not place.is_file():
        if path.exists():
            raise UsageError(f"{path} exists and is no collection of macaronic; move it away or give another --out")
        return Collected(settings=settings)
    try:
        state = Collected(**json.loads(place.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise FormatError(f"expected the state of a collection; got {error}", str(place)) from error
    if state.settings != settings:
        raise UsageError(
            f"{path} was begun with other settings.\nThen: {state.settings}\nNow:  {settings}. Give another --out"
        )
    if state.size and (not path.is_file() or path.stat().st_size < state.size):
        raise InputError(f"{path} is shorter than its state says; remove {place} to begin anew.")
    return state


def _save(path: Path, state: Collected) -> None:
    write_text(_state_path(path), json.dumps(asdict(state), sort_keys=True) + "\n")
    sync_folder(path.parent)


def _ordered(dropped: Counter[str]) -> dict[str, int]:
    return {reason: dropped[reason] for reason in REASONS if dropped[reason]}
