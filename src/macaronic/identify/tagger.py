"""The tagger that needs no training: word likelihoods, the languages of each sentence, then a hidden Markov model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from macaronic.core.columns import token_offsets, token_spans, with_token_layer
from macaronic.core.errors import MissingData
from macaronic.core.languages import parse, romanised, script
from macaronic.core.protocols import Tagged
from macaronic.identify import ngram, rules
from macaronic.identify import contact
from macaronic.identify.choose import MOST, Charges, language_sets
from macaronic.identify.decode import Chain, clipped, posteriors, viterbi
from macaronic.identify.ngram import NgramModel
from macaronic.identify.sentence import Sentence, summed

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
SHIPPED = Path(__file__).with_name("data") / "words.npz"
_CHUNK = 8192
XP, FP = (-9, -7, -5, -3.5), (0.5, 0.5, 0.8, 1.0)
MOSTLY = 0.6
"""Where more of a sentence's words than this are capitalised, capitals mark no names."""
_CACHED = 1 << 17
_OTHER, _MIXED, _NAME, _UNKNOWN = -1, -2, -3, -4
_SPECIAL = {_OTHER: "other", _MIXED: "mixed", _NAME: "ne", _UNKNOWN: "unk"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Labels of many sentences, flat.

    Args:
        code: language number of each token, negative for a label that is no language, shape (n,).
        confidence: in [0, 1], shape (n,).
        main: number of each sentence's matrix language, -1 for none, shape (s,).
        certainty: how sure the matrix language is, in [0, 1], shape (s,).
    """

    code: NDArray[np.int32]
    confidence: Floats
    main: NDArray[np.int32]
    certainty: Floats


@dataclass
class EmbeddedTagger:
    """Labels words with their language; knows the languages of its model and needs no tagged text.

    Args:
        model: word likelihoods.
        chain: settings of the hidden Markov model.
        charges: what a second and third language cost when the languages are to be found.

    >>> tagger = load()
    >>> tagger.tag([["yaar", "kal", "ki", "meeting", "cancel", "ho", "gayi", ",", "so", "chill"]])[0].labels
    ['hi-Latn', 'hi-Latn', 'hi-Latn', 'en', 'en', 'hi-Latn', 'hi-Latn', 'other', 'en', 'en']
    """

    model: NgramModel
    chain: Chain = Chain()
    charges: Charges = Charges()
    _number: dict[str, int] = field(default_factory=dict, repr=False)
    _score: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32), repr=False)
    _kind: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8), repr=False)
    _named: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_), repr=False)
    _common: Floats = field(default_factory=lambda: np.zeros(0, np.float32), repr=False)

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags that the model can answer."""
        return self.model.tags

    def tag(self, sentences: list[list[str]], languages: Sequence[str] | None = None) -> list[Tagged]:
        """Label the words of sentences.

        Args:
            sentences: words of each sentence; any strings.
            languages: the languages that may occur (a romanised form is allowed with its language); found for each
                sentence, three at most, when left out or when more than three are given.

        Returns:
            One label and confidence a word: a language tag, or `other`, `mixed`, `ne`, `unk`.

        Raises:
            MissingData: the model does not know one of `languages`.
        """
        offsets = np.concatenate([[0], np.cumsum([len(words) for words in sentences], dtype=np.int64)]).astype(np.int64)
        done = self.decode([word for words in sentences for word in words], offsets, languages)
        names = {**dict(enumerate(self.languages)), **_SPECIAL}
        labels = [names[code] for code in done.code.tolist()]
        sure = np.round(done.confidence.astype(np.float64), 4).tolist()
        bounds = offsets.tolist()
        return [Tagged(labels[a:b], sure[a:b]) for a, b in zip(bounds[:-1], bounds[1:], strict=True)]

    def annotate(self, batch: pa.RecordBatch, languages: Sequence[str] | None = None) -> pa.RecordBatch:
        """Label every token of a record batch.

        Args:
            batch: rows of a corpus; rows without tokens are cut into words first.
            languages: as in `tag`.

        Returns:
            The batch with the layer `token.lang` and the sentence labels `lang` (the matrix language) and
            `lang_confidence`.
        """
        from macaronic.text import words as word_cutter

        batch = word_cutter.annotate(batch)
        offsets = token_offsets(batch)
        done = self.decode(_tokens(batch, offsets), offsets, languages)
        used, code = np.unique(done.code, return_inverse=True)
        names = [_SPECIAL.get(int(c)) or self.languages[int(c)] for c in used]
        out = with_token_layer(batch, "lang", code.astype(np.int32), names)
        return self._with_sentence_labels(out, done)

    def identify_sentence(
        self, texts: Sequence[str], languages: Sequence[str] | None = None
    ) -> list[dict[str, Any]]:
        """The language of each text, and the share of each language among its words.

        Args:
            texts: any texts.
            languages: as in `tag`.

        Returns:
            `lang` (None for a text without words of any language), `confidence` in [0, 1] and `languages`, the share
            of each language, largest first.

        >>> load().identify_sentence(["Das ist ein schöner Tag."])[0]["lang"]
        'de'
        """
        from macaronic.text.words import tokenise_batch

        starts, ends, offsets = tokenise_batch(list(texts))
        words = _sliced(list(texts), starts, ends, offsets)
        done = self.decode(words, offsets, languages)
        return [self._sentence(row).asdict() for row in summed(done.code, done.certainty, done.main, offsets, self.languages)]

    def decode(self, words: Sequence[str], offsets: Ints, languages: Sequence[str] | None = None) -> Decoded:
        """Label words that lie flat over many sentences; what `tag` and `annotate` stand on.

        Args:
            words: n words.
            offsets: where each sentence's words begin, shape (s + 1,).
            languages: as in `tag`.
        """
        allowed = self._allowed(languages)
        sentences = len(offsets) - 1
        code = np.full(len(words), _OTHER, dtype=np.int32)
        sure = np.ones(len(words), dtype=np.float32)
        main, certain = np.full(sentences, -1, dtype=np.int32), np.zeros(sentences, dtype=np.float32)
        if not len(words):
            return Decoded(code, sure, main, certain)
        ids = self._ids(words)
        at = 0
        while at < sentences:
            end = int(np.searchsorted(offsets, offsets[at] + _CHUNK, side="right")) - 1
            end = min(max(end, at + 1), sentences)
            low, high = int(offsets[at]), int(offsets[end])
            part = self._decode(ids[low:high], offsets[at : end + 1] - low, allowed)
            code[low:high], sure[low:high] = part.code, part.confidence
            main[at:end], certain[at:end] = part.main, part.certainty
            at = end
        return Decoded(code, sure, main, certain)

    def _decode(self, ids: Ints, offsets: Ints, allowed: NDArray[np.int64]) -> Decoded:
        kind = self._kind[ids]
        word = np.flatnonzero(kind != rules.OTHER)
        inner = np.searchsorted(word, offsets).astype(np.int64)
        raw = self._score[ids[word]][:, allowed]
        score = clipped(raw, self.chain.clip)
        score[kind[word] == rules.FILLER] *= 0.1
        unknown = raw.max(axis=1, initial=ngram.NEVER) <= ngram.NEVER
        sentences = len(offsets) - 1
        if len(allowed) <= MOST:
            sets = np.full((sentences, MOST), -1, dtype=np.int16)
            sets[:, : len(allowed)] = np.arange(len(allowed))
            single = np.zeros((sentences, len(allowed)), dtype=np.float32)
            full = np.flatnonzero(np.diff(inner))
            if len(full):
                single[full] = np.add.reduceat(score, inner[:-1][full], axis=0)
        else:
            sets, single = self._found(score, ids[word], inner, allowed)
        state, sure = self._in_sets(score, inner, sets)
        code = np.full(len(ids), _OTHER, dtype=np.int32)
        code[word] = np.where(unknown, _UNKNOWN, allowed[state])
        confidence = np.ones(len(ids), dtype=np.float32)
        confidence[word] = np.where(unknown, 0.0, sure)
        return Decoded(code, confidence, *_matrix(code, offsets, allowed, single + self.model.prior[allowed]))

    def _found(
        self, score: Floats, ids: Ints, offsets: Ints, allowed: NDArray[np.int64]
    ) -> tuple[NDArray[np.int16], Floats]:
        """The languages of each sentence; words written like names say little about them."""
        named = self._named[ids].copy()
        inside = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
        share = np.bincount(inside, named, len(offsets) - 1) / np.maximum(np.diff(offsets), 1)
        named &= (share < MOSTLY)[inside]
        weight = self._common[ids] * np.where(named, self.charges.name, 1.0)
        first = offsets[:-1][np.diff(offsets) > 0]
        weight[first] = np.where(named[first], 0.5 * self._common[ids[first]], weight[first])
        weighed = score * weight.astype(np.float32)[:, None]
        return language_sets(weighed, offsets, self.model.prior[allowed], self.charges, self._meet[np.ix_(allowed, allowed)])

    @cached_property
    def _meet(self) -> Floats:
        return contact.rebates(self.languages)

    def label(self, code: int) -> str:
        """The label that a code of `decode` stands for."""
        return self.languages[code] if code >= 0 else _SPECIAL[code]

    def _in_sets(self, score: Floats, offsets: Ints, sets: NDArray[np.int16]) -> tuple[Ints, Floats]:
        """State and posterior of each word when each sentence may use only its own set of columns."""
        size = (sets >= 0).sum(axis=1)
        length = np.diff(offsets)
        state = np.repeat(sets[:, 0].astype(np.int64), length)
        sure = np.ones(len(score), dtype=np.float32)
        for count in range(2, MOST + 1):
            here = np.flatnonzero((size == count) & (length > 0))
            if not len(here):
                continue
            begin = np.concatenate([[0], np.cumsum(length[here])])
            row = np.repeat(offsets[:-1][here] - begin[:-1], length[here]) + np.arange(begin[-1])
            column = np.repeat(sets[here, :count].astype(np.int64), length[here], axis=0)
            narrow = clipped(np.take_along_axis(score[row], column, axis=1), self.chain.clip)
            path = viterbi(narrow, begin, self.chain).astype(np.int64)
            state[row] = np.take_along_axis(column, path[:, None], axis=1)[:, 0]
            sure[row] = np.take_along_axis(posteriors(narrow, begin, self.chain), path[:, None], axis=1)[:, 0]
        return state, sure

    def _allowed(self, languages: Sequence[str] | None) -> NDArray[np.int64]:
        if not languages:
            return np.arange(len(self.languages))
        wanted: list[int] = []
        for asked in languages:
            tag = parse(asked)
            base = tag.partition("-")[0]
            found = [i for i, known in enumerate(self.languages) if known == tag]
            if script(tag) != "Latn":
                found += [i for i, known in enumerate(self.languages) if known == f"{base}-Latn"]
            if not found:
                raise MissingData(
                    f"the model does not know {asked!r} (it knows {len(self.languages)} languages).\n"
                    f"From tagged sentences:  macaronic train tagger FILE --out DIR\n"
                    f"From raw text alone:    macaronic train tagger --mono {asked}=raw.txt --mono ... --out DIR"
                )
            wanted += [i for i in found if i not in wanted]
        return np.array(wanted, dtype=np.int64)

    def _ids(self, words: Sequence[str]) -> Ints:
        """Row of each word in the cache; words that are new are scored together."""
        if len(self._number) > _CACHED:
            self._number.clear()
        known = self._number
        new = [word for word in dict.fromkeys(words) if word not in known]
        if new:
            first = len(known)
            self._make_room(first, first + len(new))
            kinds = np.fromiter(map(rules.kind, new), dtype=np.int8, count=len(new))
            real = np.flatnonzero(kinds != rules.OTHER)
            spelt = [new[i] for i in real.tolist()]
            rows = slice(first, first + len(new))
            self._kind[rows] = kinds
            self._named[rows] = np.fromiter(map(rules.capitalised, new), dtype=np.bool_, count=len(new))
            self._score[rows] = ngram.NEVER
            self._score[first + real] = self.model.score(spelt)
            seen = np.log10(np.maximum(self.model.commonness(spelt), 1e-9))
            lone = np.fromiter((len(word) == 1 and word.isascii() for word in spelt), dtype=np.bool_, count=len(spelt))
            self._common[first + real] = np.interp(seen, XP, FP) * np.where(lone, 0.4, 1.0)
            known.update(zip(new, range(first, first + len(new)), strict=True))
        return np.fromiter(map(known.__getitem__, words), dtype=np.int64, count=len(words))

    def _make_room(self, used: int, needed: int) -> None:
        room = len(self._kind)
        if needed <= room:
            return
        more = max(2 * room, needed, 1024) - room
        self._score = np.concatenate([self._score.reshape(room, -1) if room else np.empty((0, len(self.languages)), np.float32), np.empty((more, len(self.languages)), np.float32)])
        self._kind = np.concatenate([self._kind, np.zeros(more, np.int8)])
        self._named = np.concatenate([self._named, np.zeros(more, np.bool_)])
        self._common = np.concatenate([self._common, np.zeros(more, np.float32)])

    def _sentence(self, row: Sentence) -> Sentence:
        return row

    def _with_sentence_labels(self, batch: pa.RecordBatch, done: Decoded) -> pa.RecordBatch:
        from macaronic.core.columns import with_labels

        names = [self.languages[i] if i >= 0 else None for i in done.main.tolist()]
        sure = [f"{c:.3f}" if n else None for c, n in zip(done.certainty.tolist(), names, strict=True)]
        return with_labels(with_labels(batch, "lang", names), "lang_confidence", sure)


def _matrix(
    code: NDArray[np.int32], offsets: Ints, allowed: NDArray[np.int64], total: Floats
) -> tuple[NDArray[np.int32], Floats]:
    """Matrix language of each sentence (most words, the first to occur on a tie; -1 for none) and its certainty."""
    sentences = len(offsets) - 1
    main, certain = np.full(sentences, -1, dtype=np.int32), np.zeros(sentences, dtype=np.float32)
    word = np.flatnonzero(code >= 0)
    if not len(word):
        return main, certain
    sentence = np.repeat(np.arange(sentences), np.diff(offsets))[word]
    pair = sentence * (1 << 16) + code[word]
    unique, first, count = np.unique(pair, return_index=True, return_counts=True)
    order = np.lexsort((first, -count, unique >> 16))
    lead = order[np.concatenate([[True], np.diff(unique[order] >> 16) > 0])]
    row = unique[lead] >> 16
    main[row] = unique[lead] & 0xFFFF
    words = np.bincount(sentence, minlength=sentences)[row]
    scaled = total[row] / np.sqrt(words)[:, None]
    scaled -= scaled.max(axis=1, keepdims=True)
    chance = np.exp(scaled)
    chance /= chance.sum(axis=1, keepdims=True)
    column = np.searchsorted(np.sort(allowed), main[row])
    certain[row] = chance[np.arange(len(row)), np.argsort(allowed)[column]]
    return main, certain


def _tokens(batch: pa.RecordBatch, offsets: Ints) -> list[str]:
    starts, ends = token_spans(batch)
    return _sliced(batch.column("text").to_pylist(), starts, ends, offsets)


def _sliced(texts: list[str], starts: NDArray[np.int32], ends: NDArray[np.int32], offsets: Ints) -> list[str]:
    out: list[str] = []
    first, last, bounds = starts.tolist(), ends.tolist(), offsets.tolist()
    for text, a, b in zip(texts, bounds[:-1], bounds[1:], strict=True):
        out += [text[s:e] for s, e in zip(first[a:b], last[a:b], strict=True)]
    return out


@cache
def _shipped() -> NgramModel:
    return ngram.load(SHIPPED)


def load(model: str | Path | None = None) -> EmbeddedTagger:
    """The tagger of a model file, or of the model that ships with the package.

    Raises:
        InputError: there is no such file.
        FormatError: it is no word model.
    """
    return EmbeddedTagger(ngram.load(model) if model else _shipped())
