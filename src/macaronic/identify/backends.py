"""Other people's language identifiers as word taggers: fastText models, eldc, lingua, token classifiers of the hub.

A detector of whole texts is asked about each word by itself; the languages of the sentence and the order of its words
are then weighed as for the shipped model. A token classifier answers for the words directly.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import FormatError, InputError, MissingExtra, UnknownName, UsageError
from macaronic.core.languages import parse, word_label
from macaronic.core.protocols import Tagged, Tagger
from macaronic.identify.asked import allowed_labels
from macaronic.identify.ngram import NEVER, NgramModel
from macaronic.identify.tagger import EmbeddedTagger

BACKENDS = ("eldc", "fasttext", "hub", "lingua")
FLOOR = -9.0
"""Log-probability of a language that a detector did not name for a word."""

Detector = Callable[[str], Mapping[str, float]]
"""A text's languages, in a backend's own codes, with their probabilities."""


@dataclass(frozen=True)
class DetectorModel:
    """Word likelihoods out of a detector of texts; stands in for the shipped model's table.

    Args:
        tags: the languages that the detector knows, sorted.
        detect: the detector, with tags for codes.
    """

    tags: tuple[str, ...]
    detect: Detector

    @property
    def prior(self) -> NDArray[np.float32]:
        """No language is likelier than another beforehand."""
        return np.zeros(len(self.tags), dtype=np.float32)

    def score(self, words: Sequence[str]) -> NDArray[np.float32]:
        """log p(language | word), shape (n, len(tags)); `NEVER` throughout for words without an answer."""
        column = {tag: at for at, tag in enumerate(self.tags)}
        out = np.full((len(words), len(self.tags)), NEVER, dtype=np.float32)
        for row, word in zip(out, words, strict=True):
            found = [(column[tag], share) for tag, share in self.detect(word).items() if tag in column and share > 0]
            if found:
                row[:] = FLOOR
                at, shares = zip(*found, strict=True)
                row[list(at)] = np.maximum(np.log(shares), FLOOR)
        return out

    def commonness(self, words: Sequence[str]) -> NDArray[np.float32]:
        """1 for every word: a detector has no word list to say which words are rare."""
        return np.ones(len(words), dtype=np.float32)


def from_detector(detect: Detector, codes: Sequence[str]) -> EmbeddedTagger:
    """A word tagger out of any detector of texts.

    Args:
        detect: text -> code -> probability.
        codes: all codes that it may answer; those that name no language are left out.

    >>> tagger = from_detector(lambda text: {"deu": 0.9} if "ü" in text else {"tur": 0.95}, ["deu", "tur"])
    >>> tagger.tag([["für", "sınav"]], ["de", "tr"])[0].labels
    ['de', 'tr']
    """
    known = {code: tag for code in codes if (tag := _tag(code)) is not None}

    def asked(text: str) -> dict[str, float]:
        shares: dict[str, float] = {}
        for code, share in detect(text).items():
            if code in known:
                shares[known[code]] = shares.get(known[code], 0.0) + share
        return shares

    model = DetectorModel(tuple(sorted(set(known.values()))), asked)
    return EmbeddedTagger(cast(NgramModel, model))


def load(name: str, model: str | os.PathLike[str] | None = None, *, labels: Mapping[str, str] | None = None) -> Tagger:
    """A word tagger that stands on another program.

    Args:
        name: one of `BACKENDS`.
        model: for `fasttext` a `.bin` or `.ftz` file; for `hub` a model id or folder; for the others nothing.
        labels: for `hub`, the classifier's label -> tag or special label, where it does not say so itself.

    Raises:
        UnknownName: no such backend, or a classifier's label that means nothing.
        UsageError: a model that the backend needs is not given, or one that it cannot take.
        MissingExtra: its package is not installed.
        InputError: the model file cannot be read.

    >>> load("fasttxt")
    Traceback (most recent call last):
        ...
    macaronic.core.errors.UnknownName: unknown backend 'fasttxt'. Did you mean 'fasttext'?
    Known: eldc, fasttext, hub, lingua
    """
    if name not in BACKENDS:
        raise UnknownName("backend", name, BACKENDS)
    if (model is None) != (name in ("eldc", "lingua")):
        wanted = "no model" if model is not None else "a model (fasttext: FILE.bin or FILE.ftz; hub: a model id)"
        raise UsageError(f"expected {wanted} for the backend {name!r}; got {model}")
    if name == "fasttext":
        return _fasttext(Path(cast(str, model)))
    if name == "hub":
        return _hub(str(model), labels or {})
    return _eldc() if name == "eldc" else _lingua()


def _eldc() -> Tagger:
    try:
        import eldc
    except ImportError as error:
        raise MissingExtra("eldc", "backends") from error
    eldc.init()
    detector = eldc.instance()
    detector.set_scores(20)
    return from_detector(lambda text: dict(detector.detect_details(text).scores), list(eldc.LANGUAGES))


def _lingua() -> Tagger:
    try:
        import lingua
    except ImportError as error:
        raise MissingExtra("lingua-language-detector", "backends") from error
    detector = lingua.LanguageDetectorBuilder.from_all_languages().build()

    def detect(text: str) -> dict[str, float]:
        found = detector.compute_language_confidence_values(text)
        return {one.language.iso_code_639_1.name.lower(): one.value for one in found}

    return from_detector(detect, [language.iso_code_639_1.name.lower() for language in lingua.Language.all()])


def _fasttext(path: Path) -> Tagger:
    try:
        import fasttext
    except ImportError as error:
        raise MissingExtra("fasttext-predict", "eval") from error
    if not path.is_file():
        raise InputError(f"cannot read the fastText model {path}: no such file.")
    try:
        model = fasttext.load_model(str(path))
    except (ValueError, RuntimeError) as error:
        raise FormatError(f"expected a fastText model (.bin or .ftz); got {error}", str(path)) from error

    def detect(text: str, threshold: float = 0.0) -> dict[str, float]:
        labels, shares = model.predict(text.replace("\n", " "), k=-1, threshold=threshold)
        return {str(label).removeprefix("__label__"): float(s) for label, s in zip(labels, shares, strict=True)}

    return from_detector(detect, list(detect("", threshold=-1.0)))


@dataclass(frozen=True)
class HubTagger:
    """A token classifier from the hub; each word has the label of its first piece.

    Args:
        tokenizer: a fast tokenizer of transformers.
        scores: encoded words -> one row of scores a piece, shape (pieces, classes).
        names: the word label that each of the classifier's classes means.
        most: words that are read at once; longer sentences are cut.
    """

    tokenizer: Any
    scores: Callable[[Any], NDArray[Any]]
    names: tuple[str, ...]
    most: int = 128

    def tag(self, sentences: list[list[str]], languages: Sequence[str] | None = None) -> list[Tagged]:
        """A label for each word and its probability; `languages` leaves only theirs and the special labels."""
        keep = set(allowed_labels(tuple(dict.fromkeys(self.names)), languages))
        out = []
        for words in sentences:
            pieces = [self._read(words[at : at + self.most], keep) for at in range(0, len(words), self.most)]
            labels = [label for piece in pieces for label in piece.labels]
            out.append(Tagged(labels, [share for piece in pieces for share in piece.confidence]))
        return out

    def _read(self, words: list[str], keep: set[str]) -> Tagged:
        encoded = self.tokenizer(words, is_split_into_words=True, truncation=True, return_tensors="pt")
        scores_of = np.asarray(self.scores(encoded), dtype=np.float64)
        first: dict[int, int] = {}
        for place, word in enumerate(encoded.word_ids()):
            if word is not None:
                first.setdefault(word, place)
        allowed = [at for at, name in enumerate(self.names) if name in keep]
        labels, confidence = [], []
        for word in range(len(words)):
            if word not in first:
                labels.append("unk")
                confidence.append(0.0)
                continue
            scores = scores_of[first[word]][allowed]
            shares = np.exp(scores - scores.max())
            best = int(shares.argmax())
            labels.append(self.names[allowed[best]])
            confidence.append(float(shares[best] / shares.sum()))
        return Tagged(labels, confidence)


def _hub(model: str, labels: Mapping[str, str]) -> HubTagger:
    try:
        import torch
        from transformers import AutoModelForTokenClassification, AutoTokenizer
    except ImportError as error:
        raise MissingExtra("transformers and torch", "backends") from error
    try:
        tokenizer = AutoTokenizer.from_pretrained(model)
        classifier = AutoModelForTokenClassification.from_pretrained(model).eval()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot load the token classifier {model!r}: {error}") from error

    def scores(encoded: Any) -> NDArray[Any]:
        with torch.inference_mode():
            return np.asarray(classifier(**encoded).logits[0].float().cpu())

    raw = classifier.config.id2label
    names = tuple(word_label(str(raw[at]), dict(labels) or None) for at in range(len(raw)))
    return HubTagger(tokenizer, scores, names)


@lru_cache(maxsize=4096)
def _tag(code: str) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return parse(code)
        except UnknownName:
            return None
