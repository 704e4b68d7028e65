"""S019: HINMIX and RCMT: five views of a Hindi-English pair, with typing errors, for translation that stands noise.

What works here: the views, line by line, and the noise: its kinds are measured on the paper's own noisy lines, the
spellings on its romanised ones; at smoke scale on views of bundled sentences. The joint training needs a GPU.
"""

from __future__ import annotations

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S019",
    slug="hinmix-rcmt",
    title="Synthetic Data Generation and Joint Learning for Robust Code-Mixed Translation",
    kind="method",
    url="https://aclanthology.org/2024.lrec-main.1345",
    uses=("synth.views.views", "synth.views.write_lines", "text.noise.noisy", "text.romanise.variants"),
    claims=(
        Claim(
            "line-parallel",
            "share of sentences whose mixed, romanised and noisy views are one line each with words one to one, the "
            "noisy words all changed in one way",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "one-kind",
            "share of the noisy lines whose changed words are all changed in one way: order, a letter, less or more",
            "mechanism",
            at_least=1.0,
        ),
        Claim(
            "explained",
            "share of the changed words that one of our kinds of noise explains (the keys beside with digits and "
            "punctuation), held to a bar of ours",
            "direction",
            at_least=0.9,
        ),
        Claim(
            "spellings",
            "share of the romanised words that are among our variants of the Hindi word, held to a bar of ours",
            "direction",
            at_least=0.85,
        ),
        Claim(
            "joint-training",
            "one model trained on all directions between clean, noisy and English text translates noisy input better "
            "than models of one direction, and clean input no worse",
            "needs",
            where="abstract",
            needs="a GPU and https://huggingface.co/datasets/kartikagg98/HINMIX_hi-en (4.2 million pairs); translation "
            "models are not part of macaronic yet",
        ),
    ),
    data=("codemix-hinmix-sample",),
    cost={"smoke": "seconds", "small": "seconds, codemix-hinmix-sample", "full": "the same as small"},
    tasks=("translation", "transliteration", "robustness"),
    languages=("hi", "hi-Latn", "en"),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Make the views of mixed sentences, then look at the paper's own noise and spellings.

    Args:
        scale: `smoke` mixes bundled pairs and looks at our own noise; the others take the paper's lines.
        rng: errors, bootstrap intervals.
    """
    import json

    from macaronic.core.bootstrap import ratio_interval
    from macaronic.core.errors import MissingData
    from macaronic.core.parallel import Parallel
    from macaronic.core.utterance import Utterance
    from macaronic.curate.datasets import data_sha256, locate
    from macaronic.synth.mixed import Mixed, word_label
    from macaronic.synth.views import views
    from macaronic.text.noise import HINMIX, kind_of
    from macaronic.text.romanise import variants
    from macaronic.text.scripts import script_of

    sha = ""
    if scale == "smoke":
        rows = made_up()
    else:
        try:
            place, sha = locate("codemix-hinmix-sample"), data_sha256("codemix-hinmix-sample")
        except MissingData as error:
            return unanswered(PAPER, error)
        rows = [json.loads(line) for line in (place / "hinmix.train-valid.jsonl").read_text("utf-8").splitlines()]

    parallel = []
    for i, row in enumerate(rows):
        words = tuple(row["hicm"].split())
        langs = tuple(word_label(w, "hi" if script_of(w) == "Deva" else "en") for w in words)
        sides = tuple("hi" if lang == "hi" else "en" for lang in langs)
        mixed = Mixed(words, langs, sides, tuple(range(len(words))), str(i), "given", row["hicm"])
        both = Parallel(str(i), {"hi": Utterance(row["hi"]), "en": Utterance(row["en"])})
        made = views(both, mixed, rng=rng, main="hi", kinds=HINMIX)
        rom, typed = made.texts["hicmrom"], made.texts["noisyhicmrom"]
        ways = {way(a, b) for a, b in zip(rom.words, typed.words) if a != b}
        same = len(words) == len(rom.words) == len(typed.words) == len(made.texts["hicm"].words)
        parallel.append(same and len(ways) <= 1 and all("\n" not in u.text for u in made.texts.values()))
        if scale == "smoke":
            row |= {name: u.text for name, u in made.texts.items()}

    one, told = [], []
    spelled: dict[str, tuple[int, int]] = {}
    for row in {row["noisyhicmrom"]: row for row in rows}.values():
        clean, typed_words = row["hicmrom"].split(), row["noisyhicmrom"].split()
        native, latin = row["hi"].split(), row["hirom"].split()
        if len(native) == len(latin):
            pairs = [(a, b) for a, b in zip(native, latin) if script_of(a) == "Deva" and b.isascii() and b.isalpha()]
            spelled[row["hirom"]] = sum(b in dict(variants(a, "hi")) for a, b in pairs), len(pairs)
        changed = [(a, b) for a, b in zip(clean, typed_words) if a != b]
        if changed and len(clean) == len(typed_words):
            one.append(len({way(a, b) for a, b in changed}) == 1)
            told.append((sum(kind_of(a, b, keys="all") != "other" for a, b in changed), len(changed)))

    results = []
    for name, pairs_of in (("explained", told), ("spellings", list(spelled.values()))):
        table = np.array(pairs_of, dtype=float)
        right, n = table.sum(axis=0)
        inside = ratio_interval(table, lambda sums: sums[:, 0] / sums[:, 1], rng=rng)
        results.append(measured(name, right / n, inside, n=int(n), data_sha256=sha))
    return [
        measured("line-parallel", np.mean(parallel), n=len(parallel), data_sha256=sha),
        measured("one-kind", np.mean(one), n=len(one), data_sha256=sha),
        *results,
    ]


def way(clean: str, typed: str) -> str:
    """In what way two spellings differ, whatever our kinds are."""
    more = len(typed) - len(clean)
    return "more" if more > 0 else "less" if more else "order" if sorted(clean) == sorted(typed) else "letter"


def made_up() -> list[dict[str, str]]:
    """Bundled Hindi-English pairs; every third Hindi word gives way to the English word at the same place."""
    from macaronic.bundled import parallel

    rows = []
    for pair in list(parallel())[:40]:
        hindi, english = pair["hi"].replace("।", " ।").split(), pair["en"].rstrip(".?!").split()
        mixed = [english[i % len(english)] if i % 3 == 2 else word for i, word in enumerate(hindi[:-1])]
        rows.append({"hi": " ".join(hindi), "en": pair["en"], "hicm": " ".join(mixed)})
    return rows
