"""What a person does to a sheet, as events: one action, one step; a wrong action is refused before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from macaronic.annotate.events import Event
from macaronic.annotate.items import boundaries
from macaronic.annotate.sheet import Sheet
from macaronic.core.errors import UsageError
from macaronic.core.utterance import Utterance

Place = tuple[int | None, int | None]


def paint(sheet: Sheet, who: str, client: str, layer: str, first: int, last: int, label: str | None) -> list[Event]:
    """Give a run of tokens one label.

    Args:
        sheet: as it stands.
        who: the person.
        client: the name of the step; each event's name is made of it.
        layer: a token layer.
        first: index of the first token, from 0.
        last: index of the last one (inclusive).
        label: the label; None takes it away.

    Raises:
        UsageError: there are no such tokens.

    >>> from macaronic.annotate.items import Item
    >>> sheet = Sheet(Item(4, Utterance.from_words(["so", "chill", "yaar"])))
    >>> [(e.start, e.end, e.step) for e in paint(sheet, "asha", "k7", "lang", 0, 1, "en")]
    [(0, 2, 'k7'), (3, 8, 'k7')]
    """
    tokens = sheet.tokens
    if not 0 <= first <= last < len(tokens):
        raise UsageError(f"item {sheet.item.number} has tokens 0 to {len(tokens) - 1}; got {first} to {last}")
    held = sheet.labels.get(layer, {})
    return [
        Event(who, sheet.item.number, "label", f"{client}.{i}", layer, start, end, held.get(start), label, step=client)
        for i, (start, end) in enumerate(tokens[first : last + 1])
    ]


def split(sheet: Sheet, who: str, client: str, token: int, at: int) -> Event:
    """Cut a token in two.

    Args:
        sheet: as it stands.
        who: the person.
        client: the name of the event.
        token: index of the token.
        at: code points of the text before the cut.

    Raises:
        UsageError: there is no such token, or the cut would go through a letter.
    """
    start, end = _token(sheet, token)
    if not start < at < end or at not in boundaries(sheet.item.utterance.text):
        word = sheet.item.utterance.text[start:end]
        raise UsageError(f"{word!r} ({start}, {end}) cannot be cut at {at}: that is outside it or inside a letter")
    return Event(who, sheet.item.number, "split", client, start=start, end=end, new=str(at))


def merge(sheet: Sheet, who: str, client: str, first: int, last: int) -> Event:
    """Make neighbouring tokens one.

    Raises:
        UsageError: fewer than two tokens, or white space between them.
    """
    (start, _), (_, end) = _token(sheet, first), _token(sheet, last)
    word = sheet.item.utterance.text[start:end]
    if first >= last or any(c.isspace() for c in word):
        raise UsageError(f"{word!r} cannot be one token: two neighbours without a space between them can")
    return Event(who, sheet.item.number, "merge", client, start=start, end=end)


def _token(sheet: Sheet, index: int) -> tuple[int, int]:
    tokens = sheet.tokens
    if not 0 <= index < len(tokens):
        raise UsageError(f"item {sheet.item.number} has tokens 0 to {len(tokens) - 1}; got {index}")
    return tokens[index]


@dataclass
class _Script:
    """Events as they are made, each applied to the sheet at once."""

    sheet: Sheet
    who: str
    step: str
    source: str
    made: list[Event] = field(default_factory=list)

    def do(self, action: str, layer: str | None, place: Place, old: str | None, new: str | None) -> None:
        """One more event."""
        name = f"{self.step}.{len(self.made)}"
        number = self.sheet.item.number
        event = Event(self.who, number, action, name, layer, *place, old, new, self.source, step=self.step)
        self.made.append(event)
        self.sheet.apply(event)


def towards(
    sheet: Sheet,
    who: str,
    client: str,
    wanted: Utterance,
    token_layers: tuple[str, ...],
    sentence: Mapping[str, str | None],
    *,
    span_layers: tuple[str, ...] = (),
    source: str = "import",
) -> list[Event]:
    """The events that make a sheet say what an utterance says: cuts, then labels, spans and sentence labels.

    Args:
        sheet: as it stands; it is brought to the new state.
        who: the person.
        client: the name of the step; each event's name is made of it.
        wanted: the same text with tokens and labels.
        token_layers: which layers of `wanted` count.
        sentence: sentence layer -> label.
        span_layers: which spans of `wanted` count.
        source: of the events.

    Raises:
        UsageError: another text.
    """
    if wanted.text != sheet.item.utterance.text:
        raise UsageError(f"item {sheet.item.number} has another text")
    script = _Script(sheet, who, client, source)
    if wanted.tokens:
        _recut(script, wanted)
        for layer in token_layers:
            _relabel(script, wanted, layer)
    for span in wanted.spans:
        place = (span.layer, span.start, span.end)
        if span.layer in span_layers and span.start < span.end and sheet.spans.get(place) != span.label:
            script.do("span", span.layer, place[1:], sheet.spans.get(place), span.label)
    for name, label in sentence.items():
        if sheet.sentence.get(name) != label:
            script.do("sentence", name, (None, None), sheet.sentence.get(name), label)
    return script.made


def _recut(script: _Script, wanted: Utterance) -> None:
    """Cut tokens at every edge of a wanted token inside them, then merge what a wanted token covers."""
    sheet = script.sheet
    for edge in sorted({edge for token in wanted.tokens for edge in token} & boundaries(wanted.text)):
        across = next(((start, end) for start, end in sheet.tokens if start < edge < end), None)
        if across:
            script.do("split", None, across, None, str(edge))
    for start, end in wanted.tokens:
        inside = [s for s, e in sheet.tokens if start <= s and e <= end]
        if len(inside) > 1 and inside[0] == start and sheet.ends[inside[-1]] == end:
            script.do("merge", None, (start, end), None, None)


def _relabel(script: _Script, wanted: Utterance, layer: str) -> None:
    """Give each token that is cut as wanted its wanted label."""
    sheet = script.sheet
    for token, label in zip(wanted.tokens, wanted.layers.get(layer, ())):
        old = sheet.labels.get(layer, {}).get(token[0])
        if sheet.ends.get(token[0]) == token[1] and old != label:
            script.do("label", layer, token, old, label)
