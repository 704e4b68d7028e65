"""S024: HingCorpus and HingBERT, the language-identification part.

What works here: a word tagger for romanised Hindi-English that needs no training, and the loop that collects mixed
posts from a stream with it. Checked on 3,000 sentences of HingLID's validation part; at smoke scale on bundled ones.
Continued pre-training (HingBERT, HingRoBERTa, HingGPT) and the authors' own identifier need weights from the hub.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S024",
    slug="hingbert",
    title="L3Cube-HingCorpus and HingBERT: A Code Mixed Hindi-English Dataset and BERT Language Models",
    kind="model",
    url="https://arxiv.org/abs/2204.08398",
    uses=("identify.tagger.load", "identify.collect.collect", "measure.cmi.cmi", "text.formats.read"),
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
            "with the pair given, the tagger labels more Hindi and English words rightly than the commoner language "
            "for all would (difference of accuracy)",
            "direction",
            at_least=0.1,
        ),
        Claim(
            "hingbert-lid",
            "the paper's trained identifier on HingLID's own test part",
            "needs",
            where="the paper's table for HingBERT-LID",
            needs="the hub model and https://github.com/l3cube-pune/code-mixed-nlp/blob/main/L3Cube-HingLID/test.txt: "
            "pip install 'macaronic[backends]', then "
            "macaronic identify test.txt --format conll --model hub:l3cube-pune/hing-bert-lid --json",
        ),
        Claim(
            "pre-training",
            "models continued on mixed text beat their bases at sentiment, tagging, names and identification",
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
PAIR, CMI = ("hi-Latn", "en"), 10.0


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Tag words with the pair given; then, with no language given, collect from a stream of these and other sentences.

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
    from macaronic.measure.cmi import cmi
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

    identify = tagger.load()
    told = identify.tag([list(u.words) for u in rows], PAIR)
    counts = np.zeros((len(rows), 4))
    for i, (u, answer) in enumerate(zip(rows, told, strict=True)):
        pairs = [(gold, got) for gold, got in zip(u.langs, answer.labels, strict=True) if gold in PAIR]
        golds = [gold for gold, _ in pairs]
        counts[i] = len(pairs), sum(gold == got for gold, got in pairs), golds.count(PAIR[0]), golds.count(PAIR[1])
    words, right, hindi, english = counts.sum(axis=0)
    own, most = (2, hindi) if hindi >= english else (3, english)
    gain = ratio_interval(counts, lambda sums: (sums[:, 1] - sums[:, own]) / sums[:, 0], rng=rng)

    alone = [(text, False) for row in parallel() for tag, text in row.items() if tag != "id"]
    texts = [*alone, *((u.text, len({g for g in u.langs if g in PAIR}) == 2) for u in rows)]
    stream = dict(texts[i] for i in rng.permutation(len(texts)))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "mixed.jsonl"
        corpus = Corpus.from_utterances([Utterance(text) for text in stream])
        collect(corpus, identify, out=out, wanted=Wanted(PAIR, cmi=CMI))
        kept = list(formats.read(out, format="jsonl"))
    holds = [set(PAIR) <= set(u.langs) and cmi(u.langs) >= CMI for u in kept]
    chosen = {u.text for u in kept}
    marks = [[text in chosen, text in chosen and mixed, mixed, True] for text, mixed in stream.items()]
    table = np.array(marks, dtype=float)
    found, true, mixed, read = table.sum(axis=0)
    richer = ratio_interval(table, lambda sums: sums[:, 1] / sums[:, 0] - sums[:, 2] / sums[:, 3], rng=rng)

    loop = f"kept {int(found)} of {int(read)} sentences, {len(alone)} of them bundled ones in one language"
    share = f"accuracy {right / words:.4f}, the commoner language {most / words:.4f}"
    return [
        measured("keeps-mixed", np.mean(holds) if holds else 0.0, n=len(holds), data_sha256=sha, note=loop),
        measured("enriches", true / max(found, 1) - mixed / read, richer, n=int(read), data_sha256=sha, note=loop),
        measured("beats-majority", (right - most) / words, gain, n=int(words), data_sha256=sha, note=share),
    ]
