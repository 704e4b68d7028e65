"""How many actions it takes to put proposed labels right: by the keys of the page, and by clicks that cycle labels."""

from __future__ import annotations

from collections.abc import Sequence

ONE_LETTER = 20
"""Up to so many words have a hint of one letter; in a longer sentence this holds for the least sure ones."""

UNSURE = 0.85
"""Below this a word is unsure, as on the page."""

DIGITS = 9
"""So many labels have a digit; another one takes two keys."""


def keys(
    shown: Sequence[str | None], wanted: Sequence[str | None], sure: Sequence[float], labels: Sequence[str]
) -> int:
    """Keys from a sentence as it is shown to its wanted labels and to the next sentence.

    The cursor stands on the least sure word. A wrong word takes its hint, unless the cursor stands there, and a digit;
    a wrong run that is shown alike takes a digit once, painted. Then the cursor goes on to the next unsure word, or to
    the next word. Enter accepts. It is a plan that a person can follow, not the shortest one.

    Args:
        shown: a label a word.
        wanted: as many.
        sure: confidence of each shown label, from 0 to 1.
        labels: of the layer, in their order.

    >>> keys(["en", "en", "en"], ["en", "hi", "en"], [0.9, 0.4, 0.9], ["en", "hi"])
    2
    >>> keys(["en", "en", "en"], ["hi", "hi", "en"], [0.9, 0.9, 0.4], ["en", "hi"])
    5
    """
    order = sorted(range(len(shown)), key=lambda i: sure[i])
    short = set(order[:ONE_LETTER])
    at, taken = (order[0] if order else 0), 1
    touched: set[int] = set()
    for word in sorted(range(len(shown)), key=lambda i: (i != at, i)):
        if word in touched or shown[word] == wanted[word]:
            continue
        run = _run(shown, wanted, word)
        taken += 0 if word == at else 1 if word in short else 2
        taken += _label_keys(wanted[word], labels)
        touched.update(run)
        at = _next(run[-1], sure, touched)
    return taken


def _run(shown: Sequence[str | None], wanted: Sequence[str | None], first: int) -> list[int]:
    """The words from `first` on that one paint stroke puts right: all that are shown alike, if all are wrong alike."""
    last = first
    while last + 1 < len(shown) and shown[last + 1] == shown[first]:
        last += 1
    run = list(range(first, last + 1))
    return run if all(wanted[i] == wanted[first] for i in run) else [first]


def _label_keys(label: str | None, labels: Sequence[str]) -> int:
    return 1 if label is None or list(labels).index(label) < DIGITS else 2


def _next(word: int, sure: Sequence[float], touched: set[int]) -> int:
    """Where the cursor goes: the next unsure word to the right that was not touched, or the next word."""
    unsure = (i for i in range(word + 1, len(sure)) if sure[i] < UNSURE and i not in touched)
    return next(unsure, min(word + 1, len(sure) - 1))


def clicks(shown: Sequence[str | None], wanted: Sequence[str | None], labels: Sequence[str]) -> int:
    """Clicks where each click on a word gives it the next label of a list, round and round, and a last one submits.

    Source: S025, its screen for word languages.

    >>> clicks(["en", "en"], ["hi", "other"], ["en", "hi", "other"])
    4
    """
    place = {label: i for i, label in enumerate(labels)}
    return 1 + sum((place[b] - place[a]) % len(labels) for a, b in zip(shown, wanted) if a != b and a and b)
