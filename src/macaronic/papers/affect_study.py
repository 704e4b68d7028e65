"""What the cards of S007, S009 and S021 share: made sentences in three languages, half of them with a telling word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from macaronic.papers.paper import Check, Claim, Scale, measured

FILLERS = (
    ("aaj", "kal", "film", "mein", "kya", "tha", "yaar"),
    ("the", "movie", "was", "on", "today", "and", "then", "we", "left"),
    ("aaj", "ami", "bari", "jabo", "tar", "por", "dekhbo"),
)
SENTIMENT = {
    "positive": ("achha", "great", "bhalo", "love", "mast"),
    "negative": ("bakwas", "worst", "kharap", "hate", "bekar"),
    "neutral": ("theek", "okay", "sadharon", "usual", "normal"),
}
OFFENCE = {
    "offensive": ("bewakoof", "idiot", "boka", "stupid", "gadha"),
    "not offensive": ("dost", "friend", "bondhu", "thanks", "shukriya"),
}
USES = (
    "evaluate.protocol.train_on_made",
    "evaluate.protocol.cross_validated",
    "evaluate.benchmarks.mixed_affect.score",
)
CLAIMS = (
    Claim(
        "made-to-human",
        "weighted F1 of a classifier taught on sentences made of parts, judged on sentences of other parts, minus that "
        "of the most frequent label",
        "direction",
        at_least=0.1,
    ),
    Claim("warning", "cross-validating a set for testing gives a warning", "mechanism", at_least=1.0),
)


def study(scale: Scale, rng: np.random.Generator, labels: Mapping[str, Sequence[str]]) -> list[Check]:
    """Teach on made sentences, judge on others, and cross-validate what is for testing."""
    from macaronic.evaluate.protocol import TEST_ONLY, cross_validated, train_on_made

    count = {"smoke": 120, "small": 600, "full": 2000}[scale]
    made, human = sentences(count, rng, labels, first=True), sentences(count // 2, rng, labels, first=False)
    values = {(r.level, r.name): float(r.value or 0) for r in train_on_made(made, human, samples=0).results}
    gain = values["all", "weighted_f1"] - values["majority/all", "weighted_f1"]
    warned = cross_validated(human, samples=0).notes == (TEST_ONLY,)
    return [measured("made-to-human", gain, n=len(human)), measured("warning", float(warned), n=len(human))]


def sentences(
    count: int, rng: np.random.Generator, labels: Mapping[str, Sequence[str]], *, first: bool
) -> list[tuple[str, str]]:
    """(text, label): words of two languages, and in three of five a word that tells the label.

    The first and the other sentences share half of the telling words.
    """
    out = []
    for _ in range(count):
        label = str(rng.choice(list(labels)))
        words = [str(w) for filler in rng.permutation(len(FILLERS))[:2] for w in rng.choice(FILLERS[int(filler)], 3)]
        telling = labels[label][:4] if first else labels[label][2:]
        if rng.random() < 0.6:
            words.insert(int(rng.integers(len(words))), str(rng.choice(telling)))
        out.append((" ".join(words), label))
    return out
