"""Tagged sentences out of files: which layer to learn from, what its labels mean, what must stay together."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from macaronic.core.corpus import Corpus
from macaronic.core.errors import MissingData, UnknownName, UsageError
from macaronic.core.languages import word_label
from macaronic.core.utterance import Utterance

Source = str | os.PathLike[str] | Corpus
Words = list[list[str]]
Gold = list[list[str | None]]

_NOT_TAGS = ("lang_raw", "form", "lemma", "norm", "feats", "head", "deprel", "deps", "misc")

FOREIGN_SHARE = 0.05
"""With more unknown raw labels than this, the labels of a file are taken as they stand."""


@dataclass(frozen=True, slots=True)
class TaggedSet:
    """Sentences to learn from or to be judged on.

    Args:
        words: words of each sentence.
        gold: a label or None for each word.
        groups: what each sentence belongs to, such as its author.
        layer: the token layer that the labels came from.
    """

    words: Words
    gold: Gold
    groups: list[Hashable]
    layer: str

    def part(self, keep: Sequence[bool] | NDArray[np.bool_]) -> TaggedSet:
        """The sentences where `keep` is true."""
        words, gold = list(compress(self.words, keep)), list(compress(self.gold, keep))
        return TaggedSet(words, gold, list(compress(self.groups, keep)), self.layer)


@dataclass(frozen=True, slots=True)
class Reading:
    """How sentences and their labels are taken out of files; the fields are those of `train`."""

    format: str | None = None
    label_map: Mapping[str, str] | str | None = None
    layer: str | None = None
    group: str | None = None
    strict: bool = False

    def corpus(self, source: Source) -> Corpus:
        """The corpus that a source is, or that lies in a file."""
        if isinstance(source, Corpus):
            return source
        from macaronic.text import formats

        return formats.read(source, format=self.format, label_map=self.label_map, strict=self.strict)

    def tagged_set(self, corpora: Sequence[Corpus]) -> TaggedSet:
        """The sentences that have labelled words.

        Raises:
            MissingData: there are none.
        """
        rows = [u for corpus in corpora for u in corpus if u.tokens]
        layer = self._layer_of(rows)
        kept = [u for u in rows if any(label is not None for label in u.layers.get(layer, ()))]
        if not kept:
            raise MissingData(
                f"expected sentences whose words have labels (layer {layer!r}); got {len(rows)} sentences without.\n"
                "From raw text alone: macaronic train tagger --mono xx=raw.txt --mono yy=raw.txt --out DIR"
            )
        gold = [list(u.layers[layer]) for u in kept]
        if layer == "lang":
            gold = self._as_they_stand(kept, gold)
        return TaggedSet([list(u.words) for u in kept], gold, [self.group_of(u) for u in kept], layer)

    def _layer_of(self, rows: Sequence[Utterance]) -> str:
        names = sorted({name for u in rows for name in u.layers})
        if self.layer is not None:
            if rows and self.layer not in names:
                raise UnknownName("token layer", self.layer, names)
            return self.layer
        usable = [name for name in names if name not in _NOT_TAGS]
        if "lang" in usable or not usable:
            return "lang"
        if len(usable) > 1:
            raise UsageError(f"expected one token layer to learn; got {', '.join(usable)}. Choose one with --layer")
        return usable[0]

    def _as_they_stand(self, rows: Sequence[Utterance], gold: Gold) -> Gold:
        """Where a label means nothing known its raw form is the label; where many do, all raw forms are."""
        raw = [u.layers.get("lang_raw", (None,) * len(u.tokens)) for u in rows]
        unknown = [[self._unknown(label) for label in line] for line in raw]
        total = sum(label is not None for line in raw for label in line)
        if not any(map(any, unknown)):
            return gold
        every = sum(map(sum, unknown)) > FOREIGN_SHARE * total
        return [
            [one if one is not None and (every or lost) else label for label, one, lost in zip(*three, strict=True)]
            for three in zip(gold, raw, unknown, strict=True)
        ]

    def _unknown(self, raw: str | None) -> bool:
        if raw is None:
            return False
        try:
            word_label(raw, self.label_map)
        except UnknownName:
            return True
        return False

    def group_of(self, utterance: Utterance) -> Hashable:
        """What must stay together with the utterance: its group, or its equals when no group was asked for.

        Raises:
            UnknownName: it does not say its group.
        """
        if self.group is None:
            return utterance.words
        found = _field(utterance, self.group)
        if found is None:
            known = sorted({*utterance.labels, *utterance.meta})
            raise UnknownName("group field", self.group, known, utterance.id)
        return found

    def notes(self, data: TaggedSet) -> tuple[str, ...]:
        """What a person should know about how the labels were read."""
        if data.layer != "lang":
            return (f"learnt the layer {data.layer!r}",)
        foreign = sorted({label for line in data.gold for label in line if label is not None and self._unknown(label)})
        if not foreign:
            return ()
        return (f"labels taken as they stand: {', '.join(foreign[:8])}; --map {foreign[0]}=TAG gives them a language",)


def _field(utterance: Utterance, name: str) -> Hashable | None:
    """A sentence label, a meta field, or a comment `# name = value`."""
    return next((v for v in _fields(utterance, name) if isinstance(v, str | int | float)), None)


def _fields(utterance: Utterance, name: str) -> Iterator[object]:
    yield utterance.labels.get(name)
    yield utterance.meta.get(name)
    for comment in utterance.meta.get("comments") or ():
        key, equals, value = str(comment).lstrip("# ").partition("=")
        if equals and key.strip() == name:
            yield value.strip()
