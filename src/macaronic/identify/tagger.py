"""The tagger that needs no training: word likelihoods, the languages of each sentence, then a hidden Markov model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import MissingData
from macaronic.core.languages import parse, script
from macaronic.core.protocols import Tagged
from macaronic.identify import contact, mixed, names, ngram, rules
from macaronic.identify.choose import MOST, Charges, language_sets
from macaronic.identify.decode import Chain, clipped, posteriors
from macaronic.identify.ngram import NEVER, NgramModel
from macaronic.identify.sentence import summed
from macaronic.identify.vocabulary import Vocabulary

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
SHIPPED = Path(__file__).with_name("data") / "words.npz"
_CHUNK = 8192
_LONGEST = 4096
_LOOKS_LIKE = 0.5
_BEGINS = 0.5
_PULL, _USUAL, _MOST_PULL = 2.0, 0.02, 6.0
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
    chain: Chain = field(default_factory=Chain)
    charges: Charges = field(default_factory=Charges)

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
        shown = {**dict(enumerate(self.languages)), **_SPECIAL}
        labels = [shown[code] for code in done.code.tolist()]
        sure = np.round(done.confidence.astype(np.float64), 4).tolist()
        bounds = offsets.tolist()
        return [Tagged(labels[a:b], sure[a:b]) for a, b in pairwise(bounds)]

    def identify_sentence(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[dict[str, Any]]:
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
        rows = summed(done.code, done.certainty, done.main, offsets, self.languages)
        return [row.asdict() for row in rows]

    def decode(
        self,
        words: Sequence[str],
        offsets: Ints,
        languages: Sequence[str] | None = None,
        *,
        expected: Floats | None = None,
    ) -> Decoded:
        """Label words that lie flat over many sentences; what `tag` and `annotate` stand on.

        Args:
            words: n words.
            offsets: where each sentence's words begin, shape (s + 1,).
            languages: as in `tag`.
            expected: log-weight of each language of the model that comes on top of the model's own, such as
                `expectation` gives, shape (languages,).
        """
        if len(offsets) > 1 and np.diff(offsets).max() > _LONGEST:
            return self._in_pieces(words, offsets, languages, expected)
        allowed = self._allowed(languages)
        prior = (self.model.prior if expected is None else self.model.prior + expected)[allowed]
        sentences = len(offsets) - 1
        code = np.full(len(words), _OTHER, dtype=np.int32)
        sure = np.ones(len(words), dtype=np.float32)
        main, certain = np.full(sentences, -1, dtype=np.int32), np.zeros(sentences, dtype=np.float32)
        if not len(words):
            return Decoded(code, sure, main, certain)
        ids = self._vocabulary.numbers(words)
        at = 0
        while at < sentences:
            end = int(np.searchsorted(offsets, offsets[at] + _CHUNK, side="right")) - 1
            end = min(max(end, at + 1), sentences)
            low, high = int(offsets[at]), int(offsets[end])
            part = self._decode(ids[low:high], offsets[at : end + 1] - low, allowed, prior)
            code[low:high], sure[low:high] = part.code, part.confidence
            main[at:end], certain[at:end] = part.main, part.certainty
            at = end
        return Decoded(code, sure, main, certain)

    def _in_pieces(
        self, words: Sequence[str], offsets: Ints, languages: Sequence[str] | None, expected: Floats | None
    ) -> Decoded:
        """Decode very long sentences piece by piece: what memory is needed does not grow with them."""
        count = -(-np.diff(offsets) // _LONGEST)
        owner = np.repeat(np.arange(len(count)), count)
        nth = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        pieces = np.append(offsets[:-1][owner] + nth * _LONGEST, offsets[-1])
        done = self.decode(words, pieces, languages, expected=expected)
        main, certain = _majority(done.code, offsets), np.zeros(len(count), dtype=np.float32)
        same = np.flatnonzero((done.main == main[owner]) & (done.main >= 0))
        np.maximum.at(certain, owner[same], done.certainty[same])
        return Decoded(done.code, done.confidence, main, certain)

    def _decode(self, ids: Ints, offsets: Ints, allowed: Ints, prior: Floats) -> Decoded:
        known = self._vocabulary
        kind = known.kind[ids]
        word = np.flatnonzero(kind != rules.OTHER)
        inner = np.searchsorted(word, offsets).astype(np.int64)
        raw = known.score[ids[word]][:, allowed]
        score = clipped(raw, self.chain.clip)
        score[(kind[word] == rules.FILLER) | (kind[word] == rules.MIXED)] = 0.0
        capital, begins = names.marked(known.named[ids[word]], word, known.stop[ids], inner)
        telling = known.telling[ids[word]] * np.where(capital, np.where(begins, _BEGINS, self.charges.name), 1.0)
        if len(allowed) > MOST:
            meet = self._meet[np.ix_(allowed, allowed)]
            weighed = score * telling.astype(np.float32)[:, None]
            sets, single = language_sets(weighed, inner, prior, self.charges, meet)
        else:
            sets, single = _all_that_can(score, raw > NEVER, inner)
        state, sure = self._in_sets(score, inner, sets)
        fits = raw[np.arange(len(word)), state] > NEVER
        stray = np.flatnonzero(~fits & ~known.named[ids[word]] & (raw.max(axis=1, initial=NEVER) > NEVER))
        state[stray] = (raw[stray] + prior).argmax(axis=1)
        fits[stray] = True
        code = np.full(len(ids), _OTHER, dtype=np.int32)
        code[word] = np.where(fits, allowed[state], _UNKNOWN)
        self._mark_names(code, word, capital & ~begins & ~_holds(sets, inner, self._with_nouns[allowed]), fits, ids)
        code[word[kind[word] == rules.MIXED]] = _MIXED
        self._mark_mixed(code, ids, word, inner, sets, allowed)
        confidence = np.ones(len(ids), dtype=np.float32)
        confidence[word] = np.where(fits, sure, 0.5)
        return Decoded(code, confidence, *_matrix(code, offsets, allowed, single + prior))

    def expectation(self, done: Decoded) -> Floats:
        """What a first pass over many sentences says about the languages of each: log-weights for a second pass.

        Args:
            done: labels of sentences that belong together, such as one file.

        Returns:
            Log-weight of each language on top of the model's own, shape (languages,).
        """
        size = len(self.languages)
        main, word = np.bincount(done.main[done.main >= 0], minlength=size), done.code[done.code >= 0]
        share = 0.5 * main / max(main.sum(), 1) + 0.5 * np.bincount(word, minlength=size) / max(len(word), 1)
        heard = np.clip(_PULL * np.log(np.maximum(share, 1e-6) / _USUAL), -_MOST_PULL, _MOST_PULL)
        wanted = np.where(heard > -_MOST_PULL, heard, np.minimum(self.model.prior, -_MOST_PULL))
        return np.asarray(wanted - self.model.prior, dtype=np.float32)

    def _mark_names(self, code: NDArray[np.int32], word: Ints, capital: Flags, fits: Flags, ids: Ints) -> None:
        """Capitalised words that no list holds are names, unless they look like a word of the sentence's language.

        In sentences with a language that gives every noun a capital there are none of these. A Latin word with a
        capital in a sentence of another script is a name too.
        """
        known, row = self._vocabulary, ids[word]
        rare = np.flatnonzero(capital & ~known.listed[row] & (code[word] >= 0))
        score = known.score[row[rare]]
        lead = (
            score[np.arange(len(rare)), code[word[rare]]]
            - np.log(np.exp(score - score.max(1, keepdims=True, initial=NEVER)).sum(1))
            - score.max(1, initial=NEVER)
        )
        code[word[rare[lead < np.log(_LOOKS_LIKE)]]] = _NAME
        code[word[~fits & known.named[row]]] = _NAME

    def _mark_mixed(
        self, code: NDArray[np.int32], ids: Ints, word: Ints, offsets: Ints, sets: NDArray[np.int16], allowed: Ints
    ) -> None:
        """Words that no list holds may be a stem of one of the sentence's languages with an affix of another."""
        several = np.repeat((sets >= 0).sum(axis=1) > 1, np.diff(offsets))
        rare = np.flatnonzero(several & ~self._vocabulary.listed[ids[word]] & (code[word] != _MIXED))
        if not len(rare):
            return
        sentence = np.searchsorted(offsets, rare, side="right") - 1
        tags = [tuple(self.languages[allowed[c]] for c in row if c >= 0) for row in sets[sentence].tolist()]
        spelt = self._vocabulary.spelt(ids[word[rare]])
        code[word[rare[np.array(mixed.switched(spelt, tags, self._frequency), dtype=np.bool_)]]] = _MIXED

    def _frequency(self, stems: Sequence[str]) -> list[dict[str, float]]:
        table = self.model.frequencies(stems)
        return [{self.languages[i]: float(row[i]) for i in np.flatnonzero(row)} for row in table]

    @cached_property
    def _meet(self) -> Floats:
        return contact.rebates(self.languages)

    @cached_property
    def _with_nouns(self) -> Flags:
        return np.array([tag in names.NOUNS for tag in self.languages])

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.model)

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
            chance = posteriors(narrow, begin, self.chain)
            likeliest = chance.argmax(axis=1)[:, None]
            state[row] = np.take_along_axis(column, likeliest, axis=1)[:, 0]
            sure[row] = np.take_along_axis(chance, likeliest, axis=1)[:, 0]
        return state, sure

    def _allowed(self, languages: Sequence[str] | None) -> Ints:
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


