"""One answer out of several people's: the adjudicator's, the only one, or that of most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from macaronic.annotate.sheet import Sheet, written
from macaronic.annotate.work import Work
from macaronic.core.utterance import Labels, Utterance

Way = Literal["adjudicated", "single", "agreed", "majority"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Final:
    """What a project says of one item.

    Args:
        utterance: with the labels.
        way: how they came about.
        undecided: how many labels have no majority, and are left empty.
        people: whose work it rests on.
    """

    utterance: Utterance
    way: Way
    undecided: int
    people: tuple[str, ...]


def final(work: Work, number: int) -> Final | None:
    """The labels of an item; None when nobody has accepted it.

    An adjudicator's sheet stands above all others. Of several sheets each token has the label of more than half of
    those who labelled it; without such a majority it has none. The tokens are those that most people cut.
    """
    judged = work.done(number, "adjudicator")
    if judged:
        who, sheet = next(reversed(judged.items()))
        return Final(single(work, sheet), "adjudicated", 0, (who,))
    done = work.done(number)
    sheets = list(done.values())
    if not sheets:
        return None
    if len(sheets) == 1:
        return Final(single(work, sheets[0]), "single", 0, tuple(done))
    utterance, undecided, same = _voted(work, sheets)
    return Final(utterance, "agreed" if same else "majority", undecided, tuple(done))


def finals(work: Work) -> Iterator[Final]:
    """What a project says of each work item that somebody has accepted."""
    for number, item in work.items.items():
        if item.kind == "work" and (found := final(work, number)) is not None:
            yield found


def single(work: Work, sheet: Sheet) -> Utterance:
    """One person's labels of an item."""
    return sheet.utterance(work.settings.token_layers, keys_of(work))


def keys_of(work: Work) -> dict[str, str]:
    """Sentence layer -> the name under which an utterance holds it."""
    return {layer.name: layer.key for layer in work.settings.layers if layer.level == "sentence"}


def _voted(work: Work, sheets: Sequence[Sheet]) -> tuple[Utterance, int, bool]:
    original = sheets[0].item.utterance
    tokens = _most([sheet.tokens for sheet in sheets], first=original.tokens)
    layers: dict[str, Labels] = {}
    undecided = 0
    for name in work.settings.token_layers:
        votes = [[_vote(sheet, name, token) for sheet in sheets] for token in tokens]
        layers[name] = tuple(majority(labels) for labels in votes)
        undecided += sum(any(labels) and not label for labels, label in zip(votes, layers[name]))
    keys = keys_of(work)
    given = [sheet.given(keys) for sheet in sheets]
    sentence = {
        key: majority([one.get(key) for one in given]) for key in dict.fromkeys(k for one in given for k in one)
    }
    undecided += sum(label is None and any(one.get(key) for one in given) for key, label in sentence.items())
    spans = _spans(sheets)
    same = not undecided and len({single_view(sheet, work) for sheet in sheets}) == 1
    return written(original, tokens, layers, sentence, spans), undecided, same


def single_view(sheet: Sheet, work: Work) -> tuple[object, ...]:
    """All that a person says of an item, for a comparison as a whole."""
    labels = tuple(sheet.token_labels(name) for name in work.settings.token_layers)
    return sheet.tokens, labels, tuple(sorted(sheet.sentence.items())), tuple(sorted(sheet.spans.items()))


def _most(values: Sequence[T], *, first: T) -> T:
    """The value that occurs most often; of equally frequent ones `first`, or else the one that came first."""
    counts = Counter(values)
    top = max(counts.values())
    best = [value for value, count in counts.items() if count == top]
    return first if first in best else best[0]


def _vote(sheet: Sheet, layer: str, token: tuple[int, int]) -> str | None:
    """What a person says of a stretch: the label of its token, or of all tokens in it where they have the same one."""
    held = sheet.labels.get(layer, {})
    if sheet.ends.get(token[0]) == token[1]:
        return held.get(token[0])
    found = {held.get(start) for start, end in sheet.ends.items() if start < token[1] and token[0] < end}
    return found.pop() if len(found) == 1 else None


def majority(labels: Sequence[str | None]) -> str | None:
    """The label that more than half of those who gave one gave.

    >>> majority(["en", "en", "hi"]), majority(["en", "hi"]), majority(["en", None])
    ('en', None, 'en')
    """
    given = Counter(label for label in labels if label is not None)
    if not given:
        return None
    label, count = given.most_common(1)[0]
    return label if 2 * count > given.total() else None


def _spans(sheets: Sequence[Sheet]) -> Mapping[tuple[str, int, int], str | None]:
    """The spans that more than half of the people marked; None where more than half took a read one away."""
    read = {(s.layer, s.start, s.end): s.label for s in sheets[0].item.utterance.spans}
    places = dict.fromkeys([*read, *(place for sheet in sheets for place in sheet.spans)])
    found: dict[tuple[str, int, int], str | None] = {}
    for place in places:
        said = Counter(sheet.spans.get(place, read.get(place)) for sheet in sheets)
        label, count = said.most_common(1)[0]
        found[place] = label if 2 * count > len(sheets) else None
    return found
