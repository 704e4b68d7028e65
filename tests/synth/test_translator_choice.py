from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from macaronic.core.errors import UsageError
from macaronic.synth.translator_choice import choose, lead, toxicity_kept

WORDS = {"anjing": "dog", "makan": "eat", "bodoh": "stupid", "rumah": "house", "besar": "big", "kucing": "cat"}
BACK = {v: k for k, v in WORDS.items()}
TEXTS = ["anjing makan", "rumah besar", "kucing bodoh", "anjing bodoh makan", "kucing makan", "rumah bodoh"]
RNG = np.random.default_rng


def concepts(texts: Any) -> np.ndarray[Any, Any]:
    """One dimension a meaning, for both languages."""
    keys = list(WORDS)
    rows = np.zeros((len(texts), len(keys)), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in text.split():
            if BACK.get(word, word) in WORDS:
                row[keys.index(BACK.get(word, word))] += 1
    return rows


EMBEDDER: Any = SimpleNamespace(embed=concepts)


def translator(change: Callable[[str], str] = lambda text: text) -> Any:
    def translate(texts: Any, source: str, target: str) -> list[str]:
        table = WORDS if source == "ms" else BACK
        return [change(" ".join(table.get(w, w) for w in text.split())) for text in texts]

    return SimpleNamespace(translate=translate)


CANDIDATES = {
    "polite": translator(lambda text: text.replace("stupid", "").strip()),
    "planted best": translator(),
    "lazy": translator(lambda text: text.split()[0]),
    "silent": translator(lambda text: ""),
}


def rude(text: str) -> float:
    return 0.9 if "stupid" in text or "bodoh" in text else 0.1


def pick(**settings: Any) -> Any:
    asked: dict[str, Any] = {"source": "ms", "target": "en", "embedder": EMBEDDER, "rng": RNG(1), "samples": 200}
    return choose(TEXTS, CANDIDATES, **(asked | settings))


def test_the_planted_best_is_chosen() -> None:
    found = pick(toxicity=rude)
    assert [c.name for c in found] == ["planted best", "polite", "lazy", "silent"]
    best = found[0]
    assert best.score == pytest.approx(1.0)
    assert [r.name for r in best.results] == [
        "similarity_direct",
        "similarity_back",
        "similarity",
        "answered",
        "copied",
        "toxicity_gap",
        "toxicity_kept",
    ]
    assert best.result("toxicity_kept").value == 1.0
    assert found[1].result("toxicity_kept").value == 0.0
    assert found[1].result("toxicity_gap").value == pytest.approx(0.8 * 3 / 6)
    assert (found[3].score, found[3].result("answered").value) == (0.0, 0.0)
    for choice in found:
        for row in choice.results:
            assert row.low is None or row.low <= row.value <= row.high
    ahead = lead(found[0], found[1], rng=RNG(1))
    assert ahead.value is not None
    assert ahead.value > 0
    assert ahead.low is not None
    assert ahead.low >= 0


def test_a_translator_that_copies_is_seen_though_likeness_rewards_it() -> None:
    copying: Any = SimpleNamespace(translate=lambda texts, source, target: [t.upper() for t in texts])
    (choice,) = choose(["anjing", ""], {"copy": copying}, source="ms", target="en", embedder=EMBEDDER, rng=RNG(1))
    assert choice.result("copied").value == 0.5


def test_a_candidate_that_softens_too_much_comes_last() -> None:
    bland = translator(lambda text: text.replace("stupid", ""))
    blunt = translator(lambda text: "stupid" if "stupid" in text else "")
    two = {"bland": bland, "blunt": blunt}
    asked: dict[str, Any] = {"source": "ms", "target": "en", "embedder": EMBEDDER, "toxicity": rude, "samples": 50}
    assert [c.name for c in choose(TEXTS, two, rng=RNG(1), **asked)] == ["bland", "blunt"]
    kept = choose(TEXTS, two, rng=RNG(1), least_kept=0.5, **asked)
    assert [(c.name, c.kept_enough) for c in kept] == [("blunt", True), ("bland", False)]


def test_one_translator_back_for_all_and_the_weight() -> None:
    only_direct = pick(weight=1.0)
    assert all(c.score == pytest.approx(c.result("similarity_direct").value) for c in only_direct)
    deaf = translator(lambda text: "")
    found = pick(back=deaf)
    assert all(c.result("similarity_back").value == 0.0 for c in found)
    assert found[0].name == "planted best"
    assert found[0].score == pytest.approx(0.5)


def test_the_same_seed_gives_the_same_rows() -> None:
    assert [c.results for c in pick()] == [c.results for c in pick()]


def test_toxicity_by_hand() -> None:
    scores = {"a": 0.9, "b": 0.6, "c": 0.2, "A": 0.8, "B": 0.4, "C": 0.2}
    gap, kept = toxicity_kept(list("abc"), list("ABC"), scores.__getitem__, rng=RNG(1))
    assert gap.value == pytest.approx((0.1 + 0.2 + 0.0) / 3)
    assert (kept.value, kept.n) == (0.5, 2)
    gap, kept = toxicity_kept(["c"], [""], scores.__getitem__, rng=RNG(1))
    assert (gap.value, kept.value, kept.n) == (0.2, None, 0)


def test_what_cannot_be_meant() -> None:
    with pytest.raises(UsageError, match="scores in"):
        toxicity_kept(["a"], ["b"], lambda text: 1.5, rng=RNG(1))
    with pytest.raises(UsageError, match="translation for each"):
        toxicity_kept(["a"], [], lambda text: 0.5, rng=RNG(1))
    with pytest.raises(UsageError, match="expected texts"):
        pick(weight=2.0)
    asked: dict[str, Any] = {"source": "ms", "target": "en", "embedder": EMBEDDER, "rng": RNG(1)}
    with pytest.raises(UsageError, match="6 translations of 'short', got 1"):
        choose(TEXTS, {"short": SimpleNamespace(translate=lambda t, s, e: ["x"])}, **asked)  # type: ignore[dict-item]
