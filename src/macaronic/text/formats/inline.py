"""Sentences with a tag behind each word: `yaar/hi kal/hi ki/hi meeting/en`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from macaronic.core.corpus import from_batch
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.text.formats.labels import WordLabels, read_back, scheme_of
from macaronic.text.formats.lines import numbered
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.rows import batched

LAYERS = ("lang", "lang_raw")


def read(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """A row for every line; a line in which a word has no tag is counted and left out."""
    return batched(_utterances(shard, problems), LAYERS)


def _utterances(shard: Shard, problems: Problems) -> Iterator[Utterance]:
    labels = WordLabels(shard.options.labels, problems, shard.where)
    scheme = scheme_of(shard.place)
    sentence = {"lang": shard.options.language} if shard.options.language else {}
    for number, line in numbered(shard, problems):
        if line is None or not line.strip():
            continue
        pairs = [piece.rpartition("/") for piece in line.split()]
        bare = next((tag for word, _, tag in pairs if not word or not tag), None)
        if bare is not None:
            problems.add(shard.where, number, f"expected word/tag; got {bare or 'a word'!r} without one", kind="tag")
            continue
        words, raws = [word for word, _, _ in pairs], [tag for _, _, tag in pairs]
        langs = [labels(raw, word, number, scheme) for word, raw in zip(words, raws)]
        layers: dict[str, Sequence[str | None]] = {"lang": langs, "lang_raw": raws}
        yield Utterance.from_words(words, layers=layers, id=f"{shard.name}:{number}", labels=sentence)


def write(batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """A sentence a line; a word without a language gets the tag `unk`."""
    for batch in batches:
        for utterance in from_batch(batch):
            raws = utterance.layers.get("lang_raw") or (None,) * len(utterance.tokens)
            pieces = zip(utterance.words, utterance.langs, raws)
            line = " ".join(f"{''.join(w.split())}/{read_back(lang, raw, w) or 'unk'}" for w, lang, raw in pieces)
            yield (line + "\n").encode()
