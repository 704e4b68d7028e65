"""An item: the utterance as it was read, and the labels that are proposed for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from macaronic.annotate.layers import Layer
from macaronic.core.utterance import Labels, Relation, Span, Utterance

Kind = Literal["work", "warmup"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Labels that a model proposes for the words of an item, with how sure it is of each, in [0, 1]."""

    labels: Labels
    confidence: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One text to label.

    Args:
        number: its place in the project, from 1.
        utterance: as it was read, with tokens; its `id` is unique in the project.
        kind: `warmup` items have labels that are known to be right, and are shown to everybody first.
        proposals: layer -> what a model proposes: a label a token, or one for the sentence.

    >>> item = Item(1, Utterance.from_words(["so"], layers={"lang": ["en"]}), proposals={"pos": Proposal(("ADV",))})
    >>> item.shown
    {'lang': ('en',), 'pos': ('ADV',)}
    """

    number: int
    utterance: Utterance
    kind: Kind = "work"
    proposals: Mapping[str, Proposal] = field(default_factory=dict)

    @property
    def shown(self) -> dict[str, Labels]:
        """The token labels that stand there before anybody does anything; of a warm-up item only those of a model."""
        own = {} if self.kind == "warmup" else dict(self.utterance.layers)
        return {**own, **{name: proposal.labels for name, proposal in self.proposals.items()}}


def to_json(utterance: Utterance) -> str:
    """An utterance as JSON, everything in it.

    >>> from_json(to_json(Utterance("so", "a", ((0, 2),), {"lang": ("en",)}))).langs
    ('en',)
    """
    row: dict[str, Any] = {"id": utterance.id, "text": utterance.text, "tokens": utterance.tokens}
    row["layers"] = {name: labels for name, labels in utterance.layers.items() if any(x is not None for x in labels)}
    row["spans"] = [[s.layer, s.label, s.start, s.end, s.id] for s in utterance.spans]
    row["relations"] = [[r.type, r.head, r.tail] for r in utterance.relations]
    row["labels"], row["meta"] = dict(utterance.labels), dict(utterance.meta)
    return json.dumps({key: value for key, value in row.items() if value}, ensure_ascii=False)


def from_json(content: str) -> Utterance:
    """The utterance that `to_json` wrote."""
    row = json.loads(content)
    return Utterance(
        row.get("text", ""),
        row.get("id", ""),
        tuple((start, end) for start, end in row.get("tokens", ())),
        {name: tuple(labels) for name, labels in row.get("layers", {}).items()},
        tuple(Span(*span) for span in row.get("spans", ())),
        tuple(Relation(*relation) for relation in row.get("relations", ())),
        row.get("labels", {}),
        row.get("meta", {}),
    )


def boundaries(text: str) -> frozenset[int]:
    """The code points at which a text may be cut without tearing a letter from its marks or an emoji apart.

    >>> sorted(boundaries("e\\u0301 ok"))
    [0, 2, 3, 4, 5]
    """
    from macaronic.text.typos import clusters

    at, found = 0, [0]
    for cluster in clusters(text):
        at += len(cluster)
        found.append(at)
    return frozenset(found)


def shown_json(item: Item, layers: Sequence[Layer]) -> str:
    """What a person is shown of an item, as the `open` event keeps it: a list for words, a string for the sentence.

    >>> from macaronic.annotate.layers import layers_of
    >>> shown_json(Item(1, Utterance.from_words(["so"], layers={"lang": ["en"]})), layers_of("languages", ["en"]))
    '{"lang": ["en"]}'
    """
    shown = item.shown
    found: dict[str, list[str | None] | str] = {}
    for layer in layers:
        if layer.level == "token" and layer.name in shown:
            found[layer.name] = list(shown[layer.name])
        elif layer.level == "sentence" and (label := _sentence_label(item, layer)) and layer.allows(label):
            found[layer.name] = label
    return json.dumps(found, ensure_ascii=False)


def _sentence_label(item: Item, layer: Layer) -> str | None:
    proposal = item.proposals.get(layer.name)
    if proposal is not None:
        return proposal.labels[0] if proposal.labels else None
    return item.utterance.labels.get(layer.key) if item.kind == "work" else None
