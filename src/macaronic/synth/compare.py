"""How far made text is from real text: mixing, switching, which words switch, and length."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from macaronic.core.corpus import Corpus
from macaronic.core.errors import MissingData
from macaronic.core.languages import parse
from macaronic.core.result import Result, signature
from macaronic.core.utterance import Utterance
from macaronic.synth.distance import Floats, centred, jensen_shannon, resampled_counts, wasserstein
from macaronic.synth.observed import Observed, Sentences, alike, joined, observe, sentences

UNITS = {
    "cmi": "CMI points",
    "switching": "share",
    "second": "share",
    "words": "words",
    "symcom": "index",
    "symcom_tags": "index",
    "switched_pos": "distance",
    "switched_function": "share",
    "mixed": "share",
}
"""Quantity -> what its distance is in. `second` is the share of words of the pair's second language."""


def compare(
    made: Corpus | Iterable[Utterance] | Observed,
    real: Corpus | Iterable[Utterance] | Observed,
    *,
    pair: tuple[str, str] | None = None,
    rng: np.random.Generator | None = None,
    samples: int = 1000,
) -> list[Result]:
    """Distances of two corpora, each with a 95 % interval over resampled sentences of both.

    Wasserstein distances of what single sentences have (`cmi`, `switching`, `second`, `words`, `symcom`), the mean
    difference of SyMCoM over word classes (`symcom_tags`), the Jensen-Shannon distance of the classes of switched words
    (`switched_pos`), and the differences of the share of function words among them (`switched_function`; this one also
    compares well when classes come from different taggers) and of the share of mixed sentences (`mixed`). All but the
    last look at the mixed sentences alone. A word is switched when it is not in the language with most words of its
    sentence.

    Args:
        made: one corpus; words without a language are identified.
        real: the other one.
        pair: the two languages; those with most words in both corpora together when left out.
        rng: where resampling gets its randomness from; seed 0 when left out.
        samples: resamples.

    Returns:
        One Result a quantity, level `wasserstein`, `jensen_shannon` or `difference`; value None where a corpus does not
        define it. `n` is the number of mixed sentences of the smaller corpus. The signature says where the word classes
        come from, such as `pos:listed+given`.

    Raises:
        MissingData: a corpus without a mixed sentence.

    >>> from macaronic.core.utterance import Utterance
    >>> def corpus(*langs):
    ...     return [Utterance.from_words(["casa", "blanca", "house"], layers={"lang": langs})] * 4
    >>> found = compare(corpus("es", "es", "en"), corpus("es", "en", "en"), samples=50)
    >>> [(r.name, f"{r.value:.3f}") for r in found if r.name in ("cmi", "second")]
    [('cmi', '0.000'), ('second', '0.333')]
    """
    rng = rng if rng is not None else np.random.default_rng(0)
    seen = alike([c if isinstance(c, Observed) else observe(c) for c in (made, real)])
    names = two(pair) if pair else joined(seen).pair
    for which, one in zip(("first", "second"), seen):
        if missing := one.without(names):
            why = f"no word is in {missing}; the languages found are: {', '.join(one.languages) or 'none'}."
            raise MissingData(f"the {which} corpus has no mixed sentence of {' and '.join(names)}.\n{why}")
    both = [_same_classes(c, seen) for c in seen]
    whole = [sentences(c, names) for c in both]
    few = [_mixed(c) for c in whole]
    for which, own in zip(("first", "second"), few):
        if not len(own.words):
            raise MissingData(f"the {which} corpus has no mixed sentence of {' and '.join(names)}: nothing to compare.")
    told: dict[str, str | int | float | bool] = {"pair": "+".join(names), "pos": "+".join(c.pos for c in seen)}
    told["bs"] = samples
    n = min(len(own.words) for own in few)
    found = []
    for name, level, point, drawn in (
        *_sentence_distances(*few, rng=rng, samples=samples),
        *_class_distances(*few, rng=rng, samples=samples),
        _mixed_difference(*whole, rng=rng, samples=samples),
    ):
        ends = centred(point, drawn) if point is not None else None
        low, high = ends or (None, None)
        rows = n if name != "mixed" else min(len(own.words) for own in whole)
        found.append(Result(name, level, point, low, high, rows, UNITS[name], signature(name, told)))
    return found


