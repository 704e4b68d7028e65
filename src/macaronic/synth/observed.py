"""The language words of a corpus as flat arrays, and how each sentence mixes: what profiles and distances stand on.

Languages count without their script here (`hi-Latn` is `hi`), so that romanised and native text can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from macaronic.core.columns import token_layer
from macaronic.core.corpus import Corpus, batched, layers_of
from macaronic.core.errors import MissingData
from macaronic.core.languages import is_language
from macaronic.core.utterance import Utterance
from macaronic.identify import annotate as identified
from macaronic.measure.symcom import main_pair
from macaronic.synth import classes
from macaronic.text import words as cutting

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pos = Literal["given", "listed", "induced", "none"]

FUNCTION, CONTENT = "function", "content"
MOST = 100_000
"""Sentences that are looked at; of more the first ones are enough."""

_NOTED = 0.05
_SURENESS: tuple[Pos, ...] = ("given", "listed", "induced", "none")


@dataclass(frozen=True)
class Observed:
    """The N language words of R sentences.

    Attributes:
        languages: the languages, without script, that occur.
        language: position in `languages` of each word, (N,).
        tags: the word classes that occur; a proper noun counts as a noun, since lists tell them by capitals alone.
        tag: position in `tags` of each word, -1 for none, (N,).
        offsets: where each sentence begins, (R + 1,).
        pos: where the classes come from: `given` (a layer), `listed` (our lists), `induced` (function words found by
            frequency: only function and content words are told apart), `none`; of several the least sure that gave at
            least a twentieth of them.
    """

    languages: tuple[str, ...]
    language: NDArray[np.int32]
    tags: tuple[str, ...]
    tag: NDArray[np.int32]
    offsets: Ints
    pos: Pos

    @property
    def rows(self) -> int:
        """Sentences."""
        return len(self.offsets) - 1

    @property
    def row(self) -> Ints:
        """The sentence of each word, (N,)."""
        return np.repeat(np.arange(self.rows), np.diff(self.offsets))

    def without(self, pair: tuple[str, str]) -> str:
        """The languages of a pair in which no word is, as people say it; empty when both occur."""
        return " and ".join(name for name in pair if name not in self.languages)

    @property
    def pair(self) -> tuple[str, str]:
        """The two languages with most words, in alphabetical order."""
        counts = np.bincount(self.language, minlength=len(self.languages)).tolist()
        found = main_pair(Counter(dict(zip(self.languages, counts))))
        if found is None:
            have = ", ".join(self.languages) or "none"
            raise MissingData(f"a corpus of two languages is needed; the languages found are: {have}.")
        return found


def observe(corpus: Corpus | Iterable[Utterance], *, most: int = MOST, with_pos: bool = True) -> Observed:
    """Read a corpus; words without a language are identified, words without a class are classed.

    Args:
        corpus: rows, with the token layers `lang` and `pos` or without.
        most: how many sentences to look at.
        with_pos: whether word classes are wanted.

    >>> found = observe([Utterance.from_words(["the", "casa"], layers={"lang": ["en", "es"]})])
    >>> found.languages, found.offsets.tolist(), [found.tags[t] for t in found.tag], found.pos
    (('en', 'es'), [0, 2], ['DET', 'NOUN'], 'listed')
    """
    batches = corpus.batches() if isinstance(corpus, Corpus) else batched(corpus)
    parts, rows = [], 0
    for batch in batches:
        taken = batch.slice(0, most - rows)
        rows += taken.num_rows
        parts.append(_batch(_with_languages(taken), with_pos))
        if rows >= most:
            break
    return joined(parts)


def joined(parts: Sequence[Observed]) -> Observed:
    """Several corpora one behind the other; their word classes are made alike (see `alike`)."""
    parts = alike(parts)
    languages = list(dict.fromkeys(name for part in parts for name in part.languages))
    tags = list(dict.fromkeys(name for part in parts for name in part.tags))
    sizes = [np.diff(part.offsets) for part in parts]
    return Observed(
        tuple(languages),
        _renumbered([(part.languages, part.language) for part in parts], languages),
        tuple(tags),
        _renumbered([(part.tags, part.tag) for part in parts], tags),
        np.concatenate([[0], *sizes]).cumsum().astype(np.int64),
        max((part.pos for part in parts), key=_SURENESS.index, default="none"),
    )


def alike(parts: Sequence[Observed]) -> list[Observed]:
    """Corpora whose word classes can be compared: when those of one are induced, all tell only function and content.

    >>> one, other = (observe([Utterance.from_words([w], layers={"lang": ["en"]})]) for w in ("the", "house"))
    >>> [part.tags for part in alike([one, replace(other, pos="induced")])]
    [('function',), ('content',)]
    """
    if not any(part.pos == "induced" and part.tags for part in parts):
        return list(parts)
    return [_coarse(part) for part in parts]


def _coarse(part: Observed) -> Observed:
    names = [FUNCTION if tag in classes.CLOSED or tag == FUNCTION else CONTENT for tag in part.tags]
    tags = tuple(dict.fromkeys(names))
    number = np.array([*(tags.index(name) for name in names), -1], np.int32)
    return replace(part, tags=tags, tag=number[part.tag])


def _renumbered(parts: Sequence[tuple[Sequence[str], NDArray[np.int32]]], names: Sequence[str]) -> NDArray[np.int32]:
    place = {name: i for i, name in enumerate(names)}
    own = [np.array([*(place[name] for name in held), -1], np.int32)[codes] for held, codes in parts]
    return np.concatenate([np.zeros(0, np.int32), *own])


def _with_languages(batch: pa.RecordBatch) -> pa.RecordBatch:
    batch = cutting.annotate(batch)
    if identified.has_languages(batch):
        return batch
    from macaronic.identify import tagger

    return identified.annotate(batch, tagger.load())[0]


def _batch(batch: pa.RecordBatch, with_pos: bool) -> Observed:
    codes, labels, offsets = token_layer(batch, "lang")
    base = [label.partition("-")[0] if is_language(label) else None for label in labels]
    languages = list(dict.fromkeys(name for name in base if name is not None))
    place = {name: i for i, name in enumerate(languages)}
    number = np.array([*(place[name] if name is not None else -1 for name in base), -1], np.int32)[codes]
    kept = number >= 0
    before = np.concatenate([[0], np.cumsum(kept)])
    none: tuple[tuple[str, ...], NDArray[np.int32], Pos] = (), np.full(len(codes), -1, np.int32), "none"
    tags, tag, pos = _classes(batch, codes, labels, offsets) if with_pos else none
    return Observed(tuple(languages), number[kept], tags, tag[kept].astype(np.int32), before[offsets], pos)


def _classes(
    batch: pa.RecordBatch, codes: NDArray[np.int32], labels: Sequence[str], offsets: Ints
) -> tuple[tuple[str, ...], NDArray[np.int32], Pos]:
    """The class of each token: from the layer `pos` where there is one, else by our lists, language by language."""
    if "pos" in layers_of(batch.schema):
        given, names, _ = token_layer(batch, "pos")
        if (given >= 0).any():
            names = [merged(name) for name in names]
            tags = list(dict.fromkeys(names))
            return tuple(tags), _renumbered([(names, given)], tags), "given"
    place: dict[str, int] = {}
    tag = np.full(len(codes), -1, np.int32)
    how: Counter[Pos] = Counter()
    rows = identified.words_of(batch)
    induced = _induced([word for row in rows for word in row], codes, labels)
    for row, (begin, end) in zip(rows, zip(offsets[:-1].tolist(), offsets[1:].tolist())):
        own = codes[begin:end]
        for code in set(own.tolist()):
            if code < 0 or not is_language(labels[code]):
                continue
            found = classes.classes(row, labels[code], induced=induced.get(labels[code], frozenset()))
            at = np.flatnonzero(own == code).tolist()
            how[found.how] += len(at)
            for i in at:
                tag[begin + i] = place.setdefault(merged(found.pos[i]), len(place))
    enough: list[Pos] = [name for name, words in how.items() if words >= _NOTED * how.total()]
    return tuple(place), tag, max(enough, key=_SURENESS.index, default="listed")


def merged(tag: str) -> str:
    """The class that a word counts as: a proper noun as a noun.

    >>> merged("PROPN"), merged("ADP")
    ('NOUN', 'ADP')
    """
    return "NOUN" if tag == "PROPN" else tag


def _induced(words: Sequence[str], codes: NDArray[np.int32], labels: Sequence[str]) -> dict[str, frozenset[str]]:
    """Function words by frequency, for each language that has no list of them."""
    bare = [i for i, label in enumerate(labels) if is_language(label) and not classes.listed(label)]
    return {labels[i]: classes.induce(Counter(words[at] for at in np.flatnonzero(codes == i).tolist())) for i in bare}


@dataclass(frozen=True)
class Sentences:
    """What mixing does in each of R sentences, shapes (R,) and (R, classes).

    Attributes:
        words: language words.
        cmi: Code-Mixing Index, percent.
        switching: share of neighbouring words between which the language changes; 0 for one word.
        second: share of words of the second language of the pair.
        mixed: whether more than one language has a word.
        switched: words that are not in the sentence's main language, by class.
        sides: words of the pair's first and second language by class, (R, classes, 2).
        function: which classes are function words, (classes,).
    """

    words: Ints
    cmi: Floats
    switching: Floats
    second: Floats
    mixed: NDArray[np.bool_]
    switched: Ints
    sides: Ints
    function: NDArray[np.bool_]

    @property
    def symcom(self) -> Floats:
        """SyMCoM of each sentence (Kodali et al. 2022), NaN where no word of the pair has a class."""
        total = self.sides.sum(axis=(1, 2))
        apart = np.abs(self.sides[:, :, 0] - self.sides[:, :, 1]).sum(axis=1)
        return np.where(total > 0, apart / np.maximum(total, 1), np.nan)


def sentences(seen: Observed, pair: tuple[str, str]) -> Sentences:
    """Look at each sentence by itself.

    >>> found = sentences(observe([Utterance.from_words("the casa is big".split(),
    ...     layers={"lang": ["en", "es", "en", "en"]})]), ("en", "es"))
    >>> found.cmi.tolist(), found.switching.round(3).tolist(), found.second.tolist(), found.symcom.tolist()
    ([25.0], [0.667], [0.25], [1.0])
    """
    rows, k, row = seen.rows, max(len(seen.languages), 1), seen.row
    parts = np.bincount(row * k + seen.language, minlength=rows * k).reshape(rows, k)
    words, top, main = parts.sum(axis=1), parts.max(axis=1, initial=0), parts.argmax(axis=1)
    changed = (seen.language[1:] != seen.language[:-1]) & (row[1:] == row[:-1])
    switches = np.bincount(row[1:][changed], minlength=rows)
    first, second = (seen.languages.index(name) if name in seen.languages else -1 for name in pair)
    return Sentences(
        words=words,
        cmi=np.where(words > 0, 100 * (1 - top / np.maximum(words, 1)), 0.0),
        switching=switches / np.maximum(words - 1, 1),
        second=(parts[:, second] if second >= 0 else np.zeros(rows)) / np.maximum(words, 1),
        mixed=(parts > 0).sum(axis=1) > 1,
        switched=_by_class(seen, seen.language != main[row]),
        sides=np.stack([_by_class(seen, seen.language == one) for one in (first, second)], axis=2),
        function=np.array([tag in classes.CLOSED or tag == FUNCTION for tag in seen.tags], bool),
    )


def _by_class(seen: Observed, which: NDArray[np.bool_]) -> Ints:
    """Words of each class in each sentence, of those that are in question."""
    width, own = len(seen.tags), which & (seen.tag >= 0)
    cells = seen.row[own] * width + seen.tag[own]
    return np.bincount(cells, minlength=seen.rows * width).reshape(seen.rows, width).astype(np.int64)
