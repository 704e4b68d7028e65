"""Parallel rows out of text in one language and a translator, for those who have no parallel text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from macaronic.core.parallel import Parallel
from macaronic.core.protocols import Translator
from macaronic.core.utterance import Utterance
from macaronic.synth.mixed import Outcome

Identify = Callable[[Sequence[str]], Sequence[str | None]]
"""The language of each text, None where it cannot be told."""


def translated(
    rows: Iterable[Utterance],
    translator: Translator,
    source: str,
    target: str,
    *,
    identify: Identify | None = None,
    block: int = 64,
) -> Iterator[Parallel | Outcome]:
    """Each row with its translation, or the reason why there is none; in order.

    Args:
        rows: text in `source`.
        translator: what translates, such as `synth.prompted.Prompted`.
        source: its language.
        target: the language to mix in.
        identify: tells translations that are not in `target`; nothing is checked without it.
        block: rows that are translated together.

    >>> class Shout:
    ...     def translate(self, texts, source, target): return [text.upper() for text in texts]
    >>> made = list(translated([Utterance("hola", "1"), Utterance("", "2")], Shout(), "es", "en"))
    >>> made[0].text("en"), made[1].reason
    ('HOLA', 'empty side')
    """
    stream = iter(rows)
    while held := list(islice(stream, block)):
        texts = [row.text.strip() for row in held]
        answers = translator.translate(texts, source, target)
        langs = identify(answers) if identify else [target] * len(answers)
        for row, answer, lang in zip(held, answers, langs, strict=True):
            yield _pair(row, answer.strip(), lang, source, target)


def _pair(row: Utterance, answer: str, lang: str | None, source: str, target: str) -> Parallel | Outcome:
    if not row.text.strip():
        return Outcome(row.id, reason="empty side", detail="nothing to translate")
    if not answer:
        return Outcome(row.id, reason="empty answer", detail="the translator gave nothing")
    if lang is not None and lang.partition("-")[0] == source.partition("-")[0] != target.partition("-")[0]:
        return Outcome(row.id, reason="wrong language", detail=f"the translation looks like {lang}, not {target}")
    return Parallel(row.id, {source: row, target: Utterance(answer, row.id, labels={"lang": target})})
