"""What the shipped model knows about words, as further evidence for taggers that are trained on a person's own data."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UnknownName
from macaronic.core.files import sha256
from macaronic.core.languages import SPECIAL, word_label
from macaronic.identify import tagger
from macaronic.identify.hashing import normal
from macaronic.identify.ngram import NgramModel, word_script

LEAST_SHARE = 0.005
"""A label with a smaller share of the words does not bring its language in."""

_STEP, _CLIP = 1.5, 9.0
_CACHED = 1 << 16


def model() -> NgramModel:
    """The shipped model; read once."""
    return tagger.load().model


def mark() -> str:
    """Tells versions of the shipped model apart."""
    shipped = model()
    tables = b"".join(np.ascontiguousarray(part.table).tobytes() for part in shipped.scripts.values())
    return sha256(repr(shipped.tags).encode() + tables)[:16]


def languages_of(labels: Iterable[str | None]) -> tuple[str, ...]:
    """The shipped model's languages among word labels, those with enough words, sorted.

    Args:
        labels: a label or None for each word; any tag set.

    >>> languages_of(["TR", "de", "de", "NOUN", None, "other"])
    ('de', 'tr')
    """
    known = set(model().tags)
    counts: Counter[str] = Counter()
    for label, n in Counter(labels).items():
        tag = _tag(label)
        if tag in known:
            counts[tag] += n
    return tuple(sorted(tag for tag, n in counts.items() if n >= LEAST_SHARE * counts.total()))


def _tag(label: str | None) -> str:
    try:
        tag = word_label(label) if label is not None else ""
    except UnknownName:
        return ""
    return "" if tag in SPECIAL else tag


@dataclass(frozen=True, slots=True)
class Evidence:
    """Features of words out of the shipped model: how far each language lies behind the best one, in coarse steps.

    Args:
        languages: the languages that are compared.

    >>> Evidence(("de", "tr"))(["nicht", "değil"])[1][:2]
    ['de behind 6', 'tr behind 0']
    """

    languages: tuple[str, ...]
    _seen: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, words: Sequence[str]) -> list[list[str]]:
        """The features of each word and of the words beside it."""
        if len(self._seen) > _CACHED:
            self._seen.clear()
        new = [word for word in dict.fromkeys(words) if word not in self._seen]
        if new:
            self._seen.update(zip(new, self._of(new), strict=True))
        own = [self._seen[word] for word in words]
        edged = [(), *own, ()]
        before, after = edged[: len(own)], edged[2:]
        return [
            [*here, *(f"-1 {name}" for name in left), *(f"+1 {name}" for name in right)]
            for here, left, right in zip(own, before, after, strict=True)
        ]

    def _of(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        shipped = model()
        score = shipped.score(words)
        chosen = score[:, [shipped.tags.index(tag) for tag in self.languages]]
        best = chosen.max(1)
        behind = (np.minimum(best[:, None] - chosen, _CLIP) / _STEP).astype(int).tolist()
        outside = (np.minimum(score.max(1) - best, _CLIP) / _STEP).astype(int).tolist()
        top = [shipped.tags[at] for at in score.argmax(1).tolist()]
        return [
            (
                *(f"{tag} behind {n}" for tag, n in zip(self.languages, row, strict=True)),
                f"all behind {n}",
                f"top {name}",
            )
            for row, n, name in zip(behind, outside, top, strict=True)
        ]


def evidence(labels: Iterable[str | None]) -> Evidence | None:
    """The evidence that a tag set can use; None when the shipped model knows fewer than two of its languages."""
    languages = languages_of(labels)
    return Evidence(languages) if len(languages) > 1 else None


def recalled(languages: Sequence[str], version: str, where: str) -> Evidence | None:
    """The evidence that a saved tagger was trained with; warns when the shipped model has changed since."""
    if not languages:
        return None
    if version != mark():
        warnings.warn(
            f"{where} was trained beside another version of the shipped model; train it again for its full accuracy",
            stacklevel=3,
        )
    return Evidence(tuple(tag for tag in languages if tag in model().tags))


def listed(words: Sequence[str], language: str) -> NDArray[np.float64]:
    """The relative frequency of words in the shipped list of a language, 0 where they are not listed, shape (n,).

    >>> bool(listed(["maison"], "fr")[0] > listed(["umwana"], "fr")[0])
    True
    """
    out = np.zeros(len(words))
    plain = [normal(word) for word in words]
    by_script: dict[str, list[int]] = {}
    for at, word in enumerate(plain):
        by_script.setdefault(word_script(word), []).append(at)
    for script, places in by_script.items():
        part = model().scripts.get(script)
        if part is not None and language in part.tags:
            found = part.lexicon.frequencies([plain[at] for at in places])
            out[places] = found[:, part.tags.index(language)]
    return out
