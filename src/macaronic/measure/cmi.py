"""The Code-Mixing Index and its two successors, for one utterance (CMI, Cu) and for a corpus (Cc)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from macaronic.measure.labels import Labels, language_counts, language_labels


def cmi(labels: Labels) -> float:
    """The share of language words outside the utterance's main language, in percent.

    100 (1 - max_i t_i / N), with t_i words of language i among the N language words.

    Args:
        labels: one word label a token.

    Returns:
        0 (one language) to 100 (1 - 1/k) for k languages; 0 when no word has a language, as the definition says.

    Source: Das & Gambäck 2014.

    >>> round(cmi(["en", "en", "hi", "other"]), 4)
    33.3333
    """
    counts = language_counts(labels)
    return 100 * (1 - max(counts.values()) / counts.total()) if counts else 0.0


def cu(labels: Labels) -> float:
    """CMI that also sees how often the utterance switches, in percent.

    100 (N - max_i t_i + P) / 2N, with P switch points between language words (others are skipped over).

    Args:
        labels: one word label a token.

    Returns:
        0 (one language) up to, but below, 100; 0 when no word has a language.

    Source: Gambäck & Das 2016, eq. for C_u with equal weights.

    >>> cu(["en", "hi", "en", "hi"])
    62.5
    """
    langs = language_labels(labels)
    if not langs:
        return 0.0
    return 50 * (len(langs) - max(language_counts(langs).values()) + _switches(langs)) / len(langs)


def cc(utterances: Iterable[Labels]) -> float | None:
    """The complexity of a whole corpus: mixing inside utterances, between them, and how many are mixed, in percent.

    (100 / U) [ 1/2 sum_x (1 - (max_i t_i - P) / N + d(x)) + 5/6 S ]: U utterances, S of them with a switch; d(x) = 1
    when the main language of x is not that of the utterance before. A tie, or no language word, keeps the main language
    of the utterance before.

    Args:
        utterances: one sequence of word labels an utterance, in the order of the text.

    Returns:
        0 for a corpus in one language; it can pass 100. None without utterances.

    Source: Gambäck & Das 2016, eq. for C_c.

    >>> round(cc([["en", "en", "hi"], ["hi", "hi", "hi"]]), 2)
    83.33
    """
    return _cc(utterances, only_mixed=False)


def cc_code(utterances: Iterable[Labels]) -> float | None:
    """Cc as its author's own program computes it: d(x) is only added where utterance x is itself mixed.

    Args:
        utterances: one sequence of word labels an utterance, in the order of the text.

    Returns:
        At most `cc` of the same corpus; None without utterances.

    >>> round(cc_code([["en", "en", "hi"], ["hi", "hi", "hi"]]), 2)
    58.33
    """
    return _cc(utterances, only_mixed=True)


def _cc(utterances: Iterable[Labels], *, only_mixed: bool) -> float | None:
    total, mixed, n = 0.0, 0, 0
    before: str | None = None
    for labels in utterances:
        n += 1
        langs = language_labels(labels)
        if not langs:
            continue
        counts = language_counts(langs).most_common(2)
        switches = _switches(langs)
        total += 1 - (counts[0][1] - switches) / len(langs)
        mixed += switches > 0
        if len(counts) == 1 or counts[0][1] > counts[1][1]:
            main = counts[0][0]
            total += before is not None and main != before and (switches > 0 or not only_mixed)
            before = main
    return 100 / n * (total / 2 + 5 / 6 * mixed) if n else None


def _switches(langs: list[str]) -> int:
    return sum(a != b for a, b in pairwise(langs))
