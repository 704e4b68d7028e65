"""Labelled records into another language: labels by a table, text and spans by a model, checked by rules and mended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from macaronic.core.errors import UsageError
from macaronic.core.languages import parse
from macaronic.core.protocols import LM, Translator
from macaronic.extract.record import Record
from macaronic.extract.translate import by_machine, project
from macaronic.extract.translate.ask import Asker, Progress
from macaronic.extract.translate.draft import Draft, begun
from macaronic.extract.translate.labels import LabelTable
from macaronic.extract.translate.language import Untranslated
from macaronic.extract.translate.rules import Fault
from macaronic.extract.translate.translation import Dropped, Kept, Translation

_LEARNT = 20_000
"""Pairs that the alignment learns from; those to be mended always count."""

Started = Draft | Dropped | Kept


def translate(
    records: Sequence[Record],
    *,
    to: str,
    labels: LabelTable | None,
    model: LM | Translator,
    source: str | None = None,
    corrected: Mapping[str, Record] | None = None,
    untranslated: Untranslated | None = None,
    marks: bool = True,
    alignment: bool = True,
    concurrency: int = 8,
    max_tokens: int = 2048,
    seed: int | None = 1,
    progress: Progress | None = None,
) -> Translation:
    """Translate labelled records; each is kept, perhaps after repairs, or dropped under the rule that it broke.

    To go on after a crash, wrap a language model in `lm.kept.Kept` and run the same records again.

    Args:
        records: the batch; the alignment learns from all of it.
        to: the target language.
        labels: what each label is called there; None leaves labels as they are (open label sets).
        model: a language model, which is given one instruction with one example, or a translator.
        source: the language of records that name none.
        corrected: records by id that a person has corrected (`sheet.read`): taken as they are, nothing is asked.
        untranslated: tells texts that are still in the source language (`language.untranslated_by`), which rules on
            scripts cannot see between English and Spanish; nothing is asked without it.
        marks: whether a second request with marks may mend an answer.
        alignment: whether word alignment may.
        concurrency: requests at once.
        max_tokens: length limit of one answer.
        seed: given with each request.
        progress: called with how many requests are answered, of how many.

    Raises:
        UnknownName: `to` names no language.
        MissingLabel: the table lacks a label; nothing was asked.
        UsageError: no request can succeed, or an event loop is running (there use `translated`).

    Source: S001 (label table, one instruction with one example, two rule filters, manual correction); marks
    and alignment are ours.

    >>> from macaronic.extract.record import Span
    >>> from macaronic.extract.translate.label_files import shipped
    >>> from macaronic.lm.scripted import Scripted
    >>> lm = Scripted(['{"text": "アンは去った。", "spans": [{"n": 1, "label": "人名", "text": "アン"}]}'])
    >>> one = Record("Ann left.", "neutral", (Span("PER", "Ann", 0, 3),), id="1", language="en")
    >>> done = translate([one], to="ja", labels=shipped(), model=lm)
    >>> done.kept[0].text_label, done.kept[0].spans
    ('中立', (Span(label='人名', text='アン', start=0, end=2),))
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        raise UsageError("an event loop is running here; use `await translated(...)`.")

    async def to_the_end() -> Translation:
        try:
            return await translated(
                records, to=to, labels=labels, model=model, source=source, corrected=corrected,
                untranslated=untranslated, marks=marks, alignment=alignment,
                concurrency=concurrency, max_tokens=max_tokens, seed=seed, progress=progress,
            )  # fmt: skip
        finally:
            close = getattr(model, "close", None)
            if close is not None:
                await close()

    return asyncio.run(to_the_end())


async def translated(
    records: Sequence[Record],
    *,
    to: str,
    labels: LabelTable | None,
    model: LM | Translator,
    source: str | None = None,
    corrected: Mapping[str, Record] | None = None,
    untranslated: Untranslated | None = None,
    marks: bool = True,
    alignment: bool = True,
    concurrency: int = 8,
    max_tokens: int = 2048,
    seed: int | None = 1,
    progress: Progress | None = None,
) -> Translation:
    """`translate` for those who are inside an event loop; the model is not closed."""
    if concurrency < 1 or max_tokens < 1:
        raise UsageError(f"expected concurrency and max_tokens of at least 1, got {concurrency} and {max_tokens}.")
    to = parse(to)
    started = [_started(record, to, source, corrected or {}) for record in named(records)]
    drafts = [one for one in started if isinstance(one, Draft)]
    _prepare(drafts, labels, untranslated)
    requests = {"first": len(drafts), "marks": 0}
    if isinstance(model, LM):
        asker = Asker(model, concurrency=concurrency, max_tokens=max_tokens, seed=seed, progress=progress)
        await asker.first(drafts, labels)
        open_ones = [draft for draft in drafts if draft.mendable and draft.pieces.items] if marks else []
        requests["marks"] = len(open_ones)
        await asker.marks(open_ones)
    elif isinstance(model, Translator):
        requests["marks"] = len(drafts)
        by_machine.translate_drafts(drafts, model, progress)
    else:
        raise UsageError(f"expected a language model or a translator, got a {type(model).__name__}.")
    if alignment:
        mend_by_alignment(drafts)
    for draft in drafts:
        by_machine.take_spare(draft)
    name = str(getattr(model, "model", type(model).__name__.lower()))
    return Translation(tuple(one.outcome() if isinstance(one, Draft) else one for one in started), to, name, requests)


def named(records: Sequence[Record]) -> list[Record]:
    """The records with ids that are unique, as the correction sheet needs them.

    >>> [record.id for record in named([Record("a"), Record("b", id="x"), Record("c", id="x")])]
    ['1', 'x', 'x~2']
    """
    seen: dict[str, int] = {}
    found = []
    for number, record in enumerate(records, 1):
        name = record.id or str(number)
        seen[name] = seen.get(name, 0) + 1
        while seen[name] > 1 and f"{name}~{seen[name]}" in seen:
            seen[name] += 1
        name = name if seen[name] == 1 else f"{name}~{seen[name]}"
        seen.setdefault(name, 1)
        found.append(record if record.id == name else replace(record, id=name))
    return found


def mend_by_alignment(drafts: Sequence[Draft]) -> None:
    """Find missing pieces by word alignment, which learns from every draft of the same language that has a text.

    Args:
        drafts: changed in place.
    """
    wanted = {draft.source.language for draft in drafts if draft.mendable and draft.sound}
    for language in sorted(wanted):
        held = [draft for draft in drafts if draft.sound and draft.source.language == language]
        held.sort(key=lambda draft: not draft.mendable)
        held = held[: max(_LEARNT, sum(draft.mendable for draft in held))]
        pairs = [project.Pair(draft.source.text, draft.text) for draft in held]
        for draft, pair, links in zip(held, pairs, project.aligned(pairs, language, held[0].to), strict=True):
            if draft.mendable:
                draft.take_places(project.filled(pair, links, draft.pieces.items, draft.places), "alignment")


def _prepare(drafts: Sequence[Draft], labels: LabelTable | None, untranslated: Untranslated | None) -> None:
    if labels is not None and drafts:
        labels.check((draft.source for draft in drafts), drafts[0].to)
    for draft in drafts:
        draft.untranslated = untranslated
        draft.target = labels.applied(draft.source, draft.to) if labels else draft.source


def _started(record: Record, to: str, source: str | None, corrected: Mapping[str, Record]) -> Started:
    if record.id in corrected:
        return Kept(record, corrected[record.id], ("corrected by hand",))
    try:
        return begun(record, to, source)
    except Fault as fault:
        return Dropped(record, fault.rule, fault.detail)
