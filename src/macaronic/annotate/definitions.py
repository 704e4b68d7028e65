"""What each label of the presets means, with an example out of mixed text: shown to people while they label."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from macaronic.core import languages

FREE = ""
"""The key under which the definition of a layer of free text stands."""


def word_languages(labels: Sequence[str]) -> dict[str, str]:
    """Definitions of the labels of a word's language.

    Args:
        labels: language tags and the labels that are no language.

    >>> word_languages(["hi-Latn"])["hi-Latn"]
    'A word of Hindi (Latin). Example: «kal» in “kal ki meeting cancel ho gayi”.'
    """
    held = _held()
    return {
        label: held["word"].get(label) or _with_example(f"A word of {_named(label)}", held["language"].get(label))
        for label in labels
    }


def matrix(labels: Sequence[str]) -> dict[str, str]:
    """Definitions of the labels of a sentence's matrix language.

    >>> matrix(["es"])["es"].startswith("Spanish gives the sentence its grammar")
    True
    """
    told = _held()["matrix"]
    what = told["about"].removeprefix("The language that ")
    return {label: _with_example(f"{_named(label)} {what}", told["language"].get(label)) for label in labels}


def of(preset: str) -> dict[str, str]:
    """Definitions of the labels of `pos`, `ner` or `sentiment`.

    >>> of("ner")["LOC"].partition(":")[0]
    'The name of a place'
    """
    return dict(_held()[preset])


def free(layer: str) -> dict[str, str]:
    """What belongs into a layer of free text, under the empty label.

    >>> free("norm")[FREE].partition(",")[0]
    'The word as a dictionary of its language writes it'
    """
    return {FREE: _held()["free"][layer]}


def _named(tag: str) -> str:
    return languages.name(tag) if languages.is_language(tag) else tag


def _with_example(text: str, example: str | None) -> str:
    return f"{text}. Example: {example}." if example else f"{text}."


@lru_cache(maxsize=1)
def _held() -> dict[str, Any]:
    return tomllib.loads(resources.files("macaronic.annotate").joinpath("definitions.toml").read_text("utf-8"))
