"""Texts: groups stay together, draws are exact and nested, files come back as they were."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, InputError, UnknownName, UsageError
from macaronic.mix.ngram_lm import RESERVED, UNKNOWN
from macaronic.mix.texts import draw, load, prepare, save

ROWS = [(name, str(i), f"{name} {i} " * (1 + i % 4)) for i in range(40) for name in ("hi", "en")]
TEXTS = prepare(ROWS)


def test_a_group_is_held_out_in_all_sources_or_in_none() -> None:
    assert TEXTS.held["hi"].documents == TEXTS.held["en"].documents > 0
    assert TEXTS.held["hi"].documents + TEXTS.train["hi"].documents == 40


def test_targets_of_ones_own_leave_all_sources_to_learn_from() -> None:
    texts = prepare(ROWS, targets=[("chat", "", "zzz hi")])
    assert texts.targets == ("chat",)
    assert texts.train["en"].documents == 40
    assert texts.held["chat"].symbols[:3].tolist() == [UNKNOWN] * 3


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 1), st.integers(1, 3000), st.integers(0, 3))
def test_a_draw_is_exact(share: float, budget: int, seed: int) -> None:
    part = draw(TEXTS, {"hi": share, "en": 1 - share}, budget, seed=seed)
    assert len(part.symbols) == budget == part.offsets[-1]
    assert np.all(np.diff(part.offsets) > 0)
    assert part.symbols.min() >= RESERVED


def test_a_larger_share_holds_a_smaller_one() -> None:
    small = draw(TEXTS, {"hi": 1.0}, 50, seed=1).symbols
    assert draw(TEXTS, {"hi": 1.0}, 100, seed=1).symbols[:50].tolist() == small.tolist()


def test_a_share_of_nothing_gives_nothing() -> None:
    only = draw(TEXTS, {"hi": 0.0, "en": 1.0}, 60, seed=0)
    assert only.symbols.tolist() == draw(TEXTS, {"en": 1.0}, 60, seed=0).symbols.tolist()


def test_a_file_comes_back_and_equal_texts_give_equal_bytes(tmp_path: Path) -> None:
    save(TEXTS, tmp_path / "one")
    save(prepare(ROWS), tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    again = load(str(tmp_path / "one"))
    assert again.vocabulary == TEXTS.vocabulary
    assert again.train["hi"].symbols.tolist() == TEXTS.train["hi"].symbols.tolist()


def test_a_file_that_is_cut_or_missing_is_named(tmp_path: Path) -> None:
    save(TEXTS, tmp_path / "one")
    (tmp_path / "cut").write_bytes((tmp_path / "one").read_bytes()[:900])
    with pytest.raises(FormatError, match="cut short"):
        load(str(tmp_path / "cut"))
    with pytest.raises(InputError, match="nowhere"):
        load(str(tmp_path / "nowhere"))


def test_bad_input_is_named() -> None:
    with pytest.raises(UsageError, match="no text to judge on"):
        prepare([("hi", "1", "a")])
    with pytest.raises(UsageError, match="between 0 and 1"):
        prepare(ROWS, held_out=1.0)
    with pytest.raises(UnknownName, match="source of a weight"):
        draw(TEXTS, {"fr": 1.0}, 10, seed=0)
    with pytest.raises(UsageError, match="above zero"):
        draw(TEXTS, {"hi": 0.0}, 10, seed=0)
