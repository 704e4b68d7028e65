"""A corpus at a glance: how many rows, which languages and scripts, how mixed, which language follows which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from macaronic.core.corpus import Corpus
from macaronic.core.result import Result
from macaronic.measure.corpus import measure
from macaronic.measure.sentences import summarise
from macaronic.measure.words import Ints, language_words
from macaronic.text.scripts import script_names

CMI_EDGES = (0.0, 5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 100.0)
NAMES = ("cmi", "cu", "m_index", "i_index", "language_entropy", "span_entropy", "burstiness", "spf", "cs_ratio")


@dataclass(frozen=True)
class Survey:
    """What a report shows of a corpus.

    Attributes:
        rows: sentences or documents.
        results: the measures, with intervals.
        words: language -> words.
        letters: ISO 15924 script -> letters.
        pairs: (from, to) -> switches.
        cmi: sentences in each bin of `CMI_EDGES` by their code-mixing index.
    """

    rows: int
    results: tuple[Result, ...] = ()
    words: Mapping[str, int] = field(default_factory=dict)
    letters: Mapping[str, int] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    cmi: tuple[int, ...] = ()


def survey(corpus: Corpus, *, names: Sequence[str] = NAMES, seed: int = 0, samples: int = 1000) -> Survey:
    """Count and measure a corpus whose words have languages; reads it twice, in bounded memory.

    Args:
        corpus: rows with a token layer `lang`.
        names: which measures.
        seed: for the intervals.
        samples: resamples for the intervals.

    >>> from macaronic.core.utterance import Utterance
    >>> rows = [Utterance.from_words(["so", "yaar"], layers={"lang": ["en", "hi-Latn"]})]
    >>> found = survey(Corpus.from_utterances(rows))
    >>> found.words, found.pairs, found.cmi
    ({'en': 1, 'hi-Latn': 1}, {('en', 'hi-Latn'): 1}, (0, 0, 0, 0, 0, 0, 1))
    """
    words: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    rows, bins = 0, np.zeros(len(CMI_EDGES) - 1, np.int64)
    for batch in corpus.batches():
        said = language_words(batch, scripts=True)
        s = summarise(said)
        rows += batch.num_rows
        words.update(_summed(said.languages, said.language.astype(np.int64), np.ones(len(said.language), np.int64)))
        letters.update(_summed(script_names(), said.scripts.key, said.scripts.n))
        for i, j in zip(*np.nonzero(s.pairs), strict=True):
            pairs[s.languages[i], s.languages[j]] += int(s.pairs[i, j])
        share = np.where(s.words > 0, 100 * (1 - s.top / np.maximum(s.words, 1)), 0.0)
        bins += np.histogram(share, CMI_EDGES)[0]
    results = measure(corpus, names=names, rng=np.random.default_rng(seed), samples=samples) if rows else []
    return Survey(rows, tuple(results), dict(words), dict(letters), dict(pairs), tuple(bins.tolist()))


def _summed(names: Sequence[str], at: Ints, weight: Ints) -> dict[str, int]:
    sums = np.bincount(at, weights=weight, minlength=len(names)).astype(np.int64).tolist()
    return {name: n for name, n in zip(names, sums, strict=True) if n}
