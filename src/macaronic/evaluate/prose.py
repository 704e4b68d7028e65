"""The prose of an output: what is left for judging its language when reasoning, code and quotations are taken out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

_REASONING = re.compile(r"<(think|thinking|thought|reasoning|scratchpad|analysis)>.*?(</\1>|\Z)", re.S | re.I)
_FENCED = re.compile(r"^[ \t]*(```|~~~).*?(^[ \t]*\1[ \t]*$|\Z)", re.S | re.M)
_CODE = re.compile(r"`[^`\n]+`")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|\$\$.{1,2000}?\$\$|\\\[.{1,2000}?\\\]|\\\(.{1,2000}?\\\)", re.S)
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|\b[^\s@]{1,64}@[^\s@]{1,255}\.\w+\b")
_QUOTED = re.compile(
    r"“[^”\n]{1,300}”|„[^“”\n]{1,300}[“”]|«[^»\n]{1,300}»|‹[^›\n]{1,300}›|「[^」\n]{1,300}」|『[^』\n]{1,300}』|"
    r"《[^》\n]{1,300}》|(?<!\w)\"[^\"\n]{1,300}\"(?!\w)|(?<!\w)'[^'\n]{2,300}'(?!\w)|^>.*$",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is taken out: the name of the rule, what it finds, and the expression that finds it."""

    name: str
    about: str
    pattern: re.Pattern[str]


RULES = (
    Rule("reasoning", "<think> and the like up to their end, or to the end of the output", _REASONING),
    Rule("code block", "between ``` or ~~~ fences, or to the end of the output", _FENCED),
    Rule("code", "between single backticks", _CODE),
    Rule("markup", "HTML tags; LaTeX up to 2,000 characters between $$ or backslashed brackets", _MARKUP),
    Rule("address", "URLs and e-mail addresses", _ADDRESS),
    Rule("quotation", "between quotation marks, up to 300 characters, and lines that begin with >", _QUOTED),
)
"""In the order in which they are applied."""


@dataclass(frozen=True, slots=True)
class Prose:
    """What is left, and how many characters each rule took."""

    text: str
    taken: Mapping[str, int]


def prose(output: str) -> Prose:
    """Take out what says nothing about the language of an answer.

    When quotations are all there is, they stay: then they are the answer.

    >>> prose('<think>Let me see</think>El precio de `x` es "ten dollars".').text.strip()
    'El precio de   es  .'
    >>> dict(prose("```\\nprint(1)\\n```\\nदेखिए").taken)
    {'code block': 16}
    """
    taken: Counter[str] = Counter()
    text = output
    for rule in RULES:
        left, times = rule.pattern.subn(" ", text)
        if not times or (rule.pattern is _QUOTED and not any(c.isalpha() for c in left)):
            continue
        taken[rule.name] += len(text) - len(left) + times
        text = left
    return Prose(text, taken)
