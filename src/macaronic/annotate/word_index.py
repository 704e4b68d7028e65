"""Where each word stands in the texts of a project; made once a process, for items never change."""

from __future__ import annotations

from threading import Lock

from macaronic.annotate.rules import plain
from macaronic.annotate.store import Store

Index = dict[str, dict[int, int]]
_made: dict[str, Index] = {}
"""The index of the last project that was asked about, by the project's secret."""

_making = Lock()


def counts(store: Store, word: str) -> dict[int, int]:
    """Item -> how often a word stands in it as it was read; the case of letters does not count."""
    key = store.settings.secret
    with _making:
        if key not in _made:
            _made.clear()
            _made[key] = _index(store)
        return _made[key].get(plain(word), {})


def _index(store: Store) -> Index:
    found: Index = {}
    for item in store.items():
        text = item.utterance.text
        for start, end in item.utterance.tokens if item.kind == "work" else ():
            held = found.setdefault(plain(text[start:end]), {})
            held[item.number] = held.get(item.number, 0) + 1
    return found
