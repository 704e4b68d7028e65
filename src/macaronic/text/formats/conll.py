"""Columned text with a word a line: two-column CoNLL, wider tables, and the LinCE and GLUECoS files.

The word comes first; sentences are parted by blank lines. LinCE heads each with `# sent_enum = n`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from macaronic.core.corpus import from_batch
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.text.formats.labels import WordLabels, known_share, read_back, scheme_of
from macaronic.text.formats.lines import sentences
from macaronic.text.formats.plan import LabelMap, Layout, Shard
from macaronic.text.formats.rows import batched

_COMMENT = re.compile(r"# ?[\w.-]+ ?=[^\t]*")
_BREAKS = re.compile(r"[\t\r\n]")
_BIO = re.compile(r"(?:O|[BIESLU]-.+)")
_UPOS = {
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "CONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT",
    "SCONJ", "SYM", "VERB", "X", "PRT", ".",
}  # fmt: skip


def layout(sample: str, label_map: LabelMap = None) -> Layout:
    """The columns of a file that begins so: which holds the language, which parts of speech, which entities.

    >>> layout("yaar\\thi\\nchill\\ten\\n").columns
    ('lang',)
    """
    rows = [line for line in re.split(r"\r\n|\r|\n", sample) if line.strip() and not _COMMENT.fullmatch(line)]
    delimiter = "\t" if not rows or sum("\t" in row for row in rows) >= len(rows) / 2 else " "
    cells = [_cells(row, delimiter) for row in rows]
    width = Counter(len(row) for row in cells).most_common(1)[0][0] if cells else 2
    table = [row for row in cells if len(row) == width]
    columns = _columns([[row[i] for row in table] for i in range(1, width)], label_map)
    layers = tuple(dict.fromkeys([*(("lang", "lang_raw") if "lang" in columns else ()), *columns]))
    return Layout(columns, delimiter, layers=layers)


def _cells(line: str, delimiter: str) -> list[str]:
    return line.split("\t") if delimiter == "\t" else line.split()


def _columns(values: Sequence[Sequence[str]], label_map: LabelMap) -> tuple[str, ...]:
    if len(values) == 1:
        return ("lang",)
    kinds = [_kind(column) for column in values]
    shares = [0.0 if kind else known_share(column[:2000], label_map) for kind, column in zip(kinds, values)]
    best = max(range(len(shares)), key=lambda i: (shares[i], -i)) if shares else -1
    names: list[str] = []
    for i, kind in enumerate(kinds):
        name = "lang" if i == best and shares[i] >= 0.5 else kind
        names.append(name if name and name not in names else f"column{i + 2}")
    return tuple(names)


def _kind(column: Sequence[str]) -> str | None:
    values = set(column)
    if all(_BIO.fullmatch(value) for value in values):
        return "ner"
    return "pos" if values and len(values & _UPOS) >= 0.8 * len(values) else None


def read(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """A row for every sentence; a line with too few or too many columns is counted and left out."""
    return batched(_utterances(shard, problems), shard.layout.layers)


def _utterances(shard: Shard, problems: Problems) -> Iterator[Utterance]:
    labels = WordLabels(shard.options.labels, problems, shard.where)
    scheme = scheme_of(shard.place)
    for lines in sentences(shard, problems):
        comments, rows = _parsed(lines, shard, problems)
        if rows:
            yield _utterance(rows, comments, f"{shard.name}:{lines[0][0]}", shard, labels, scheme)


Rows = list[tuple[int, list[str]]]


def _parsed(lines: Sequence[tuple[int, str | None]], shard: Shard, problems: Problems) -> tuple[list[str], Rows]:
    comments: list[str] = []
    rows: Rows = []
    delimiter, expected = shard.layout.delimiter, len(shard.layout.columns) + 1
    for number, line in lines:
        if line is None:
            continue
        if line[0] == "#" and _COMMENT.fullmatch(line):
            comments.append(line)
            continue
        cells = _cells(line, delimiter)
        if len(cells) != expected or not all(cells):
            what = f"expected {expected} columns" if len(cells) != expected else "expected no empty column"
            problems.add(shard.where, number, f"{what}; got {len(cells)} in {line[:60]!r}", kind="columns")
        else:
            rows.append((number, cells))
    return comments, rows


def _utterance(
    rows: Rows, comments: list[str], own_id: str, shard: Shard, labels: WordLabels, scheme: str | None
) -> Utterance:
    words = [cells[0] for _, cells in rows]
    layers: dict[str, list[str | None]] = {}
    for i, name in enumerate(shard.layout.columns, 1):
        raws = [None if cells[i] == "_" else cells[i] for _, cells in rows]
        if name == "lang":
            layers["lang_raw"] = raws
            layers["lang"] = [labels(raw, word, n, scheme) for raw, word, (n, _) in zip(raws, words, rows)]
        else:
            layers[name] = raws
    meta: dict[str, Any] = {"comments": comments} if comments else {}
    if shard.layout.columns != ("lang",):
        meta["columns"] = list(shard.layout.columns)
    if shard.layout.delimiter != "\t":
        meta["delimiter"] = shard.layout.delimiter
    sentence = {"lang": shard.options.language} if shard.options.language else {}
    return Utterance.from_words(words, layers=layers, id=own_id, labels=sentence, meta=meta)


def write(batches: Iterable[pa.RecordBatch], *, numbered: bool = False) -> Iterator[bytes]:
    """A word a line, a blank line behind each sentence.

    Args:
        batches: of a corpus with tokens.
        numbered: whether each sentence is headed `# sent_enum = n` when it has no comments of its own (LinCE).
    """
    count = 0
    for batch in batches:
        for utterance in from_batch(batch):
            if not utterance.tokens:
                continue
            count += 1
            head = [f"# sent_enum = {count}"] if numbered else []
            comments = utterance.meta.get("comments")
            own = comments if isinstance(comments, list) and all(_COMMENT.fullmatch(str(c)) for c in comments) else head
            yield ("\n".join([*own, *_lines(utterance)]) + "\n\n").encode()


def _lines(utterance: Utterance) -> Iterator[str]:
    columns = utterance.meta.get("columns", ["lang"])
    delimiter = utterance.meta.get("delimiter") or "\t"
    raws = utterance.layers.get("lang_raw") or (None,) * len(utterance.tokens)
    for i, word in enumerate(utterance.words):
        cells = [_BREAKS.sub(" ", word) if delimiter == "\t" else "".join(word.split())]
        for name in columns:
            label = utterance.layers[name][i] if name in utterance.layers else None
            cells.append((read_back(label, raws[i], word) if name == "lang" else label) or "_")
        yield delimiter.join(cells)
