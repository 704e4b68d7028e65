"""A few items with known labels that everybody does first, and how right each person was."""

from __future__ import annotations

from dataclasses import dataclass

from macaronic.annotate.settings import LABELLING
from macaronic.annotate.work import Work

FEW = 10


@dataclass(frozen=True, slots=True)
class Score:
    """How right a person's warm-up is: the labels that are right, of how many, by the layer."""

    who: str
    layer: str
    right: int
    total: int


def scores(work: Work) -> list[Score]:
    """Each person's right labels in the warm-up items that they have accepted, piece by piece.

    Args:
        work: of a project.
    """
    from macaronic.measure.agreement import units_of

    found = []
    for who in work.by_role(*LABELLING, "adjudicator"):
        for layer in work.settings.token_layers:
            right = total = 0
            for number, item in work.items.items():
                gold = item.utterance.layers.get(layer)
                sheet = work.done(number).get(who) if item.kind == "warmup" else None
                if sheet is None or gold is None:
                    continue
                units = units_of([(item.utterance.tokens, gold), (sheet.tokens, sheet.token_labels(layer))])
                total += sum(wanted is not None for wanted, _ in units)
                right += sum(wanted is not None and wanted == given for wanted, given in units)
            if total:
                found.append(Score(who, layer, right, total))
    return found
