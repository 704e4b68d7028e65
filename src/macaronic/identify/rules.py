"""What can be said of a word without a model: addresses, mentions, numbers, signs, sounds of no language."""

from __future__ import annotations

import re
from functools import lru_cache

WORD, OTHER, FILLER, MIXED = 0, 1, 2, 3

_ADDRESS = re.compile(
    r"(?:https?:|www\.|ftp:)|^[\w.+-]+@[\w-]+\.\w|^[\w-]+\.(?:com|org|net|co|in|io|ly|me|tv|edu|gov)\b", re.I
)
_FACE = re.compile(r"[:;=8xX]['-]?[dDpPoOsS3()\[\]/\\|*]+|<3+|[xX][dD]+|[dD]:|o_o|O_O|T_T|-_-")
_COUNTED = re.compile(r"[+-]?\d[\d.,:/%°x×-]*(?:km|kg|cm|mm|mb|gb|tb|kb|hz|am|pm|h|m|s|k|x|p)?", re.I)
_SOUND = re.compile(r"e+h+m*|u+h+m*|h+m+|m+h+m*|m{2,}|a+h+|o+h+|a+ha+|(?:ha){2,}h?|(?:he){2,}|(?:hi){2,}")


@lru_cache(maxsize=1 << 16)
def kind(word: str) -> int:
    """Whether a token is a word of some language (`WORD`), of none (`OTHER`), or a sound any speaker makes (`FILLER`).

    Letters with digits in them are words (Arabizi writes `3lach`), numbers with a unit are not.

    >>> [kind(w) for w in ("3lach", "25km", "@yaar", "https://t.co/x", ":D", "hmm", "chill", "!")]
    [0, 1, 1, 1, 1, 2, 0, 1]
    """
    if word.isalpha():
        if len(word) > 6 and not word.isascii():
            return WORD
        return FILLER if _SOUND.fullmatch(word.lower()) else OTHER if word in ("xD", "XD", "xd") else WORD
    first = word[:1]
    if first in "@#" and len(word) > 1:
        return OTHER
    if not any(map(str.isalpha, word)):
        return OTHER
    if _ADDRESS.search(word) or _FACE.fullmatch(word) or _COUNTED.fullmatch(word):
        return OTHER
    return WORD


def capitalised(word: str) -> bool:
    """Whether a word is written like a name or an abbreviation.

    >>> capitalised("Ravi"), capitalised("BBC"), capitalised("so"), capitalised("I")
    (True, True, False, False)
    """
    return len(word) > 1 and word[0].isupper()
