"""One person's work on one item, as it stands: tokens, labels, spans, and whether they are done with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from macaronic.annotate.events import Event
from macaronic.annotate.items import Item
from macaronic.core.utterance import Labels, Span, Utterance

_DEPENDENCIES = ("head", "deprel", "deps")
IDLE_MS = 30_000
"""A longer pause counts as this much: nobody knows what the person did meanwhile."""


class Sheet:
    """The state that events lead to; events that no longer fit are counted, not applied.

    Args:
        item: what is labelled.

    >>> sheet = Sheet(Item(1, Utterance.from_words(["office-on"])))
    >>> sheet.apply(Event("asha", 1, "split", "c1", start=0, end=9, new="6"))
    >>> sheet.apply(Event("asha", 1, "label", "c2", "lang", 0, 6, None, "en"))
    >>> sheet.tokens, sheet.token_labels("lang")
    (((0, 6), (6, 9)), ('en', None))
    """

    __slots__ = ("ends", "item", "labels", "misfits", "sentence", "spans", "state", "time", "touched", "used")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.ends: dict[int, int] = dict(item.utterance.tokens)
        self.labels: dict[str, dict[int, str | None]] = {}
        self.sentence: dict[str, str | None] = {}
        self.spans: dict[tuple[str, int, int], str | None] = {}
        self.state = "open"
        self.time = 0
        self.used = 0
        self.misfits = 0
        self.touched: set[tuple[str, int]] = set()
        self._start_from(item.shown)

    def _start_from(self, shown: Mapping[str, Iterable[str | None] | str]) -> None:
        starts = list(dict(self.item.utterance.tokens))
        for layer, labels in shown.items():
            if isinstance(labels, str):
                self.sentence[layer] = labels
            else:
                self.labels[layer] = dict(zip(starts, labels))

    @property
    def tokens(self) -> tuple[tuple[int, int], ...]:
        """The tokens as they are cut now."""
        return tuple(sorted(self.ends.items()))

    def token_labels(self, layer: str) -> Labels:
        """The labels of a token layer, one a token."""
        held = self.labels.get(layer, {})
        return tuple(held.get(start) for start in sorted(self.ends))

    def apply(self, event: Event) -> None:
        """Take one event into the state."""
        self.used += 1
        if event.latency is not None:
            self.time += min(event.latency, IDLE_MS)
        match event.action:
            case "label":
                if self.ends.get(event.start) == event.end:  # type: ignore[arg-type]
                    self.labels.setdefault(str(event.layer), {})[event.start] = event.new  # type: ignore[index]
                    self.touched.add((event.layer, event.start))  # type: ignore[arg-type]
                else:
                    self.misfits += 1
            case "sentence":
                self.sentence[str(event.layer)] = event.new
            case "accept":
                self.state = "accepted"
            case "skip":
                self.state = "skipped"
            case "open":
                self._start_from(json.loads(event.new or "{}"))
            case "span":
                self.spans[(str(event.layer), event.start or 0, event.end or 0)] = event.new
            case "split":
                self._split(event.start or 0, event.end or 0, int(event.new or 0))
            case "merge":
                self._merge(event.start or 0, event.end or 0)

    def _split(self, start: int, end: int, at: int) -> None:
        if self.ends.get(start) != end or not start < at < end:
            self.misfits += 1
            return
        self.ends[start], self.ends[at] = at, end
        for held in self.labels.values():
            held[at] = held.get(start)

    def _merge(self, start: int, end: int) -> None:
        pieces = sorted(s for s, e in self.ends.items() if start <= s and e <= end)
        if len(pieces) < 2 or pieces[0] != start or self.ends[pieces[-1]] != end:
            self.misfits += 1
            return
        for held in self.labels.values():
            found = [held.pop(piece, None) for piece in pieces]
            held[start] = found[0] if len(set(found)) == 1 else None
        for piece in pieces:
            del self.ends[piece]
        self.ends[start] = end

    def utterance(self, layers: Iterable[str], keys: Mapping[str, str]) -> Utterance:
        """The item with this person's labels in the place of what it was read with.

        Args:
            layers: the token layers of the project.
            keys: sentence layer -> the name under which an utterance holds it.
        """
        return written(
            self.item.utterance,
            self.tokens,
            {name: self.token_labels(name) for name in layers if name in self.labels},
            self.given(keys),
            self.spans,
        )

    def given(self, keys: Mapping[str, str]) -> dict[str, str | None]:
        """The sentence labels that the person gave, under the names that an utterance has for them."""
        return {keys.get(name, name): label for name, label in self.sentence.items()}


def written(
    utterance: Utterance,
    tokens: tuple[tuple[int, int], ...],
    layers: Mapping[str, Labels],
    sentence: Mapping[str, str | None],
    spans: Mapping[tuple[str, int, int], str | None],
) -> Utterance:
    """An utterance with other tokens and labels; what was there and is not said anew stays.

    Labels of other layers stay with the tokens that stay; the arrows of a syntax tree go when tokens change, for they
    point at tokens by number.
    """
    kept = _carried(utterance, tokens)
    now = {**kept, **{name: labels for name, labels in layers.items() if any(labels) or name in kept}}
    given = {**utterance.labels, **sentence}
    marked = {(s.layer, s.start, s.end): s.id for s in utterance.spans}
    own = {(s.layer, s.start, s.end): s.label for s in utterance.spans} | dict(spans)
    meta = utterance.meta
    if tokens != utterance.tokens:
        meta = {key: value for key, value in meta.items() if key != "rows"}
    return replace(
        utterance,
        tokens=tokens,
        layers=now,
        labels={key: value for key, value in given.items() if value is not None},
        spans=tuple(
            Span(*place[:1], label, *place[1:], marked.get(place)) for place, label in own.items() if label is not None
        ),
        meta=meta,
    )


def _carried(utterance: Utterance, tokens: tuple[tuple[int, int], ...]) -> dict[str, Labels]:
    if tokens == utterance.tokens:
        return dict(utterance.layers)
    place = {token: i for i, token in enumerate(utterance.tokens)}
    kept = {name: labels for name, labels in utterance.layers.items() if name not in _DEPENDENCIES}
    rows = [place.get(token) for token in tokens]
    return {name: tuple(None if i is None else labels[i] for i in rows) for name, labels in kept.items()}
