"""Maltese words in Arabic letters: all spellings that the letter correspondences allow, the likeliest first.

Maltese writes short vowels and has merged several Arabic consonants, so one word has many candidates; a list of Arabic
words, when there is one, tells which of them exist. The built-in table holds the general correspondences between the
two sound systems; `read` takes richer tables from a folder.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from macaronic.core.errors import FormatError, InputError, MissingData
from macaronic.identify.mono import WordModel

Options = Mapping[str, tuple[str, ...]]

_MARKS = dict.fromkeys(map(ord, "ًٌٍَُِّْ"))
_SINGLE = (
    "a:,ا e:,ا,ي i:,ي o:,و u:,و à:ا,ى è:ا,ي ì:ي ò:و ù:و b:ب ċ:تش c:ك "
    "d:د,ض,ذ,ظ f:ف ġ:ج g:ج,ق,غ h:ه ħ:ح,خ j:ي k:ك l:ل m:م n:ن "
    "p:ب q:ق r:ر s:س,ص t:ت,ط,ث v:ف w:و x:ش y:ي z:ز,تس ż:ز ':ع"
)
_PAIRS = "għ:ع,غ ie:ا"
_FINAL = "a:ة,ا,ه,ى e:ي,ه i:ي o:و,ه u:و,وا ':ع,"
_INITIAL = "a:ا,أ e:ا,إ i:ا,إ o:ا,أ u:ا,أ ie:ا"
_ARTICLES = (
    "il",
    "l",
    "iċ",
    "id",
    "in",
    "ir",
    "is",
    "it",
    "ix",
    "iz",
    "iż",
    "ċ",
    "d",
    "n",
    "r",
    "s",
    "t",
    "x",
    "z",
    "ż",
)
_SMALL = {"u": "و", "ta'": "تاع", "ma'": "مع", "f'": "ف", "b'": "ب", "fi": "في", "bi": "ب", "li": "اللي", "minn": "من"}


@dataclass(frozen=True, slots=True)
class Mappings:
    """What each letter or group of letters may become; earlier options are likelier.

    Args:
        single: a letter anywhere.
        groups: two letters together (`għ`, `ie`, doubled consonants).
        initial: at the start of a word.
        final: at the end of a word.
        words: whole words with a fixed form.
    """

    single: Options
    groups: Options
    initial: Options = field(default_factory=dict)
    final: Options = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


def _table(text: str) -> dict[str, tuple[str, ...]]:
    return {key: tuple(options.split(",")) for key, _, options in (item.partition(":") for item in text.split(" "))}


def _built_in() -> Mappings:
    single = _table(_SINGLE)
    doubled = {letter * 2: single[letter] for letter in "bċdfġghħjklmnpqrstvwxzż"}
    words = {**_SMALL, **{f"{article}-": "ال" for article in _ARTICLES}}
    return Mappings(single, {**doubled, **_table(_PAIRS)}, _table(_INITIAL), _table(_FINAL), words)


BUILT_IN = _built_in()
"""The general correspondences between Maltese and Arabic letters."""


def read(folder: str | os.PathLike[str]) -> Mappings:
    """Tables from a folder of `.map` files: lines `input<TAB>output`, `#` titles, `<BOS>` and `<EOS>` for word edges.

    Character tables are those whose path names `non-deterministic` (all `.map` files but word tables when none does);
    word tables those that name `token`. A file's options for a letter are taken in the order in which they stand.

    Raises:
        MissingData: there are no such files.
        FormatError: a line without its two columns.
    """
    paths = sorted(Path(folder).rglob("*.map"))
    letters = [path for path in paths if "token" not in str(path.relative_to(folder))]
    chosen = [path for path in letters if "non-deterministic" in str(path.relative_to(folder))] or letters
    if not chosen:
        raise MissingData(f"expected .map files with letter correspondences in {folder}; found none")
    found: dict[str, list[str]] = {}
    for path in chosen:
        if "arabic2arabic" in path.name or "dediac" in path.name or "everything_else" in path.name:
            continue
        for source, target in _lines(path):
            options = found.setdefault(source, [])
            plain = target.translate(_MARKS)
            if plain not in options:
                options.append(plain)
    words = {s: t for path in paths if path not in letters for s, t in _lines(path)}
    return _sorted_out(found, {word: target.removesuffix("+") for word, target in words.items()})


def _lines(path: Path) -> list[tuple[str, str]]:
    rows = []
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}.") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        source, tab, target = line.rstrip("\r").partition("\t")
        if not tab:
            raise FormatError(f"expected `input<TAB>output`; got {line!r}", str(path), number)
        rows.append((source.lower().replace("<bos>", "<BOS>").replace("<eos>", "<EOS>"), target))
    return rows


def _sorted_out(found: Mapping[str, list[str]], words: Mapping[str, str]) -> Mappings:
    single: dict[str, tuple[str, ...]] = {}
    groups, initial, final = dict(single), dict(single), dict(single)
    for source, options in found.items():
        core = source.removeprefix("<BOS>").removesuffix("<EOS>")
        if not core or not any(c.isalpha() or c == "'" for c in core):
            continue
        place = initial if source.startswith("<BOS>") else final if source.endswith("<EOS>") else None
        place = place if place is not None else (groups if len(core) > 1 else single)
        place[core] = tuple(options)
    return Mappings(single, groups, initial, final, words)


def candidates(
    word: str, mappings: Mappings = BUILT_IN, *, model: WordModel | None = None, limit: int = 10, beam: int = 512
) -> list[str]:
    """Spellings of a Maltese word in Arabic letters, without short-vowel marks, best first.

    Letters are read from left to right; every spelling so far is kept once, the `beam` cheapest of them, where an
    option costs its place in the table. A fixed form of the whole word comes first.

    Args:
        word: one word.
        mappings: letter correspondences.
        model: Arabic words and their spelling, which then rank the candidates; ties alphabetically.
        limit: most candidates to give.
        beam: most spellings to keep on the way.

    Returns:
        At most `limit` spellings; none for a word with a letter that the table does not have.

    Source: S014 (a transducer over such tables, ranked by a word model, then a letter model).

    >>> candidates("kelb", limit=2), "جورناتة" in candidates("ġurnata", limit=200)
    (['كلب', 'كالب'], True)
    """
    low = _plain(word, mappings)
    fixed = [mappings.words[low]] if low in mappings.words else []
    found = _spellings(low, mappings, beam)
    if model is not None and found:
        score = dict(zip(found, model.log_probability(list(found)).tolist(), strict=True))
        ranked = sorted(found, key=lambda spelling: (-score[spelling], spelling))
    else:
        ranked = sorted(found, key=lambda spelling: (found[spelling], spelling))
    return list(dict.fromkeys(fixed + ranked))[:limit]


def transliterate(word: str, mappings: Mappings = BUILT_IN, *, model: WordModel | None = None) -> str:
    """The best candidate; the word itself when there is none (digits, signs, foreign letters).

    >>> transliterate("kelb"), transliterate("2026")
    ('كلب', '2026')
    """
    best = candidates(word, mappings, model=model, limit=1)
    return best[0] if best and best[0] else word


def _plain(word: str, mappings: Mappings) -> str:
    """Lower case, straight apostrophes, and accents off letters that the table does not have."""
    low = unicodedata.normalize("NFC", word.lower()).replace("’", "'").replace("‘", "'")
    return "".join(c if c in mappings.single else unicodedata.normalize("NFD", c)[0] for c in low)


def _spellings(word: str, mappings: Mappings, beam: int) -> dict[str, int]:
    """Spelling -> cost of the whole word, cheapest first; empty when a letter has no option."""
    core = word.strip("-")
    ahead: list[dict[str, int]] = [{} for _ in range(len(core) + 1)]
    ahead[0][""] = 0
    for at in range(len(core)):
        kept = sorted(ahead[at].items(), key=lambda item: (item[1], item[0]))[:beam]
        if core[at] == "-":
            _extend(ahead[at + 1], kept, ("",))
            continue
        for size, options in _readings(core, at, mappings):
            _extend(ahead[at + size], kept, options)
    kept = sorted(ahead[-1].items(), key=lambda item: (item[1], item[0]))[:beam]
    return {spelling: cost for spelling, cost in kept if spelling}


def _readings(word: str, at: int, mappings: Mappings) -> list[tuple[int, tuple[str, ...]]]:
    """How many letters are read at a place, and what they may become: a group before its letters, edges before all."""
    for size in (2, 1):
        piece = word[at : at + size]
        if len(piece) < size:
            continue
        tables = [mappings.groups if size == 2 else mappings.single]
        tables += [mappings.initial] if at == 0 else []
        tables += [mappings.final] if at + size == len(word) else []
        edge = [table[piece] for table in tables[1:] if piece in table]
        if edge:
            return [(size, edge[0])]
        if piece in tables[0]:
            return [(size, tables[0][piece])]
    return []


def _extend(target: dict[str, int], kept: list[tuple[str, int]], options: tuple[str, ...]) -> None:
    for spelling, cost in kept:
        for place, option in enumerate(options):
            longer = spelling + option
            if cost + place < target.get(longer, 1 << 30):
                target[longer] = cost + place
