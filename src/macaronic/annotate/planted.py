"""Wrong proposals on purpose: whether people look, or take what stands there.

Off unless asked for, and said in the guidelines. A planted label that a person has left standing is never exported and
never compared; it is shown to them again, and counts once they have given the word a label themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from macaronic.annotate.items import Item, Proposal
from macaronic.annotate.layers import LANGUAGE, Layer
from macaronic.annotate.sheet import Sheet
from macaronic.core.languages import is_language

if TYPE_CHECKING:
    from macaronic.annotate.store import Store

ROW = f"planted:{LANGUAGE}"
"""The name under which a project keeps which labels are planted; people are not shown it."""


def disclosure(share: float) -> str:
    """What the guidelines say of it.

    >>> "wrong on purpose" in disclosure(0.05)
    True
    """
    return (
        f"About {share:.0%} of the languages proposed in this project are wrong on purpose, to see how often proposals "
        "are taken unread.\nThey are never part of the results, and you are shown those that you left standing again."
    )


def plant(
    proposals: Mapping[str, Proposal], layer: Layer, share: float, rng: np.random.Generator
) -> dict[str, Proposal]:
    """Proposals with some languages replaced by another one of the project's.

    Args:
        proposals: of one item.
        layer: of word languages.
        share: of the proposed languages, in [0, 1].
        rng: which ones, and by what.

    Returns:
        The proposals as people see them, and under `ROW` the planted labels (None where there is none); without any
        planted label the proposals as they were.

    >>> made = plant({"lang": Proposal(("en", "other"))}, Layer(name="lang", labels=("en", "hi", "other")), 1.0,
    ...     np.random.default_rng(0))
    >>> made["lang"].labels, made[ROW].labels
    (('hi', 'other'), ('hi', None))
    """
    old = proposals.get(LANGUAGE)
    spoken = [label for label in layer.labels if is_language(label)]
    if old is None or len(spoken) < 2:
        return dict(proposals)
    wrong: list[str | None] = []
    for label in old.labels:
        chosen = label is not None and is_language(label) and rng.random() < share
        others = [one for one in spoken if one != label]
        wrong.append(others[int(rng.integers(len(others)))] if chosen else None)
    if not any(wrong):
        return dict(proposals)
    shown = tuple(w or label for w, label in zip(wrong, old.labels))
    return {**proposals, LANGUAGE: Proposal(shown, old.confidence), ROW: Proposal(tuple(wrong))}


def any_in(store: Store) -> bool:
    """Whether a project has planted labels."""
    return bool(store.ask("SELECT 1 FROM proposals WHERE layer = ? LIMIT 1", (ROW,)))


def count(item: Item) -> int:
    """How many planted labels an item has."""
    row = item.proposals.get(ROW)
    return sum(label is not None for label in row.labels) if row else 0


def standing(sheet: Sheet) -> list[tuple[int, int]]:
    """The words that still have a planted label which the person has not given themselves: to be shown again."""
    row = sheet.item.proposals.get(ROW)
    held = sheet.labels.get(LANGUAGE, {})
    found = []
    for (start, end), wrong in zip(sheet.item.utterance.tokens, row.labels if row else ()):
        for token in sheet.tokens if wrong is not None else ():
            inside = start <= token[0] and token[1] <= end
            if inside and held.get(token[0]) == wrong and (LANGUAGE, token[0]) not in sheet.touched:
                found.append(token)
    return found


def hide(sheet: Sheet) -> None:
    """Empty the planted labels that stand, so that nothing can be made of them."""
    for start, _ in standing(sheet):
        sheet.labels[LANGUAGE][start] = None
