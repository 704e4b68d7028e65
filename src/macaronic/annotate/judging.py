"""What an adjudicator sees: the items on which people differ, and everybody's labels of one of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from macaronic.annotate import planted
from macaronic.annotate.fold import fold
from macaronic.annotate.items import Item
from macaronic.annotate.sheet import Sheet
from macaronic.annotate.store import Store

_BY_SEVERAL = (
    "SELECT e.item FROM events e JOIN items i ON i.number = e.item WHERE e.action = 'accept' AND i.kind = 'work' "
    "GROUP BY e.item HAVING count(DISTINCT e.who) > 1 ORDER BY e.item"
)


def next_to_judge(store: Store, who: str, have: Collection[int] = ()) -> int | None:
    """The next item on which people differ, and that nobody has judged nor `who` skipped; it is opened for them.

    Args:
        store: open for writing.
        who: the adjudicator.
        have: items that their page holds already.
    """
    judges = {name for name, role in store.people().items() if role == "adjudicator"}
    for (number,) in store.ask(_BY_SEVERAL):
        if number in have:
            continue
        item = store.item(number)
        sheets = _sheets(store, item)
        left_out = who in sheets and sheets[who].state == "skipped"
        if left_out or any(sheet.state == "accepted" for name, sheet in sheets.items() if name in judges):
            continue
        done = [sheet for name, sheet in sheets.items() if name not in judges and sheet.state == "accepted"]
        if len({_said(sheet) for sheet in done}) > 1:
            store.append([store.opening(who, number, item=item)])
            return int(number)
    return None


def others(store: Store, number: int, who: str) -> list[dict[str, Any]]:
    """What those who have accepted an item say of it, one row a person; not of `who`."""
    people = store.people()
    found = []
    for name, sheet in _sheets(store, store.item(number)).items():
        if name != who and sheet.state == "accepted" and people[name] != "adjudicator":
            planted.hide(sheet)
            found.append(
                {
                    "name": name,
                    "tokens": [list(token) for token in sheet.tokens],
                    "labels": {layer: list(sheet.token_labels(layer)) for layer in store.settings.token_layers},
                    "sentence": dict(sheet.sentence),
                    "spans": [[layer, label, a, b] for (layer, a, b), label in sheet.spans.items() if label],
                }
            )
    return found


def _sheets(store: Store, item: Item) -> dict[str, Sheet]:
    found = fold(store.events(item=item.number), {item.number: item})
    return {who: sheet for (who, _), sheet in found.items()}


def _said(sheet: Sheet) -> tuple[object, ...]:
    labels = tuple((name, sheet.token_labels(name)) for name in sorted(sheet.labels))
    spans = tuple(sorted((place, label) for place, label in sheet.spans.items() if label is not None))
    return sheet.tokens, labels, tuple(sorted((k, v) for k, v in sheet.sentence.items() if v)), spans