def _holds(sets: NDArray[np.int16], offsets: Ints, wanted: Flags) -> Flags:
    """Whether the set of each word's sentence holds one of the wanted columns, shape (n,)."""
    return np.repeat((wanted[sets] & (sets >= 0)).any(axis=1), np.diff(offsets))


def _all_that_can(score: Floats, possible: NDArray[np.bool_], offsets: Ints) -> tuple[NDArray[np.int16], Floats]:
    """Of few languages, all that some word of a sentence can be in; those of other scripts take no part.

    Returns:
        language numbers, -1 where there are fewer, shape (s, MOST), and the total of each language, shape (s, L).
    """
    sentences, size = len(offsets) - 1, score.shape[1]
    spoken, single = np.zeros((sentences, size), dtype=bool), np.zeros((sentences, size), dtype=np.float32)
    full = np.flatnonzero(np.diff(offsets))
    if len(full):
        spoken[full] = np.logical_or.reduceat(possible, offsets[:-1][full], axis=0)
        single[full] = np.add.reduceat(score, offsets[:-1][full], axis=0)
    order = np.argsort(~spoken, axis=1, kind="stable")
    sets = np.full((sentences, MOST), -1, dtype=np.int16)
    sets[:, :size] = np.where(np.take_along_axis(spoken, order, axis=1), order, -1)
    sets[sets[:, 0] < 0, 0] = 0
    return sets, single


