"""Constraints on where a text may switch, checked on tagged words alone or with an aligned pair beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from macaronic.core.languages import is_language
from macaronic.core.parallel import Parallel
from macaronic.identify.asked import means
from macaronic.synth.agents.judges import Check
from macaronic.synth.classes import classes, of
from macaronic.synth.mixed import links
from macaronic.text.scripts import script_shares

HEADS = frozenset({"ADP", "AUX", "DET", "PART", "SCONJ"})
"""Classes of function words that head a phrase."""

_HEAD_FINAL = frozenset(
    "az bn eu gu hi ja kk kn ko ml mn mr ne or pa si ta te tr ug ur uz".split()  # noqa: SIM905
)
_ONE_FAMILY = frozenset({"Hani", "Hira", "Kana", "Bopo"})
_MARKS = "-'’‐"


def free_morphemes(words: Sequence[str], langs: Sequence[str]) -> list[str]:
    """Switches inside a word or between a word and a piece that is bound to it.

    Found are words that the tagger calls `mixed`, words in two scripts, and bound pieces written apart (`-s`, `'s`,
    `pre-`) beside a word of another language.

    Source: Poplack 1980, the free-morpheme constraint; S050 has a language model look for it.

    >>> free_morphemes(["la", "house", "-ito", "grande"], ["es", "en", "es", "es"])
    ["'-ito' (es) is bound to 'house' (en)"]
    """
    faults = [f"{word!r} mixes languages inside" for word, lang in zip(words, langs) if _is_mixed(word, lang)]
    for i, j in switches(langs, adjacent=True):
        bound = i if words[i][-1] in _MARKS and len(words[i]) > 1 else j if words[j][0] in _MARKS else -1
        if bound >= 0 and any(c.isalpha() for c in words[bound]):
            free = i + j - bound
            faults.append(f"{words[bound]!r} ({langs[bound]}) is bound to {words[free]!r} ({langs[free]})")
    return faults


def function_heads(words: Sequence[str], langs: Sequence[str]) -> list[str]:
    """Switches between a function word that heads a phrase and its complement.

    In head-final languages the complement stands before the head. Speakers do break this constraint (determiners above
    all), so it is not asked for unless you ask.

    Source: Belazi et al. 1994, the Functional Head Constraint, on word classes instead of a parse.

    >>> function_heads("she has comido pan".split(), ["en", "en", "es", "es"])
    ["'has' (en) is parted from 'comido' (es)"]
    """
    pos = {tag: classes(words, tag).pos for tag in set(langs) if is_language(tag)}
    faults = []
    for i, j in switches(langs, adjacent=True):
        first = pos[langs[i]][i] in HEADS and langs[i].partition("-")[0] not in _HEAD_FINAL
        last = pos[langs[j]][j] in HEADS and langs[j].partition("-")[0] in _HEAD_FINAL
        head, other = (i, j) if first else (j, i)
        if first or last:
            faults.append(f"{words[head]!r} ({langs[head]}) is parted from {words[other]!r} ({langs[other]})")
    return faults


def equivalence(row: Parallel, a: str, b: str) -> Check:
    """A check of the Equivalence Constraint against an aligned pair: a switch stands only where both orders agree.

    At a switch, what stands before it in one side must correspond to what stands before it in the other; or one of the
    two words is a content word that stands in the very place of its counterpart (lexical substitution). Words that
    occur in no side, or twice in theirs, are passed over.

    Args:
        row: the pair with its links.
        a: one side.
        b: the other.

    Source: Poplack 1980; Sankoff & Poplack 1981.

    >>> from macaronic.core.utterance import Utterance
    >>> sides = {"en": Utterance.from_words(["white", "house"]), "es": Utterance.from_words(["casa", "blanca"])}
    >>> check = equivalence(Parallel("1", sides, {("en", "es"): ((0, 1), (1, 0))}), "en", "es")
    >>> check(["white", "casa"], ["en", "es"]), check(["house", "blanca"], ["en", "es"])
    ([], [])
    >>> check(["blanca", "white"], ["es", "en"])
    ["no equal order at 'blanca' (es) | 'white' (en)"]
    """
    pairs = {(a, b): links(row, a, b), (b, a): links(row, b, a)}
    words = {tag: [w.casefold() for w in row.texts[tag].words] for tag in (a, b)}
    content = {tag: of(row.texts[tag], tag).content for tag in (a, b)}

    def allowed(tag: str, p: int, other: str, q: int) -> bool:
        to, back = pairs[tag, other], pairs[other, tag]
        cut = all((i <= p) == (j < q) for i, j in to)
        first = content[tag][p] and (p, q - 1) in to
        second = content[other][q] and (q, p + 1) in back
        return cut or first or second

    def check(said: Sequence[str], langs: Sequence[str]) -> list[str]:
        placed = [(i, *place) for i in range(len(said)) if (place := _place(said[i], langs[i], words))]
        return [
            f"no equal order at {said[i]!r} ({langs[i]}) | {said[j]!r} ({langs[j]})"
            for (i, tag, p), (j, other, q) in pairwise(placed)
            if tag != other and not allowed(tag, p, other, q)
        ]

    return check


def _place(word: str, lang: str, sides: dict[str, list[str]]) -> tuple[str, int] | None:
    for tag, side in sides.items():
        if means(tag, lang) and side.count(word.casefold()) == 1:
            return tag, side.index(word.casefold())
    return None


def switches(langs: Sequence[str], *, adjacent: bool = False) -> Iterator[tuple[int, int]]:
    """Positions of neighbouring language words in different languages.

    Args:
        langs: one label a word.
        adjacent: only where nothing (punctuation, a name) stands between.

    >>> list(switches(["en", "other", "es", "en"])), list(switches(["en", "other", "es", "en"], adjacent=True))
    ([(0, 2), (2, 3)], [(2, 3)])
    """
    spoken = [i for i, lang in enumerate(langs) if is_language(lang)]
    for i, j in pairwise(spoken):
        if langs[i] != langs[j] and not (adjacent and j != i + 1):
            yield i, j


def _is_mixed(word: str, lang: str) -> bool:
    if lang == "mixed":
        return True
    scripts = {"Hani" if s in _ONE_FAMILY else s for s in script_shares(word)} if not word.isascii() else set()
    return len(scripts) > 1 and is_language(lang)
