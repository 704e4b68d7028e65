"""How far the people of a project agree: over all words, aligned where they cut differently, and where they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from macaronic.annotate.layers import Layer
from macaronic.annotate.sheet import Sheet
from macaronic.annotate.work import Work
from macaronic.measure.agreement import Ratings, Reading, Unit, ratings, units_of

OUTSIDE = "O"
"""What a piece of text outside every span counts as."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A piece of text to which people gave different labels.

    Args:
        item: its number.
        id: the item's id.
        layer: where they differ.
        start: first code point of the piece.
        end: where it ends; 0 to 0 for the whole sentence.
        text: the piece.
        labels: person -> label.
        decided: the adjudicator's label, or None when nobody has decided yet.
    """

    item: int
    id: str
    layer: str
    start: int
    end: int
    text: str
    labels: Mapping[str, str | None]
    decided: str | None = None

    def asdict(self) -> dict[str, Any]:
        """The fields as a plain dict, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {"labels": dict(self.labels)}


def rated(work: Work, layer: Layer, people: Sequence[str]) -> Ratings:
    """Everybody's labels of a layer, over all work items that two people or more have accepted.

    Args:
        work: of a project.
        layer: which labels.
        people: whose, one column each.
    """
    return ratings([units for _, units in _units(work, layer, people)])


def _units(work: Work, layer: Layer, people: Sequence[str]) -> Iterator[tuple[int, list[Unit]]]:
    for number, item in work.items.items():
        done = work.done(number)
        sheets = [done.get(who) for who in people]
        if item.kind == "work" and sum(sheet is not None for sheet in sheets) > 1:
            yield number, units_of([None if sheet is None else reading(sheet, layer) for sheet in sheets])


def reading(sheet: Sheet, layer: Layer) -> Reading:
    """Somebody's labels of one item as places and labels: words, pieces between the edges of spans, or the sentence."""
    if layer.level == "sentence":
        return [(0, max(1, len(sheet.item.utterance.text)))], [sheet.sentence.get(layer.name)]
    if layer.level == "token":
        return sheet.tokens, sheet.token_labels(layer.name)
    spans = _spans(sheet, layer.name)
    edges = sorted({edge for start, end, _ in spans for edge in (start, end)})
    pieces = [piece for token in sheet.tokens for piece in _cut(token, edges)]
    return pieces, [next((label for start, end, label in spans if start <= a and b <= end), OUTSIDE) for a, b in pieces]


def _spans(sheet: Sheet, layer: str) -> list[tuple[int, int, str]]:
    own = {(s.start, s.end): s.label for s in sheet.item.utterance.spans if s.layer == layer}
    given = {(start, end): label for (name, start, end), label in sheet.spans.items() if name == layer}
    return [(start, end, label) for (start, end), label in sorted({**own, **given}.items()) if label is not None]


def _cut(token: tuple[int, int], edges: Sequence[int]) -> list[tuple[int, int]]:
    cuts = [token[0], *(edge for edge in edges if token[0] < edge < token[1]), token[1]]
    return list(pairwise(cuts))


def disagreements(
    work: Work, layer: Layer, people: Sequence[str], *, open_only: bool = False
) -> Iterator[Disagreement]:
    """The pieces to which people gave different labels, in the order of the items: what an adjudicator goes through.

    Args:
        work: of a project.
        layer: which labels.
        people: whose.
        open_only: leave out what an adjudicator has decided.
    """
    judges = work.by_role("adjudicator")
    for number, item in work.items.items():
        done = work.done(number)
        judge = next((done[who] for who in judges if who in done), None)
        held = [who for who in people if who in done and who not in judges]
        if item.kind != "work" or len(held) < 2 or (open_only and judge is not None):
            continue
        text = item.utterance.text
        for (start, end), labels, decided in _placed(
            [reading(done[who], layer) for who in held], None if judge is None else reading(judge, layer)
        ):
            if len({label for label in labels if label is not None}) > 1:
                piece = text if layer.level == "sentence" else text[start:end]
                yield Disagreement(
                    number, item.utterance.id, layer.name, start, end, piece, dict(zip(held, labels)), decided
                )


def _placed(readings: Sequence[Reading], judge: Reading | None) -> Iterator[tuple[tuple[int, int], Unit, str | None]]:
    """Each piece with its place, people's labels and the judge's."""
    everybody: list[Reading] = [*readings, *([judge] if judge else [])]
    cuts = sorted({edge for tokens, _ in everybody for token in tokens for edge in token})
    pieces = [piece for piece in pairwise(cuts) if any(_covers(tokens, piece) for tokens, _ in everybody)]
    for piece, unit in zip(pieces, units_of([(pieces, [_label(one, piece) for piece in pieces]) for one in everybody])):
        yield piece, unit[: len(readings)], unit[len(readings)] if judge else None


def _covers(tokens: Sequence[tuple[int, int]], piece: tuple[int, int]) -> bool:
    return any(start <= piece[0] and piece[1] <= end for start, end in tokens)


def _label(one: Reading, piece: tuple[int, int]) -> str | None:
    return next((label for (start, end), label in zip(*one) if start <= piece[0] and piece[1] <= end), None)


def confused(found: Sequence[Disagreement]) -> list[tuple[str, str, int]]:
    """Which labels are taken for which, most often first: (label, label, how many pieces)."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in found:
        labels = sorted({label for label in one.labels.values() if label is not None})
        counts.update((a, b) for i, a in enumerate(labels) for b in labels[i + 1 :])
    return [(a, b, n) for (a, b), n in counts.most_common()]