def _majority(code: NDArray[np.int32], offsets: Ints) -> NDArray[np.int32]:
    """The language of most words of each sentence, the first to occur on a tie, -1 without any."""
    main = np.full(len(offsets) - 1, -1, dtype=np.int32)
    word = np.flatnonzero(code >= 0)
    if len(word):
        pair = np.repeat(np.arange(len(main)), np.diff(offsets))[word] * (1 << 16) + code[word]
        unique, first, count = np.unique(pair, return_index=True, return_counts=True)
        order = np.lexsort((first, -count, unique >> 16))
        lead = unique[order[np.concatenate([[True], np.diff(unique[order] >> 16) > 0])]]
        main[lead >> 16] = lead & 0xFFFF
    return main


def _matrix(
    code: NDArray[np.int32], offsets: Ints, allowed: NDArray[np.int64], total: Floats
) -> tuple[NDArray[np.int32], Floats]:
    """Matrix language of each sentence (most words, the first to occur on a tie; -1 for none) and its certainty."""
    main, certain = _majority(code, offsets), np.zeros(len(offsets) - 1, dtype=np.float32)
    row = np.flatnonzero(main >= 0)
    if not len(row):
        return main, certain
    words = np.add.reduceat(np.append(code >= 0, False).astype(np.int64), offsets[:-1])[row]
    scaled = total[row] / np.sqrt(words)[:, None]
    scaled -= scaled.max(axis=1, keepdims=True)
    chance = np.exp(scaled)
    chance /= chance.sum(axis=1, keepdims=True)
    column = np.searchsorted(np.sort(allowed), main[row])
    certain[row] = chance[np.arange(len(row)), np.argsort(allowed)[column]]
    return main, certain


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
