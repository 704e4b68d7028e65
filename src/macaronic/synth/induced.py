"""Function words for the languages of some parallel rows that have no list: found in the rows themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth import classes


def with_induced(rows: Sequence[Parallel]) -> list[Parallel]:
    """The rows, with a layer `pos` (marked `induced`) on every side whose language has no list and that has none.

    The more rows, the better: below a hundred sentences little is frequent. Rows that need nothing stay the same.

    Args:
        rows: parallel rows; function words are counted over all of them.

    >>> rows = [Parallel(str(i), {"yo": Utterance.from_words(["ni", f"oro{i}", "ti"])}) for i in range(9)]
    >>> classes.of(with_induced(rows)[0].texts["yo"], "yo")
    Classes(pos=('PART', 'X', 'PART'), how='induced')
    """
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        for tag, utterance in row.texts.items():
            if "pos" not in utterance.layers and not classes.listed(tag):
                counts.setdefault(tag, Counter()).update(utterance.words)
    found = {tag: classes.induce(count, share=0.7 if len(rows) < 100 else 0.4) for tag, count in counts.items()}
    return [_marked(row, found) if found.keys() & row.texts.keys() else row for row in rows]


def _marked(row: Parallel, found: dict[str, frozenset[str]]) -> Parallel:
    texts = {tag: _with_pos(u, tag, found[tag]) if tag in found else u for tag, u in row.texts.items()}
    return replace(row, texts=texts)


def _with_pos(utterance: Utterance, tag: str, induced: frozenset[str]) -> Utterance:
    if "pos" in utterance.layers:
        return utterance
    pos = classes.classes(utterance.words, tag, induced=induced).pos
    return replace(utterance.with_layer("pos", pos), meta={**utterance.meta, "pos": "induced"})
