"""S014: Maltese as mixed text: the origin of each word decides whether it is transliterated, translated or left.

What works here: a tagger of etymology classes, Maltese in Arabic letters, and a policy for each class (X_ara/P: words
of Arabic origin in Arabic letters, the rest untouched). Checked in folds over the four fifths of the paper's annotation
that its data set holds; at smoke scale on made-up word sequences. The paper's downstream tasks need fine-tuning.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S014",
    slug="maltese",
    title="Cross-Lingual Transfer from Related Languages: Treating Low-Resource Maltese as Multilingual Code-Switching",
    kind="method",
    url="https://aclanthology.org/2024.eacl-long.61",
    uses=(
        "identify.etymology.fit",
        "identify.etymology.process",
        "identify.etymology.X_ARA_P",
        "identify.transliterate_mt.candidates",
    ),
    claims=(
        Claim(
            "beats-lookup",
            "the tagger is more accurate on unseen sentences than the usual class of each word in the training part, "
            "the commonest class for new words (difference of accuracy)",
            "direction",
            at_least=0.02,
        ),
        Claim(
            "accuracy", "accuracy of the tagger on unseen sentences, held to a bar of ours", "direction", at_least=0.95
        ),
        Claim(
            "untouched",
            "X_ara/P: share of tokens not tagged Arabic that come out byte for byte",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "script",
            "X_ara/P: share of tokens that hold Arabic letters exactly when they are tagged Arabic",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "downstream",
            "X_ara/P beats raw Maltese and the unselective pipelines on tagging, parsing, names and sentiment",
            "needs",
            where="abstract",
            needs="a GPU and the task data of https://github.com/MLRS/malti; the text for it: macaronic.identify."
            "etymology.process; fine-tuning is not part of macaronic yet",
        ),
    ),
    data=("codemix-maltese-etymology",),
    cost={
        "smoke": "seconds",
        "small": "10 seconds (5 folds), codemix-maltese-etymology",
        "full": "20 seconds (10 folds)",
    },
    tasks=("etymology", "transliteration"),
    languages=("mt", "ar", "it", "en"),
)

WORDS = {
    "Arabic": "dar kelb ktieb xemx qamar raġel mara tifel tifla kbir żgħir ġdid kiel xorob mar ġie lejl jum id ras "
    "ħobż baħar triq belt ilma ħaġa sena xahar bieb qalb omm missier sabiħ twil qasir kiteb qara raqad libes ħareġ",
    "Non-Arabic": "skola karozza televixin forza probabbli importanti problema gvern università trasport kultura "
    "sistema politika avukat karta gazzetta kamra librerija stazzjon nazzjon pożizzjoni sitwazzjoni direttur familja "
    "persuna industrija ekonomija turiżmu servizz prezz differenti possibbli ġenerali soċjali minuta lista vjaġġ",
    "Name": "Marija Pawlu Malta Valletta Karmnu Ġanni Anna Għawdex",
    "Code-Switching": "weekend online software email party manager meeting website",
    "Symbol": ". , ; ! ? 2 10 2024",
}


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Tag the origin of words in sentences that the tagger has not seen, then apply the policy to the given classes.

    Args:
        scale: `smoke` makes sentences up, `small` takes five folds of the annotation, `full` ten.
        rng: made-up sentences, folds, bootstrap intervals.
    """
    from macaronic.core.bootstrap import ratio_interval
    from macaronic.core.errors import MissingData
    from macaronic.curate.datasets import data_sha256, locate
    from macaronic.identify import etymology
    from macaronic.text.scripts import script_shares

    sha, translations, folds = "", {}, 3
    if scale == "smoke":
        sentences, classes = made_up(40, rng)
    else:
        try:
            place, sha = locate("codemix-maltese-etymology"), data_sha256("codemix-maltese-etymology")
        except MissingData as error:
            return unanswered(PAPER, error)
        sentences, classes = etymology.read_annotations(place / "annotations.first80pct.tsv")
        translations = {to: etymology.read_translations(place / f"mt-{to}.subset.tsv") for to in ("ar", "en", "it")}
        folds = 5 if scale == "small" else 10

    fold = rng.permutation(len(sentences)) % folds
    counts = np.zeros((len(sentences), 3))
    for held in range(folds):
        learn, judge = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        seen = [classes[i] for i in learn]
        tagger = etymology.fit([sentences[i] for i in learn], seen, translations=translations)
        tagged = tagger.tag([sentences[i] for i in judge])
        usual: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for i in learn:
            for word, label in zip(sentences[i], classes[i], strict=True):
                usual[word.lower()][label] += 1
        commonest = Counter(label for labels in seen for label in labels).most_common(1)[0][0]
        known = {word: labels.most_common(1)[0][0] for word, labels in usual.items()}
        for i, answer in zip(judge, tagged, strict=True):
            hits = sum(got == gold for got, gold in zip(answer.labels, classes[i], strict=True))
            looked_up = [known.get(word.lower(), commonest) for word in sentences[i]]
            found = sum(got == gold for got, gold in zip(looked_up, classes[i], strict=True))
            counts[i] = hits, found, len(sentences[i])

    total = counts.sum(axis=0)
    gain = ratio_interval(counts, lambda sums: (sums[:, 0] - sums[:, 1]) / sums[:, 2], rng=rng)
    right = ratio_interval(counts, lambda sums: sums[:, 0] / sums[:, 2], rng=rng)

    pairs = [
        (before, label, after)
        for words, labels in zip(sentences, classes, strict=True)
        for before, label, after in zip(words, labels, etymology.process(words, labels, etymology.X_ARA_P), strict=True)
    ]
    passed = [before.encode() == after.encode() for before, label, after in pairs if label != "Arabic"]
    exact = [("Arab" in script_shares(after)) == (label == "Arabic") for _, label, after in pairs]
    n, note = int(total[2]), "made-up sentences" if scale == "smoke" else f"{folds} folds over sentences"
    return [
        measured("beats-lookup", (total[0] - total[1]) / total[2], gain, n=n, data_sha256=sha, note=note),
        measured("accuracy", total[0] / total[2], right, n=n, data_sha256=sha, note=note),
        measured("untouched", np.mean(passed), n=len(passed), data_sha256=sha),
        measured("script", np.mean(exact), n=len(exact), data_sha256=sha),
    ]


def made_up(count: int, rng: np.random.Generator) -> tuple[list[list[str]], list[list[str]]]:
    """Word sequences without meaning, each word with its class."""
    chance = [0.5, 0.25, 0.08, 0.07, 0.1]
    drawn = [[str(c) for c in rng.choice(list(WORDS), size=9, p=chance)] for _ in range(count)]
    return [[str(rng.choice(WORDS[label].split())) for label in labels] for labels in drawn], drawn
