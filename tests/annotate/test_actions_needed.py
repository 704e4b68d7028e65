"""Numbers of actions: cases by hand, and what must hold of any sentence."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from macaronic.annotate import web
from macaronic.annotate.actions_needed import ONE_LETTER, UNSURE, clicks, keys

LABELS = ["en", "hi", "hi-Latn", "ne", "other", "ambiguous", "mixed", "unk", "ta", "ta-Latn"]


def test_the_page_has_the_same_bounds() -> None:
    page = (Path(web.__file__).parent / "static" / "words.js").read_text("utf-8")
    assert f"UNSURE = {UNSURE};" in page
    hints = re.search(r'HINTS = \[\.\.\."(\w+)"\]', page)
    assert hints
    assert len(hints[1]) == ONE_LETTER


def test_cases_by_hand() -> None:
    right = ["en", "hi", "en"]
    assert keys(right, right, [1, 1, 1], LABELS) == clicks(right, right, LABELS) == 1  # Enter, submit
    assert keys(["en", "en", "en"], right, [1, 0.9, 1], LABELS) == 2  # the digit at the cursor, Enter
    assert keys(["en", "en", "en"], right, [1, 1, 0.5], LABELS) == 3  # a hint first
    assert keys(["en"] * 3, ["hi"] * 3, [0.5, 1, 1], LABELS) == 2  # one stroke over the run
    assert keys(["en"], ["ta-Latn"], [0.5], LABELS) == 3  # the tenth label has no digit
    assert clicks(["hi"], ["en"], LABELS) == 10  # all the way round
    long = ["en"] * 29 + ["hi"]
    assert keys(long, [*long[:28], "ne", "hi"], [0.1] * 25 + [1] * 5, LABELS) == 4  # two letters, the digit, Enter
    assert keys([], [], [], LABELS) == 1


def test_a_plan_touches_what_is_wrong_and_nothing_else() -> None:
    rng = np.random.default_rng(5)
    for _ in range(300):
        n = int(rng.integers(1, 30))
        wanted, shown = ([str(x) for x in rng.choice(LABELS[:4], n)] for _ in range(2))
        wrong = sum(a != b for a, b in zip(shown, wanted))
        taken = keys(shown, wanted, rng.random(n).tolist(), LABELS)
        assert (wrong > 0) + 1 <= taken <= 3 * wrong + 1
        assert wrong + 1 <= clicks(shown, wanted, LABELS) <= 9 * wrong + 1
