"""Scores of translations: chrF++, BLEU and TER by sacrebleu, zero where the language is wrong, terms that were used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from macaronic.core.errors import MissingExtra, UsageError
from macaronic.text.normalise import normalise
from macaronic.text.scripts import UNSPACED, script_of

METRICS = ("chrf", "bleu", "ter")


@dataclass(frozen=True, slots=True)
class CorpusScore:
    """A corpus score as sacrebleu gives it, 0 to 100 (TER may be above), with sacrebleu's own signature."""

    name: str
    value: float
    signature: str


def corpus_score(
    metric: str, translations: Sequence[str], references: Sequence[str], *, target: str = ""
) -> CorpusScore:
    """One metric over all segments.

    Args:
        metric: of `METRICS`; `chrf` is chrF++ (word order 2).
        translations: one a segment.
        references: one a segment.
        target: language tag; chooses BLEU's splitter of words for Chinese, Japanese and Korean.

    Raises:
        MissingExtra: sacrebleu is not installed.
        UsageError: not as many translations as references, or none.

    >>> round(corpus_score("chrf", ["the cat sat"], ["the cat sat"]).value, 6)
    100.0
    """
    if len(translations) != len(references) or not references:
        raise UsageError(f"expected a translation for each of {len(references)} references; got {len(translations)}")
    scorer = _scorer(metric, target.partition("-")[0])
    value = scorer.corpus_score(list(translations), [list(references)]).score
    return CorpusScore(metric, float(value), str(scorer.get_signature()))


def segment_scores(
    metric: str, translations: Sequence[str], references: Sequence[str], *, target: str = ""
) -> list[float]:
    """The same metric segment by segment (BLEU with effective order).

    >>> segment_scores("chrf", ["a b c", ""], ["a b c", "d"])
    [100.0, 0.0]
    """
    scorer = _scorer(metric, target.partition("-")[0])
    return [
        round(float(scorer.sentence_score(t, [r]).score), 10) for t, r in zip(translations, references, strict=True)
    ]


@lru_cache(maxsize=16)
def _scorer(metric: str, language: str) -> Any:
    try:
        from sacrebleu.metrics import BLEU, CHRF, TER
    except ImportError as error:
        raise MissingExtra("sacrebleu", "eval") from error
    if metric == "chrf":
        return CHRF(word_order=2)
    if metric == "ter":
        return TER(asian_support=language in ("zh", "ja"))
    split = {"zh": "zh", "ja": "char", "ko": "char"}.get(language, "13a")
    return BLEU(tokenize=split, effective_order=True)


def language_aware(scores: Sequence[float], translations: Sequence[str], right: Sequence[bool]) -> list[float]:
    """Scores that count only where the translation is not empty and in the right language.

    Source: S066, laCOMET; for any segment score.

    >>> language_aware([0.9, 0.8, 0.7], ["hola", "hello", " "], [True, False, True])
    [0.9, 0.0, 0.0]
    """
    return [s if ok and t.strip() else 0.0 for s, t, ok in zip(scores, translations, right, strict=True)]


def term_use(translation: str, terms: Sequence[str]) -> float | None:
    """The share of wanted terms that a translation uses as they are, case aside; None without terms.

    >>> term_use("Los síntomas de la COVID-19", ["síntomas", "vacuna"]), term_use("stealing", ["tea"])
    (0.5, 0.0)
    """
    if not terms:
        return None
    held = normalise(translation, case=True)
    return sum(occurs(normalise(term, case=True), held) for term in terms) / len(terms)


def occurs(term: str, text: str) -> bool:
    """Whether a term stands in a text and no letter of its own kind of script goes on before or behind it.

    Scripts without spaces have no such borders: there it only has to occur.

    >>> occurs("tea", "green tea"), occurs("tea", "steak"), occurs("茶", "绿茶好")
    (True, False, True)
    """
    edges = [r"(?<!\w)" if _bordered(term[:1]) else "", r"(?!\w)" if _bordered(term[-1:]) else ""]
    return bool(term) and re.search(edges[0] + re.escape(term) + edges[1], text) is not None


def _bordered(character: str) -> bool:
    return bool(re.match(r"\w", character)) and script_of(character) not in UNSPACED
