"""Where something stands: quotation marks around all, an end phrase, a paragraph's first word, the prompt again."""

from __future__ import annotations

import re

from macaronic.evaluate.instructions.context import Arguments, Context, Followed, text_given, whole
from macaronic.evaluate.instructions.counts import spaced
from macaronic.text.normalise import normalise

_MARKS = (
    ('"', '"'),
    ("“", "”"),
    ("„", "“"),
    ("„", "”"),
    ("«", "»"),
    ("「", "」"),
    ("『", "』"),
    ("”", "”"),
    ("»", "«"),
)


def quotation(answer: str, arguments: Arguments, context: Context) -> Followed:
    """All of the answer stands in double quotation marks, of any language."""
    text = answer.strip()
    pairs = _MARKS[:1] if context.authors else _MARKS
    return len(text) > 1 and any(text.startswith(a) and text.endswith(b) for a, b in pairs)


def end_checker(answer: str, arguments: Arguments, context: Context) -> Followed:
    """The answer ends with exactly the phrase, quotation marks around either aside."""
    phrase = _bare(text_given(arguments, "end_phrase"))
    return _bare(answer).endswith(phrase)


def _bare(text: str) -> str:
    return normalise(text.strip().strip("\"'“”„«»「」*_ \n"), case=True)


def nth_paragraph_first_word(answer: str, arguments: Arguments, context: Context) -> Followed:
    """So many paragraphs parted by blank lines, and the nth begins with the given words."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", answer) if part.strip()]
    nth = whole(arguments, "nth_paragraph")
    if len(parts) != whole(arguments, "num_paragraphs") or not 1 <= nth <= len(parts):
        return False
    wanted = normalise(text_given(arguments, "first_word").strip(), case=True)
    begun = normalise(parts[nth - 1].lstrip("\"'“„«「*_#>- "), case=True)
    goes_on = spaced(wanted[-1:]) and begun[len(wanted) : len(wanted) + 1].isalpha()
    return begun.startswith(wanted) and not goes_on


def repeat_prompt(answer: str, arguments: Arguments, context: Context) -> Followed:
    """The answer begins with the request, word by word."""
    return _bare(answer).startswith(_bare(text_given(arguments, "prompt_to_repeat")))


def two_responses(answer: str, arguments: Arguments, context: Context) -> Followed:
    """Two different answers parted by six asterisks."""
    parts = answer.split("******")
    inner = [part.strip() for i, part in enumerate(parts) if part.strip() or 0 < i < len(parts) - 1]
    return len(inner) == 2 and all(inner) and inner[0] != inner[1]
