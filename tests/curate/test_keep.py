"""Filters: what stays, and why the rest goes."""

import numpy as np
import pytest

from macaronic.core.corpus import to_batch
from macaronic.core.errors import InputError, UsageError
from macaronic.core.utterance import Utterance
from macaronic.curate.keep import by_length, by_rule, first_of_each, load_rule, tally, text_hashes


def rows(*texts: str):
    return to_batch([Utterance.from_words(text.split(), text=text) for text in texts])


def test_lengths_are_inclusive() -> None:
    batch = rows("a", "a b", "a b c", "")
    assert by_length(batch, least=2, most=2).tolist() == [False, True, False, False]
    assert by_length(batch).tolist() == [True] * 4


def test_the_first_of_equal_texts_stays() -> None:
    hashes = text_hashes(rows("x", "y", " x", "x ", "z", "y"))
    assert first_of_each(hashes).tolist() == [True, True, False, False, True, False]
    assert first_of_each(np.zeros((0, 2), np.uint64)).tolist() == []


def test_each_row_is_counted_for_the_first_reason_only() -> None:
    keep, gone = tally({"a": np.array([True, False, False]), "b": np.array([True, False, True])})
    assert keep.tolist() == [True, False, False]
    assert gone == {"a": 2, "b": 0}


def test_rules_come_from_files_and_nothing_else(tmp_path) -> None:
    (tmp_path / "rules.py").write_text("def keep(row):\n    return len(row['words']) > 1\nnot_callable = 3\n")
    assert by_rule(rows("a", "a b"), load_rule("rules.py:keep", tmp_path)).tolist() == [False, True]
    for bad in ("rules:keep", "rules.py", "rules.py:1", "rules.py:not_callable", "rules.py:none"):
        with pytest.raises(UsageError):
            load_rule(bad, tmp_path)
    with pytest.raises(InputError):
        load_rule("none.py:keep", tmp_path)
