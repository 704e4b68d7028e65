"""Yes or no from a judging model, however it says it; what says neither is counted, never dropped."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from macaronic.core.protocols import LM

PROMPT = """Question: {question}
Answer to be judged: {answer}

Is the answer right? It may be in any language and may say more than was asked. Reply with one word: yes or no."""

_YES = (
    "yes",
    "correct",
    "true",
    "right",
    "y",
    "ja",
    "oui",
    "sí",
    "si",
    "sim",
    "da",
    "да",
    "是",
    "对",
    "はい",
    "हाँ",
    "हां",
    "نعم",
    "evet",
)
_NO = (
    "no",
    "incorrect",
    "false",
    "wrong",
    "n",
    "nein",
    "non",
    "não",
    "nao",
    "nie",
    "нет",
    "否",
    "不",
    "错",
    "いいえ",
    "नहीं",
    "لا",
    "hayır",
)
_DENIED = re.compile(r"\b(?:not|isn't|is not|n't)\s+(?:\w+\s+)?(?:correct|right|true|accurate)\b", re.I)
_BETWEEN = re.compile(r"[\s.,;:!?()\[\]|/।。，！？、\"'*_-]+")


def verdict(reply: str) -> bool | None:
    """What a reply says: yes, no, or None where it says neither or both.

    >>> [verdict(r) for r in ("Yes.", "**No**, because", "The answer is not correct", "verdict: yes", "I cannot tell")]
    [True, False, False, True, None]
    """
    text = reply.strip().strip("*_`\"'# ").lower()
    if not text:
        return None
    words = _BETWEEN.split(text)
    head = words[0]
    if head in _YES:
        return True
    if head in _NO or text.startswith(("不", "否", "错")):
        return False
    if text.startswith(("是", "对")):
        return True
    if _DENIED.search(text):
        return False
    yes, no = {"yes", "correct", "true"} & set(words), {"no", "incorrect", "false", "wrong"} & set(words)
    return None if bool(yes) == bool(no) else bool(yes)


def ask(lm: LM, pairs: Sequence[tuple[str, str]], *, seed: int = 0) -> list[str]:
    """The judge's replies to (question, answer) pairs, in order; runs of white space in answers become one blank.

    Source: S033 (the English question beside the answer in any language); the wording is ours.
    """

    async def one(question: str, answer: str) -> str:
        text = PROMPT.format(question=question, answer=" ".join(answer.split()))
        reply = await lm.reply([{"role": "user", "content": text}], max_tokens=8, temperature=0.0, seed=seed, stop=())
        return reply.text

    async def every() -> list[str]:
        return list(await asyncio.gather(*(one(question, answer) for question, answer in pairs)))

    return asyncio.run(every())
