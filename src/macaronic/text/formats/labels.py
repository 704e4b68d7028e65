"""Word labels as a source wrote them, turned into language tags and special labels, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from macaronic.core import languages
from macaronic.core.errors import UnknownName
from macaronic.core.problems import Problems
from macaronic.text.formats.plan import LabelMap

_LATIN = re.compile(r"[A-Za-z\u00AA\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02AF\u1E00-\u1EFF]")
_OTHER_LETTER = re.compile(r"[^\W\d_A-Za-z\u00AA\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02AF\u1E00-\u1EFF]")
_SCHEMES = ("spaeng", "hineng", "nepeng", "msaea")


def in_latin(word: str) -> bool:
    """Whether a word has letters, all of them Latin.

    >>> in_latin("3ayech"), in_latin("नमस्ते"), in_latin("_")
    (True, False, False)
    """
    return bool(_LATIN.search(word)) and not _OTHER_LETTER.search(word)


@lru_cache(maxsize=1024)
def romanised(tag: str) -> str | None:
    """The tag of the same language in Latin letters, or None when it is written in those anyway.

    >>> romanised("hi"), romanised("tr")
    ('hi-Latn', None)
    """
    if not languages.is_language(tag) or languages.script(tag) == "Latn":
        return None
    return languages.in_latin(tag)


def label_of(raw: str, word: str, label_map: LabelMap = None) -> str:
    """The label of one word: what its raw label means, romanised when the word is in Latin letters.

    Raises:
        UnknownName: the raw label means nothing known.

    >>> label_of("HI", "yaar"), label_of("HI", "यार"), label_of("univ", "!")
    ('hi-Latn', 'hi', 'other')
    """
    label = languages.word_label(raw, label_map)
    latin = romanised(label)
    return latin if latin and in_latin(word) else label


def read_back(label: str | None, raw: str | None, word: str, label_map: LabelMap = None) -> str | None:
    """What a writer puts down: the raw label as long as it still means the label, else the label.

    >>> read_back("hi-Latn", "HI", "yaar"), read_back("en", "HI", "meeting")
    ('HI', 'en')
    """
    if raw is None:
        return label
    try:
        meant = label_of(raw, word, label_map)
    except UnknownName:
        meant = "unk"
    return raw if label is None or meant == label else label


def scheme_of(place: str) -> str | None:
    """The LinCE label scheme that a file's path names (`lang1` and `lang2` say nothing by themselves).

    >>> scheme_of("lince/lid_hineng/dev.conll")
    'lince-hineng'
    """
    low = place.lower()
    return next((f"lince-{pair}" for pair in _SCHEMES if pair in low), None)


def known_share(raws: Iterable[str], label_map: LabelMap = None) -> float:
    """The share of raw labels that mean something."""
    total = known = 0
    for raw in raws:
        total += 1
        known += _known(raw, label_map)
    return known / total if total else 0.0


def _known(raw: str, label_map: LabelMap) -> bool:
    try:
        languages.word_label(raw, label_map)
    except UnknownName:
        return raw in ("lang1", "lang2")
    return True


class WordLabels:
    """Maps the raw labels of one file and counts those that it does not know.

    An unknown label becomes `unk`; each occurrence is a problem, and the first of each label is shown.
    """

    def __init__(self, label_map: LabelMap, problems: Problems, where: str) -> None:
        self.label_map = label_map
        self.problems = problems
        self.where = where
        self._unknown: set[str] = set()
        self._meant: dict[tuple[str, str], tuple[str, str | None]] = {}

    def __call__(self, raw: str | None, word: str, line: int, scheme: str | None = None) -> str | None:
        """The label of a word; None stays None."""
        if raw is None:
            return None
        key = (raw, scheme or "")
        meant = self._meant.get(key)
        if meant is None:
            try:
                label = languages.word_label(raw, self.label_map if self.label_map is not None else scheme)
            except UnknownName:
                self._count(raw, line)
                return "unk"
            meant = self._meant[key] = (label, romanised(label))
        return meant[1] if meant[1] and in_latin(word) else meant[0]

    def _count(self, raw: str, line: int) -> None:
        if raw in self._unknown:
            self.problems.by_kind["unknown label"] += 1
            return
        self._unknown.add(raw)
        hint = "give label_map='lince-spaeng' or its like" if raw in ("lang1", "lang2") else "map it with a label_map"
        self.problems.add(self.where, line, f"unknown word label {raw!r}, read as 'unk'; {hint}", kind="unknown label")
