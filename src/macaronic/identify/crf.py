"""A word tagger trained on tagged sentences: a linear-chain conditional random field (CRF).

It learns any tag set (languages, parts of speech, etymology classes) from a few hundred sentences in seconds. What it
sees of a word: its letter n-grams, its shape and script, and the words beside it.
"""

from __future__ import annotations

import itertools
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from macaronic.core.corpus import Card
from macaronic.core.errors import MissingExtra, UnknownName, UsageError
from macaronic.core.files import sha256
from macaronic.core.languages import parse
from macaronic.core.protocols import Tagged
from macaronic.identify import model_folder, shipped
from macaronic.identify.asked import allowed_labels
from macaronic.identify.shipped import Evidence

_MODEL = "model.crfsuite"
_LONG_RUN = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class Features:
    """What the tagger sees of a word.

    Args:
        smallest: shortest letter n-gram, at least 1.
        largest: longest letter n-gram; the word's edges count as letters.
        neighbours: how many words to each side are seen, 0 or more.
        shape: whether upper case, digits and punctuation are seen.
    """

    smallest: int = 1
    largest: int = 5
    neighbours: int = 1
    shape: bool = True


def folded(word: str) -> str:
    """Lower case, with a letter that stands three or more times in a row cut to two.

    >>> folded("Salaaaaam")
    'salaam'
    """
    return _LONG_RUN.sub(r"\1\1", word.lower())


@lru_cache(maxsize=8192)
def shape(word: str) -> str:
    """Upper case X, lower case x, other letters c, digits d, the rest as dots; runs shortened.

    >>> shape("McDonald's"), shape("3andna"), shape("2026")
    ('XxXx+.x', 'dx+', 'd+')
    """
    kinds = (
        "X" if c.isupper() else "x" if c.islower() else "d" if c.isdigit() else "c" if c.isalpha() else "."
        for c in word
    )
    return "".join(kind if len(list(run)) == 1 else kind + "+" for kind, run in itertools.groupby(kinds))


@lru_cache(maxsize=65536)
def _own(word: str, features: Features) -> tuple[str, ...]:
    low = folded(word)
    edged = f"<{low}>"
    grams = {
        f"g={edged[at : at + n]}"
        for n in range(features.smallest, features.largest + 1)
        for at in range(len(edged) - n + 1)
    }
    seen = ["bias", f"w={low}", *sorted(grams)]
    return (*seen, f"shape={shape(word)}") if features.shape else tuple(seen)


Extra = Callable[[Sequence[str]], list[list[str]]]
"""Gives the words of a sentence more features: one list of names a word."""


def describe(words: Sequence[str], features: Features, extra: Extra | None = None) -> list[list[str]]:
    """The features of each word of a sentence, as the names that the CRF weighs.

    >>> describe(["Ja", "da"], Features(smallest=2, largest=2))[1]
    ['bias', 'w=da', 'g=<d', 'g=a>', 'g=da', 'shape=x+', '-1=ja', 'last']
    """
    low = [folded(word) for word in words]
    steps = [step for step in range(-features.neighbours, features.neighbours + 1) if step]
    rows = []
    for at, word in enumerate(words):
        row = list(_own(word, features))
        row += [f"{step:+d}={low[at + step]}" for step in steps if 0 <= at + step < len(words)]
        if at == 0:
            row.append("first")
        if at == len(words) - 1:
            row.append("last")
        rows.append(row)
    if extra is not None:
        for row, more in zip(rows, extra(words), strict=True):
            row += more
    return rows


