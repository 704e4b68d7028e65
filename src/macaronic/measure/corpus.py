"""Every measure of a corpus, in one pass, with intervals and signatures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import numpy as np
import pyarrow as pa

from macaronic.core.corpus import Corpus, layers_of
from macaronic.core.languages import parse
from macaronic.core.result import Result, signature
from macaronic.measure.counts import Counts, accumulate, count
from macaronic.measure.names import LEVELS, asked, check_names, unit, wants
from macaronic.measure.one_sequence import one_sequence
from macaronic.measure.pooled import corpus_values, mean_values
from macaronic.measure.resample import bootstrap, ends, resampled, sums
from macaronic.measure.sentences import summarise
from macaronic.measure.symcom import Pair, main_pair
from macaronic.measure.values import Floats
from macaronic.measure.words import Words, language_words


def measure(
    corpus: Corpus,
    *,
    level: Sequence[str] = LEVELS,
    languages: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    as_one: bool = False,
    pos_layer: str = "pos",
    rng: np.random.Generator | None = None,
    samples: int = 1000,
) -> list[Result]:
    """Every measure of mixing of a corpus whose words have languages.

    Level `corpus` is token-pooled: numerators and denominators are summed over sentences, then divided (`cc`, `m_index`
    and `language_entropy` are corpus measures by nature). `sentence_mean` is the mean over the sentences in which the
    measure is defined. Nothing crosses a sentence's end unless `as_one`. Intervals are 95 % percentile bootstrap over
    sentences, or over blocks of consecutive sentences in corpora above 4,096 sentences (`block` in the signature); the
    seed is 0 when no `rng` is given. The corpus is read once, or twice where SyMCoM must find its two languages first.

    Args:
        corpus: rows with a token layer `lang`.
        level: `corpus`, `sentence_mean` or both.
        languages: the languages that count, all when left out; words of others are treated as having none. Their number
            is k of the M-index, and the first two are what SyMCoM compares.
        names: which measures; a family's name (`script`) stands for all of it. All when left out.
        as_one: read the whole corpus as one sentence (level `corpus` only, no intervals).
        pos_layer: the layer of part-of-speech tags for SyMCoM; without it there is no SyMCoM.
        rng: where resampling gets its randomness from.
        samples: resamples for the intervals; 0 for none.

    Returns:
        One Result a measure and level; value None where it is not defined. `n` is the number of sentences (those in
        which it is defined, for `sentence_mean`).

    Raises:
        UnknownName: a measure, level or language that does not exist.
        UsageError: the corpus has no layer `lang`.

    >>> from macaronic.core.utterance import Utterance
    >>> rows = [Utterance.from_words("so chalo yaar".split(), layers={"lang": ["en", "hi-Latn", "hi-Latn"]})] * 3
    >>> for result in measure(Corpus.from_utterances(rows), names=["cmi", "i_index"], level=["corpus"]):
    ...     print(result.name, round(result.value, 3), result.n, result.signature)
    cmi 33.333 3 cmi|langs:all|seq:sentence|bs:1000|block:1|v:0.1.0
    i_index 0.5 3 i_index|langs:all|seq:sentence|bs:1000|block:1|v:0.1.0
    """
    check_names(names, level)
    tags = [parse(tag) for tag in languages] if languages is not None else None
    pair, (batches,) = begin([corpus], tags, names=names, pos_layer=pos_layer)
    stream = words_of(batches, tags, names=names, pos_layer=pos_layer, pair=pair)
    if as_one:
        counts, level, samples = count(one_sequence(stream)), ("corpus",), 0
    else:
        counts = accumulate(summarise(words) for words in stream)
    return results(counts, level=level, languages=tags, names=names, pair=pair, as_one=as_one, rng=rng, samples=samples)


def begin(
    corpora: Sequence[Corpus], languages: Sequence[str] | None, *, names: Sequence[str] | None, pos_layer: str
) -> tuple[Pair | None, list[Iterator[pa.RecordBatch]]]:
    """Find the two languages that SyMCoM compares, and give the batches of each corpus.

    The first batch is looked at for its layers and not read again: reading may mean identifying. The corpora are only
    read twice where SyMCoM is asked for, there are tags, and `languages` does not say which two.

    Returns:
        The pair (None without tags or where SyMCoM is not asked for), and one stream of batches a corpus.
    """
    streams = [corpus.batches() for corpus in corpora]
    first = [list(islice(stream, 1)) for stream in streams]
    whole: list[Iterator[pa.RecordBatch]] = [chain(head, stream) for head, stream in zip(first, streams, strict=True)]
    if not wants("symcom", names) or not any(pos_layer in layers_of(batch.schema) for head in first for batch in head):
        return None, whole
    if languages is not None and len(languages) > 1:
        return (languages[0], languages[1]), whole
    counts: Counter[str] = Counter()
    for words in words_of(chain.from_iterable(whole), languages, names=(), pos_layer=pos_layer):
        found = np.bincount(words.language, minlength=len(words.languages)).tolist()
        counts.update(dict(zip(words.languages, found, strict=True)))
    pair = main_pair(counts) or (next(iter(counts), ""), "")
    return pair, [corpus.batches() for corpus in corpora]


def words_of(
    batches: Iterable[pa.RecordBatch],
    languages: Sequence[str] | None,
    *,
    names: Sequence[str] | None,
    pos_layer: str,
    pair: Pair | None = None,
) -> Iterator[Words]:
    """The language words of each batch, with what the measures asked for need."""
    scripts = wants("script", names) or wants("script_mix", names)
    for batch in batches:
        yield language_words(batch, languages=languages, pos_layer=pos_layer, pair=pair, scripts=scripts)


def results(
    counts: Counts,
    *,
    level: Sequence[str] = LEVELS,
    languages: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    pair: Pair | None = None,
    as_one: bool = False,
    rng: np.random.Generator | None = None,
    samples: int = 1000,
) -> list[Result]:
    """The results of counts that are already made, such as those merged from several workers.

    Args:
        counts: what `measure.counts.accumulate` or `merge` gave; the other arguments are those of `measure`.
        pair: the two languages whose tags were counted.
    """
    k = language_number(counts, languages)
    settings: dict[str, str | int] = {"langs": "+".join(languages) if languages else "all"}
    settings["seq"] = "one" if as_one else "sentence"
    points = sums(counts, k=k)
    blocks = len(counts.starts)
    drawn = None
    if samples > 0 and blocks > 1:
        rng = rng if rng is not None else np.random.default_rng(0)
        drawn = resampled(counts, k=k, draw=bootstrap(blocks, rng), samples=samples)
    found = []
    for one in level:
        values_of = corpus_values if one == "corpus" else mean_values
        spread = values_of(drawn) if drawn is not None else {}
        for name, value in shown(values_of(points), names, pair).items():
            low, high = ends(spread[name]) if name in spread and np.isfinite(value[0]) else (None, None)
            n = counts.sentences if one == "corpus" else int(counts.total(f"seen:{name}"))
            extra = settings | own_settings(name, k, pair)
            extra |= {"bs": samples, "block": counts.block} if low is not None else {}
            point = float(value[0]) if np.isfinite(value[0]) else None
            found.append(Result(name, one, point, low, high, n, unit(name), signature(name, dict(extra))))
        if one == "corpus":
            found += _pair_results(counts, names, settings)
    return found


def own_settings(name: str, k: int, pair: Pair | None) -> dict[str, str | int]:
    """The settings that matter to one measure only."""
    family = name.partition(":")[0]
    if family == "m_index":
        return {"k": k}
    return {"pair": "-".join(pair)} if family == "symcom" and pair else {}


def shown(values: dict[str, Floats], names: Sequence[str] | None, pair: Pair | None) -> dict[str, Floats]:
    """Those values that were asked for; SyMCoM only where tags were counted."""
    return {name: v for name, v in values.items() if asked(name, names) and (pair or name != "symcom")}


def language_number(counts: Counts, languages: Sequence[str] | None) -> int:
    """k of the M-index: the languages asked for, else those that occur."""
    return len(set(languages)) if languages else len(counts.family("language"))


def _pair_results(counts: Counts, names: Sequence[str] | None, settings: dict[str, str | int]) -> list[Result]:
    found = []
    for (a, b), n in sorted(counts.pairs.items()):
        name = f"switch_pair:{a}>{b}"
        if asked(name, names):
            sign = signature(name, dict(settings))
            found.append(Result(name, "corpus", float(n), None, None, counts.sentences, unit(name), sign))
    return found
