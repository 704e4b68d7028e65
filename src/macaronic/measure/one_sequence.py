"""A corpus read as one long sentence, for figures that were computed across sentence ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from macaronic.measure.sentences import Sentences
from macaronic.measure.words import Cells, Ints, Words


def one_sequence(stream: Iterable[Words]) -> Sentences:
    """All batches as a single sentence: spans run on over sentence and batch ends.

    Args:
        stream: language words of consecutive batches.

    Returns:
        Counts of one sentence.

    >>> from macaronic.core.corpus import to_batch
    >>> from macaronic.core.utterance import Utterance
    >>> from macaronic.measure.words import language_words
    >>> rows = [Utterance.from_words(["a", "b"], layers={"lang": langs}) for langs in (["en", "hi"], ["hi", "hi"])]
    >>> one_sequence([language_words(to_batch(rows))]).spans.tolist()
    [2]
    """
    chain = _Chain()
    for words in stream:
        chain.add(words)
    return chain.sentence()


class _Chain:
    """Sums so far. The last span stays open, since the next batch may go on with it; `closed` is the length of the one
    before, 0 without one."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.words: Counter[int] = Counter()
        self.lengths: Counter[int] = Counter()
        self.pairs: Counter[tuple[int, int]] = Counter()
        self.tagged: Counter[tuple[str, int]] = Counter()
        self.scripts: Counter[int] = Counter()
        self.tokens = self.first = self.closed = self.products = 0
        self.open = (-1, 0)

    def add(self, words: Words) -> None:
        """Go on with another batch."""
        self.tokens += int(words.tokens.sum())
        self.tagged.update({(words.tags[key // 2], key % 2): n for key, n in _by_key(words.tagged).items()})
        self.scripts.update(_by_key(words.scripts))
        numbers = [self.numbers.setdefault(name, len(self.numbers)) for name in words.languages]
        language = np.array(numbers, dtype=np.int64)[words.language]
        self.words.update(_histogram(language))
        start = np.flatnonzero(np.diff(language, prepend=-1))
        if len(start):
            self._spans(language[start], np.diff(start, append=len(language)))

    def _spans(self, language: Ints, length: Ints) -> None:
        """Take over spans, all but the last of which are complete."""
        before, so_far = self.open
        if before == language[0]:
            length[0] += so_far
        elif so_far:
            language, length = np.insert(language, 0, before), np.insert(length, 0, so_far)
        complete = length[:-1]
        if len(complete):
            self.first = self.first or int(complete[0])
            self.products += self.closed * int(complete[0]) + int(complete[1:] @ complete[:-1])
            self.closed = int(complete[-1])
            self.lengths.update(_histogram(complete))
        base = len(self.numbers)
        switches = _histogram(language[:-1] * base + language[1:])
        self.pairs.update({divmod(pair, base): n for pair, n in switches.items()})
        self.open = (int(language[-1]), int(length[-1]))

    def sentence(self) -> Sentences:
        """The counts of everything, as one sentence."""
        lengths, last = self.lengths.copy(), self.open[1]
        products = self.products + self.closed * last
        if last:
            lengths[last] += 1
        k = len(self.numbers)
        top = max(self.words.values(), default=0)
        leaders = [language for language, n in sorted(self.words.items()) if n == top]
        pairs = np.zeros((k, k), dtype=np.int64)
        for (a, b), n in self.pairs.items():
            pairs[a, b] = n
        tags = {tag: i for i, tag in enumerate(dict.fromkeys(tag for tag, _ in self.tagged))}
        return Sentences(
            languages=tuple(self.numbers),
            tokens=_one(self.tokens),
            words=_one(self.words.total()),
            spans=_one(lengths.total()),
            first=_one(self.first or last),
            last=_one(last),
            squares=_one(sum(n * length * length for length, n in lengths.items())),
            products=_one(products),
            top=_one(top),
            matrix=_one(leaders[0] if leaders else -1),
            clear=np.array([len(leaders) == 1]),
            parts=_cells(self.words),
            lengths=_cells(lengths),
            pairs=pairs,
            tags=tuple(tags),
            tagged=_cells(Counter({2 * tags[tag] + side: n for (tag, side), n in self.tagged.items()})),
            scripts=_cells(self.scripts),
        )


def _one(number: int) -> Ints:
    return np.array([number], dtype=np.int64)


def _histogram(values: Ints) -> Counter[int]:
    keys, counts = np.unique(values, return_counts=True)
    return Counter(dict(zip(keys.tolist(), counts.tolist(), strict=True)))


def _by_key(cells: Cells) -> Counter[int]:
    total: Counter[int] = Counter()
    for key in np.unique(cells.key).tolist():
        total[key] = int(cells.n[cells.key == key].sum())
    return total


def _cells(counts: Counter[int]) -> Cells:
    keys = sorted(counts)
    return Cells(
        np.zeros(len(keys), dtype=np.int64),
        np.array(keys, dtype=np.int64),
        np.array([counts[key] for key in keys], dtype=np.int64),
    )
