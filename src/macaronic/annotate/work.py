"""The work of a project at one moment: its items and everybody's sheets, and who counts for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from macaronic.annotate.fold import Sheets, fold
from macaronic.annotate.items import Item
from macaronic.annotate.planted import ROW, hide, standing
from macaronic.annotate.settings import Settings
from macaronic.annotate.sheet import Sheet
from macaronic.annotate.store import Store
from macaronic.core.errors import UnknownName


@dataclass(frozen=True)
class Work:
    """What there is in a project, out of one snapshot.

    Args:
        settings: of the project.
        people: name -> role.
        items: by number.
        sheets: by person and item; those of one person alone where that was asked for.
        events: how many the log holds.
        planted: how many planted labels stand in a sheet of an item that has some.
    """

    settings: Settings
    people: Mapping[str, str]
    items: Mapping[int, Item]
    sheets: Sheets
    events: int
    planted: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def done(self, number: int, *roles: str) -> dict[str, Sheet]:
        """The accepted sheets of an item by person, in the order in which the people came.

        Args:
            number: of the item.
            roles: only people with one of these roles; everybody when none is named.
        """
        found = {}
        for who, own in self.people.items():
            sheet = self.sheets.get((who, number))
            if sheet is not None and sheet.state == "accepted" and (not roles or own in roles):
                found[who] = sheet
        return found

    def by_role(self, *roles: str) -> list[str]:
        """The people with one of these roles who have done anything."""
        busy = {who for who, _ in self.sheets}
        return [who for who, role in self.people.items() if role in roles and who in busy]

    def known(self, who: str) -> str:
        """The name, if the project has somebody of that name.

        Raises:
            UnknownName: it has not.
        """
        if who not in self.people:
            raise UnknownName("person", who, self.people)
        return who


def work_of(store: Store, who: str | None = None) -> Work:
    """The work in a project, read from a stable snapshot while others write.

    Args:
        store: the project.
        who: only this person's; nothing of anybody else is read, which is what an annotator may see.

    Returns:
        The work. Planted labels that stand are empty in it, except in a person's own.
    """
    with store.snapshot():
        items = {item.number: item for item in store.items()}
        people = store.people()
        sheets = fold(store.events(who), items)
        planted = {key: len(standing(sheet)) for key, sheet in sheets.items() if ROW in sheet.item.proposals}
        for key in planted if who is None else ():
            hide(sheets[key])
        return Work(store.settings, people, items, sheets, store.count()["events"], planted)
