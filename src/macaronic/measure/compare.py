"""Is one corpus more mixed than another: differences with intervals and permutation tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from macaronic.core.corpus import Corpus
from macaronic.core.languages import parse
from macaronic.core.result import signature
from macaronic.measure.corpus import begin, language_number, own_settings, shown, words_of
from macaronic.measure.counts import Counts, accumulate, merge
from macaronic.measure.names import LEVELS, check_names, unit
from macaronic.measure.pooled import Sums, corpus_values, mean_values
from macaronic.measure.resample import Weights, bootstrap, ends, resampled, sums
from macaronic.measure.sentences import summarise
from macaronic.measure.symcom import Pair
from macaronic.measure.values import Floats


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure of two corpora.

    Attributes:
        name: the measure.
        level: `corpus` or `sentence_mean`.
        a: value of the first corpus, None where it is not defined.
        b: value of the second corpus.
        difference: a - b.
        low: lower end of the 95 % bootstrap interval of the difference.
        high: upper end.
        p: two-sided permutation p: how often sentences dealt out at random to the two corpora differ at least as much.
        n_a: sentences of the first corpus.
        n_b: sentences of the second corpus.
        unit: what a, b and the difference are in.
        signature: settings first, version last.
    """

    name: str
    level: str
    a: float | None
    b: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    n_a: int
    n_b: int
    unit: str
    signature: str

    def asdict(self) -> dict[str, Any]:
        """The fields as a plain dict, for JSON."""
        return asdict(self)


def compare(
    a: Corpus,
    b: Corpus,
    *,
    level: Sequence[str] = LEVELS,
    languages: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    pos_layer: str = "pos",
    rng: np.random.Generator | None = None,
    samples: int = 1000,
) -> list[Comparison]:
    """The difference of two corpora in each measure.

    The interval resamples the sentences of each corpus with replacement. The p-value pools the sentences of both, deals
    them out anew into corpora of the same sizes, and counts how often |difference| is at least what was seen, the seen
    one included. Above 4,096 sentences blocks of consecutive sentences take their place, equally long in both corpora.

    Args:
        a: first corpus, rows with a token layer `lang`.
        b: second corpus.
        level, languages, names, pos_layer: as in `measure.corpus.measure`; k and SyMCoM's pair are those of
            both corpora together.
        rng: where the randomness comes from; seed 0 when left out.
        samples: resamples and permutations; at least 1.

    Returns:
        One Comparison a measure and level; None where a corpus does not define it. The p-values are not corrected for
        their number.

    Raises:
        UnknownName: a measure, level or language that does not exist.
        UsageError: a corpus without the layer `lang`.

    >>> from macaronic.core.utterance import Utterance
    >>> def corpus(*labels):
    ...     return Corpus.from_utterances([Utterance.from_words(["a", "b"], layers={"lang": labels})] * 9)
    >>> found = compare(corpus("en", "hi"), corpus("en", "en"), names=["cmi"], level=["corpus"], samples=200)[0]
    >>> found.difference, found.low, found.high, found.p < 0.05
    (50.0, 50.0, 50.0, True)
    """
    check_names(names, level)
    tags = [parse(tag) for tag in languages] if languages is not None else None
    rng = rng if rng is not None else np.random.default_rng(0)
    pair, streams = begin([a, b], tags, names=names, pos_layer=pos_layer)
    counts = [
        accumulate(summarise(words) for words in words_of(batches, tags, names=names, pos_layer=pos_layer, pair=pair))
        for batches in streams
    ]
    return compare_counts(
        *counts,
        level=level,
        languages=tags,
        names=names,
        pair=pair,
        rng=rng or np.random.default_rng(0),
        samples=samples,
    )


def compare_counts(
    a: Counts,
    b: Counts,
    *,
    level: Sequence[str] = LEVELS,
    languages: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    pair: Pair | None = None,
    rng: np.random.Generator,
    samples: int = 1000,
) -> list[Comparison]:
    """The comparison of counts that are already made, such as those merged from several workers.

    Args:
        a: counts of the first corpus.
        b: counts of the second.
        pair: the two languages whose tags were counted; the other arguments are those of `compare`.
    """
    tags, counts = languages, (a, b)
    block = max(part.block for part in counts)
    first, second = (merge([part], block=block) for part in counts)
    both = _side_by_side(first, second)
    k = language_number(both, tags)
    drawn = [resampled(c, k=k, draw=bootstrap(len(c.starts), rng), samples=samples) for c in (first, second)]
    dealt = resampled(both, k=k, draw=_deals(len(first.starts), len(second.starts), rng), samples=2 * samples)
    points = [_aligned(sums(c, k=k), both) for c in (first, second)]
    spread = [_aligned(d, both) for d in drawn]
    settings: dict[str, str | int] = {"langs": "+".join(tags) if tags else "all", "seq": "sentence"}
    settings |= {"bs": samples, "perm": samples, "block": block}
    found = []
    for one in level:
        of = corpus_values if one == "corpus" else mean_values
        (ours, theirs), (mine, others), null = [of(p) for p in points], [of(s) for s in spread], of(dealt)
        for name in shown(ours, names, pair):
            test = _tested(ours[name], theirs[name], mine[name] - others[name], null[name][0::2] - null[name][1::2])
            sign = signature(name, dict(settings | own_settings(name, k, pair)))
            found.append(Comparison(name, one, *test, first.sentences, second.sentences, unit(name), sign))
    return found


Tested = tuple[float | None, float | None, float | None, float | None, float | None, float | None]


def _tested(a: Floats, b: Floats, spread: Floats, null: Floats) -> Tested:
    """Both values, their difference, its interval and its p."""
    ours, theirs = (float(v[0]) if np.isfinite(v[0]) else None for v in (a, b))
    if ours is None or theirs is None:
        return ours, theirs, None, None, None, None
    return ours, theirs, ours - theirs, *ends(spread), _p(ours - theirs, null)


def _side_by_side(a: Counts, b: Counts) -> Counts:
    """The blocks of both corpora, kept apart (no block of one takes in sentences of the other)."""
    room = -(-a.sentences // a.block) * a.block
    padded = Counts(room, a.block, a.starts, a.columns, a.lengths, a.pairs)
    return merge([padded, Counts(b.sentences, b.block, b.starts, b.columns, b.lengths, b.pairs)], block=a.block)


def _deals(a: int, b: int, rng: np.random.Generator) -> Weights:
    """Weights that deal a + b blocks out at random: rows come in pairs, a blocks, then the b others."""

    def draw(size: int) -> Floats:
        order = rng.permuted(np.tile(np.arange(a + b) < a, (size // 2, 1)), axis=1)
        return np.stack([order, ~order], axis=1).reshape(size, a + b).astype(np.float64)

    return draw


def _aligned(own: Sums, both: Counts) -> Sums:
    """The sums with a column for whatever the other corpus has, so that both give the same measures."""
    nothing = np.zeros(len(own.lengths))
    return Sums({name: own.columns.get(name, nothing) for name in both.columns}, own.lengths, own.k)


def _p(gap: float, null: Floats) -> float | None:
    null = np.abs(null[np.isfinite(null)])
    if not len(null):
        return None
    return float((1 + np.count_nonzero(null >= abs(gap) * (1 - 1e-12))) / (1 + len(null)))
