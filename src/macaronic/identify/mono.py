"""A word tagger from raw text of two or more languages: no tagged words are needed.

Each language is a word list with a letter model behind it for unseen words; a chain that rather stays in a language
than switches reads the sentence. This is the way to a tagger for a language that no model knows.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.corpus import Card
from macaronic.core.errors import UsageError
from macaronic.core.files import sha256
from macaronic.core.languages import is_language
from macaronic.core.protocols import Tagged
from macaronic.identify import letters, model_folder, rules, shipped
from macaronic.identify.asked import allowed_labels
from macaronic.identify.decode import Chain, clipped, posteriors
from macaronic.identify.letters import Floats, Letters
from macaronic.text.normalise import normalise_words
from macaronic.text.words import words as split_words

_MODEL = "model.npz"
SWITCH = 0.15
"""The probability that the next word is of another language."""


@dataclass(frozen=True, slots=True)
class WordModel:
    """How often a language's words are used, and how its unseen words are spelt.

    Args:
        counts: word in lookup form -> how often it was seen.
        spelling: the letter model of those words.
    """

    counts: Mapping[str, float]
    spelling: Letters

    def log_probability(self, words: Sequence[str]) -> Floats:
        """log p(word) of each word in lookup form: seen words by count, backing off to the spelling.

        Source: Witten & Bell 1991, method C, with words as the last order.
        """
        seen = np.array([self.counts.get(word, 0.0) for word in words])
        total, kinds = float(sum(self.counts.values())), float(len(self.counts))
        back_off = np.log(kinds) + letters.log_probability(self.spelling, words)
        with np.errstate(divide="ignore"):
            return np.asarray(np.logaddexp(np.log(seen), back_off) - np.log(total + kinds))


@dataclass(slots=True)
class MonoTagger:
    """A tagger over word models, one a language; fits the `Tagger` protocol.

    Args:
        models: language -> its words.
        switch: the probability that the language changes from one word to the next, in (0, 1).
        listed: those of the languages whose words the shipped model lists too; half of the weight goes to its list.
        training: how much text each language had, and its fingerprint.
        card: source and licence of the text.
    """

    models: dict[str, WordModel]
    switch: float = SWITCH
    listed: tuple[str, ...] = ()
    training: dict[str, Any] = field(default_factory=dict)
    card: Card = field(default_factory=Card)

    @property
    def labels(self) -> tuple[str, ...]:
        """The tag set: the languages, and `other` for words without letters."""
        return (*self.models, "other")

    def tag(self, sentences: list[list[str]], languages: Sequence[str] | None = None) -> list[Tagged]:
        """A language for each word, with its posterior probability; words without letters are `other`.

        Args:
            sentences: words of each sentence.
            languages: when given, only these are answered.

        Raises:
            MissingData: a language that the model does not know.
        """
        names = [label for label in allowed_labels(self.labels, languages) if is_language(label)]
        flat = [word for sentence in sentences for word in sentence]
        spoken = np.fromiter((rules.kind(word) != rules.OTHER for word in flat), dtype=bool, count=len(flat))
        shares = self._shares(
            [word for word, counts in zip(flat, spoken, strict=True) if counts], names, _bounds(sentences, spoken)
        )
        best, sure = np.full(len(flat), len(names)), np.ones(len(flat))
        best[spoken], sure[spoken] = shares.argmax(1), shares.max(1)
        labels = [[*names, "other"][at] for at in best.tolist()]
        ends = np.cumsum([len(sentence) for sentence in sentences]).tolist()
        return [
            Tagged(labels[end - len(sentence) : end], sure[end - len(sentence) : end].tolist())
            for sentence, end in zip(sentences, ends, strict=True)
        ]

    def _shares(self, words: list[str], names: Sequence[str], offsets: NDArray[np.int64]) -> NDArray[np.float32]:
        """The posterior of each language at each word, shape (n, len(names)); offsets part the sentences."""
        forms = normalise_words(words)
        number = {form: at for at, form in enumerate(dict.fromkeys(forms))}
        distinct = np.stack([self._log_probability(name, list(number)) for name in names], axis=1)
        rows = np.fromiter((number[form] for form in forms), dtype=np.int64, count=len(forms))
        chain = Chain(switch=self.switch)
        return posteriors(clipped(distinct[rows].astype(np.float32), chain.clip), offsets, chain)

    def _log_probability(self, name: str, forms: Sequence[str]) -> Floats:
        own = self.models[name].log_probability(forms)
        if name not in self.listed:
            return own
        with np.errstate(divide="ignore"):
            return np.asarray(np.logaddexp(own, np.log(shipped.listed(forms, name))) - np.log(2))

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the model and its description into `folder`.

        Raises:
            InputError: the folder cannot be written.
        """
        arrays: dict[str, NDArray[Any]] = {}
        for at, model in enumerate(self.models.values()):
            arrays[f"{at}.word"] = np.frombuffer("\n".join(model.counts).encode(), dtype=np.uint8)
            arrays[f"{at}.frequency"] = np.array(list(model.counts.values()), dtype=np.float64)
            arrays |= {f"{at}.{name}": part for name, part in model.spelling.arrays().items()}
        about = model_folder.Description(
            "mono", tuple(self.models), {"switch": self.switch, "listed": list(self.listed)}, self.training, self.card
        )
        return model_folder.write(folder, {_MODEL: model_folder.pack(arrays)}, about)


