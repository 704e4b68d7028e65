"""Where each word stands in the texts of a project; made once a store, for items never change."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from macaronic.annotate.rules import plain
from macaronic.annotate.store import Store

Index = dict[str, dict[int, int]]
_made: WeakKeyDictionary[Store, Index] = WeakKeyDictionary()


def counts(store: Store, word: str) -> dict[int, int]:
    """Item -> how often a word stands in it as it was read; the case of letters does not count."""
    if store not in _made:
        _made[store] = _index(store)
    return _made[store].get(plain(word), {})


def _index(store: Store) -> Index:
    found: Index = {}
    for item in store.items():
        text = item.utterance.text
        for start, end in item.utterance.tokens if item.kind == "work" else ():
            held = found.setdefault(plain(text[start:end]), {})
            held[item.number] = held.get(item.number, 0) + 1
    return found
