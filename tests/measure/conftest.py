import os
from pathlib import Path

import pytest

from macaronic.core.corpus import Corpus
from macaronic.core.utterance import Utterance

LANGUAGE_INDEPENDENT = {"univ": "other", "acro": "other"}


@pytest.fixture
def corpus_of():
    """Makes a corpus out of sequences of word labels, with tags if given."""

    def make(sentences, pos=None):
        layers = [{"lang": tuple(labels)} for labels in sentences]
        for layer, tags in zip(layers, pos or [], strict=False):
            layer["pos"] = tuple(tags)
        words = [["w"] * len(layer["lang"]) for layer in layers]
        return Corpus.from_utterances(
            [Utterance.from_words(w, layers=layer, id=str(i)) for i, (w, layer) in enumerate(zip(words, layers))]
        )

    return make


@pytest.fixture(scope="session")
def hiencs():
    """Language and part-of-speech labels of the UD Hindi-English HIENCS training sentences, as two lists of lists."""
    root = os.environ.get("MACARONIC_DATA")
    path = Path(root or "") / "codemix-hi-en-tags" / "qhe_hiencs-ud-train.conllu"
    if not root or not path.is_file():
        pytest.skip("set MACARONIC_DATA to a folder with codemix-hi-en-tags")
    labels, tags = [], []
    for block in path.read_text("utf-8").strip().split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line[:1].isdigit()]
        labels.append([LANGUAGE_INDEPENDENT.get(row[9], row[9]) for row in rows])
        tags.append([row[3] for row in rows])
    return labels, tags
