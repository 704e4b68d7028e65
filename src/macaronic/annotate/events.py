"""What people do, one event each: who did what to which words of which item, when and how fast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from macaronic.annotate.layers import Layer
from macaronic.core.errors import FormatError, UnknownName

ACTIONS = ("open", "label", "sentence", "span", "split", "merge", "accept", "skip", "undo", "redo", "rule")
SOURCES = ("key", "pointer", "touch", "import", "model")
WITH_PLACE = ("label", "span", "split", "merge")
LEVELS = {"label": "token", "sentence": "sentence", "span": "span", "rule": "token"}
LONGEST = 10_000
"""So many characters may stand in one label, comment or translation."""


class Event(NamedTuple):
    """One thing that somebody did; never changed once it is kept.

    Args:
        who: name of the person.
        item: number of the item.
        action: one of `ACTIONS`.
        client: a name that the sender gives it; the same person's event of the same name counts once.
        layer: name of the layer, of actions that set a label.
        start: first code point of the token or span.
        end: where it ends (exclusive).
        old: the label before, for the audit.
            Of `rule` the word.
        new: the label now (None takes it away); of `split` the code point where the token is cut; of `undo` and `redo`
            the step; of `open` what the person was shown (JSON).
        source: one of `SOURCES`: how it was done.
        latency: milliseconds since the person's last action or since the item was shown; None if not known.
        step: events of one step are undone together; the client name when left out.
        time: milliseconds since 1970 (UTC); the store sets it.
        number: place in the log; the store sets it.

    >>> Event("asha", 3, "label", "c1", "lang", 0, 4, "en", "hi-Latn").step_name
    'c1'
    """

    who: str
    item: int
    action: str
    client: str
    layer: str | None = None
    start: int | None = None
    end: int | None = None
    old: str | None = None
    new: str | None = None
    source: str = "key"
    latency: int | None = None
    step: str = ""
    time: int = 0
    number: int = 0

    @property
    def step_name(self) -> str:
        """The step that it belongs to."""
        return self.step or self.client

    @property
    def said(self) -> tuple[object, ...]:
        """What it says, without what the store sets and without the latency: equal for an event that is sent again."""
        return (*self[:10], self.step_name)


def check(event: Event, layers: Mapping[str, Layer]) -> None:
    """Refuse an event that cannot be meant, whatever the state of its item.

    Raises:
        UnknownName: an action, source, layer or label that the project does not have.
        FormatError: a part is missing, or out of its range.

    >>> layers = {"lang": Layer(name="lang", labels=("en",))}
    >>> check(Event("asha", 1, "label", "c", "lang", 0, 4, None, "klingon"), layers)
    Traceback (most recent call last):
        ...
    macaronic.core.errors.UnknownName: unknown label of layer 'lang' 'klingon'. Did you mean 'en'?
    Known: en
    """
    if event.action not in ACTIONS:
        raise UnknownName("action", event.action, ACTIONS)
    if event.source not in SOURCES:
        raise UnknownName("source", event.source, SOURCES)
    if not 0 < len(event.client) <= 200 or len(event.step) > 200:
        raise FormatError("an event needs a client name of 1 to 200 characters")
    if event.action in WITH_PLACE:
        start, end = event.start, event.end
        if start is None or end is None or not 0 <= start < end:
            raise FormatError(f"{event.action} needs a place with 0 <= start < end; got ({start}, {end})")
    if event.action == "split" and not (event.new or "").isdecimal():
        raise FormatError(f"split needs the code point where it cuts; got {event.new!r}")
    if event.action in ("undo", "redo") and not event.new:
        raise FormatError(f"{event.action} needs the step that it is about")
    if event.action == "rule" and not (event.old or "").strip():
        raise FormatError("rule needs the word that it is about")
    if event.latency is not None and not 0 <= event.latency < 1 << 40:
        raise FormatError(f"latency is in milliseconds from 0; got {event.latency}")
    if event.action in LEVELS:
        _check_label(event, layers)


def _check_label(event: Event, layers: Mapping[str, Layer]) -> None:
    layer = layers.get(event.layer or "")
    if layer is None:
        raise UnknownName("layer", event.layer or "", layers)
    if layer.level != LEVELS[event.action]:
        raise FormatError(f"layer {layer.name!r} labels a {layer.level}; {event.action} does not fit")
    if not layer.allows(event.new):
        raise UnknownName(f"label of layer {layer.name!r}", event.new or "", layer.labels)
    if event.new is not None and (len(event.new) > LONGEST or "\0" in event.new):
        raise FormatError(f"a label holds at most {LONGEST:,} characters and no NUL; got {len(event.new):,}")


def check_place(event: Event, text: str, cuts: frozenset[int]) -> None:
    """Refuse an event whose place lies outside its text, or would tear a letter or an emoji apart.

    Args:
        event: with a place.
        text: of its item.
        cuts: the code points at which the text may be cut.

    Raises:
        FormatError: it does.
    """
    places = [event.start, event.end, *([int(event.new or 0)] if event.action == "split" else [])]
    if (event.end or 0) > len(text):
        raise FormatError(
            f"item {event.item}: ({event.start}, {event.end}) lies outside its text of {len(text)} characters"
        )
    inside = next((at for at in places if at not in cuts), None)
    if inside is not None:
        raise FormatError(
            f"item {event.item}: code point {inside} lies inside a letter or an emoji; it cannot be cut there"
        )
    if event.action == "split" and not (event.start or 0) < places[-1] < (event.end or 0):  # type: ignore[operator]
        raise FormatError(f"item {event.item}: the cut {event.new} lies outside ({event.start}, {event.end})")
