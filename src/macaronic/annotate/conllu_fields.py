"""What CoNLL-U has no column for: spans and further layers go to MISC, labels of the sentence to comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from macaronic.annotate.layers import Layer
from macaronic.core.utterance import Labels, Utterance
from macaronic.text.formats.conllu import LAYERS


def with_fields(utterance: Utterance, original: Utterance, layers: Sequence[Layer]) -> Utterance:
    """An utterance whose labels the CoNLL-U writer will not leave out.

    Args:
        utterance: with people's labels.
        original: as it was read.
        layers: of the project. Spans become `Ner=B-PER`, `Ner=I-PER`; one that begins or ends inside a word covers it.

    >>> from macaronic.core.utterance import Span
    >>> u = Utterance("so chill", "a", ((0, 2), (3, 8)), spans=(Span("ner", "PER", 0, 8),))
    >>> with_fields(u, u, [Layer(name="ner", level="span")]).layers["ner"]
    ('B-PER', 'I-PER')
    """
    further: dict[str, Labels] = {}
    for layer in layers:
        if layer.level == "span" and any(span.layer == layer.name for span in utterance.spans):
            further[layer.name] = _bio(utterance, layer.name)
        elif layer.level == "token" and layer.name not in LAYERS and layer.name in utterance.layers:
            further[layer.name] = utterance.layers[layer.name]
    if not isinstance(utterance.meta.get("comments"), list):
        return replace(utterance, layers={**utterance.layers, **further})
    found = {**utterance.layers, "misc": _misc(utterance, further)} if further else utterance.layers
    return replace(utterance, layers=found, meta=_commented(utterance, original))


def _bio(utterance: Utterance, layer: str) -> Labels:
    labels: list[str | None] = [None] * len(utterance.tokens)
    for span in utterance.spans:
        inside = [i for i, (start, end) in enumerate(utterance.tokens) if start < span.end and span.start < end]
        for i in inside if span.layer == layer else ():
            labels[i] = f"{'B' if i == inside[0] else 'I'}-{span.label}"
    return tuple(labels)


def _misc(utterance: Utterance, further: dict[str, Labels]) -> Labels:
    old = utterance.layers.get("misc", (None,) * len(utterance.tokens))
    found = []
    for i, misc in enumerate(old):
        new = [f"{name.capitalize()}={_escaped(labels[i] or '')}" for name, labels in further.items() if labels[i]]
        known = [field for field in (misc or "").split("|") if field and field.partition("=")[0] not in _names(further)]
        found.append("|".join([*known, *new]) or None)
    return tuple(found)


def _names(further: dict[str, Labels]) -> set[str]:
    return {name.capitalize() for name in further}


def _escaped(label: str) -> str:
    return "".join(f"%{ord(c):02X}" if c in "%|" or c.isspace() else c for c in label)


def _commented(utterance: Utterance, original: Utterance) -> dict[str, Any]:
    """The fields of the sentence with a comment for each label that people gave or changed."""
    meta: dict[str, Any] = dict(utterance.meta)
    comments = list(meta["comments"])
    for key, label in utterance.labels.items():
        if original.labels.get(key) != label and meta.get(key) != label:
            comments = [line for line in comments if line != key and not line.startswith(f"# {key} = ")]
            comments.append(f"# {key} = {' '.join(label.split())}")
    return {**meta, "comments": comments}
