"""Apply to all: what a person says of a word holds in every text that they are shown later."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from macaronic.annotate.events import Event
from macaronic.annotate.fold import undone
from macaronic.annotate.items import Item, Proposal

if TYPE_CHECKING:
    from macaronic.annotate.store import Store


class Rule(NamedTuple):
    """A word and its label in a layer; the case of letters does not count."""

    layer: str
    word: str
    label: str | None


def plain(word: str) -> str:
    """A word without what does not count when words are compared.

    >>> plain("E\\u0301TAT") == plain("état")
    True
    """
    return unicodedata.normalize("NFC", word).casefold()


def standing(events: Iterable[Event]) -> list[Rule]:
    """The rules that a person has not taken back; of several about one word the last.

    Args:
        events: of one person, with all `rule`, `undo` and `redo`.

    >>> log = [Event("asha", 1, "rule", "a", "lang", old="Bro", new="en"), Event("asha", 1, "undo", "b", new="a")]
    >>> standing(log[:1]), standing(log)
    ([Rule(layer='lang', word='bro', label='en')], [])
    """
    log = list(events)
    off = undone(log)
    found: dict[tuple[str, str], Rule] = {}
    for event in log:
        if event.action == "rule" and (event.who, event.step_name) not in off:
            rule = Rule(str(event.layer), plain(event.old or ""), event.new)
            found.pop(rule[:2], None)
            found[rule[:2]] = rule
    return list(found.values())


def rules_of(store: Store, who: str) -> list[Rule]:
    """What a person said of words in all texts to come, and has not taken back."""
    if not store.ask("SELECT 1 FROM events WHERE action = 'rule' LIMIT 1"):
        return []
    return standing(event for event in store.events(who) if event.action in ("rule", "undo", "redo"))


def applied(item: Item, rules: Sequence[Rule]) -> Item:
    """An item with the proposals that a person's rules lead to.

    >>> from macaronic.core.utterance import Utterance
    >>> applied(Item(1, Utterance.from_words(["Bro", "so"])), [Rule("lang", "bro", "en")]).shown
    {'lang': ('en', None)}
    """
    if not rules or item.kind == "warmup":
        return item
    text = item.utterance.text
    words = [plain(text[start:end]) for start, end in item.utterance.tokens]
    shown, found = item.shown, dict(item.proposals)
    for layer in dict.fromkeys(rule.layer for rule in rules):
        said = {rule.word: rule.label for rule in rules if rule.layer == layer}
        if said.keys().isdisjoint(words):
            continue
        old = shown.get(layer, (None,) * len(words))
        sure = found[layer].confidence if layer in found else ()
        found[layer] = Proposal(tuple(said.get(word, label) for word, label in zip(words, old)), sure)
    return replace(item, proposals=found)
