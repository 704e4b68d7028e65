"""Which colour, line and letters a language gets.

Eight hues that stay apart for readers with red-green colour blindness, times four kinds of underline, and always the
language's letters beside them: colour never speaks alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from macaronic.core import languages

# Each colour has 3:1 against the page; the least distance in OKLab x 100 under deuteranopia and protanopia is 10.
LIGHT = ("#2f4ccf", "#b84602", "#247c66", "#793789", "#b48c00", "#3697ea", "#de58af", "#523823")
DARK = ("#74a1fc", "#e57907", "#4eb077", "#aa47c1", "#dad972", "#57d2fe", "#f8a3c0", "#936a54")
LINES = ("solid", "double", "dashed", "dotted")

_SPECIAL = {"ne": "NE", "other": "·", "ambiguous": "AMB", "mixed": "MIX", "unk": "UNK"}


class Paint(NamedTuple):
    """A language's hue (an index into `LIGHT` and `DARK`) and underline (an index into `LINES`)."""

    hue: int
    line: int


def paints(tags: Iterable[str], *, together: Iterable[Collection[str]] = ()) -> dict[str, Paint]:
    """Colours for languages, in the order of their tags, so that a page looks the same however its data came.

    Args:
        tags: language tags; word labels that are no language are left out.
        together: groups of tags that are seen side by side; they get different hues as far as eight hues allow.

    >>> paints(["hi", "en"])
    {'en': Paint(hue=0, line=0), 'hi': Paint(hue=1, line=0)}
    """
    near = _neighbours(together)
    given: dict[str, Paint] = {}
    used = [0] * len(LIGHT)
    for tag in sorted({t for t in tags if languages.is_language(t)}):
        clashes = [given[n].hue for n in near.get(tag, ()) if n in given]
        hue = min(range(len(LIGHT)), key=lambda h: (clashes.count(h), used[h], h))
        given[tag] = Paint(hue, used[hue] % len(LINES))
        used[hue] += 1
    return given


def _neighbours(groups: Iterable[Collection[str]]) -> Mapping[str, set[str]]:
    near: dict[str, set[str]] = {}
    for group in groups:
        for tag in group:
            near.setdefault(tag, set()).update(other for other in group if other != tag)
    return near


def letters(labels: Iterable[str | None]) -> dict[str | None, str]:
    """Short letters for word labels: the language code, with the script only where two labels would look alike.

    >>> letters(["hi-Latn", "en", "other", "ne", None])
    {'hi-Latn': 'HI', 'en': 'EN', 'other': '·', 'ne': 'NE', None: '?'}
    >>> letters(["hi", "hi-Latn", "ne-Deva"])
    {'hi': 'HI', 'hi-Latn': 'HI-Latn', 'ne-Deva': 'NE-Deva'}
    """
    known = list(dict.fromkeys(labels))
    bases: dict[str, int] = {}
    for label in known:
        base = _base(label)
        bases[base] = bases.get(base, 0) + 1
    return {label: _base(label) if bases[_base(label)] == 1 else _whole(label) for label in known}


def _base(label: str | None) -> str:
    if label is None:
        return "?"
    base, _, tail = label.partition("-")
    if base == "ne" and tail:  # Nepali: the bare letters are the named entity's
        return f"NE-{tail}"
    return _SPECIAL.get(label) or base.upper()


def _whole(label: str | None) -> str:
    base, dash, tail = (label or "?").partition("-")
    return _SPECIAL.get(label or "") or f"{base.upper()}{dash}{tail}"
