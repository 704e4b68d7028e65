"""What `identify` prints of a batch, as text; functions that a worker can import."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from macaronic.cli.show import escape_controls, json_line

if TYPE_CHECKING:
    from pyarrow import RecordBatch

    from macaronic.identify.rows import Labelling
    from macaronic.identify.sentence_lid import SentenceModel


def rows(batch: RecordBatch, *, label: Labelling) -> RecordBatch:
    """The labelled rows themselves, for files and terminals."""
    return label(batch)[0]


def words(batch: RecordBatch, *, label: Labelling) -> str:
    """A line a row: every word with its language behind it."""
    from macaronic.core.corpus import from_batch

    lines = (
        " ".join(f"{word}/{lang or 'unk'}" for word, lang in zip(u.words, u.langs)) for u in from_batch(label(batch)[0])
    )
    return "".join(line + "\n" for line in lines)


def objects(batch: RecordBatch, *, label: Labelling) -> str:
    """A JSON object a row: words, languages, confidences, main language, offsets."""
    from macaronic.core.columns import label_column, token_layer, token_offsets, token_spans

    batch, sure = label(batch)
    codes, names, _ = token_layer(batch, "lang")
    starts, ends = token_spans(batch)
    columns = [starts.tolist(), ends.tolist(), [names[c] for c in codes.tolist()], sure.round(4).tolist()]
    bounds = token_offsets(batch).tolist()
    matrix = label_column(batch, "lang")
    lines = []
    for i, text in enumerate(batch.column("text").to_pylist()):
        start, end, langs, confidence = (column[bounds[i] : bounds[i + 1]] for column in columns)
        cut = [text[s:e] for s, e in zip(start, end)]
        row = {"text": text, "words": cut, "langs": langs, "confidence": [round(c, 4) for c in confidence]}
        lines.append(json_line({**row, "matrix": matrix[i], "start": start, "end": end}))
    return "".join(lines)


def sentences(batch: RecordBatch, *, label: Labelling, json: bool) -> str:
    """A line a row: its main language, from the languages of its words."""
    from macaronic.identify.annotate import sentences as told

    batch, _ = label(batch)
    return "".join(_sentence(row, text, json) for row, text in zip(told(batch), batch.column("text").to_pylist()))


def trained(batch: RecordBatch, *, model: str, json: bool) -> str:
    """A line a row: its language, from a sentence identifier of one's own."""
    texts = batch.column("text").to_pylist()
    found = zip(texts, _sentence_model(model).identify(texts))
    return "".join(
        _sentence({"lang": lang, "confidence": round(sure, 4), "languages": {lang: 1.0} if lang else {}}, text, json)
        for text, (lang, sure) in found
    )


def _sentence(told: dict[str, object], text: str, json: bool) -> str:
    if json:
        return json_line(told)
    return "\t".join((str(told["lang"] or "-"), f"{told['confidence']:.2f}", escape_controls(text))) + "\n"


@lru_cache(maxsize=1)
def _sentence_model(folder: str) -> SentenceModel:
    from macaronic.identify import sentence_lid

    return sentence_lid.load(folder)
