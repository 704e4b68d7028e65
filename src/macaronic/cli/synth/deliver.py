"""What a run of synthesis shows: sentences on stdout or in a file, and what became of every row."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from macaronic.cli.show import emit, escape_controls, note, print_coloured

if TYPE_CHECKING:
    from pyarrow import RecordBatch

    from macaronic.core.utterance import Utterance
    from macaronic.synth.mixed import Mixed, Outcome

LAYERS = ("lang", "source")


def deliver(
    outcomes: Iterable[Outcome], *, tags: tuple[str, ...], json: bool, out: str | None, text: bool = False
) -> None:
    """Write each sentence: to a file, as one JSON object a row of the input, in colour, or as JSON lines into a pipe.

    Args:
        outcomes: one a row of the input.
        tags: the languages of the columns, in their order; `source` counts in it.
        json: one object a row of the input, also for those that gave nothing.
        out: a file to write to.
        text: the sentences alone, one a line.

    Raises:
        UsageError: a file, and `json` or `text` besides.
    """
    if out is not None and (json or text):
        from macaronic.core.errors import UsageError

        asked, ending = ("--json", ".jsonl") if json else ("--text", ".txt")
        raise UsageError(f"{asked} prints and --out writes a file; give one of them.\nTry: --out mixed{ending}")
    if json:
        for outcome in outcomes:
            emit(row(outcome, tags))
    elif text:
        for outcome in outcomes:
            for one in outcome.sentences:
                print(escape_controls(" ".join(one.text.splitlines())))
    elif out is not None:
        _write(outcomes, out)
    elif sys.stdout.isatty():
        for outcome in outcomes:
            _show(outcome)
    else:
        _pipe(outcomes)


def row(outcome: Outcome, tags: tuple[str, ...]) -> dict[str, Any]:
    """One outcome as JSON: its sentences, how many there are where that was counted, and the reason for none."""
    told: dict[str, Any] = {"id": outcome.group, "sentences": [sentence(one, tags) for one in outcome.sentences]}
    told |= {"count": outcome.count, "reason": outcome.reason}
    told |= {"detail": outcome.detail} if outcome.detail else {}
    return told | ({"notes": list(outcome.notes)} if outcome.notes else {})


def sentence(one: Mixed, tags: tuple[str, ...]) -> dict[str, Any]:
    """One sentence as JSON; `source` holds [column, position] of each word, null the column of a dictionary's."""
    places = {tag: i for i, tag in enumerate(tags)}
    source = [[places.get(side), index] for side, index in zip(one.sides, one.index)]
    told = {"words": list(one.words), "langs": list(one.langs), "source": source, "cmi": round(one.cmi, 4)}
    return {**told, "text": one.text, "method": one.method, **({"meta": dict(one.meta)} if one.meta else {})}


def utterances(outcomes: Iterable[Outcome]) -> Iterator[Utterance]:
    """The sentences as rows with the layers `lang` and `source`."""
    for outcome in outcomes:
        for number, one in enumerate(outcome.sentences):
            yield one.utterance(number)


def _batches(outcomes: Iterable[Outcome]) -> Iterator[RecordBatch]:
    from itertools import islice

    from macaronic.core.corpus import to_batch

    rows = utterances(outcomes)
    while held := list(islice(rows, 1000)):
        yield to_batch(held, LAYERS)


def _write(outcomes: Iterable[Outcome], out: str) -> None:
    from macaronic.core.corpus import Card, Corpus
    from macaronic.text import formats

    formats.write(Corpus(lambda: _batches(outcomes), card=Card(source="macaronic synth")), out)


def _pipe(outcomes: Iterable[Outcome]) -> None:
    from macaronic.text.formats import jsonl

    for piece in jsonl.write(_batches(outcomes)):
        sys.stdout.buffer.write(piece)


def _show(outcome: Outcome) -> None:
    if not outcome.sentences:
        note(f"{outcome.group}: {outcome.reason}{f' ({outcome.detail})' if outcome.detail else ''}")
    for number, one in enumerate(outcome.sentences):
        print_coloured(one.utterance(number))
