"""S070: adaptive translation: similar translated sentences and terms in the prompt.

What works here: fuzzy matches found without a model, prompts that hold them and the terms, the scores and the share of
terms used. Checked with a made-up language and a translator that copies from its prompt.
"""

from __future__ import annotations

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

PAPER = Paper(
    id="S070",
    slug="adaptive-mt",
    title="Adaptive Machine Translation with Large Language Models",
    kind="method",
    url="https://github.com/ymoslem/Adaptive-MT-LLM",
    uses=(
        "evaluate.example_selection.nearest",
        "evaluate.example_selection.prompt",
        "evaluate.translation.term_use",
        "evaluate.benchmarks.adaptive_mt.score",
    ),
    claims=(
        Claim(
            "fuzzy",
            "chrF++ of a translator that knows its prompt's words alone: fuzzy matches minus random examples",
            "direction",
            at_least=5.0,
        ),
        Claim(
            "more",
            "the same with five fuzzy matches minus with one",
            "direction",
            at_least=0.0,
        ),
        Claim(
            "terms",
            "share of wanted terms used when they stand in the prompt, minus without them",
            "direction",
            at_least=0.3,
        ),
        Claim(
            "models",
            "fuzzy matches lift GPT-3.5 over strong encoder-decoder systems for well-resourced languages",
            "needs",
            where="abstract",
            needs="a paid model and TICO-19: build prompts with example_selection, then "
            "macaronic eval score adaptive-mt OUTPUTS.jsonl --language es",
        ),
    ),
    cost={"smoke": "seconds", "small": "seconds", "full": "seconds"},
    tasks=("translation", "retrieval"),
    languages=("en", "ar", "es", "fr", "rw", "zh"),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Translate a made-up language with what the prompt holds."""
    count = {"smoke": 40, "small": 150, "full": 400}[scale]
    lexicon, pool, queries = world(count, rng)
    random = [[pool[int(i)] for i in rng.permutation(len(pool))[:5]] for _ in queries]
    fuzzy = matches(queries, pool, 5)
    scores = {
        "random": chrf(lexicon, queries, random),
        "five": chrf(lexicon, queries, fuzzy),
        "one": chrf(lexicon, queries, [found[:1] for found in fuzzy]),
    }
    return [
        measured("fuzzy", scores["five"] - scores["random"], n=count),
        measured("more", scores["five"] - scores["one"], n=count),
        measured("terms", terms(lexicon, queries, fuzzy, rng), n=count),
    ]


Pair = tuple[str, str]


def world(count: int, rng: np.random.Generator) -> tuple[dict[str, str], list[Pair], list[str]]:
    """A word-for-word language, translated sentences in topics, and new sentences of the same topics."""
    letters = np.array(list("aeiourstlnmkpdg"))
    words = sorted({"".join(rng.choice(letters, int(rng.integers(4, 8)))) for _ in range(400)})
    lexicon = {word: "".join(rng.choice(letters, len(word))) for word in words}
    topics = [rng.choice(words, 12) for _ in range(20)]

    def sentence() -> str:
        return " ".join(rng.choice(topics[int(rng.integers(len(topics)))], 8))

    sources = [sentence() for _ in range(300)]
    pool = [(source, " ".join(lexicon[word] for word in source.split())) for source in sources]
    return lexicon, pool, [sentence() for _ in range(count)]


def matches(queries: list[str], pool: list[Pair], k: int) -> list[list[Pair]]:
    """The most similar pairs of the pool for each query."""
    from macaronic.evaluate.example_selection import nearest

    return [[pool[match.place] for match in found] for found in nearest(queries, [source for source, _ in pool], k)]


def translated(query: str, examples: list[Pair], given: dict[str, str] | None = None) -> str:
    """A translator that knows the words of its examples and terms, and copies the others."""
    known = {a: b for source, target in examples for a, b in zip(source.split(), target.split())} | (given or {})
    return " ".join(known.get(word, word) for word in query.split())


def chrf(lexicon: dict[str, str], queries: list[str], examples: list[list[Pair]]) -> float:
    """chrF++ of the translations."""
    from macaronic.evaluate.translation import corpus_score

    references = [" ".join(lexicon[word] for word in query.split()) for query in queries]
    return corpus_score("chrf", [translated(q, e) for q, e in zip(queries, examples)], references).value


def terms(lexicon: dict[str, str], queries: list[str], examples: list[list[Pair]], rng: np.random.Generator) -> float:
    """Use of one wanted term a sentence, with it in the prompt minus without; examples lack the term's word."""
    from macaronic.evaluate.translation import term_use

    gains = []
    for query, found in zip(queries, examples):
        word = str(rng.choice(query.split()))
        bare = [without_word(a, b, word) for a, b in found]
        wanted = [lexicon[word]]
        with_term, without = translated(query, bare, {word: lexicon[word]}), translated(query, bare)
        gains.append((term_use(with_term, wanted) or 0.0) - (term_use(without, wanted) or 0.0))
    return float(np.mean(gains))


def without_word(source: str, target: str, word: str) -> Pair:
    """A word-for-word pair without one of its words."""
    kept = [(a, b) for a, b in zip(source.split(), target.split()) if a != word]
    return " ".join(a for a, _ in kept), " ".join(b for _, b in kept)
