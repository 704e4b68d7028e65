"""CoNLL-U (Universal Dependencies): ten columns, read so that writing gives the same bytes.

Tokens are the syntactic words (rows with a whole number). Word languages stand in MISC: under `CSID`, `LangO` or `Lang`
(tried in that order), or as a bare tag. Rows of multiword tokens and empty nodes, and the comments, stay in `meta`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyarrow as pa

from macaronic.core.corpus import from_batch
from macaronic.core.errors import FormatError, UnknownName
from macaronic.core.languages import word_label
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.text.formats.labels import WordLabels, read_back
from macaronic.text.formats.lines import sentences
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.rows import batched

COLUMNS = ("id", "form", "lemma", "pos", "xpos", "feats", "head", "deprel", "deps", "misc")
PLAIN = ("lemma", "pos", "xpos", "feats", "head", "deprel", "deps", "misc")
"""Columns that become token layers as they are; `_` is None."""

KEYS = ("csid", "lango", "lang")
LAYERS = ("lang", "lang_raw", "form", *PLAIN)
NO_SPACE = "SpaceAfter=No"


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The raw parts of one sentence: comments, word rows, and other rows with the number of words before them."""

    line: int
    comments: list[str]
    words: list[tuple[int, list[str]]]
    others: list[tuple[int, str]]


def read(shard: Shard, problems: Problems) -> Iterator[pa.RecordBatch]:
    """A row for every sentence; a sentence with a row that cannot be read is left out (its heads point at rows)."""
    return batched(_utterances(shard, problems), shard.layout.layers)


def _utterances(shard: Shard, problems: Problems) -> Iterator[Utterance]:
    labels = WordLabels(shard.options.labels, problems, shard.where)
    with_languages = "lang" in shard.layout.layers
    for lines in sentences(shard, problems):
        sentence = _parsed(lines, shard.where, problems)
        if sentence is None:
            continue
        try:
            yield _utterance(sentence, shard, labels, with_languages=with_languages)
        except FormatError as error:
            problems.add(shard.where, sentence.line, str(error), kind="offsets")


def _parsed(lines: Sequence[tuple[int, str | None]], where: str, problems: Problems) -> _Sentence | None:
    comments: list[str] = []
    words: list[tuple[int, list[str]]] = []
    others: list[tuple[int, str]] = []
    for number, line in lines:
        if line is None:
            return None
        if line.startswith("#"):
            comments.append(line)
            continue
        cells = line.split("\t")
        fault = _fault(cells, len(words) + 1)
        if fault:
            problems.add(where, number, f"{fault}; the sentence is left out", kind="columns")
            return None
        if cells[0].isdigit():
            words.append((number, cells))
        else:
            others.append((len(words), line))
    return _Sentence(lines[0][0], comments, words, others) if words or others else None


def _fault(cells: Sequence[str], expected: int) -> str:
    if len(cells) != len(COLUMNS):
        return f"expected {len(COLUMNS)} columns parted by tabs; got {len(cells)}"
    if cells[0].isdigit() and cells[0] != str(expected):
        return f"expected word {expected}; got {cells[0]}"
    if not cells[0].isdigit() and not cells[0].replace("-", "").replace(".", "").isdigit():
        return f"expected a row number such as 1, 1-2 or 1.1; got {cells[0]!r}"
    return "" if all(cells) else "an empty column (an absent value is written _)"


def _utterance(sentence: _Sentence, shard: Shard, labels: WordLabels, *, with_languages: bool) -> Utterance:
    keys, values = _comments(sentence.comments)
    given = values.pop("text", None)
    name = values.pop("sent_id", None)
    forms = [cells[1] for _, cells in sentence.words]
    text, tokens = _placed(sentence, given)
    rows = [dict(zip(COLUMNS, cells)) for _, cells in sentence.words]
    layers: dict[str, list[str | None]] = {}
    pieces = [text[start:end] for start, end in tokens]
    layers["form"] = [form if form != piece else None for form, piece in zip(forms, pieces)]
    for column in PLAIN:
        layers[column] = [None if row[column] == "_" else row[column] for row in rows]
    found = [_language(misc) for misc in layers["misc"]]
    if with_languages or any(found):
        layers["lang_raw"] = [raw and raw[1] for raw in found]
        layers["lang"] = [
            raw and labels(raw[1], form, number, _scheme(raw[0]))
            for raw, form, (number, _) in zip(found, forms, sentence.words)
        ]
    meta: dict[str, Any] = {**values, "comments": keys}
    if given is not None and given != text:
        meta["text"] = given
    if sentence.others:
        meta["rows"] = [[at, line] for at, line in sentence.others]
    return Utterance(
        text,
        name or f"{shard.name}:{sentence.line}",
        tuple(tokens),
        {key: tuple(value) for key, value in layers.items()},
        labels={"lang": shard.options.language} if shard.options.language else {},
        meta=meta,
    )