@dataclass(slots=True)
class CrfTagger:
    """A trained CRF; fits the `Tagger` protocol, can be copied to other processes and saved.

    Args:
        model: the model as crfsuite writes it.
        labels: the tag set.
        features: what it sees of a word.
        training: sentences, words and fingerprint of the training data.
        card: source and licence of the training data.
        extra: features beyond those. The shipped model's evidence is found again by `load`; any other must be given
            to it again.
    """

    model: bytes
    labels: tuple[str, ...]
    features: Features = field(default_factory=Features)
    training: dict[str, Any] = field(default_factory=dict)
    card: Card = field(default_factory=Card)
    extra: Extra | None = None
    _opened: Any = field(default=None, init=False, repr=False, compare=False)

    def __getstate__(self) -> tuple[Any, ...]:
        return (self.model, self.labels, self.features, self.training, self.card, self.extra)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.model, self.labels, self.features, self.training, self.card, self.extra = state
        self._opened = None

    def tag(self, sentences: list[list[str]], languages: Sequence[str] | None = None) -> list[Tagged]:
        """A label for each word, with its marginal probability.

        Args:
            sentences: words of each sentence.
            languages: when given, only these languages (and labels that are none, such as `other`) are answered.

        Raises:
            MissingData: a language that the training data did not have.
        """
        keep = allowed_labels(self.labels, languages)
        tagged = [self._one(words, keep) for words in sentences]
        if all(map(_is_tag, self.labels)):
            return [_without_letters(words, found) for words, found in zip(sentences, tagged, strict=True)]
        return tagged

    def _one(self, words: list[str], keep: tuple[str, ...]) -> Tagged:
        if not words:
            return Tagged([], [])
        opened = self._open()
        rows = describe(words, self.features, self.extra)
        if len(keep) == len(self.labels):
            labels = list(opened.tag(rows))
            return Tagged(labels, [min(1.0, opened.marginal(label, at)) for at, label in enumerate(labels)])
        opened.set(rows)
        chosen, sure = [], []
        for at in range(len(words)):
            shares = [opened.marginal(label, at) for label in keep]
            best = max(range(len(keep)), key=shares.__getitem__)
            chosen.append(keep[best])
            sure.append(min(1.0, shares[best] / (sum(shares) or 1.0)))
        return Tagged(chosen, sure)

    def _open(self) -> Any:
        if self._opened is None:
            self._opened = _crfsuite().Tagger()
            self._opened.open_inmemory(self.model)
        return self._opened

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the model and its description into `folder`.

        Raises:
            InputError: the folder cannot be written.
        """
        beside = self.extra if isinstance(self.extra, Evidence) else None
        settings = {
            "features": asdict(self.features),
            "shipped": list(beside.languages) if beside else [],
            "shipped_version": shipped.mark() if beside else "",
        }
        about = model_folder.Description("crf", self.labels, settings, self.training, self.card)
        return model_folder.write(folder, {_MODEL: self.model}, about)


def _is_tag(label: str) -> bool:
    """Whether a label is a language tag as the project spells it; a tag set of another kind is left as it is."""
    try:
        return parse(label) == label
    except UnknownName:
        return False


def _without_letters(words: list[str], found: Tagged) -> Tagged:
    """The answers, with `other` for words without a letter: a tag set of languages alone has no label for them."""
    letters = [any(map(str.isalpha, word)) for word in words]
    labels = [label if real else "other" for label, real in zip(found.labels, letters, strict=True)]
    sure = [share if real else 1.0 for share, real in zip(found.confidence, letters, strict=True)]
    return Tagged(labels, sure)


def load(folder: str | os.PathLike[str]) -> CrfTagger:
    """The CRF that `save` wrote into `folder`.

    Raises:
        InputError: there is no model there.
        FormatError: it is damaged, or another kind of model.
    """
    about = model_folder.read(folder, "crf")
    model = model_folder.content(folder, _MODEL, about)
    features = Features(**about.settings["features"])
    extra = shipped.recalled(about.settings["shipped"], about.settings["shipped_version"], str(folder))
    return CrfTagger(model, about.labels, features, dict(about.training), about.card, extra)


def fit(
    sentences: Sequence[Sequence[str]],
    labels: Sequence[Sequence[str | None]],
    *,
    features: Features | None = None,
    l1: float = 0.1,
    l2: float = 0.1,
    iterations: int = 100,
    extra: Extra | None = None,
    card: Card | None = None,
) -> CrfTagger:
    """Train a CRF on tagged sentences.

    Words without a label (None) teach nothing, but their neighbours still see them.

    Args:
        sentences: words of each sentence.
        labels: one label or None a word, in the same shape; any tag set.
        features: what it sees of a word.
        l1: weight of the L1 penalty, 0 or more (it also makes the model small).
        l2: weight of the L2 penalty, 0 or more.
        iterations: L-BFGS iterations at most.
        extra: features beyond those, for a task that knows more about its words.
        card: source and licence of the data, kept in the model.

    Raises:
        UsageError: nothing to learn from: no labelled word, or only one label.
        MissingExtra: python-crfsuite is not installed.

    Source: Lafferty, McCallum & Pereira 2001; trained with L-BFGS by crfsuite (Okazaki 2007).

    >>> tagger = fit([["ich", "und", "sen"], ["sen", "ich"]], [["de", "de", "tr"], ["tr", "de"]])
    >>> tagger.tag([["und", "sen"]])[0].labels
    ['de', 'tr']
    """
    features = features or Features()
    trainer = _crfsuite().Trainer(verbose=False)
    known: set[str] = set()
    for words, tags in zip(sentences, labels, strict=True):
        if len(words) != len(tags):
            raise UsageError(f"expected one label a word ({len(words)}); got {len(tags)}, at {' '.join(words)[:60]!r}")
        rows = describe(words, features, extra)
        for start, end in _labelled(tags):
            stretch = [str(tag) for tag in tags[start:end]]
            trainer.append(rows[start:end], stretch)
            known.update(stretch)
    if len(known) < 2:
        raise UsageError(f"expected at least two labels to tell apart; got {sorted(known) or 'none'} in the data")
    trainer.set_params({"c1": l1, "c2": l2, "max_iterations": iterations, "feature.possible_transitions": True})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _MODEL
        trainer.train(str(path))
        model = path.read_bytes()
    return CrfTagger(model, tuple(sorted(known)), features, data_summary(sentences, labels), card or Card(), extra)


def data_summary(
    sentences: Iterable[Sequence[str]], labels: Iterable[Sequence[str | None]] | None = None
) -> dict[str, Any]:
    """How much data, and a fingerprint of exactly which: what a model's description keeps of it.

    >>> data_summary([["a", "b"]], [["en", None]])["words"]
    2
    """
    rows = list(sentences)
    tags = [list(row) for row in labels] if labels is not None else []
    text = repr(([list(row) for row in rows], tags))
    return {"sentences": len(rows), "words": sum(map(len, rows)), "fingerprint": sha256(text)}


def _labelled(tags: Sequence[str | None]) -> list[tuple[int, int]]:
    """The stretches (start, end) without a None."""
    stretches, at = [], 0
    for missing, run in itertools.groupby(tags, key=lambda tag: tag is None):
        length = len(list(run))
        if not missing:
            stretches.append((at, at + length))
        at += length
    return stretches


def _crfsuite() -> Any:
    try:
        import pycrfsuite
    except ImportError as error:
        raise MissingExtra("python-crfsuite", "tag") from error
    return pycrfsuite
