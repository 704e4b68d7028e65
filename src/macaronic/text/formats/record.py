"""A row of named fields (a JSON object, a table's row) as an utterance, and back.

The fields of the row stay in `meta` as they came; tokens, layers and labels are read out of them. So a row is written
back unchanged, and what was worked out since is added only where the row did not already say it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from macaronic.core import languages
from macaronic.core.errors import FormatError, UnknownName
from macaronic.core.utterance import Relation, Span, Utterance
from macaronic.text.formats.labels import WordLabels, known_share

OWN = ("tokens", "layers", "spans", "relations", "labels", "_meta")
"""Fields that only macaronic writes, with shapes that tell them from others of the same name."""

LABEL_KEYS = ("label", "sentiment", "class")
LABELLED = ("lang", "language", *LABEL_KEYS)
"""Fields whose values become sentence labels."""

_WORDS = ("words", "tokens")
_LISTS = {
    "langs": "lang", "lang": "lang", "lid": "lang", "lang_tags": "lang", "language_tags": "lang", "langid": "lang",
    "pos": "pos", "upos": "pos", "pos_tags": "pos", "xpos": "xpos", "ner": "ner", "ner_tags": "ner",
    "lemma": "lemma", "lemmas": "lemma", "norm": "norm",
}  # fmt: skip
_TAGS = ("tags", "labels")
RICH = frozenset([*OWN, "words"])
"""Fields that make a row more than text with extras."""

Row = dict[str, Any]


def is_rich(row: Mapping[str, Any]) -> bool:
    """Whether a row may hold tokens, layers, spans or labels of its own.

    >>> is_rich({"text": "so chill", "likes": 3}), is_rich({"words": ["so"], "langs": ["en"]})
    (False, True)
    """
    return not RICH.isdisjoint(row)


@lru_cache(maxsize=4096)
def tag_of(value: str) -> str | None:
    """The language tag that a field's value names, or None."""
    try:
        return languages.parse(value)
    except UnknownName:
        return None


def code_tag(code: str) -> str | None:
    """The tag of a language code; trailing parts that no registry knows are dropped.

    >>> code_tag("gsw-ZH"), code_tag("por-BR"), code_tag("x")
    ('gsw', 'pt', None)
    """
    parts = code.strip().replace("_", "-").split("-")
    found = (tag_of("-".join(parts[:n])) for n in range(len(parts), 0, -1))
    return next((tag for tag in found if tag), None)


def sentence_labels(row: Mapping[str, Any], language: str | None = None) -> dict[str, str]:
    """The sentence labels that a row's plain fields give.

    >>> sentence_labels({"text": "x", "language": "hin", "label": "Positive"})
    {'lang': 'hi', 'label': 'Positive'}
    """
    found = {"lang": language} if language else {}
    for key in LABELLED:
        value = row.get(key)
        if not value or not isinstance(value, str):
            continue
        if key in LABEL_KEYS:
            found[key] = value
        elif "lang" not in found and (tag := tag_of(value)):
            found["lang"] = tag
    return found


def own_id(row: Row, automatic: str) -> str:
    """Take the row's id out of it; an id that is no string stays in the row as well."""
    value = row.get("id")
    if isinstance(value, str) and value:
        del row["id"]
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else automatic


def utterance(
    row: Row, *, automatic: str, line: int, text_key: str, language: str | None, labels: WordLabels
) -> Utterance:
    """The utterance that a row with tokens, layers or labels means (`row` is used up: it becomes the meta).

    Raises:
        FormatError: offsets, layers or words do not fit the text.
    """
    name = own_id(row, automatic)
    held = row.pop("_meta", None)
    words = words_of(row)
    text = row.pop(text_key, None)
    if not isinstance(text, str):
        text = " ".join(words or ())
    elif words is not None and text == " ".join(words):
        row[text_key] = text
    tokens = _own_tokens(row)
    if tokens is None and words is not None:
        tokens = Utterance.from_words(words, text=text).tokens
    layers = _word_layers(row, words, line, labels) | _own_layers(row, tokens or ())
    own_labels = row.get("labels")
    given = sentence_labels(row, language)
    if isinstance(own_labels, dict) and all(isinstance(v, str) for v in own_labels.values()):
        given |= row.pop("labels")
    spans = tuple(Span(**s) for s in row.pop("spans")) if _all_of(row.get("spans"), _SPAN) else ()
    arrows = tuple(Relation(**r) for r in row.pop("relations")) if _all_of(row.get("relations"), _RELATION) else ()
    row.update(held if isinstance(held, dict) else {} if held is None else {"_meta": held})
    return Utterance(text, name, tokens or (), layers, spans, arrows, given, row)


_SPAN = frozenset(Span.__dataclass_fields__)
_RELATION = frozenset(Relation.__dataclass_fields__)


def _all_of(value: Any, fields: frozenset[str]) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) and set(v) == fields for v in value)


def words_of(row: Mapping[str, Any]) -> list[str] | None:
    """The list of words that a row holds, if it does."""
    for key in _WORDS:
        value = row.get(key)
        if isinstance(value, list) and (value or key == "words") and all(isinstance(w, str) and w for w in value):
            return value
    return None


def _own_tokens(row: Row) -> tuple[tuple[int, int], ...] | None:
    value = row.get("tokens")
    if not isinstance(value, list) or not all(_is_pair(pair) for pair in value):
        return None
    del row["tokens"]
    return tuple((start, end) for start, end in value)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value)


def _own_layers(row: Row, tokens: tuple[tuple[int, int], ...]) -> dict[str, tuple[str | None, ...]]:
    value = row.get("layers")
    if not isinstance(value, dict) or not all(_is_labels(labels) for labels in value.values()):
        return {}
    for name, labels in value.items():
        if len(labels) != len(tokens):
            raise FormatError(f"layer {name!r} needs one label a token ({len(tokens)}); got {len(labels)}")
    del row["layers"]
    return {name: tuple(labels) for name, labels in value.items()}


def _is_labels(value: Any) -> bool:
    return isinstance(value, list) and all(label is None or isinstance(label, str) for label in value)


def _word_layers(row: Row, words: list[str] | None, line: int, labels: WordLabels) -> dict[str, tuple[str | None, ...]]:
    """Layers out of lists that stand beside a list of words (`words`, `langs`; `tokens`, `lid`, ...)."""
    found: dict[str, tuple[str | None, ...]] = {}
    for key, value in row.items() if words else ():
        if value is words or not _is_labels(value) or len(value) != len(words or ()):
            continue
        name = _LISTS.get(key)
        if key in _TAGS:
            name = "lang" if known_share((v for v in value if v), labels.label_map) >= 0.5 else key
        if name is None or name in found:
            continue
        if name == "lang":
            found["lang"] = tuple(labels(raw, word, line) for raw, word in zip(value, words or (), strict=True))
            found["lang_raw"] = tuple(value)
        else:
            found[name] = tuple(value)
    return found