def _comments(lines: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The comments' order (a key that `meta` holds, or a whole line) and the values of `# key = value` comments."""
    keys: list[str] = []
    values: dict[str, str] = {}
    for line in lines:
        key, mark, value = line.removeprefix("# ").partition(" = ")
        plain = bool(mark) and line == f"# {key} = {value}" and key not in values
        if plain and key not in ("comments", "rows") and not key.startswith("#"):
            values[key] = value
            keys.append(key)
        else:
            keys.append(line)
    return keys, values


def _language(misc: str | None) -> tuple[str, str] | None:
    """(key, raw label) of the word's language in MISC; the key of a bare tag is empty."""
    if misc is None:
        return None
    if "=" not in misc:
        return None if "|" in misc else ("", misc)
    fields: dict[str, str] = {}
    for field in misc.split("|"):
        key, _, value = field.partition("=")
        fields.setdefault(key.lower(), value)
    return next(((key, fields[key]) for key in KEYS if key in fields), None)


def _scheme(key: str) -> str | None:
    return "arabizi" if key == "lango" else None


def _placed(sentence: _Sentence, given: str | None) -> tuple[str, list[tuple[int, int]]]:
    """The text and where each word stands in it: in the `# text` comment, or else in the joined words."""
    units = _units(sentence)
    text = given if given is not None else _joined(units)
    tokens = _found(units, text)
    if tokens is None and given is not None:
        text = _joined(units)
        tokens = _found(units, text)
    if tokens is None:
        words = [([cells[1]], cells[1], True) for _, cells in sentence.words]
        text = _joined(words)
        tokens = _found(words, text)
    return text, tokens or []


_Unit = tuple[list[str], str, bool]


def _units(sentence: _Sentence) -> list[_Unit]:
    """What was written as one piece: (its words, its form, whether a space follows)."""
    spans: dict[int, tuple[int, str, bool]] = {}
    for at, line in sentence.others:
        cells = line.split("\t")
        first, dash, last = cells[0].partition("-")
        if dash and first.isdigit() and last.isdigit() and at < int(last) <= len(sentence.words):
            spans[at] = (int(last), cells[1], NO_SPACE not in cells[9].split("|"))
    units: list[_Unit] = []
    at = 0
    while at < len(sentence.words):
        _, cells = sentence.words[at]
        end, form, space = spans.get(at) or (at + 1, cells[1], NO_SPACE not in cells[9].split("|"))
        units.append(([row[1] for _, row in sentence.words[at:end]], form, space))
        at = end
    return units


def _joined(units: Sequence[_Unit]) -> str:
    text = "".join(form + (" " if space else "") for _, form, space in units)
    return text.removesuffix(" ")


def _found(units: Sequence[_Unit], text: str) -> list[tuple[int, int]] | None:
    tokens: list[tuple[int, int]] = []
    at = 0
    for words, form, _ in units:
        start = text.find(form, at)
        if start < 0 or not (start == at or text[at:start].isspace()):
            return None
        pieces = _pieces(words, form)
        if pieces is None:
            return None
        for length in pieces:
            tokens.append((start, start + length))
            start += length
        at = start
    return tokens


def _pieces(words: Sequence[str], form: str) -> list[int] | None:
    """Lengths of the pieces of a form that its words take: exact where they make it up, in proportion otherwise."""
    lengths = [len(word) for word in words]
    if len(words) == 1 or "".join(words) == form:
        return [len(form)] if len(words) == 1 else lengths
    if len(form) < len(words):
        return None
    total, cuts, held = sum(lengths), [0], 0
    for i, length in enumerate(lengths[:-1], 1):
        held += length
        ideal = round(held * len(form) / total)
        cuts.append(min(max(ideal, cuts[-1] + 1), len(form) - (len(words) - i)))
    cuts.append(len(form))
    return [end - start for start, end in pairwise(cuts)]


def layers(sample: str) -> tuple[str, ...]:
    """The token layers of a file that begins so: with `lang` only when some word has a language.

    >>> "lang" in layers("1\\tyaar\\t_\\t_\\t_\\t_\\t_\\t_\\t_\\tLang=hi")
    True
    """
    for line in sample.split("\n"):
        cells = line.rstrip("\r").split("\t")
        if len(cells) == len(COLUMNS) and cells[0].isdigit():
            found = _language(None if cells[9] == "_" else cells[9])
            if found and (found[0] or _is_label(found[1])):
                return LAYERS
    return LAYERS[2:]


def _is_label(raw: str) -> bool:
    try:
        word_label(raw)
    except UnknownName:
        return False
    return True


def write(batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """Sentences parted by blank lines; what came from CoNLL-U comes out as it was."""
    for batch in batches:
        for utterance in from_batch(batch):
            yield ("\n".join(_lines(utterance)) + "\n\n").encode()


def _lines(utterance: Utterance) -> Iterator[str]:
    meta = dict(utterance.meta)
    yield from _comment_lines(utterance, meta)
    others = list(meta.get("rows") or ())
    from_conllu = "comments" in meta
    layers = utterance.layers
    for i, word in enumerate(utterance.words):
        while others and others[0][0] <= i:
            yield others.pop(0)[1]
        row = {name: layers[name][i] if name in layers else None for name in ("form", "lang", "lang_raw", *PLAIN)}
        row["form"] = row["form"] or _cell(word)
        row["misc"] = _misc(row, utterance, i, spaced=not from_conllu)
        cells = [str(i + 1), *(row[name] or "_" for name in COLUMNS[1:])]
        yield "\t".join(cells)
    for _, line in others:
        yield line


def _cell(word: str) -> str:
    return " ".join(word.split()) or "_"


def _comment_lines(utterance: Utterance, meta: Mapping[str, Any]) -> Iterator[str]:
    values = {**meta, "sent_id": utterance.id, "text": meta.get("text", utterance.text)}
    if "comments" in meta:
        for key in meta["comments"]:
            yield key if key.startswith("#") else f"# {key} = {values.get(key, '')}"
        return
    yield f"# sent_id = {utterance.id}"
    yield f"# text = {' '.join(utterance.text.split())}"
    for key, value in {**meta, **utterance.labels}.items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if key not in ("sent_id", "text"):
            yield f"# {key} = {' '.join(shown.split())}"


def _misc(row: Mapping[str, str | None], utterance: Utterance, i: int, *, spaced: bool) -> str | None:
    misc, lang = row["misc"], row["lang"]
    found = _language(misc)
    if lang is not None:
        raw = found[1] if found else None
        if read_back(lang, raw, row["form"] or "", _scheme(found[0]) if found else None) != raw:
            misc = _relabelled(misc, found, lang)
    if spaced:
        told = [misc] if misc else []
        told += [f"{name.capitalize()}={_escaped(label)}" for name, label in _further(utterance, i)]
        misc = "|".join(told) or None
    if spaced and NO_SPACE not in (misc or ""):
        after = utterance.tokens[i + 1][0] if i + 1 < len(utterance.tokens) else None
        if after == utterance.tokens[i][1]:
            misc = f"{misc}|{NO_SPACE}" if misc else NO_SPACE
    return misc


def _further(utterance: Utterance, i: int) -> Iterator[tuple[str, str]]:
    """The word's labels in layers that have no column of their own, such as the `source` of made text."""
    for name, labels in utterance.layers.items():
        label = labels[i]
        if label is not None and name not in LAYERS:
            yield name, label


def _escaped(label: str) -> str:
    """A label without what parts fields: white space and bars as percent codes."""
    return "".join(f"%{ord(c):02X}" if c in "%|" or c.isspace() else c for c in label)


def _relabelled(misc: str | None, found: tuple[str, str] | None, lang: str) -> str:
    if misc is None or (found and not found[0]):
        return f"Lang={lang}" if misc is None else lang
    if found is None:
        return f"{misc}|Lang={lang}"
    fields = [field.partition("=") for field in misc.split("|")]
    return "|".join(f"{key}={lang}" if key.lower() in KEYS else f"{key}{mark}{value}" for key, mark, value in fields)
