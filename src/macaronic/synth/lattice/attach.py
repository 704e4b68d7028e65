"""Where a word without a link belongs."""

from __future__ import annotations

HEAD_FINAL = frozenset({
    "hi", "ur", "bn", "pa", "gu", "mr", "ne", "or", "as", "si", "ta", "te", "kn", "ml", "ja", "ko", "tr", "az",
    "uz", "kk", "ky", "mn", "eu", "my",
})  # fmt: skip
"""Languages whose function words stand behind what they go with."""

_BEFORE = frozenset({"DET", "CCONJ"})
_WITH_HEAD = frozenset({"ADP", "AUX", "PART", "SCONJ", "PRON", "IN", "TO", "MD", "PRP$", "DT", "CC"})
_OPENING = frozenset("([{«“‘¿¡（「『")


def goes_right(tag: str, word: str, language: str) -> bool:
    """Whether a word without a link goes with what follows: articles and the like do, other words look back.

    >>> goes_right("ADP", "of", "en"), goes_right("ADP", "में", "hi"), goes_right("NOUN", "house", "en")
    (True, False, False)
    """
    final = language.split("-")[0] in HEAD_FINAL
    if tag in _BEFORE or (tag in _WITH_HEAD and not final):
        return True
    return word[:1] in _OPENING
