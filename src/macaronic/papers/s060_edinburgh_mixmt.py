"""S060: Edinburgh's MixMT systems: decoding with the sub-words of the English and the transliterated Hindi source.

What works here: the allowed vocabulary for any `generate` and for models of our own, whole words besides, and the
task's scores. Checked with a bigram model over sub-words that never sees the source, so the vocabulary is all that it
knows of it: that is not the paper's translator, whose baseline won against the constraint. At smoke scale the
sentences and the mixed text are bundled ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S060",
    slug="edinburgh-mixmt",
    title="The University of Edinburgh's Submission to the WMT22 Code-Mixing Shared Task (MixMT)",
    kind="system",
    url="https://arxiv.org/abs/2210.11309",
    uses=(
        "synth.constrained.vocabulary.allowed_ids",
        "synth.constrained.processor.Constrained",
        "synth.constrained.decoding.decode",
        "synth.constrained.trie.whole_words",
        "synth.mixmt.score",
    ),
    claims=(
        Claim("allowed", "share of tokens, greedy and by beam, in the allowed set", "mechanism", at_least=1.0),
        Claim("whole-words", "whole words only: share of words that stand in a source", "mechanism", at_least=1.0),
        Claim("reuses", "share of source words in the output: constrained less free", "direction", at_least=0.1),
        Claim("closer", "ROUGE-L of a model that sees no source: constrained less free", "direction", at_least=0.02),
        Claim(
            "baseline",
            "a translator trained on back-translated data does better without the constraint than with it",
            "needs",
            where="abstract",
            needs="a GPU, the WMT 2022 MixMT data and a translator trained on them (not part of macaronic yet); then "
            "model.generate(..., logits_processor=[macaronic.synth.constrained.Constrained(rules)]) against plain "
            "generate, by macaronic.synth.mixmt.score",
        ),
    ),
    data=("codemix-hinmix-sample",),
    cost={"smoke": "seconds", "small": "10 seconds, codemix-hinmix-sample", "full": "the same as small"},
    tasks=("translation", "generation"),
    languages=("hi", "hi-Latn", "en"),
)
Rows = list[tuple[str, str, str]]


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Decode with and without the constraint, and compare what comes out.

    Args:
        scale: `smoke` takes bundled sentences, the others take the mixed ones of `codemix-hinmix-sample`.
        rng: bootstrap intervals.
    """
    from macaronic.core.bootstrap import interval
    from macaronic.core.errors import MissingData
    from macaronic.core.parallel import Parallel
    from macaronic.core.utterance import Utterance
    from macaronic.synth.constrained import Vocabulary, allowed_ids, decode, sources, whole_words
    from macaronic.synth.mixmt import score
    from macaronic.text.words import words

    def likeness(said: list[str], reference: str) -> float:
        return score([" ".join(said)], [reference], lowercase=True, samples=0, rng=rng)[0].value or 0.0

    try:
        (rows, mixed), sha = (bundled_rows(), "") if scale == "smoke" else sample()
    except MissingData as error:
        return unanswered(PAPER, error)
    tokenizer = learnt([*mixed, *(row[0] for row in rows)])
    step = bigrams(tokenizer, mixed)
    everything = Vocabulary.of(range(tokenizer.get_vocab_size()), eos=0)
    inside, wholes = [], []  # type: list[bool], list[bool]
    reuses, closer = [], []
    for number, (english, hindi, reference) in enumerate(rows):
        given = sources(Parallel(str(number), {"en": Utterance(english), "hi": Utterance(hindi)}))
        known = {word for text in given for word in words(text)}
        allowed, most = allowed_ids(tokenizer, given, eos=0), len(tokenizer.encode(given[1]).ids)
        settings: dict[str, Any] = {"prompt": [0], "max_tokens": most, "min_tokens": most // 2}
        rules = (allowed, everything, whole_words(tokenizer, given, eos=0))
        bound, free, exact = (list(decode(step, rule, beams=4, **settings).ids) for rule in rules)
        inside += np.isin([*bound, *decode(step, allowed, **settings).ids], allowed.ids).tolist()
        said, plain, only = (
            [w for w in words(tokenizer.decode(ids)) if w[0].isalnum()] for ids in (bound, free, exact)
        )
        wholes += [word in known for word in only]
        reuses.append(float(np.mean([w in known for w in said] or 0) - np.mean([w in known for w in plain] or 0)))
        closer.append(likeness(said, reference) - likeness(plain, reference))
    return [
        measured("allowed", np.mean(inside), n=len(inside), data_sha256=sha),
        measured("whole-words", np.mean(wholes), n=len(wholes), data_sha256=sha),
        measured("reuses", np.mean(reuses), interval(np.array(reuses), rng=rng), n=len(rows), data_sha256=sha),
        measured("closer", np.mean(closer), interval(np.array(closer), rng=rng), n=len(rows), data_sha256=sha),
    ]


def bundled_rows() -> tuple[Rows, list[str]]:
    """English, Hindi and romanised Hindi sentences; mixed and other ones, English and Hindi, for the model."""
    from macaronic import bundled

    parallel = bundled.parallel()
    others = [row[tag] for i, row in enumerate(parallel) if i % 3 for tag in ("en", "hi-Latn")]
    rows = [(row["en"], row["hi"], row["hi-Latn"]) for row in parallel[::3]]
    return rows, [sentence.text for sentence in bundled.mixed("hi-Latn/en")] + others


def sample() -> tuple[tuple[Rows, list[str]], str]:
    """English, Hindi and mixed sentences of one part, mixed ones of the other; and a fingerprint."""
    import json

    from macaronic.curate.datasets import data_sha256, locate

    text = (locate("codemix-hinmix-sample") / "hinmix.train-valid.jsonl").read_text("utf-8")
    read = [json.loads(line) for line in text.splitlines()]
    rows = [(row["en"], row["hi"], row["hicmrom"]) for row in read if row["split"] == "valid"]
    return (rows, [row["hicmrom"] for row in read if row["split"] == "train"]), data_sha256("codemix-hinmix-sample")


def learnt(texts: Sequence[str]) -> Any:
    """A tokenizer of byte-level pieces."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=700, special_tokens=["</s>"], initial_alphabet=letters, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def bigrams(tokenizer: Any, texts: Sequence[str]) -> Callable[[Sequence[int]], NDArray[np.float64]]:
    """A language model: how often a piece follows another, less for each time that it was said before."""
    size = tokenizer.get_vocab_size()
    counts = np.zeros((size, size))
    for cut in tokenizer.encode_batch(list(texts)):
        np.add.at(counts, ([0, *cut.ids], [*cut.ids, 0]), 1.0)
    alone = (counts.sum(axis=0) + 0.1) / (counts.sum() + 0.1 * size)
    logs = np.log((counts + 2.0 * alone) / (counts.sum(axis=1, keepdims=True) + 2.0))
    return lambda ids: np.asarray(logs[ids[-1]] - 2.0 * np.bincount(ids[1:], minlength=size))