def load(folder: str | os.PathLike[str]) -> MonoTagger:
    """The tagger that `save` wrote into `folder`.

    Raises:
        InputError: there is no model there.
        FormatError: it is damaged, or another kind of model.
    """
    about = model_folder.read(folder, "mono")
    arrays = model_folder.unpack(model_folder.content(folder, _MODEL, about))
    models = {}
    for at, name in enumerate(about.labels):
        part = {key.removeprefix(f"{at}."): value for key, value in arrays.items() if key.startswith(f"{at}.")}
        words = part["word"].tobytes().decode().split("\n")
        counts = dict(zip(words, part["frequency"].tolist(), strict=True))
        models[name] = WordModel(counts, Letters.from_arrays(part))
    return MonoTagger(
        models, float(about.settings["switch"]), tuple(about.settings["listed"]), dict(about.training), about.card
    )


def fit(
    texts: Mapping[str, Iterable[str]],
    *,
    order: int = 5,
    switch: float = SWITCH,
    beside_shipped: bool = True,
    card: Card | None = None,
) -> MonoTagger:
    """Make a tagger from raw text of each language.

    Args:
        texts: language -> lines of text in it; about a hundred sentences are a start, more is better.
        order: length of the longest letter n-gram.
        switch: the probability that the language changes from one word to the next, in (0, 1).
        beside_shipped: whether the shipped model's word lists help with the languages that it knows.
        card: source and licence of the text.

    Raises:
        UsageError: fewer than two languages, or one without a single word.

    >>> tagger = fit({"rw": ["umwana arakina mu rugo"], "fr": ["un enfant joue dans la maison"]})
    >>> tagger.tag([["arakina", "dans", "la", "maison", "!"]])[0].labels
    ['rw', 'fr', 'fr', 'fr', 'other']
    """
    if len(texts) < 2:
        raise UsageError(f"expected raw text of at least two languages; got {', '.join(texts) or 'none'}")
    if not 0 < switch < 1:
        raise UsageError(f"expected a probability of switching between 0 and 1; got {switch}")
    models, training = {}, {}
    for name, lines in texts.items():
        counts = word_counts(lines)
        if not counts:
            raise UsageError(f"expected words in the text for {name!r}; found none")
        models[name] = from_counts(counts, order=order)
        digest = sha256(repr(sorted(counts.items())))
        training[name] = {"words": sum(counts.values()), "distinct": len(counts), "fingerprint": digest}
    known = set(shipped.model().tags) if beside_shipped else set()
    listed = tuple(name for name in models if name in known)
    return MonoTagger(models, switch, listed, training, card or Card(languages=tuple(texts)))


def from_counts(counts: Mapping[str, float], *, order: int = 5) -> WordModel:
    """A word model from how often each word (in lookup form) is used."""
    ordered = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    weights = np.sqrt(np.array(list(ordered.values()), dtype=np.float64))
    return WordModel(ordered, letters.fit(list(ordered), weights, order=order))


def word_counts(lines: Iterable[str]) -> Counter[str]:
    """How often each word with letters occurs, in lookup form.

    >>> word_counts(["Yaaaar, yaar! 2026"])
    Counter({'yaar': 2})
    """
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(form for form in normalise_words(split_words(line)) if rules.kind(form) != rules.OTHER)
    return counts


def _bounds(sentences: list[list[str]], spoken: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where each sentence begins among the words that are spoken."""
    ends = np.cumsum([0, *map(len, sentences)])
    return np.asarray(np.concatenate([[0], np.cumsum(spoken)])[ends], dtype=np.int64)


def spliced(
    texts: Mapping[str, Sequence[str]], *, rng: np.random.Generator, shortest: int = 2, longest: int = 6
) -> tuple[list[list[str]], list[list[str | None]]]:
    """Mixed sentences out of unmixed ones, to try a tagger on where no tagged text exists.

    Stretches of neighbouring words are taken from the languages in turn, until the sentences with the same number are
    used up. Real mixed text switches at better places: read scores on this as a rough guide.

    Args:
        texts: language -> sentences.
        rng: where the randomness comes from.
        shortest: fewest words of a stretch.
        longest: most words of a stretch.

    Returns:
        Words and gold labels (None for tokens without letters) of each sentence.

    >>> words, gold = spliced({"en": ["so it is"], "de": ["und das war"]}, rng=np.random.default_rng(0))
    >>> sorted(set(gold[0])), len(words[0])
    (['de', 'en'], 6)
    """
    names = list(texts)
    sentences: list[list[str]] = []
    gold: list[list[str | None]] = []
    for group in zip(*texts.values(), strict=False):
        left = [split_words(text) for text in group]
        mixed: list[str] = []
        labels: list[str | None] = []
        turn = int(rng.integers(len(names)))
        while any(left):
            taken, left[turn] = _cut(left[turn], int(rng.integers(shortest, longest + 1)))
            mixed += taken
            labels += [None if rules.kind(word) == rules.OTHER else names[turn] for word in taken]
            turn = (turn + 1) % len(names)
        sentences.append(mixed)
        gold.append(labels)
    return sentences, gold


def _cut(words: list[str], size: int) -> tuple[list[str], list[str]]:
    return words[:size], words[size:]
