"""Parallel text: the same thing said in several languages, as a view over rows that share a group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from macaronic.core.utterance import Utterance


@dataclass(frozen=True, slots=True)
class Parallel:
    """One meaning in several languages.

    Args:
        group: what the rows share (`meta.group`).
        texts: language tag -> utterance.
        links: (tag, tag) -> pairs of token positions that correspond, where an aligner gave them.

    >>> row = Parallel("greet", {"en": Utterance("hello"), "es": Utterance("hola")})
    >>> row.text("es"), row.tags
    ('hola', ('en', 'es'))
    """

    group: str
    texts: Mapping[str, Utterance]
    links: Mapping[tuple[str, str], tuple[tuple[int, int], ...]] = field(default_factory=dict)

    @property
    def tags(self) -> tuple[str, ...]:
        """The languages present."""
        return tuple(self.texts)

    def text(self, tag: str) -> str:
        """The text in one language."""
        return self.texts[tag].text


def grouped(utterances: Iterable[Utterance]) -> Iterator[Parallel]:
    """Parallel rows out of utterances that carry `meta.group` and `labels.lang`.

    Rows of a group that stand next to each other make one `Parallel`; of two in one language the first counts; rows
    without a group are left out.

    >>> rows = [Utterance("hello", labels={"lang": "en"}, meta={"group": "1"}),
    ...         Utterance("hola", labels={"lang": "es"}, meta={"group": "1"})]
    >>> [p.tags for p in grouped(rows)]
    [('en', 'es')]
    """
    group: str | None = None
    texts: dict[str, Utterance] = {}
    for utterance in utterances:
        own = utterance.meta.get("group")
        tag = utterance.labels.get("lang")
        if own is None or tag is None:
            continue
        if own != group:
            if group is not None:
                yield Parallel(group, texts)
            group, texts = str(own), {}
        texts.setdefault(tag, utterance)
    if group is not None:
        yield Parallel(group, texts)
