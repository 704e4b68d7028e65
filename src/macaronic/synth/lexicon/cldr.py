"""Dictionaries out of the names that CLDR gives to signs and pictures, where its annotations are installed.

They name about two thousand things in some 160 languages, romanised Hindi among them: dog, house, red apple.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from macaronic.core.errors import FormatError, MissingData
from macaronic.synth.lexicon.table import Lexicon, build

PLACES = (
    "node_modules/cldr-annotations-full/annotations",
    "/usr/share/unicode/cldr/common/annotations",
    "/usr/lib/node_modules/cldr-annotations-full/annotations",
    "/usr/local/lib/node_modules/cldr-annotations-full/annotations",
)

_COMMA = re.compile("[,;،、，]")


def read_cldr(pair: tuple[str, str], *, folder: str | os.PathLike[str] | None = None, longest: int = 3) -> Lexicon:
    """The names of the same signs in two languages as a dictionary of nouns.

    Args:
        pair: tags of the languages of the keys and of the translations.
        folder: where the annotations lie, one file (XML) or folder (JSON) a language; the usual places when left out.
        longest: leave out names of more words.

    Raises:
        MissingData: the annotations are not installed, or lack a language; says how to get them.
        FormatError: a file of them is broken.
    """
    place = _place(folder)
    ours, theirs = _names(place, pair[0]), _names(place, pair[1])
    rows = [
        (one, other, round(1 / ((i + 1) * (j + 1)), 4), "NOUN")
        for sign in ours.keys() & theirs.keys()
        for i, one in enumerate(ours[sign])
        for j, other in enumerate(theirs[sign])
        if max(len(one.split()), len(other.split())) <= longest
    ]
    rows.sort()
    return build(rows, *pair, origin="CLDR annotations")


def _place(folder: str | os.PathLike[str] | None) -> Path:
    given = [Path(folder), Path(folder) / "annotations"] if folder else []
    data = os.environ.get("MACARONIC_DATA")
    known = [Path(place) for place in PLACES] + ([Path(data) / "cldr-annotations-full/annotations"] if data else [])
    for place in given or known:
        if (place / "en.xml").is_file() or (place / "en" / "annotations.json").is_file():
            return place
    raise MissingData(
        f"the CLDR annotations are not in {folder or 'any of the usual places'}.\n"
        "Get them: npm install cldr-annotations-full (here), or apt-get install unicode-cldr-core"
    )


def _names(place: Path, tag: str) -> dict[str, list[str]]:
    """Sign -> names of it in a language, the first one first."""
    for form in (tag, tag.replace("-", "_")):
        try:
            if (place / form / "annotations.json").is_file():
                return dict(_named(_from_json(place / form / "annotations.json")))
            if (place / f"{form}.xml").is_file():
                return dict(_named(_from_xml(place / f"{form}.xml")))
        except (ValueError, KeyError, TypeError, AttributeError, ElementTree.ParseError) as error:
            raise FormatError(f"not an annotation file of CLDR ({error})", str(place / form)) from error
    raise MissingData(f"the CLDR annotations in {place} have no names in {tag}")


def _from_json(path: Path) -> Iterator[tuple[str, str]]:
    for sign, notes in json.loads(path.read_text("utf-8"))["annotations"]["annotations"].items():
        for name in notes.get("tts", []):
            yield sign, name


def _from_xml(path: Path) -> Iterator[tuple[str, str]]:
    for note in ElementTree.parse(path).getroot().iter("annotation"):  # noqa: S314 (a file of the system's)
        if note.get("type") == "tts" and note.text:
            yield str(note.get("cp")), note.text


def _named(names: Iterator[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Names that are words: no flags, keycaps or lists. Some languages give several, with commas between them."""
    for sign, text in names:
        parts = [part.strip() for part in _COMMA.split(text)]
        words = [p for p in parts if p and not any(unicodedata.category(c)[0] in "PSN" and c not in "-'’" for c in p)]
        if words:
            yield sign, words
