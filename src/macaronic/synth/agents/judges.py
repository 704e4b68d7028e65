"""The judges of a mixed text: two by code (amount of mixing, constraints), three by a language model; and their sum."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from macaronic.core.errors import UsageError
from macaronic.core.protocols import Tagger
from macaronic.identify.asked import means

Tag = Callable[[Sequence[str]], Sequence[str]]
"""From the words of a text to one language label a word."""

Check = Callable[[Sequence[str], Sequence[str]], list[str]]
"""From words and labels to the faults found, each in a few words."""

WEIGHTS = {"fluency": 0.30, "naturalness": 0.25, "ratio": 0.20, "culture": 0.25}
"""What each judge counts. Source: S050, the summarising agent."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one judge says: a score from 0 to 10, and what it found wrong."""

    score: float
    problems: tuple[str, ...] = field(default=())


def tagged_by(tagger: Tagger, languages: Sequence[str]) -> Tag:
    """The labels of a tagger that expects certain languages, as a function of one sentence.

    >>> from macaronic.identify.named import tagger_named
    >>> tagged_by(tagger_named(), ("es", "en"))(["vamos", "to", "the", "playa"])
    ['es', 'en', 'en', 'es']
    """
    return lambda words: tagger.tag([list(words)], languages)[0].labels


def share(langs: Sequence[str], languages: Sequence[str]) -> float | None:
    """Share of the embedded languages among the words that are in one of `languages`; None when there is no such word.

    Args:
        langs: one label a word.
        languages: the main language first; a romanised form counts as its language.

    >>> share(["hi-Latn", "hi-Latn", "en", "other"], ("hi", "en"))
    0.3333333333333333
    """
    main, embedded = counts(langs, languages)
    return embedded / (main + embedded) if main + embedded else None


def counts(langs: Sequence[str], languages: Sequence[str]) -> tuple[int, int]:
    """How many words are in the main language, and how many in one of the others.

    >>> counts(["hi", "en", "en", "fr", "other"], ("hi", "en"))
    (1, 2)
    """
    main = sum(means(languages[0], lang) for lang in langs)
    return main, sum(any(means(tag, lang) for tag in languages[1:]) for lang in langs)


def ratio(langs: Sequence[str], languages: Sequence[str], asked: float) -> Verdict:
    """How near the amount of mixing comes to what was asked for, by counting words.

    The score is `10 * (1 - |reached - asked| / max(asked, 1 - asked))`: 10 on the spot, 0 as far off as one can be.

    Args:
        langs: one label a word.
        languages: the main language first.
        asked: the wanted share of the embedded languages, in (0, 1).

    Source: S050 (the ratio agent; the authors ask a language model, here it is counted).

    >>> ratio(["es"] * 7 + ["en"] * 13, ("es", "en"), 0.5).score
    7.0
    """
    reached = share(langs, languages)
    if reached is None:
        return Verdict(0.0, ("no word is in one of the languages",))
    score = 10.0 * (1.0 - abs(reached - asked) / max(asked, 1.0 - asked))
    found = f"{reached:.0%} of the words are in {' and '.join(languages[1:])} instead of {asked:.0%}"
    return Verdict(round(score, 9), (found,) if abs(reached - asked) > 0.1 else ())


def constraints(words: Sequence[str], langs: Sequence[str], check: Check, *, penalty: float = 2.0) -> Verdict:
    """What a constraint finds wrong: 10 without a fault, `penalty` less for each.

    >>> constraints(["a"], ["en"], lambda words, langs: ["a switch too many"])
    Verdict(score=8.0, problems=('a switch too many',))
    """
    faults = tuple(check(words, langs))
    return Verdict(max(0.0, 10.0 - penalty * len(faults)), faults)


def worse(one: Verdict, other: Verdict) -> Verdict:
    """The lower score, with the problems of both.

    >>> worse(Verdict(9), Verdict(6, ("x",)))
    Verdict(score=6, problems=('x',))
    """
    return Verdict(min(one.score, other.score), one.problems + other.problems)


def weighted(verdicts: Mapping[str, Verdict], weights: Mapping[str, float] = WEIGHTS) -> float:
    """The weighted mean of the scores, from 0 to 10.

    Raises:
        UsageError: judges and weights do not have the same names, or the weights are no weights.

    Source: S050, the summarising agent.

    >>> told = {"fluency": Verdict(9), "naturalness": Verdict(8.5), "ratio": Verdict(7), "culture": Verdict(9)}
    >>> weighted(told)
    8.475
    """
    total = sum(weights.values())
    if set(weights) != set(verdicts) or min(weights.values()) < 0 or total <= 0:
        raise UsageError(
            f"expected a weight of at least 0 for each of {', '.join(sorted(verdicts))}, got {dict(weights)}."
        )
    return round(sum(weights[name] * verdict.score for name, verdict in verdicts.items()) / total, 9)
