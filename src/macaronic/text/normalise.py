"""Make spellings of the same word equal, step by step and only as far as asked.

Every step can be switched on alone, and the whole is idempotent: normalising twice changes nothing more. The default
changes code points only, never what a reader sees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

from macaronic.core.errors import UsageError

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]

_RUN = re.compile(r"(.)\1+", re.DOTALL)
_TATWEEL = re.compile("[\u0640\u07fa]")
_ZERO_WIDTH = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_APOSTROPHES = re.compile("[\u0060\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\u055a\ua78c\uff07]")
_DOUBLE_QUOTES = re.compile("[\u201c-\u201f\u2033\u00ab\u00bb\u301d-\u301f\uff02]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_DIGITS = re.compile(r"[^\D0-9]")
_DOTTED_I = re.compile("i\u0307+")


def normalise(
    text: str,
    *,
    form: Form | None = "NFC",
    case: bool = False,
    digits: bool = False,
    elongation: int | None = None,
    tatweel: bool = False,
    zero_width: bool = False,
    punctuation: bool = False,
    apostrophes: bool = False,
) -> str:
    """Normalise a text.

    Args:
        text: any text.
        form: Unicode normal form; None leaves code points as they are. The K forms also fold widths and ligatures.
        case: True for lower case; a dotted capital I gives a plain i.
        digits: True to write the decimal digits of every script as 0-9.
        elongation: runs of a letter or mark longer than this are cut to this length (2 turns `soooo` into `soo` and
            keeps `too`); at least 1, None leaves them.
        tatweel: True to take out the stretching strokes of Arabic and N'Ko.
        zero_width: True to take out what has no width and no say in the shape of letters: zero-width space, byte-order
            mark, soft hyphen, direction marks. Joiners, which Indic and Arabic spelling and emoji need, stay.
        punctuation: True to write double quotation marks as ``"``, dashes as ``-`` and the ellipsis as three dots.
        apostrophes: True to write curly and modifier apostrophes, backtick and acute as ``'``.

    Returns:
        The normalised text. Its code points need not line up with those of `text`: token offsets do not carry over.

    Raises:
        UsageError: `elongation` below 1 or an unknown `form`.

    Example:
        >>> normalise("Don’t be soooo LATE", case=True, elongation=2, apostrophes=True)
        "don't be soo late"
        >>> normalise("٢٠٢٤ सन् १९४७", digits=True)
        '2024 सन् 1947'
    """
    if elongation is not None and elongation < 1:
        raise UsageError(f"elongation: expected None or a length of at least 1, got {elongation}")
    if form is not None and form not in ("NFC", "NFD", "NFKC", "NFKD"):
        raise UsageError(f"form: expected NFC, NFD, NFKC, NFKD or None, got {form!r}")
    cleaned = [(_TATWEEL, "")] * tatweel + [(_ZERO_WIDTH, "")] * zero_width + [(_APOSTROPHES, "'")] * apostrophes
    text = _replaced(text, cleaned)
    if form:  # it can bring in what was just replaced, and replacing can bring marks to their letters
        text = _replaced(unicodedata.normalize(form, text), cleaned)
        text = unicodedata.normalize(form, text)
    if case:
        text = _DOTTED_I.sub("i", text.lower())
    if digits:
        text = _DIGITS.sub(lambda match: str(unicodedata.decimal(match[0])), text)
    if punctuation:
        text = _DASHES.sub("-", _DOUBLE_QUOTES.sub('"', text)).replace("…", "...")
    if elongation:
        text = _shortened(text, elongation)
    return unicodedata.normalize(form, text) if form else text


def _replaced(text: str, steps: list[tuple[re.Pattern[str], str]]) -> str:
    for pattern, by in steps:
        text = pattern.sub(by, text)
    return text


def _shortened(text: str, length: int) -> str:
    def cut(match: re.Match[str]) -> str:
        run = match[0]
        return run[:length] if unicodedata.category(run[0])[0] in "LM" else run

    return _RUN.sub(cut, text)


def normalise_word(word: str) -> str:
    """Normalise a word for looking it up: the one spelling that language identification stores.

    NFC, lower case, runs of three or more equal letters cut to two, apostrophes made straight, stretching strokes and
    invisible characters (but not the joiners) taken out.

    Args:
        word: one word.

    Returns:
        Its lookup form.

    Example:
        >>> normalise_word("Yaaaar"), normalise_word("L’eau"), normalise_word("عليــكم")
        ('yaar', "l'eau", 'عليكم')
    """
    return normalise(word, case=True, elongation=2, tatweel=True, zero_width=True, apostrophes=True)


def normalise_words(words: Sequence[str]) -> list[str]:
    """Do `normalise_word` for many words at once, in one pass over all of them.

    Args:
        words: n words.

    Returns:
        n lookup forms.

    Example:
        >>> normalise_words(["Yaaaar", "CHILL"])
        ['yaar', 'chill']
    """
    out = normalise_word("\n".join(words)).split("\n") if len(words) else []
    return out if len(out) == len(words) else [normalise_word(word) for word in words]
