"""How mixed texts are, by the shipped word tagger."""

from __future__ import annotations

from collections.abc import Sequence


def degrees(texts: Sequence[str]) -> list[float]:
    """The CMI of each text, 0 to 100.

    >>> [d > 0 for d in degrees(["kal office jana hai because boss is angry", "The boss is angry today."])]
    [True, False]
    """
    from macaronic.identify import tagger
    from macaronic.measure.cmi import cmi
    from macaronic.text.words import words

    return [cmi(tags.labels) for tags in tagger.load().tag([words(text) for text in texts])]
