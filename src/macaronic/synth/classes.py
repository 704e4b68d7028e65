"""Word classes of a sentence: which words are function words, and what the others are, as far as rules can tell.

Where the text has a POS layer (or a tagger is given) that counts. Else lists of function words in 27 languages and
rules over endings, capitals and neighbours decide. A language without a list falls back on the words that are frequent
and short in a text of it (`induce`), and what comes of it is marked `induced`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from macaronic.core.languages import parse
from macaronic.core.utterance import Utterance
from macaronic.synth.class_rules import Rules, fold, rules_of

How = Literal["given", "listed", "induced"]
WordTagger = Callable[[Sequence[str]], Sequence[str]]
"""From the words of a sentence to one UPOS class a word."""

CLOSED = frozenset({"ADP", "AUX", "CCONJ", "SCONJ", "DET", "PART", "PRON"})
UPOS = tuple(sorted(CLOSED | {"ADJ", "ADV", "INTJ", "NOUN", "NUM", "PROPN", "PUNCT", "SYM", "VERB", "X"}))
"""All classes that a word can have."""
CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "ADV", "NUM", "INTJ", "X"})
"""Classes of words that carry content; `X` is an open class that is not known."""

_ENDS = frozenset(".!?:;…।¿¡\"“„«»()[]-–—*•'‘")
_BE = frozenset({"am", "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "'s"})
_SUBJECTS = frozenset({"i", "you", "he", "she", "it", "we", "they", "who"})
_OWNERS = frozenset({"my", "your", "his", "its", "our", "their"})
_ROMANCE = frozenset({"es", "pt", "fr", "it"})


@dataclass(frozen=True, slots=True)
class Classes:
    """One UPOS class a word (`X`: open, but not known), and how they were found.

    >>> Classes(("DET", "NOUN"), "listed").content
    (False, True)
    """

    pos: tuple[str, ...]
    how: How

    @property
    def content(self) -> tuple[bool, ...]:
        """Whether each word carries content: no function word, no punctuation, no sign."""
        return tuple(p in CONTENT for p in self.pos)


def classes(
    words: Sequence[str],
    tag: str,
    *,
    tagger: WordTagger | None = None,
    induced: frozenset[str] = frozenset(),
) -> Classes:
    """The class of every word of a sentence.

    Args:
        words: the words, in order, punctuation included.
        tag: their language.
        tagger: gives the classes itself, such as `class_backends.chinese()`.
        induced: function words found by frequency (`induce`), in lower case; used for a language without a list.

    Returns:
        UPOS classes; `how` is `given` with a tagger, `listed` with a list, else `induced`.

    >>> classes("The old house is empty , Maria said .".split(), "en").pos
    ('DET', 'ADJ', 'NOUN', 'AUX', 'NOUN', 'PUNCT', 'PROPN', 'VERB', 'PUNCT')
    >>> classes(["nga", "kwa"], "yo", induced=frozenset({"kwa"}))
    Classes(pos=('X', 'PART'), how='induced')
    """
    if tagger is not None:
        return Classes(tuple(tagger(words)), "given")
    rules = rules_of(parse(tag))
    if rules is None:
        return Classes(tuple(_sign(w) or ("PART" if fold(w) in induced else "X") for w in words), "induced")
    loud = sum(w[:1].isupper() for w in words) * 10 > 6 * max(len(words), 4)
    pos: list[str] = []
    for i, word in enumerate(words):
        initial = i == 0 or words[i - 1] in _ENDS
        named = i + 1 < len(words) and words[i + 1][:1].isupper()
        capital = rules.capital if word[:1].isupper() and not loud and (not initial or _names(rules, named)) else ""
        pos.append(_one(words, i, tag, capital, pos, named))
    return Classes(tuple(_headed(words, pos, tag.partition("-")[0])), "listed")


def of(
    utterance: Utterance, tag: str, *, tagger: WordTagger | None = None, induced: frozenset[str] = frozenset()
) -> Classes:
    """The word classes of an utterance: of its layer `pos` where it has one, else as `classes` finds them.

    >>> of(Utterance.from_words(["casa"], layers={"pos": ("NOUN",)}), "es")
    Classes(pos=('NOUN',), how='given')
    """
    layer = utterance.layers.get("pos")
    if layer is not None:
        return Classes(
            tuple(label or "X" for label in layer), "induced" if utterance.meta.get("pos") == "induced" else "given"
        )
    return classes(utterance.words, tag, tagger=tagger, induced=induced)


def induce(counts: Mapping[str, int], *, limit: int = 120, share: float = 0.4) -> frozenset[str]:
    """Function words of a language without a list: its most frequent short words.

    Args:
        counts: how often each word occurs in a text of the language; a few thousand words are enough to be of use.
        limit: at most so many.
        share: stop when so large a part of the text is covered.

    Returns:
        The words in lower case: no longer than the mean word of the text, occurring at least three times.

    >>> sorted(induce({"de": 50, "la": 40, "casa": 6, "universidad": 6, "perro": 2}, share=0.9))
    ['de', 'la']
    """
    types: dict[str, int] = {}
    for word, count in counts.items():
        if _sign(word) is None:
            types[fold(word)] = types.get(fold(word), 0) + count
    total = sum(types.values())
    mean = sum(len(word) * count for word, count in types.items()) / max(total, 1)
    found: list[str] = []
    covered = 0
    for word, count in sorted(types.items(), key=lambda item: (-item[1], item[0])):
        if count < 3 or len(found) == limit or covered >= share * total:
            break
        if len(word) <= max(mean, 2):
            found.append(word)
            covered += count
    return frozenset(found)


def listed(tag: str) -> bool:
    """Whether there is a list of function words for a language.

    >>> listed("hi-Latn"), listed("yo")
    (True, False)
    """
    return rules_of(parse(tag)) is not None


def _names(rules: Rules, named: bool) -> bool:
    return named and rules.capital == "PROPN"


def _sign(word: str) -> str | None:
    """The class of a word without letters, or of an address; None for a real word."""
    if any(c.isalpha() for c in word):
        return "SYM" if word[0] in "@#" or "://" in word or word.startswith("www.") else None
    if any(c.isnumeric() for c in word):
        return "NUM"
    return "PUNCT" if word and all(unicodedata.category(c)[0] == "P" for c in word) else "SYM"


def _one(words: Sequence[str], i: int, tag: str, capital: str, pos: Sequence[str], named: bool) -> str:
    """One word by its form, corrected by what stands around it."""
    word, before = words[i], pos[-1] if pos else ""
    found, sure = _alone(word, tag, capital)
    if sure:
        return found
    if tag == "de" and word[:1].isupper():
        return "VERB" if i + 1 < len(words) and _alone(words[i + 1], tag, "")[0] == "PRON" else "NOUN"
    if before in ("DET", "NUM") and found == "VERB":
        return "ADJ" if named or word.endswith(("ed", "ado", "ada", "ido", "ida")) else "NOUN"
    if tag == "en" and found == "NOUN" and before:
        return _english(words, i, pos)
    if tag in _ROMANCE and found == "NOUN" and before in ("PRON", "PART", "SCONJ"):
        return "VERB"
    return found


def _headed(words: Sequence[str], pos: list[str], tag: str) -> list[str]:
    """Behind an article or a preposition something must be the noun: an adjective or verb before no noun becomes it."""
    if tag not in _ROMANCE and tag != "en":
        return pos
    after = [*pos[1:], ""]
    for i in range(1, len(pos)):
        if pos[i] not in ("ADJ", "VERB") or after[i] in ("NOUN", "ADJ", "PROPN"):
            continue
        opened = pos[i - 1] == "DET" or (tag == "en" and fold(words[i - 1]) in _OWNERS)
        if pos[i] == "ADJ" and tag in _ROMANCE:
            opened = opened or pos[i - 1] == "ADP"
        if opened or (tag == "en" and pos[i] == "ADJ" and pos[i - 1] == "NOUN" and after[i] in ("AUX", "VERB")):
            pos[i] = "NOUN"
    return pos


def _english(words: Sequence[str], i: int, pos: Sequence[str]) -> str:
    """A word that is a noun by its form: a verb where the clause has a subject, and no verb yet."""
    word, at = words[i], i - 1
    while at > 0 and pos[at] in ("ADV", "PART") and fold(words[at]) != "to":
        at -= 1
    previous, pos = fold(words[at]), pos[: at + 1]
    if pos[-1] == "AUX" or previous == "to":
        return "VERB" if word.endswith("ing") or previous not in _BE else "NOUN"
    clause = list(pos)
    for at in range(len(pos) - 1, -1, -1):
        if pos[at] in ("PUNCT", "CCONJ", "SCONJ"):
            clause = clause[at + 1 :]
            break
    if not clause or {"VERB", "AUX"} & set(clause):
        return "NOUN"
    if previous in _SUBJECTS:
        return "VERB"
    singular = pos[-1] in ("NOUN", "PROPN") and not previous.endswith("s")
    plural = pos[-1] == "NOUN" and previous.endswith("s")
    third = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return "VERB" if (singular and third) or (plural and not third) else "NOUN"


@lru_cache(maxsize=1 << 17)
def _alone(word: str, tag: str, capital: str) -> tuple[str, bool]:
    """The class of a word by its form, and whether that is sure."""
    rules = rules_of(parse(tag))
    sign = _sign(word)
    if sign or rules is None:
        return sign or "X", True
    low = fold(word)
    known = rules.words.get(low)
    if known and not (capital and known in ("VERB", "ADJ", "NOUN", "ADV")):
        return known, True
    for clitic in rules.clitics:
        if low.startswith(clitic) and len(low) > len(clitic):
            return _alone(word[len(clitic) :], tag, capital or (rules.capital if word[len(clitic)].isupper() else ""))
    if capital:
        return capital, True
    if len(word) > 1 and word.isupper() and word != low and rules.capital:
        return "PROPN", True
    return _ending(low, rules), False


def _ending(low: str, rules: Rules) -> str:
    for length in range(min(6, len(low) - 2), 0, -1):
        if low[-length:] in rules.suffixes:
            return rules.suffixes[low[-length:]]
    for length in range(min(4, len(low) - 3), 0, -1):
        if low[:length] in rules.prefixes:
            return rules.prefixes[low[:length]]
    return rules.unknown