def two(pair: tuple[str, str]) -> tuple[str, str]:
    """Two languages without their script.

    >>> two(("hi-Latn", "eng"))
    ('hi', 'en')
    """
    first, second = (parse(tag).partition("-")[0] for tag in pair)
    return first, second


def _same_classes(own: Observed, seen: list[Observed]) -> Observed:
    """The corpus with its classes numbered as in all of them."""
    tags = sorted({tag for part in seen for tag in part.tags})
    number = np.array([*(tags.index(tag) for tag in own.tags), -1], np.int32)
    return replace(own, tags=tuple(tags), tag=number[own.tag])


def _mixed(own: Sentences) -> Sentences:
    keep = own.mixed
    return Sentences(
        own.words[keep], own.cmi[keep], own.switching[keep], own.second[keep], keep[keep], own.switched[keep],
        own.sides[keep], own.function,
    )  # fmt: skip


Found = tuple[str, str, float | None, Floats]


def _sentence_distances(a: Sentences, b: Sentences, *, rng: np.random.Generator, samples: int) -> list[Found]:
    found: list[Found] = []
    for name in ("cmi", "switching", "second", "words", "symcom"):
        x, y = (np.asarray(getattr(own, name), np.float64) for own in (a, b))
        x, y = x[np.isfinite(x)], y[np.isfinite(y)]
        if len(x) and len(y):
            found.append((name, "wasserstein", *wasserstein(x, y, rng=rng, samples=samples)))
        else:
            found.append((name, "wasserstein", None, np.zeros(0)))
    return found


def _class_distances(a: Sentences, b: Sentences, *, rng: np.random.Generator, samples: int) -> list[Found]:
    found: list[Found] = []
    kinds: tuple[tuple[str, str, str, Callable[[Floats, Floats], Floats]], ...] = (
        ("symcom_tags", "difference", "sides", symcom_difference),
        ("switched_pos", "jensen_shannon", "switched", jensen_shannon),
        ("switched_function", "difference", "switched", partial(_function_difference, function=a.function)),
    )
    for name, level, field, fn in kinds:
        x, y = (np.asarray(getattr(own, field), np.float64) for own in (a, b))
        if not x.sum() or not y.sum():
            found.append((name, level, None, np.zeros(0)))
            continue
        point = float(fn(x.sum(axis=0), y.sum(axis=0)))
        draws = (resampled_counts(counts, rng=rng, samples=samples) for counts in (x, y))
        found.append((name, level, point, fn(*draws)))
    return found


def symcom_difference(p: Floats, q: Floats) -> Floats:
    """The mean difference of SyMCoM over word classes, each weighted by its mean share of the words of both.

    Args:
        p, q: words by class and language, (..., classes, 2).

    >>> same, other = np.array([[3.0, 1.0], [0.0, 2.0]]), np.array([[1.0, 3.0], [0.0, 2.0]])
    >>> round(symcom_difference(same, other).item(), 3)
    0.667
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (np.where((t := x.sum(-1)) > 0, (x[..., 0] - x[..., 1]) / t, 0.0) for x in (p, q))
        share = sum(x.sum(-1) / x.sum((-1, -2))[..., None] for x in (p, q)) / 2
        apart: Floats = (share * np.abs(first - second)).sum(-1)
        return apart


def _function_difference(p: Floats, q: Floats, *, function: NDArray[np.bool_]) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        apart: Floats = np.abs(np.subtract(*(x[..., function].sum(-1) / x.sum(-1) for x in (p, q))))
        return apart


def _mixed_difference(a: Sentences, b: Sentences, *, rng: np.random.Generator, samples: int) -> Found:
    shares = [own.mixed.mean() for own in (a, b)]
    draws = [rng.binomial(len(own.mixed), share, samples) / len(own.mixed) for own, share in zip((a, b), shares)]
    return "mixed", "difference", float(abs(shares[0] - shares[1])), np.abs(draws[0] - draws[1])
