"""What is labelled in a project: layers of words, spans and sentences with their labels, by preset or from a file."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from macaronic.annotate import definitions
from macaronic.core import languages
from macaronic.core.errors import FormatError, InputError, UnknownName, UsageError

Level = Literal["token", "span", "sentence"]
LANGUAGE = "lang"
MATRIX = "matrix"
"""The layer of the matrix language; it is kept as the sentence label `lang`."""

COMMENT = "comment"
UPOS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ",
    "SYM", "VERB", "X",
)  # fmt: skip


class Layer(BaseModel):
    """One thing to label.

    Args:
        name: of the layer.
        level: whether words, stretches of text or whole sentences get a label.
        labels: those that may be given; anything where there are none (a normal form, a translation).
        about: label -> a definition and an example, for the people who label; under "" that of a layer of free text.

    >>> Layer(name="sentiment", level="sentence", labels=("good", "bad")).allows("good")
    True
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")
    level: Level = "token"
    labels: tuple[str, ...] = ()
    about: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if len(set(self.labels)) != len(self.labels) or not all(self.labels):
            raise ValueError("labels must not be empty or occur twice")
        return self

    def allows(self, label: str | None) -> bool:
        """Whether a label may be given; None takes one away."""
        return label is None or not self.labels or label in self.labels

    @property
    def key(self) -> str:
        """The name under which an utterance holds the layer."""
        return LANGUAGE if self.name == MATRIX and self.level == "sentence" else self.name


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    layer: list[Layer] = Field(min_length=1)


def language_labels(tags: Sequence[str]) -> tuple[str, ...]:
    """The word labels of a project in these languages: each, its romanised form, and the labels that are no language.

    >>> language_labels(["en", "hi"])
    ('en', 'hi', 'hi-Latn', 'ne', 'other', 'ambiguous', 'mixed', 'unk')
    """
    found: list[str] = []
    for tag in map(languages.parse, tags):
        latin = languages.in_latin(tag)
        found += [tag] if languages.script(tag) == "Latn" else [tag, latin]
    return tuple(dict.fromkeys([*found, *languages.SPECIAL]))


def presets(tags: Sequence[str]) -> dict[str, tuple[Layer, ...]]:
    """The layers that have a name, for a project in these languages.

    >>> sorted(presets(["en"]))
    ['languages', 'ner', 'norm', 'pos', 'sentiment', 'translation']
    """
    words = language_labels(tags)
    spoken = tuple(label for label in words if languages.is_language(label))
    entities, moods = ("PER", "ORG", "LOC", "MISC"), ("positive", "neutral", "negative", "mixed")
    return {
        "languages": (
            Layer(name=LANGUAGE, labels=words, about=definitions.word_languages(words)),
            Layer(name=MATRIX, level="sentence", labels=spoken, about=definitions.matrix(spoken)),
        ),
        "pos": (Layer(name="pos", labels=UPOS, about=definitions.of("pos")),),
        "ner": (Layer(name="ner", level="span", labels=entities, about=definitions.of("ner")),),
        "norm": (Layer(name="norm", about=definitions.free("norm")),),
        "translation": (Layer(name="translation", level="sentence", about=definitions.free("translation")),),
        "sentiment": (Layer(name="sentiment", level="sentence", labels=moods, about=definitions.of("sentiment")),),
    }


def layers_of(asked: str, tags: Sequence[str]) -> tuple[Layer, ...]:
    """The layers that a person asks for, and the one for comments.

    Args:
        asked: names of presets with commas between them, or a TOML file with a `[[layer]]` for each.
        tags: the languages of the project.

    Raises:
        UnknownName: no such preset.
        UsageError: the same layer twice.
        FormatError: the file is not as it should be.

    >>> [layer.name for layer in layers_of("languages,pos", ["en", "hi"])]
    ['lang', 'matrix', 'pos', 'comment']
    """
    if asked.endswith(".toml"):
        found = list(_from_file(asked))
    else:
        known = presets(tags)
        names = [name for name in asked.replace(" ", "").split(",") if name]
        unknown = next((name for name in names if name not in known), None)
        if unknown or not names:
            raise UnknownName("label set", unknown or asked, [*known, "FILE.toml"])
        found = [layer for name in dict.fromkeys(names) for layer in known[name]]
    if not any(layer.name == COMMENT for layer in found):
        found.append(Layer(name=COMMENT, level="sentence", about=definitions.free(COMMENT)))
    twice = {
        layer.key for layer in found if [(one.level, one.key) for one in found].count((layer.level, layer.key)) > 1
    }
    if twice or len({layer.name for layer in found}) < len(found):
        raise UsageError(f"the layer {sorted(twice or {layer.name for layer in found})[0]!r} is there twice.")
    return tuple(found)


def _from_file(path: str) -> list[Layer]:
    try:
        data = tomllib.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"not TOML: {error}", path) from error
    try:
        return _File.model_validate(data).layer
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise FormatError(
            f"{place}: {first['msg']}\nA layer has a name, level (token, span, sentence), labels.", path
        ) from error
