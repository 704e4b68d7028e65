"""Which languages are commonly mixed by the same speakers: a second language that is likely there costs less.

The list holds well-known communities only; every other pair still can be found, it only needs more evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from macaronic.core.languages import script

COMMUNITIES = (
    "fr arq-Latn", "fr ar", "fr ar-Latn", "fr wo", "fr mg", "fr br", "fr oc", "fr lb", "fr ht", "fr nl", "fr vi",
    "de tr", "de ru", "de ru-Latn", "de ar", "de lb", "de it", "de pl", "nl tr", "nl fy", "nl id", "sv fi",
    "es ca", "es eu", "es qu", "es tl", "es oc", "it es", "it mt", "it sq",
    "ru uk", "ru kk", "ru ky", "ru tt", "ru uz", "ru tg", "ru mn", "ru he", "ru hy", "ru ka", "ru et", "ru lv",
    "ru lt", "hi gu", "hi pa", "hi ur", "ta-Latn te-Latn", "kn-Latn te-Latn", "id jv", "id su",
    "id ar", "ms zh", "tl ceb", "sw ar", "ha ar", "yo ha", "ar ckb", "fa ckb", "zh vi",
    "sq el", "tr ku", "hu ro",
)  # fmt: skip
KIN = (
    "nb nn da sv fo is", "af nl fy lb de", "gl pt es ca oc", "xh zu", "sr mk bg", "sr hr sl", "ru be uk bg", "cs sk",
    "id ms jv su", "az tr uz", "kk ky tt", "hi mr ne-Deva sa", "hi-Latn ur-Latn pa-Latn mr-Latn gu-Latn ne-Latn",
    "bn-Latn as-Latn or-Latn", "ta-Latn ml-Latn", "arq-Latn ar-Latn", "fa ps ur ckb sd", "fa-Latn ur-Latn",
    "ru-Latn uk-Latn", "zh zh-Hant ja", "bn as", "ga gd", "tl ceb", "am ti", "fi et", "de yi",
)  # fmt: skip
"""Close relatives: text of one is easily taken for a mix of several."""
ENGLISH, NEIGHBOURS, SCRIPTS, KINSHIP = 4.0, 6.5, 3.0, -8.0
"""Nats off the charge: with English, in a community of the list, across scripts (where no letter misleads), and on it
between relatives."""
_ONE = {"Jpan": "Hani", "Hans": "Hani", "Hant": "Hani"}


def rebates(tags: Sequence[str]) -> NDArray[np.float32]:
    """What is taken off the charge for a second language, for each pair of languages, shape (L, L), symmetric.

    >>> table = rebates(["en", "hi-Latn", "tr", "hi"])
    >>> bool(table[0, 1] > table[1, 2]), bool(table[0, 3] > table[0, 1])
    (True, True)
    """
    number = {tag: i for i, tag in enumerate(tags)}
    out = np.zeros((len(tags), len(tags)), dtype=np.float32)
    if "en" in number:
        out[number["en"], :] = out[:, number["en"]] = ENGLISH
    for family in KIN:
        for one, other in permutations([number[tag] for tag in family.split() if tag in number], 2):
            out[one, other] = KINSHIP
    for pair in COMMUNITIES:
        a, b = pair.split()
        if a in number and b in number:
            out[number[a], number[b]] = out[number[b], number[a]] = NEIGHBOURS
    written = np.array([_ONE.get(script(tag), script(tag)) for tag in tags])
    out += SCRIPTS * (written[:, None] != written[None, :])
    np.fill_diagonal(out, 0.0)
    return out
