"""Where a Maltese word comes from, and what to do with it: a tagger of etymology classes and a policy for each.

Words of Arabic origin can be written in Arabic letters, the rest translated or left, so that a model of Arabic, Italian
or English reads each word in the form that it knows best.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

from macaronic.core.corpus import Card
from macaronic.core.errors import FormatError, InputError, UnknownName, UsageError
from macaronic.core.protocols import Tagged
from macaronic.identify import crf, model_folder
from macaronic.identify.crf import CrfTagger, Features
from macaronic.identify.transliterate_mt import transliterate

CLASSES = ("Arabic", "Non-Arabic", "Symbol", "Name", "Code-Switching")
ACTIONS = ("transliterate", "translate", "pass")
X_ARA_P = {"Arabic": "transliterate", "Non-Arabic": "pass", "Symbol": "pass", "Name": "pass", "Code-Switching": "pass"}
"""The policy that S014 found best: words of Arabic origin in Arabic letters, all others as they are."""

_MODEL, _KNOWN = "model.crfsuite", "words.json"
Translations = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the tagger sees of a word beyond its letters: how near it is to its translations.

    Args:
        translations: language -> Maltese word -> its translation; Arabic ones (`ar`) are compared with the word's
            transliteration. Empty is allowed.
    """

    translations: Translations = field(default_factory=dict)

    def __call__(self, words: Sequence[str]) -> list[list[str]]:
        """The features of each word, for the CRF."""
        return [self._of(word.lower()) for word in words]

    def _of(self, word: str) -> list[str]:
        seen = ["maltese letter"] if any(c in "ċġħż" for c in word) else []
        for language, table in self.translations.items():
            other = table.get(word, "").lower()
            form = _spelt(word) if language == "ar" else word
            seen.append(f"{language}={_distance(form, other)}" if other else f"{language}=none")
        return seen


@dataclass(frozen=True, slots=True)
class EtymologyTagger:
    """A CRF, overruled for words that the training data always gave one class; fits the `Tagger` protocol.

    Args:
        model: the CRF.
        certain: lower-cased word -> its only class in the training data.
    """

    model: CrfTagger
    certain: Mapping[str, str]

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes."""
        return self.model.labels

    def tag(self, sentences: list[list[str]], languages: Sequence[str] | None = None) -> list[Tagged]:
        """A class for each word; `languages` is there for the protocol and not used."""
        out = []
        for words, tagged in zip(sentences, self.model.tag(sentences), strict=True):
            sure = [self.certain.get(word.lower()) for word in words]
            labels = [known or label for known, label in zip(sure, tagged.labels, strict=True)]
            confidence = [1.0 if known else share for known, share in zip(sure, tagged.confidence, strict=True)]
            out.append(Tagged(labels, confidence))
        return out

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the tagger, with the translations that it looks words up in, into `folder`."""
        evidence = self.model.extra
        translations = evidence.translations if isinstance(evidence, Evidence) else {}
        known = json.dumps({"certain": dict(self.certain), "translations": translations}, ensure_ascii=False)
        about = model_folder.Description(
            "etymology",
            self.labels,
            {"features": asdict(self.model.features)},
            self.model.training,
            self.model.card,
        )
        return model_folder.write(folder, {_MODEL: self.model.model, _KNOWN: known.encode()}, about)


def load(folder: str | os.PathLike[str]) -> EtymologyTagger:
    """The tagger that `save` wrote into `folder`.

    Raises:
        InputError: there is no model there.
        FormatError: it is damaged, or another kind of model.
    """
    about = model_folder.read(folder, "etymology")
    known = json.loads(model_folder.content(folder, _KNOWN, about))
    features, extra = Features(**about.settings["features"]), Evidence(known["translations"])
    model = model_folder.content(folder, _MODEL, about)
    tagger = CrfTagger(model, about.labels, features, dict(about.training), about.card, extra)
    return EtymologyTagger(tagger, known["certain"])


