"""The names of the measures, what their values are in, and the names a user asks for."""

from __future__ import annotations

from collections.abc import Sequence

from macaronic.core.errors import UnknownName

UNITS = {
    "cmi": "percent",
    "cu": "percent",
    "cc": "percent",
    "cc_code": "percent",
    "m_index": "index",
    "i_index": "share",
    "spf": "share",
    "switch_count": "switches",
    "cs_ratio": "share",
    "language_entropy": "bits",
    "span_entropy": "bits",
    "switch_entropy": "bits",
    "switch_surprisal": "bits",
    "burstiness": "index",
    "memory": "index",
    "symcom": "index",
    "script_mix": "share",
    "language": "share",
    "matrix_language": "share",
    "script": "share",
    "switch_pair": "switches",
}
"""Measure -> what its value is in. `language`, `matrix_language`, `script`, `switch_pair` and `symcom` have one number
for each key, named `script:Deva`, `switch_pair:en>hi`, `symcom:NOUN`; `symcom` has one over all tags besides."""

LEVELS = ("corpus", "sentence_mean")


def unit(name: str) -> str:
    """What the values of a measure are in.

    >>> unit("cmi"), unit("symcom:NOUN")
    ('percent', 'index')
    """
    return UNITS[name.partition(":")[0]]


def check_names(names: Sequence[str] | None, levels: Sequence[str]) -> None:
    """Raise UnknownName for a measure or a level that does not exist.

    >>> check_names(["cmi"], ["corpora"])
    Traceback (most recent call last):
        ...
    macaronic.core.errors.UnknownName: unknown level 'corpora'. Did you mean 'corpus'?
    Known: corpus, sentence_mean
    """
    for name in names or ():
        if name.partition(":")[0] not in UNITS:
            raise UnknownName("measure", name, UNITS)
    for level in levels:
        if level not in LEVELS:
            raise UnknownName("level", level, LEVELS)


def asked(name: str, names: Sequence[str] | None) -> bool:
    """Whether a measure is among those asked for; a family's name asks for all of the family.

    >>> asked("script:Deva", ["script"]), asked("script:Deva", ["script:Latn"]), asked("cmi", None)
    (True, False, True)
    """
    return names is None or name in names or name.partition(":")[0] in names


def wants(family: str, names: Sequence[str] | None) -> bool:
    """Whether any measure of a family is among those asked for.

    >>> wants("symcom", ["symcom:NOUN"]), wants("symcom", ["cmi"]), wants("symcom", None)
    (True, False, True)
    """
    return names is None or any(name.partition(":")[0] == family for name in names)
