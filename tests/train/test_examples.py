"""Rows to features: what is learnt, what is left out and counted."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.core.problems import Problems
from macaronic.train import examples, rows, store, tokenizer
from macaronic.train.dataset import Masked, Shuffled


@pytest.fixture(scope="module")
def words():
    return tokenizer.learn(["abc abd नमस्ते"] * 20, 270)


def placed(*found: dict):
    return [("a.jsonl", i, row) for i, row in enumerate(found, 1)]


def test_only_the_completion_is_learnt_and_nothing_is_cut(words) -> None:
    problems = Problems()
    given = placed({"prompt": "ab", "completion": "c"}, {"prompt": "a" * 50, "completion": "c"}, {"prompt": "x"}, {})
    (made,) = examples.features("causal", given, words, 16, (), problems)
    learnt = [i for i in made["labels"] if i != examples.IGNORE]
    assert words.decode(learnt) == "c<eos>"
    assert words.decode(made["input_ids"]) == "<bos>abc<eos>"
    assert problems.by_kind == {"too long": 1, "fields": 2}
    assert "a.jsonl:2" in problems.first[0]
    assert "52 tokens" in problems.first[0] or "tokens; length is 16" in problems.first[0]


def test_a_word_has_its_label_on_its_first_piece(words) -> None:
    given = placed({"words": ["abc", "नमस्ते", "xyz"], "labels": ["en", "hi", "en"]}, {"words": ["a"], "labels": []})
    problems = Problems()
    (made,) = examples.features("tokens", given, words, 64, ("en", "hi"), problems)
    assert [i for i in made["labels"] if i != examples.IGNORE] == [0, 1, 0]
    assert len(made["labels"]) == len(made["input_ids"])
    assert words.decode(made["input_ids"]) == "abc नमस्ते xyz<eos>"
    assert "1 words and 0 labels" in problems.first[0]


def test_windows_hold_all_text_in_order(words) -> None:
    given = placed({"text": "abc abd"}, {"text": ""}, {"text": "नमस्ते" * 9})
    problems = Problems()
    found = [i for w in examples.windows(given, words, 8, problems) for i in w["input_ids"]]
    whole = [i for ids in examples.documents(given, words, Problems()) for i in ids]
    assert found == whole[: len(whole) // 8 * 8]
    assert problems.count == 1


def test_an_empty_text_of_a_classifier_is_a_row(words) -> None:
    (made,) = examples.features("text", placed({"text": "", "label": "b"}), words, 8, ("a", "b"), Problems())
    assert made["labels"] == [1]


def test_files_of_several_kinds_give_the_same_rows(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"prompt": "x", "completion": "y"}\nnot json\n')
    (tmp_path / "b.tsv").write_text("prompt\tcompletion\nx\ty\nz\n")
    with gzip.open(tmp_path / "c.jsonl.gz", "wt") as file:
        file.write('{"prompt": "x", "completion": "y"}\n')
    problems = Problems()
    for name, wrong in (("a.jsonl", 1), ("b.tsv", 2), ("c.jsonl.gz", 2)):
        found = [r for _, _, r in rows.of_files([str(tmp_path / name)]).pass_over(problems)]
        assert found == [{"prompt": "x", "completion": "y"}]
        assert problems.count == wrong


def test_tagged_files_give_words_and_labels(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("yaar\tHI\nchill\tEN\n")
    (row,) = [r for _, _, r in rows.of_files([str(tmp_path / "a.conll")]).pass_over(Problems())]
    assert row["words"] == ["yaar", "chill"]
    assert row["labels"] == ["hi-Latn", "en"]


def test_bytes_that_are_no_utf8_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "\xff"}\n{"text": "ok"}\n')
    problems = Problems()
    assert len(list(rows.of_files([str(tmp_path / "a.jsonl")]).pass_over(problems))) == 1
    assert problems.by_kind == {"encoding": 1}


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.jsonl"):
        rows.of_files([str(tmp_path / "none.jsonl")])
    with pytest.raises(InputError, match="no file matches"):
        rows.of_files([str(tmp_path / "*.jsonl")])


def test_a_store_cut_short_is_named(tmp_path: Path) -> None:
    store.write(tmp_path / "a.arrow", [{"input_ids": list(range(100))}])
    data = (tmp_path / "a.arrow").read_bytes()
    (tmp_path / "a.arrow").write_bytes(data[: len(data) // 2])
    with pytest.raises(FormatError, match=r"a\.arrow"):
        store.Store(tmp_path / "a.arrow")


def test_each_pass_holds_every_row_once_in_another_order() -> None:
    held = [{"input_ids": np.array([i])} for i in range(10)]
    run = Shuffled(held, np.arange(10), 30, seed=3)
    passes = [[int(run[e * 10 + i]["input_ids"][0]) for i in range(10)] for e in range(3)]
    assert all(sorted(one) == list(range(10)) for one in passes)
    assert passes[0] != passes[1] != passes[2]
    assert [int(run[13]["input_ids"][0])] == passes[1][3:4]


def test_masks_depend_on_the_place_alone() -> None:
    held = [{"input_ids": np.arange(10, 60)} for _ in range(40)]
    masked = Masked(held, 0.3, 3, 100, seed=1)
    a, b = masked[7], masked[7]
    assert np.array_equal(a["input_ids"], b["input_ids"])
    assert not np.array_equal(a["labels"], masked[8]["labels"])
    share = np.mean([(masked[i]["labels"] != examples.IGNORE).mean() for i in range(40)])
    assert 0.27 < share < 0.33
    kept = a["labels"] != examples.IGNORE
    assert np.array_equal(a["labels"][kept], held[7]["input_ids"][kept])
    assert np.array_equal(a["input_ids"][~kept], held[7]["input_ids"][~kept])


def test_held_out_rows_leave_some() -> None:
    with pytest.raises(UsageError, match="none to learn from"):
        examples.held_out(1, 0.5, 1)
