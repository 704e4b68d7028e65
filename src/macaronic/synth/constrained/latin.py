"""What a mixed sentence may be made of: the sides of a parallel row, in Latin letters."""

from __future__ import annotations

from collections.abc import Sequence

from macaronic.core.languages import romanised, script
from macaronic.core.parallel import Parallel
from macaronic.text.romanise import romanise, variants
from macaronic.text.words import words


def sources(row: Parallel, *, tags: Sequence[str] | None = None, spellings: int = 1) -> tuple[str, ...]:
    """The sides of a row as sources for the allowed vocabulary: Latin text as it is, other text romanised.

    Args:
        row: a parallel row.
        tags: which sides; all when left out.
        spellings: how many informal spellings of each romanised word are allowed; the usual one is always among them,
            further ones are appended behind the text.

    Returns:
        One text a side.

    Source: S060: the output may reuse English and transliterated Hindi sub-words.

    >>> from macaronic.core.utterance import Utterance
    >>> sources(Parallel("1", {"en": Utterance("The road is closed."), "hi": Utterance("सड़क बंद है।")}))
    ('The road is closed.', 'sadak band hai।')
    """
    return tuple(_latin(row.text(tag), tag, spellings) for tag in tags or row.tags)


def _latin(text: str, tag: str, spellings: int) -> str:
    if romanised(tag) or script(tag) == "Latn":
        return text
    plain = romanise(text, tag)
    if spellings < 2:
        return plain
    more = [spelling for word in words(text) for spelling, _ in variants(word, tag, spellings)[1:]]
    return " ".join([plain, *dict.fromkeys(more)])
