"""Every label of the presets is explained, and examples hold the word that they are about."""

from __future__ import annotations

import re

import pytest

from macaronic.annotate import definitions
from macaronic.annotate.layers import layers_of, presets
from macaronic.core import languages

TAGS = ["en", "hi", "ar", "es", "de", "tr", "fr", "zh", "bn", "ta"]
LAYERS = layers_of(",".join(presets(TAGS)), TAGS)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_every_label_is_explained(layer) -> None:
    assert set(layer.about) == set(layer.labels or [definitions.FREE])
    assert all(text.endswith(".") and 15 < len(text) < 220 for text in layer.about.values())
    assert len(set(layer.about.values())) == len(layer.about)


def test_the_word_of_an_example_stands_in_its_sentence() -> None:
    told = [text for layer in LAYERS for text in layer.about.values()]
    pairs = [pair for text in told for pair in re.findall(r"«([^»]+)» in “([^”]+)”", text)]
    assert len(pairs) > 30
    assert [word for word, sentence in pairs if word not in sentence] == []


def test_languages_without_an_example_are_named() -> None:
    assert definitions.word_languages(["sw", "unk"])["sw"] == f"A word of {languages.name('sw')}."
