"""The form of an answer: JSON, title, highlights, bullets, sections, placeholders, postscript, a choice of answers."""

from __future__ import annotations

import json
import re

from macaronic.evaluate.instructions.context import Arguments, Context, Followed, text_given, whole

_FENCE = re.compile(r"\A\s*```[a-zA-Z]*\s*\n?(.*?)\n?\s*```\s*\Z", re.S)
_BULLET = re.compile(r"^\s*(?:\*(?!\*)|[-•‣◦・])\s+\S", re.M)
_HIGHLIGHT = re.compile(r"(?<!\*)\*\*[^*\n]+\*\*(?!\*)|(?<!\*)\*[^*\n]+\*(?!\*)")
_TITLE = re.compile(r"<<[^\n]+?>>|《《[^\n]+?》》")
_PLACE = re.compile(r"\[[^\[\]\n]+\]|［[^［］\n]+］|【[^【】\n]+】")
_QUOTED = re.compile(r"\"([^\"\n]{2,80})\"|“([^”\n]{2,80})”|「([^」\n]{2,80})」|«([^»\n]{2,80})»|'([^'\n]{2,80})'")
ANSWERS = ("My answer is yes.", "My answer is no.", "My answer is maybe.")


def json_format(answer: str, arguments: Arguments, context: Context) -> Followed:
    """All of the answer is JSON, a code fence around it aside."""
    fenced = _FENCE.match(answer)
    try:
        json.loads(fenced[1] if fenced else answer.strip())
    except (ValueError, RecursionError):
        return False
    return True


def title(answer: str, arguments: Arguments, context: Context) -> Followed:
    """A title in double angular brackets."""
    return any(found.strip("<>《》 ") for found in _TITLE.findall(answer))


def number_highlighted_sections(answer: str, arguments: Arguments, context: Context) -> Followed:
    """At least so many stretches between asterisks."""
    found = [one for one in _HIGHLIGHT.findall(answer) if one.strip("* ")]
    return len(found) >= whole(arguments, "num_highlights")


def number_bullet_lists(answer: str, arguments: Arguments, context: Context) -> Followed:
    """Exactly so many bullet points."""
    return len(_BULLET.findall(answer)) == whole(arguments, "num_bullets")


def multiple_sections(answer: str, arguments: Arguments, context: Context) -> Followed:
    """At least so many sections, each begun by the given word and a number (in any digits)."""
    mark = re.escape(text_given(arguments, "section_spliter").strip())
    found = re.findall(rf"{mark}\s?(?:\d+|[一二三四五六七八九十]+|[IVXivx]+\b)", answer, re.I)
    behind = re.findall(rf"(?:第\s?)?(?:\d+|[一二三四五六七八九十]+)\s?{mark}", answer)
    return max(len(found), len(behind) if not context.authors else 0) >= whole(arguments, "num_sections")


def number_placeholders(answer: str, arguments: Arguments, context: Context) -> Followed:
    """At least so many placeholders in square brackets."""
    return len(_PLACE.findall(answer)) >= whole(arguments, "num_placeholders")


def postscript(answer: str, arguments: Arguments, context: Context) -> Followed:
    """A postscript begun by the given mark, in either case and with or without blanks."""
    mark = text_given(arguments, "postscript_marker").strip()
    letters = [re.escape(c) for c in mark if not c.isspace()]
    loose = r"\s?".join(rf"{c}?" if c == r"\." else c for c in letters)
    return re.search(rf"(?:^|[\s>*_(]){loose}\s*:?\s*\S", answer, re.I | re.M) is not None


def constrained_response(answer: str, arguments: Arguments, context: Context) -> Followed:
    """One of the answers that the prompt offers in quotation marks; the English three where it offers none."""
    offered = ["".join(found).strip() for found in _QUOTED.findall(context.prompt)]
    short = [one for one in offered if len(one) <= 60]
    options = short if len(short) >= 2 and not context.authors else [*ANSWERS, *short]
    return any(option and option in answer for option in options)
