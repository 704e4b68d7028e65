"""Records translated by a translator that takes no instructions: marks carry the pieces, alignment what they lose."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from macaronic.core.errors import MissingData, UsageError
from macaronic.core.protocols import Translator
from macaronic.extract.translate.draft import Draft
from macaronic.extract.translate.marks import marked, unmarked
from macaronic.extract.translate.place import place
from macaronic.extract.translate.rules import Fault

BLOCK = 256
"""Records that are translated in one call."""

Progress = Callable[[int, int], None]
"""Called with how much is done, of how much."""


def translate_drafts(drafts: Sequence[Draft], translator: Translator, progress: Progress | None = None) -> None:
    """Translate every draft twice, without and with marks.

    The text is the translation without marks, which may disturb a translator. A piece is where the words stand that
    came back between its marks.

    Args:
        drafts: changed in place; what is not found stays open for the alignment.
        translator: given the texts of `BLOCK` records of one language in one call.
        progress: called with how many records are translated, of how many.

    Raises:
        UsageError: the translator loses or adds texts.
        MissingData: it knows none of the languages; records in one of several are dropped.
    """
    by_source: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_source.setdefault(draft.source.language, []).append(draft)
    missing: list[MissingData] = []
    done = 0
    for source, held in by_source.items():
        try:
            for first in range(0, len(held), BLOCK):
                block = held[first : first + BLOCK]
                _translate(block, translator, source)
                done += len(block)
                if progress:
                    progress(done, len(drafts))
        except MissingData as error:
            missing.append(error)
            for draft in held:
                draft.fault = Fault("no language", str(error).partition("\n")[0])
    if missing and len(missing) == len(by_source):
        raise missing[0]


def _translate(held: Sequence[Draft], translator: Translator, source: str) -> None:
    places = [[(piece.start, piece.end) for piece in draft.pieces.items] for draft in held]
    plain = [" ".join(draft.source.text.split()) for draft in held]
    with_marks = [" ".join(marked(draft.source.text, at).split()) for draft, at in zip(held, places, strict=True)]
    given = translator.translate([*plain, *with_marks], source, held[0].to)
    if len(given) != 2 * len(held):
        raise UsageError(f"expected {2 * len(held)} translations, got {len(given)}.")
    for draft, text, other in zip(held, given, given[len(held) :], strict=False):
        _take(draft, " ".join(text.split()), other)


def _take(draft: Draft, text: str, other: str) -> None:
    items = draft.pieces.items
    try:
        draft.take_text(text)
        draft.fault = Fault("span not in the translation", ", ".join(repr(one.text) for one in items[:3]))
        if not items:
            draft.fault = None
            return
        draft.spare = other
        words, places = unmarked(other, len(items))
        found = place(draft.source.text, items, [words[start:end] for start, end in places], text)
        draft.take_places(found.places, "marks")
        if found.guessed and draft.fault is None:
            draft.repairs += ("occurrence by order",)
    except Fault as fault:
        draft.fault = fault


def take_spare(draft: Draft) -> None:
    """Take the marked translation itself, where the pieces are not in the one without marks."""
    if not draft.mendable or not draft.spare:
        return
    try:
        draft.take_marked(draft.spare)
    except Fault:
        return
    draft.repairs = ("marked text",)
