"""Checking an answer against its instructions: strictly, and loosely with a first or last line and asterisks aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from macaronic.core.errors import UnknownName, UsageError
from macaronic.evaluate.instructions import counts, forms, language, places
from macaronic.evaluate.instructions.context import Arguments, Checker, Context, Followed

CHECKERS: Mapping[str, Checker] = {
    "change_case:capital_word_frequency": counts.capital_word_frequency,
    "change_case:english_capital": language.english_capital,
    "change_case:english_lowercase": language.english_lowercase,
    "combination:repeat_prompt": places.repeat_prompt,
    "combination:two_responses": places.two_responses,
    "detectable_content:number_placeholders": forms.number_placeholders,
    "detectable_content:postscript": forms.postscript,
    "detectable_format:constrained_response": forms.constrained_response,
    "detectable_format:json_format": forms.json_format,
    "detectable_format:multiple_sections": forms.multiple_sections,
    "detectable_format:number_bullet_lists": forms.number_bullet_lists,
    "detectable_format:number_highlighted_sections": forms.number_highlighted_sections,
    "detectable_format:title": forms.title,
    "keywords:existence": counts.keyword_existence,
    "keywords:forbidden_words": counts.forbidden_words,
    "keywords:frequency": counts.keyword_frequency,
    "keywords:letter_frequency": counts.letter_frequency,
    "language:response_language": language.response_language,
    "length_constraints:nth_paragraph_first_word": places.nth_paragraph_first_word,
    "length_constraints:number_paragraphs": counts.number_paragraphs,
    "length_constraints:number_sentences": counts.number_sentences,
    "length_constraints:number_words": counts.number_words,
    "punctuation:no_comma": language.no_comma,
    "startend:end_checker": places.end_checker,
    "startend:quotation": places.quotation,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one instruction: strictly, loosely, and why it could not be checked."""

    name: str
    strict: Followed
    loose: Followed
    why: str = ""


def follows(name: str, answer: str, arguments: Arguments, context: Context) -> Followed:
    """Whether an answer follows one instruction.

    Args:
        name: of `CHECKERS`.
        answer: what the model wrote; an empty one follows nothing.
        arguments: of the instruction.
        context: prompt, language identifier, whose rules.

    Returns:
        None where the instruction does not apply.

    Raises:
        UnknownName: no such instruction.
        UsageError: arguments that it cannot have.

    Source: S088, S065 (the instructions of IFEval); the checkers are our own, for any script.

    >>> follows("punctuation:no_comma", "पहला، दूसरा", {}, Context())
    False
    """
    if name not in CHECKERS:
        raise UnknownName("instruction", name, CHECKERS)
    return CHECKERS[name](answer, arguments, context) if answer.strip() else False


def variants(answer: str) -> Iterator[str]:
    """The eight texts of which one has to follow, loosely: as it is, without first line, last line, both; each also
    without asterisks.

    >>> len(list(variants("a\\nb\\nc")))
    8
    """
    lines = answer.split("\n")
    for text in (answer, "\n".join(lines[1:]), "\n".join(lines[:-1]), "\n".join(lines[1:-1])):
        yield text.strip() if text is not answer else text
        yield text.replace("*", "").strip()


def check(
    answer: str, names: Sequence[str], arguments: Sequence[Mapping[str, Any] | None], context: Context
) -> list[Verdict]:
    """Check every instruction of a prompt; one that cannot be checked is told, and counts as neither.

    Args:
        answer: what the model wrote.
        names: the instructions.
        arguments: of each, in order; keys without a value are left out.
        context: prompt, language identifier, whose rules.

    >>> check("two words", ["length_constraints:number_words"], [{"num_words": 2}], Context())[0].strict
    True
    """
    out = []
    for i, name in enumerate(names):
        given = {k: v for k, v in (arguments[i] or {}).items() if v is not None} if i < len(arguments) else {}
        try:
            strict = follows(name, answer, given, context)
            loose = strict or _any(name, answer, given, context) if strict is not None else None
            out.append(Verdict(name, strict, loose))
        except (UnknownName, UsageError) as error:
            out.append(Verdict(name, None, None, str(error).splitlines()[0]))
    return out


def _any(name: str, answer: str, given: Arguments, context: Context) -> bool:
    return any(follows(name, text, given, context) for text in variants(answer) if text.strip())
