"""Which keys lie next to each other, for the layouts that we know."""

from __future__ import annotations

from functools import cache, lru_cache
from math import hypot
from typing import Literal

from macaronic.core.errors import UnknownName

Layout = Literal["qwerty", "qwertz", "azerty"]

_ROWS: dict[str, tuple[str, str, str, str]] = {
    "qwerty": ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"),
    "qwertz": ("1234567890ß´", "qwertzuiopü+", "asdfghjklöä", "yxcvbnm,.-"),
    "azerty": ("&é\"'(-è_çà)=", "azertyuiop^$", "qsdfghjklmù", "wxcvbn,;:!"),
}
_STAGGER = (0.0, 0.5, 0.75, 1.25)
_REACH = 1.3
LAYOUTS = tuple(_ROWS)


@lru_cache(maxsize=4096)
def neighbours(letter: str, layout: Layout = "qwerty", *, keys: Literal["letters", "all"] = "letters") -> str:
    """The keys around a letter, without shift; empty when the layout has no such key.

    Args:
        letter: one letter, in either case.
        layout: which keyboard.
        keys: `letters` leaves out digits and punctuation, which would cut a word in two.

    Raises:
        UnknownName: the layout is not known.

    >>> neighbours("g"), neighbours("e", keys="all"), neighbours("ह")
    ('tyfhvb', '34wrsd', '')
    """
    if layout not in _ROWS:
        raise UnknownName("keyboard layout", layout, LAYOUTS)
    near = _near(layout).get(letter.lower(), "")
    return near if keys == "all" else "".join(key for key in near if key.isalpha())


@cache
def _near(layout: str) -> dict[str, str]:
    place = {
        key: (column + _STAGGER[row], row) for row, keys in enumerate(_ROWS[layout]) for column, key in enumerate(keys)
    }
    return {
        key: "".join(k for k, (u, v) in place.items() if k != key and hypot(u - x, v - y) <= _REACH)
        for key, (x, y) in place.items()
    }
