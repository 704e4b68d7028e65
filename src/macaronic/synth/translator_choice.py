"""Which model and prompt translates best when there is no reference: likeness to the source, there and back again.

Source: S099, second stage. What the source is hurtful in, the translation must be too: moderation depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from macaronic.core.bootstrap import interval, ratio_interval
from macaronic.core.errors import UsageError
from macaronic.core.protocols import Embedder, Translator
from macaronic.core.result import Result, signature
from macaronic.synth.few_shot import unit

Floats = NDArray[np.float64]
Scorer = Callable[[str], float]
"""How hurtful a text is, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate and how it did.

    Args:
        name: the candidate, such as `model / prompt`.
        score: the mean likeness, by which candidates are ordered.
        likeness: of each text, shape (n,).
        results: `similarity_direct`, `similarity_back`, `similarity`, `answered`, `copied` (the source given back,
            which likeness rewards), and with a scorer `toxicity_gap` and `toxicity_kept`; `level` is the candidate.
        translations: of each text.
        kept_enough: whether it keeps as much toxicity as was asked for.
    """

    name: str
    score: float
    likeness: Floats
    results: tuple[Result, ...]
    translations: tuple[str, ...]
    kept_enough: bool = True

    def result(self, name: str) -> Result:
        """One of the results by its name."""
        return next(result for result in self.results if result.name == name)


def choose(
    texts: Sequence[str],
    candidates: Mapping[str, Translator],
    *,
    source: str,
    target: str,
    embedder: Embedder,
    rng: np.random.Generator,
    back: Translator | None = None,
    weight: float = 0.5,
    toxicity: Scorer | None = None,
    threshold: float = 0.5,
    least_kept: float = 0.0,
    samples: int = 1000,
) -> list[Choice]:
    """The candidates, best first.

    A text that comes back empty counts as likeness 0.

    Args:
        texts: what is translated, n of them.
        candidates: name -> translator; one a combination of model and prompt.
        source: the language of the texts.
        target: the language that they are translated into.
        embedder: one space for both languages.
        rng: bootstrap intervals.
        back: translates back for all candidates; else each one translates back itself.
        weight: of the direct likeness; the likeness of the back-translation counts the rest.
        toxicity: scores a text; without it toxicity is not looked at.
        threshold: from which score a text counts as toxic.
        least_kept: share of toxic texts that must stay toxic; candidates below come last.
        samples: resamples of the intervals.

    Raises:
        UsageError: no texts or candidates, a weight or share outside [0, 1], or a translator that loses or adds texts.

    Source: S099.
    """
    if not texts or not candidates or not (0 <= weight <= 1 and 0 <= least_kept <= 1):
        raise UsageError(
            "expected texts, candidates, and weight and least_kept in [0, 1], got "
            f"{len(texts)} texts, {len(candidates)} candidates, {weight} and {least_kept}."
        )
    own = unit(embedder.embed(texts))
    found = []
    for name, translator in candidates.items():
        there = _translated(name, translator, texts, source, target)
        again = _translated(name, back or translator, there, target, source)
        direct, returned = _likeness(own, there, embedder), _likeness(own, again, embedder)
        both = weight * direct + (1 - weight) * returned
        told = {"similarity_direct": direct, "similarity_back": returned, "similarity": both}
        told["answered"] = np.array([bool(text.strip()) for text in there], dtype=np.float64)
        told["copied"] = np.array([_same(a, b) for a, b in zip(texts, there)], dtype=np.float64)
        sign = signature("translator_choice", {"weight": weight, "back": "one" if back else "own", "bs": samples})
        results = [_result(key, name, values, sign, rng, samples) for key, values in told.items()]
        enough = True
        if toxicity is not None:
            rows = toxicity_kept(texts, there, toxicity, rng=rng, threshold=threshold, level=name, samples=samples)
            results += rows
            enough = rows[1].value is None or rows[1].value >= least_kept
        found.append(Choice(name, float(both.mean()), both, tuple(results), tuple(there), enough))
    return sorted(found, key=lambda choice: (not choice.kept_enough, -choice.score, choice.name))


def lead(first: Choice, second: Choice, *, rng: np.random.Generator, samples: int = 1000) -> Result:
    """How far one candidate is ahead of another on the same texts, with a paired interval."""
    gap = first.likeness - second.likeness
    sign = signature("translator_choice", {"paired": "yes", "bs": samples})
    return _result("similarity_lead", f"{first.name} - {second.name}", gap, sign, rng, samples)


def toxicity_kept(
    texts: Sequence[str],
    translations: Sequence[str],
    scorer: Scorer,
    *,
    rng: np.random.Generator,
    threshold: float = 0.5,
    level: str = "corpus",
    samples: int = 1000,
) -> tuple[Result, Result]:
    """How much toxicity changes on the way, and how much of it arrives.

    Args:
        texts: n source texts.
        translations: n translations; an empty one keeps nothing.
        scorer: how hurtful a text is, in [0, 1]; one that reads both languages.
        rng: bootstrap intervals.
        threshold: from which score a text counts as toxic.
        level: what the results are called after.
        samples: resamples.

    Returns:
        `toxicity_gap`, the mean of |score of the source - score of the translation|, and `toxicity_kept`, the share of
        toxic sources whose translation is toxic too (not defined without any).

    Raises:
        UsageError: unequal numbers of texts, or a score outside [0, 1].

    >>> rude = lambda text: 1.0 if "stupid" in text or "bodoh" in text else 0.0
    >>> rng = np.random.default_rng(1)
    >>> rows = toxicity_kept(["bodoh", "bodoh lah", "hi"], ["stupid", "silly", "hi"], rude, rng=rng)
    >>> [(row.name, round(row.value, 3)) for row in rows]
    [('toxicity_gap', 0.333), ('toxicity_kept', 0.5)]
    """
    if len(texts) != len(translations):
        raise UsageError(f"expected a translation for each of {len(texts)} texts, got {len(translations)}.")
    before = _scores(texts, scorer)
    after = np.where([bool(t.strip()) for t in translations], _scores(translations, scorer), 0.0)
    toxic = (before >= threshold).astype(np.float64)
    stays = toxic * (after >= threshold)
    sign = signature("toxicity", {"threshold": threshold, "bs": samples})
    gap = _result("toxicity_gap", level, np.abs(before - after), sign, rng, samples)
    n = int(toxic.sum())
    columns = np.column_stack([stays, toxic])
    ends = ratio_interval(columns, lambda sums: sums[:, 0] / sums[:, 1], rng=rng, samples=samples) if n else None
    low, high = ends or (None, None)
    return gap, Result("toxicity_kept", level, float(stays.sum() / n) if n else None, low, high, n, "texts", sign)


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split() != []


def _scores(texts: Sequence[str], scorer: Scorer) -> Floats:
    scores = np.array([scorer(text) if text.strip() else 0.0 for text in texts], dtype=np.float64)
    if not ((scores >= 0) & (scores <= 1)).all():
        raise UsageError("expected toxicity scores in [0, 1]; the scorer gave others.")
    return scores


def _translated(name: str, translator: Translator, texts: Sequence[str], source: str, target: str) -> list[str]:
    """One translation a text; what is empty stays empty and is not sent."""
    asked = [i for i, text in enumerate(texts) if text.strip()]
    given = translator.translate([texts[i] for i in asked], source, target) if asked else []
    if len(given) != len(asked):
        raise UsageError(f"expected {len(asked)} translations of {name!r}, got {len(given)}.")
    found = [""] * len(texts)
    for i, text in zip(asked, given):
        found[i] = text
    return found


def _likeness(own: Floats, texts: Sequence[str], embedder: Embedder) -> Floats:
    there = np.array([bool(text.strip()) for text in texts])
    cosines = np.einsum("nd,nd->n", own, unit(embedder.embed(texts)))
    likeness: Floats = np.where(there, cosines, 0.0)
    return likeness


def _result(name: str, level: str, values: Floats, sign: str, rng: np.random.Generator, samples: int) -> Result:
    low, high = interval(values, rng=rng, samples=samples) or (None, None)
    return Result(name, level, float(values.mean()), low, high, len(values), "texts", sign)
