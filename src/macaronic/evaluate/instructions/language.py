"""The language of an answer, its capitals, and its commas."""

from __future__ import annotations

from macaronic.core import languages
from macaronic.core.errors import UnknownName, UsageError
from macaronic.evaluate.instructions.context import Arguments, Context, Followed, text_given
from macaronic.evaluate.instructions.counts import cased

COMMAS = ",，،、﹐︐՝፣᠂"
"""What is a comma in some script."""


def response_language(answer: str, arguments: Arguments, context: Context) -> Followed:
    """The answer is in the language, as the identifier of the context finds it."""
    if context.language is None:
        raise UsageError("this instruction needs a language identifier")
    wanted, found = _base(text_given(arguments, "language")), context.language(answer)
    return bool(answer.strip()) and _base(found) == wanted


def _base(tag: str) -> str:
    try:
        return languages.parse(tag).partition("-")[0]
    except UnknownName:
        return tag


def no_comma(answer: str, arguments: Arguments, context: Context) -> Followed:
    """No comma, in any script."""
    return not any(c in answer for c in ("," if context.authors else COMMAS))


def english_capital(answer: str, arguments: Arguments, context: Context) -> Followed:
    """Every letter is a capital; says nothing where letters have no case (the authors demand English)."""
    if not context.authors and not cased(answer):
        return None if answer.strip() else False
    return answer.isupper() and _english_enough(answer, context)


def english_lowercase(answer: str, arguments: Arguments, context: Context) -> Followed:
    """No letter is a capital; says nothing where letters have no case (the authors demand English)."""
    if not context.authors and not cased(answer):
        return None if answer.strip() else False
    return answer.islower() and _english_enough(answer, context)


def _english_enough(answer: str, context: Context) -> bool:
    """What the authors ask besides: that the answer is English."""
    return not context.authors or context.language is None or _base(context.language(answer)) == "en"