def fit(
    sentences: Sequence[Sequence[str]],
    classes: Sequence[Sequence[str]],
    *,
    translations: Translations | None = None,
    card: Card | None = None,
) -> EtymologyTagger:
    """Learn etymology classes from tagged sentences.

    Args:
        sentences: words of each sentence.
        classes: the class of each word (`CLASSES`, or any other set).
        translations: language -> word -> translation, as further evidence.
        card: source and licence of the data.

    Raises:
        UsageError: nothing to learn from.

    Source: S014: majority class for words seen with one class only, else a CRF.

    >>> tagger = fit([["il-", "kelb", "tal-", "television"]] * 2, [["Arabic", "Arabic", "Arabic", "Non-Arabic"]] * 2)
    >>> tagger.tag([["kelb", "television"]])[0].labels
    ['Arabic', 'Non-Arabic']
    """
    model = crf.fit(sentences, classes, extra=Evidence(translations or {}), card=card)
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for words, labels in zip(sentences, classes, strict=True):
        for word, label in zip(words, labels, strict=True):
            seen[word.lower()][label] += 1
    return EtymologyTagger(model, {word: next(iter(labels)) for word, labels in seen.items() if len(labels) == 1})


def process(
    tokens: Sequence[str],
    classes: Sequence[str],
    policy: Mapping[str, str] = X_ARA_P,
    *,
    spell: Callable[[str], str] = transliterate,
    dictionary: Mapping[str, str] | None = None,
) -> list[str]:
    """Each token in the form that the policy for its class asks for.

    Args:
        tokens: n words.
        classes: the class of each.
        policy: class -> `transliterate`, `translate` or `pass`; a class that is not named passes.
        spell: puts a word into another script.
        dictionary: lower-cased word -> translation; a word without one passes.

    Returns:
        n words; those that pass are untouched.

    Raises:
        UnknownName: an action that is none of the three.
        UsageError: unequal lengths, or `translate` without a dictionary.

    Source: S014, pipelines such as X_ara/P.

    >>> process(["kelb", "television"], ["Arabic", "Non-Arabic"])
    ['كلب', 'television']
    """
    if len(tokens) != len(classes):
        raise UsageError(f"expected one class a token ({len(tokens)}); got {len(classes)}")
    for action in policy.values():
        if action not in ACTIONS:
            raise UnknownName("action", action, ACTIONS)
    if dictionary is None and "translate" in policy.values():
        raise UsageError("expected a dictionary for the action 'translate'; got none")
    words = dictionary or {}
    out = []
    for token, label in zip(tokens, classes, strict=True):
        action = policy.get(label, "pass")
        if action == "transliterate":
            out.append(spell(token))
        else:
            out.append(words.get(token.lower(), token) if action == "translate" else token)
    return out


def read_annotations(
    path: str | os.PathLike[str], *, column: str = "category_merged"
) -> tuple[list[list[str]], list[list[str]]]:
    """Sentences and classes out of a table `id<TAB>token<TAB>...` with a header; equal ids make a sentence.

    Args:
        path: the table.
        column: which column holds the class.

    Raises:
        InputError: the file cannot be read.
        FormatError: a column is missing, or a row is too short.
    """
    rows = _table(path)
    header = rows[0] if rows else []
    for name in ("id", "token", column):
        if name not in header:
            raise FormatError(f"expected a column {name!r}; got {', '.join(header) or 'nothing'}", str(path), 1)
    sentence, word, label = (header.index(name) for name in ("id", "token", column))
    words: dict[str, list[str]] = defaultdict(list)
    classes: dict[str, list[str]] = defaultdict(list)
    for number, row in enumerate(rows[1:], start=2):
        if len(row) < len(header):
            raise FormatError(f"expected {len(header)} columns; got {len(row)}", str(path), number)
        words[row[sentence]].append(row[word])
        classes[row[sentence]].append(row[label])
    return list(words.values()), list(classes.values())


def read_translations(path: str | os.PathLike[str]) -> dict[str, str]:
    """Lower-cased word -> translation out of a table `token<TAB>translation` without a header."""
    return {row[0].lower(): row[1] for row in _table(path) if len(row) > 1}


def _table(path: str | os.PathLike[str]) -> list[list[str]]:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}.") from error
    return [line.split("\t") for line in text.splitlines() if line]


_spelt = lru_cache(maxsize=1 << 16)(transliterate)


@lru_cache(maxsize=1 << 16)
def _distance(one: str, other: str) -> int:
    """Edit distance over the longer length, in quarters: 0 equal, 4 nothing in common."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        above, row = row, [at]
        for place, wanted in enumerate(other, start=1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != wanted)))
    return round(4 * row[-1] / max(len(one), len(other), 1)) if one != other else 0
