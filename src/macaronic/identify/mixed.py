"""Words that switch language inside: a stem of one language with an affix of another ("Handy'nin", "meetingnya").

Only affixes that speakers are known to put on borrowed stems are looked at, and only for words that no list holds;
everything else keeps the label that the sentence gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from macaronic.text.scripts import COMMON, script_names, script_numbers

_TURKIC = (
    "larından lerinden larında lerinde larımız lerimiz larını lerini larına lerine ların lerin lardan lerden "
    "larda lerde lara lere ları leri larım lerim lar ler ından inden undan ünden ında inde unda ünde ımız imiz "
    "umuz ümüz nın nin nun nün dan den tan ten daki deki taki teki lık lik luk lük sız siz suz süz cı ci cu cü "
    "yla yle ıyla iyle uyla üyle yı yi yu yü ya ye da de ta te sı si su sü ını ini unu ünü ına ine una üne ım im "
    "um üm "
)
SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "tr": tuple(_TURKIC.split()),
    "az": tuple(_TURKIC.replace("e", "ə").split()),
    "id": ("nya", "kan", "in"),
    "ms": ("nya", "kan"),
    "fi": ("issa", "issä", "ista", "istä", "iin", "illa", "illä", "ien", "eja", "eissa"),
    "hu": ("ban", "ben", "nak", "nek", "hoz", "hez", "ról", "ről", "okat", "eket", "ok", "ek"),
    "bn-Latn": ("gulo", "guli", "ta", "ti", "er", "te", "ke", "ra"),
    "ta-Latn": ("la", "ku", "kku", "ah", "nga", "oda", "lam"),
    "te-Latn": ("lo", "lu", "ki", "ni", "tho", "la"),
    "kn-Latn": ("alli", "ge", "na", "inda", "galu"),
    "ml-Latn": ("il", "inte", "kku", "ude", "um", "kal"),
    "hi-Latn": ("on", "ein", "wala", "wale", "wali"),
}
PREFIXES: Mapping[str, tuple[str, ...]] = {
    "tl": ("nagpa", "magpa", "nakaka", "nag", "mag", "pag", "naka", "maka", "ipa", "na", "ma", "i"),
    "id": ("nge", "meng", "men", "mem", "di", "ter", "ke", "me", "ng"),
    "sw": ("ku", "ina", "ana", "na"),
}
_MARKS = "'’-"
_SHORTEST = 4
LISTED, STRONGER = 1e-6, 5.0


def changes_script(word: str) -> bool:
    """Whether a word has letters of two scripts that no language writes together.

    >>> changes_script("TVவில்"), changes_script("чай"), changes_script("行きます")
    (True, False, False)
    """
    if word.isascii():
        return False
    found = {script_names()[n] for n in script_numbers(word).tolist()} - set(COMMON)
    return len(found - {"Hira", "Kana", "Hani", "Bopo", "Hang"}) + (not found.isdisjoint({"Hira", "Kana", "Hani"})) > 1


def splits(word: str, language: str) -> Iterator[str]:
    """Stems that are left when an affix of `language` is taken off a word, longest affix first.

    A mark (apostrophe or hyphen) between stem and affix allows a short affix; without one the stem must be longer.

    >>> list(splits("Handy'nin", "tr")), list(splits("nag-drive", "tl")), list(splits("in", "id"))
    (['handy'], ['drive'], [])
    """
    low = word.lower()
    for suffix in SUFFIXES.get(language, ()):
        if low.endswith(suffix):
            yield from _stem(low[: -len(suffix)], low[: -len(suffix)].rstrip(_MARKS))
    for prefix in PREFIXES.get(language, ()):
        if low.startswith(prefix):
            yield from _stem(low[len(prefix) :], low[len(prefix) :].lstrip(_MARKS))


def _stem(rest: str, bare: str) -> Iterator[str]:
    if len(bare) >= (_SHORTEST if bare == rest else 2) and bare.isalpha():
        yield bare


def switched(
    words: Sequence[str],
    sets: Sequence[tuple[str, ...]],
    frequency: Callable[[Sequence[str]], Sequence[Mapping[str, float]]],
) -> list[bool]:
    """Which words are a stem of one language of their sentence with an affix of another.

    Args:
        words: words that no list holds.
        sets: the languages of each word's sentence.
        frequency: gives the listed frequency of stems, a mapping tag -> frequency each.

    >>> switched(["Praktikumda"], [("de", "tr")], lambda stems: [{"de": 1e-5} for _ in stems])
    [True]
    """
    found: list[tuple[int, str, str]] = []
    for at, (word, tags) in enumerate(zip(words, sets, strict=True)):
        found += [(at, tag, stem) for tag in affixing(tags) for stem in splits(word, tag)]
    out = [False] * len(words)
    for (at, tag, _), listed in zip(found, frequency([stem for _, _, stem in found]), strict=True):
        here = listed.get(tag, 0.0)
        there = max((f for other, f in listed.items() if other in sets[at] and other != tag), default=0.0)
        out[at] |= there > LISTED and there > STRONGER * here
    return out


def affixing(languages: Collection[str]) -> list[str]:
    """Those of `languages` whose affixes are known here.

    >>> affixing(["de", "tr"])
    ['tr']
    """
    return [tag for tag in languages if tag in SUFFIXES or tag in PREFIXES]
