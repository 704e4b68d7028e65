"""Inflected Maghrebi Arabic in Latin letters: verbs and prepositions with their persons and pronouns.

The dialects are written in Latin letters more than in Arabic ones, so no native word list gives these forms. Stems and
endings are project-written; a form's weight is the product of stem, form and spelling.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

_PREPOSITIONS = """
m3a/ma3a/maa/m3 3li/ali/3la/aali f/fi b/bi l/li 3and/3end/and/3nd men/mn ta3/taa nta3/ntaa kima/kifma bla 9bal/gbal
ba3d/baad wra 7da/hda bin/bini fou9/foug dyal/dial kif 9oudam/goudam
"""
_PRONOUNS = "i ek/ak/k ou/o/ah ha na kom/koum/kem hom/houm/hem"
_AFTER_VOWEL = "ya/y k/ke h/hi ha na kom/koum/kem hom/houm/hem"
_VERBS = """
kou dir rou7/rouh/roh ji 9oul/goul/gol/koul chouf/chof 3ref/3raf/aaraf 7eb/heb/hab/7ab bghi/b8i 9der/gder/kder
fhem/fham khdem/khdam wali/weli khali/khalli/5ali jib/djib l3ab/l3eb/laab 3ti/aati sma3/sme3/smaa hder/hdar 7ki/hki
b9a/bka/bga zid rja3/rje3/rjaa kteb/ktab 9ra/gra/kra akol/akel/koul chreb/chrab dkhol/dkhel/dkhoul
khroj/khredj/khroudj ddi/di chri bi3 mout/mot 3ich/aich r9ed/rgod/rged nsa/nssa rbe7/rbah/rba7 khser/khsar
hdi/ahdi/hdih ster/stor nser/nsor r7em/rham/rhem 7fed/hfed/hafed 3awen/aawen sket/skot sme7/smah/sma7 bda
kemel/kamel 7gr/hger 7chem/hchem kdeb/kdab sre9/srek dreb/drab 9tel/ktel tih/ti7 tla3/tle3/tlaa hbet/hbat rfed/rfad
7ot/hot/hott ched/chad 7es/hes khaf/khaaf dour/dor fout/fot soug/sou9 khales/khalas marki jaweb/djaweb tmenna/tmena
stana/stenna 7awes/haouas/hawes 3awed/aaoued t3alem/taalem fera7/frah bki/beki d7ek/dhak nta9em khayeb 7seb/hseb
dem3 sal/s9si 9ele3/glaa 7ress/hres chker/chkor sa9si/saksi wsel/ousal
"""
_IMPERFECT = (
    ("n", ""),
    ("y", ""),
    ("i", ""),
    ("t", ""),
    ("n", "ou"),
    ("y", "ou"),
    ("t", "ou"),
    ("i", "ou"),
    ("n", "o"),
    ("y", "o"),
)
_PERFECT = ("", "t", "et", "at", "na", "ou", "o", "tou", "to")
_OBJECTS = ("ha", "hom", "houm", "ni", "na", "k", "ek", "kom", "koum", "h", "ch", "che")
_BARE, _OBJECT = 0.8, 0.2


@functools.cache
def inflected() -> dict[str, float]:
    """Spelling to weight; the weights sum to 1.

    >>> {"m3akom", "ndirou", "nchouf", "yjibha"} <= set(inflected())
    True
    """
    weights: dict[str, float] = {}
    for spelling, weight in _forms():
        weights[spelling] = weights.get(spelling, 0.0) + weight
    total = sum(weights.values())
    return {spelling: weight / total for spelling, weight in weights.items()}


def _forms() -> Iterator[tuple[str, float]]:
    for rank, stem in enumerate(_PREPOSITIONS.split(), 1):
        for first, share in _ranked(stem):
            endings = _AFTER_VOWEL if first[-1] in "aeiou" else _PRONOUNS
            for pronoun in endings.split():
                yield from ((first + last, share * part / rank) for last, part in _ranked(pronoun))
    for rank, stem in enumerate(_VERBS.split(), 1):
        for text, share in _ranked(stem):
            yield from ((form, share * part / (rank + 3)) for form, part in _conjugated(text))


def _conjugated(stem: str) -> Iterator[tuple[str, float]]:
    forms = [(_joined(prefix + stem, suffix), 0.7 / len(_IMPERFECT)) for prefix, suffix in _IMPERFECT]
    forms += [(_joined(stem, suffix), 0.3 / len(_PERFECT)) for suffix in _PERFECT]
    for form, share in forms:
        yield form, share * _BARE
        yield from ((form + item, share * _OBJECT / len(_OBJECTS)) for item in _OBJECTS)


def _joined(stem: str, ending: str) -> str:
    """Stem and ending without two vowels in a row: 3li + ek is 3lik, ji + ou is jiw."""
    if ending and stem[-1] in "aeiou" and ending[0] in "aeio":
        return stem + (
            ending[1:] if len(ending) > 1 and ending not in ("ou",) else "w" if ending in ("ou", "o") else ""
        )
    return stem + ending


def _ranked(alternatives: str) -> list[tuple[str, float]]:
    """Alternatives with weights that fall with the rank and sum to 1."""
    texts = alternatives.split("/")
    total = sum(1 / rank for rank in range(1, len(texts) + 1))
    return [(text, 1 / rank / total) for rank, text in enumerate(texts, 1)]
