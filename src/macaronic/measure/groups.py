"""The measures of each part of a corpus: by main language, by languages used, by a label or by a field."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from macaronic.core.columns import label_column
from macaronic.core.corpus import PREFIX, Corpus
from macaronic.core.errors import UnknownName
from macaronic.core.languages import parse
from macaronic.core.result import Result
from macaronic.measure.corpus import begin, results, words_of
from macaronic.measure.counts import Tally
from macaronic.measure.names import LEVELS, check_names
from macaronic.measure.sentences import Sentences, summarise
from macaronic.measure.table import matrix_column
from macaronic.measure.words import language_words

NONE = "none"
"""The group of rows without a key: no language, no such label, no such field."""

KEYS = ("matrix", "languages", "label:NAME", "meta:NAME")


def by(
    corpus: Corpus,
    *,
    key: str,
    level: Sequence[str] = LEVELS,
    languages: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    pos_layer: str = "pos",
    rng: np.random.Generator | None = None,
    samples: int = 1000,
) -> dict[str, list[Result]]:
    """Measure each group of sentences as a corpus of its own, in one pass.

    A group's sentences are taken as following one another, also where others stood between them (this matters to `cc`).

    Args:
        corpus: rows with a token layer `lang`.
        key: what makes a group: `matrix` (main language; `lang` means the same), `languages` (the set of languages of a
            sentence, joined by +), `label:NAME` (a sentence label) or `meta:NAME` (a field of `meta`, say a source).
        level, languages, names, pos_layer, rng, samples: as in `measure.corpus.measure`.

    Returns:
        Group -> results, groups in alphabetical order; rows without a key are in the group `none`.

    Raises:
        UnknownName: a key, measure, level or language that does not exist.

    >>> from macaronic.core.utterance import Utterance
    >>> langs = ["en", "en"], ["en", "hi-Latn"]
    >>> rows = [Utterance.from_words(["so", "chalo"], layers={"lang": labels}) for labels in langs]
    >>> found = by(Corpus.from_utterances(rows), key="languages", names=["i_index"], level=["corpus"], samples=0)
    >>> {group: results[0].value for group, results in found.items()}
    {'en': 0.0, 'en+hi-Latn': 1.0}
    """
    check_names(names, level)
    check_key(key)
    tags = [parse(tag) for tag in languages] if languages is not None else None
    pair, (batches,) = begin([corpus], tags, names=names, pos_layer=pos_layer)
    held: dict[str, Tally] = defaultdict(Tally)
    for batch in batches:
        for group, part in split(batch, key, tags):
            for words in words_of([part], tags, names=names, pos_layer=pos_layer, pair=pair):
                held[group].add(summarise(words))
    counts = {group: held[group].counts() for group in sorted(held)}
    return {
        group: results(part, level=level, languages=tags, names=names, pair=pair, rng=rng, samples=samples)
        for group, part in counts.items()
    }


def check_key(key: str) -> None:
    """Raise UnknownName for a key that makes no groups.

    >>> check_key("label:split")
    """
    family, _, name = key.partition(":")
    if key not in ("matrix", "lang", "languages") and not (family in ("label", "meta") and name):
        raise UnknownName("grouping", key, KEYS)


def split(batch: pa.RecordBatch, key: str, languages: Sequence[str] | None) -> list[tuple[str, pa.RecordBatch]]:
    """The rows of each group in a batch, with the columns that are measured; groups in alphabetical order."""
    needed = batch.select([name for name in batch.schema.names if name == "text" or name.startswith(PREFIX)])
    keys = [NONE if value is None else value for value in _keys(batch, key, languages)]
    names, group = np.unique(np.array(keys, dtype=object), return_inverse=True)
    if len(names) == 1:
        return [(names[0], needed)]
    return [(name, needed.take(pa.array(np.flatnonzero(group == i)))) for i, name in enumerate(names.tolist())]


def _keys(batch: pa.RecordBatch, key: str, languages: Sequence[str] | None) -> list[str | None]:
    family, _, name = key.partition(":")
    if family == "label":
        return label_column(batch, name)
    if family == "meta":
        return [_field(row, name) for row in batch.column("meta").to_pylist()]
    sentences = summarise(language_words(batch, languages=languages))
    found: list[str | None] = matrix_column(sentences).to_pylist() if key in ("matrix", "lang") else _sets(sentences)
    return found


def _field(meta: str | None, name: str) -> str | None:
    value = json.loads(meta).get(name) if meta else None
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _sets(sentences: Sentences) -> list[str | None]:
    """The languages of each sentence, joined by + in alphabetical order."""
    present: list[list[str]] = [[] for _ in sentences.tokens]
    for row, language in zip(sentences.parts.row.tolist(), sentences.parts.key.tolist(), strict=True):
        present[row].append(sentences.languages[language])
    return ["+".join(sorted(names)) or None for names in present]
