"""Reading what a language model answered, which may be anything: untrusted text, never run, never believed blindly."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from macaronic.core.protocols import Reply
from macaronic.synth.mixed import Reason

LONGEST = 100_000
"""Characters of an answer that are looked at."""


class Unusable(Exception):
    """An answer that cannot be used, with the reason that a run counts."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason: Reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


def sentence(reply: Reply) -> str:
    """The sentence in an answer of the form `{"text": "..."}`, on one line.

    Whether the sentence itself is a refusal is not asked here: speech may sound like one. `refuses` tells, once the
    languages of the words are known.

    Raises:
        Unusable: the answer is empty, a refusal, or holds no such object.

    >>> sentence(Reply('Sure! ```json\\n{"text": "vamos to the\\\\nbeach"}\\n``` Enjoy.'))
    'vamos to the beach'
    """
    found = _object(reply, "text")["text"]
    if not isinstance(found, str):
        raise Unusable("malformed answer", f'expected {{"text": "..."}}, got text = {str(found)[:40]!r}')
    text = " ".join(found.split())
    if not text:
        raise Unusable("empty answer", 'the "text" is empty')
    return text


def judgement(reply: Reply) -> tuple[float, tuple[str, ...]]:
    """The score (0 to 10) and the problems in an answer of the form `{"score": 8, "problems": ["..."]}`.

    Raises:
        Unusable: the answer is empty, a refusal, or holds no score between 0 and 10.

    >>> judgement(Reply('{"score": "8.5/10", "problems": ["stiff", ""]}'))
    (8.5, ('stiff',))
    """
    found = _object(reply, "score")
    score = _number(found["score"])
    if score is None:
        raise Unusable("malformed answer", f"expected a score from 0 to 10, got {str(found['score'])[:40]!r}")
    problems = found.get("problems")
    listed = problems if isinstance(problems, list) else [problems] if isinstance(problems, str) else []
    texts = (" ".join(p.split())[:200] for p in listed if isinstance(p, str))
    return score, tuple(t for t in texts if t)


def refuses(text: str) -> bool:
    """Whether a text is a refusal by a model; only set phrases at its beginning count, so that speech is not one.

    >>> refuses("I'm sorry, but I can't help with that."), refuses("I can't believe ki woh chala gaya")
    (True, False)
    >>> refuses("Lo siento, no puedo ayudarte con eso."), refuses("抱歉，我无法提供这类内容。")
    (True, True)
    """
    return _REFUSAL.match(" ".join(text[:400].split()).replace("’", "'")) is not None


def _object(reply: Reply, key: str) -> dict[str, Any]:
    text = _THOUGHT.sub("", reply.text[:LONGEST]).strip()
    if reply.finish in ("refusal", "content_filter"):
        raise Unusable("refusal", text[:80] or reply.finish)
    if not text:
        raise Unusable("empty answer", "nothing was said")
    for found in _objects(text):
        if key in found:
            return found
    if refuses(text):
        raise Unusable("refusal", text[:80])
    cut = ", cut off at the length limit" if reply.finish == "length" else ""
    raise Unusable("malformed answer", f'no JSON object with "{key}" in {text[:60]!r}{cut}')


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """JSON objects in a text, from left to right; a comma before a closing bracket is forgiven."""
    for candidate in (text, _LAST_COMMA.sub(r"\1", text)):
        at = -1
        for _ in range(50):
            at = candidate.find("{", at + 1)
            if at < 0:
                break
            try:
                found, _ = _DECODER.raw_decode(candidate, at)
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict):
                yield found


def _number(value: object) -> float | None:
    if isinstance(value, str):
        written = _SCORE.fullmatch(value.strip())
        value = float(written[1].replace(",", ".")) if written else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and 0 <= value <= 10 else None


_DECODER = json.JSONDecoder(strict=False)
_LAST_COMMA = re.compile(r",(\s*[}\]])")
_SCORE = re.compile(r"(\d{1,2}(?:[.,]\d{1,4})?)(?:\s*/\s*10)?")
_THOUGHT = re.compile(r"^\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_SORRY = r"(?:(?:(?:i'?m|i am) (?:very |really |so )?sorry|sorry|i apologi[sz]e)[,.;:]? ?(?:but )?)?"
_REFUSALS = (
    _SORRY
    + r"(?:as an ai\b.{0,60}?)?i (?:can ?not|can't|could not|couldn't|won't|will not|(?:am|'m) (?:not able|unable) to"
    r"|am not (?:comfortable|allowed)) (?:\w+ ){0,2}"
    r"(?:help (?:you|with)|assist|fulfil|fulfill|comply|provide|generate|create|produce|write|engage|participate)\b",
    r"i'm (?:not able|unable) to (?:help (?:you|with)|assist|fulfill?|comply|provide|generate|create|produce|write)\b",
    r"as an ai (?:language )?(?:model|assistant)\b",
    r"(?:lo siento|disculpa|perdona|lamento)[,.;:]?.{0,20}?no (?:puedo|me es posible) "
    r"(?:ayudar|asistir|cumplir|proporcionar|generar|crear|escribir)",
    r"(?:je suis )?désolée?[,.;:]?.{0,20}?je ne (?:peux|suis) pas (?:en mesure )?.{0,12}?"
    r"(?:aider|répondre|fournir|générer|créer|écrire)",
    r"(?:es tut mir leid|tut mir leid|entschuldigung)[,.;:]?.{0,60}?(?:nicht|keine?\w*) .{0,60}?"
    r"(?:helfen|bereitstellen|erstellen|schreiben|erzeugen|nachkommen)",
    r"(?:desculpe|sinto muito|lamento)[,.;:]?.{0,20}?não posso (?:ajudar|fornecer|gerar|criar|escrever|atender)",
    r"(?:mi dispiace|spiacente)[,.;:]?.{0,20}?non posso (?:aiutar|fornire|generare|creare|scrivere|soddisfare)",
    r"(?:maaf|mohon maaf)[,.;:]?.{0,20}?(?:tidak (?:bisa|dapat)) (?:membantu|memenuhi|menyediakan|membuat|menulis)",
    r"üzgünüm[,.;:]?.{0,60}?(?:yardımcı olamam|yapamam|oluşturamam|yazamam|sağlayamam)",
    r"(?:извините|простите|к сожалению)[,.;:]?.{0,20}?я не могу (?:помочь|предоставить|создать|написать|выполнить)",
    r"(?:क्षमा करें|माफ़ कीजिए|माफ कीजिए|मुझे खेद है|मुझे माफ़ करें)[,.;:।]?.{0,60}?(?:नहीं कर सकता|नहीं कर सकती|नहीं दे सकता|मदद नहीं)",
    r"(?:عذرا|عذرًا|آسف|أعتذر)[،,.;:]?.{0,20}?(?:لا أستطيع|لا يمكنني|لا أقدر) .{0,6}?(?:مساعد|تقديم|كتابة|إنشاء|توليد)",
    r"(?:很?抱歉|对不起|對不起)[，,。]?.{0,8}?我(?:无法|無法|不能)(?:帮|幫|提供|生成|协助|協助|满足|滿足|完成|回答)",
    r"(?:申し訳(?:ありません|ございません)|すみません)(?:が)?[、,。]?.{0,40}?(?:できません|いたしかねます)",
    r"(?:죄송합니다|죄송하지만|미안합니다)[,.]?.{0,40}?(?:도와드릴|제공할|생성할|작성할|드릴) 수 없",
)
_REFUSAL = re.compile("|".join(f"(?:{pattern})" for pattern in _REFUSALS), re.IGNORECASE)
