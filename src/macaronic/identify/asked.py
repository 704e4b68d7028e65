"""The languages that a person asked for, and the labels of a trained model that they allow."""

from __future__ import annotations

from collections.abc import Sequence

from macaronic.core.errors import MissingData, UnknownName
from macaronic.core.languages import SPECIAL, parse, romanised


def allowed_labels(labels: Sequence[str], languages: Sequence[str] | None) -> tuple[str, ...]:
    """The labels of a model that may be answered when only `languages` are expected.

    A language allows its romanised form too (`hi` allows `hi-Latn`); labels that are no language stay allowed.

    Args:
        labels: the model's tag set.
        languages: tags that were asked for; None or nothing allows every label.

    Raises:
        MissingData: a language is none of the model's; the message names both ways to add it.

    >>> allowed_labels(("en", "hi-Latn", "ne", "other"), ["hi"])
    ('hi-Latn', 'ne', 'other')
    """
    if not languages:
        return tuple(labels)
    kept: set[str] = {label for label in labels if label in SPECIAL}
    for asked in languages:
        found = {label for label in labels if means(asked, label)}
        if not found:
            raise MissingData(
                f"the model does not know {asked!r}; it knows {', '.join(label for label in labels)}.\n"
                "From tagged sentences:  macaronic train tagger FILE --out DIR\n"
                f"From raw text alone:    macaronic train tagger --mono {asked}=raw.txt --mono ... --out DIR"
            )
        kept |= found
    return tuple(label for label in labels if label in kept)


def means(asked: str, label: str) -> bool:
    """Whether a label is the language that was asked for, or that language romanised.

    >>> means("hi", "hi-Latn"), means("hin_Deva", "hi"), means("hi-Latn", "hi")
    (True, True, False)
    """
    if asked == label:
        return True
    if label in SPECIAL:
        return False
    try:
        wanted, have = parse(asked), parse(label)
    except UnknownName:
        return False
    return wanted == have or (romanised(have) and have.partition("-")[0] == wanted)
