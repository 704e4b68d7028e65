"""Scripts without spaces: runs, the rules without a dictionary, segmenters that are handed in."""

from __future__ import annotations

import builtins
import sys
from itertools import pairwise
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import MissingExtra, UsageError
from macaronic.text.segment import chinese, japanese, script_runs
from macaronic.text.words import words


def halves(run: str) -> list[tuple[int, int]]:
    return [(i, min(i + 2, len(run))) for i in range(0, len(run), 2)]


@given(st.text(st.one_of(st.sampled_from("ab नम ไท漢あ1,!\u0301"), st.characters(codec="utf-8")), max_size=20))
@settings(max_examples=200, deadline=None)
def test_runs_cover_the_text(text: str) -> None:
    runs = script_runs(text)
    assert "".join(text[a:b] for a, b, _ in runs) == text
    assert all(before[2] != after[2] for before, after in pairwise(runs))


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", []),
        ("12 !", [(0, 4, "Zyyy")]),
        ("12 ok", [(0, 5, "Latn")]),
        ("我like茶!", [(0, 1, "Hani"), (1, 5, "Latn"), (5, 7, "Hani")]),
        ("行くラ", [(0, 1, "Hani"), (1, 2, "Hira"), (2, 3, "Kana")]),
    ],
)
def test_script_runs(text: str, runs: list[tuple[int, int, str]]) -> None:
    assert script_runs(text) == runs


def test_segmenters_get_the_runs_of_their_script() -> None:
    seen: list[str] = []

    def spy(run: str) -> list[tuple[int, int]]:
        seen.append(run)
        return [(0, len(run))]

    assert words("我们ok吃饭, 東京へ行く", segmenters={"Hani": spy}) == [
        *("我们", "ok", "吃饭", ","),
        *("東", "京", "へ", "行", "く"),
    ]
    assert seen == ["我们", "吃饭"]
    assert words("東京へ行くラーメン", segmenters={"Jpan": spy, "Hani": halves}) == ["東京へ行くラーメン"]
    assert words("東京、行く", segmenters={"Jpan": spy}) == ["東京", "、", "行く"]  # no segmenter for Han: that of Jpan
    assert words("ฉันไปshopping", segmenters={"Thai": spy}) == ["ฉันไป", "shopping"]
    assert words("e\u0301中文", segmenters={"Hani": spy}) == ["e\u0301", "中文"]


THAI_AND_HAN = st.text(st.sampled_from("กขคไเแาิ้ัำ์漢字あ々ー\u200d\u0301ab ក្ម្ရ"), max_size=14)


@given(THAI_AND_HAN, st.sampled_from([{}, dict.fromkeys(["Thai", "Hani", "Jpan", "Khmr"], halves)]))
@settings(max_examples=300, deadline=None)
def test_no_segmenter_splits_a_cluster(text: str, segmenters: dict[str, Any]) -> None:
    visible = regex.sub(r"\s+", "", text)
    tokens = words(text, segmenters=segmenters)
    joined = "".join(tokens)
    assert joined.replace("\u200d", "") == visible.replace("\u200d", "")
    for cluster in regex.findall(r"\X", text):
        if " " not in cluster and cluster.strip("\u200d"):
            assert any(cluster in token for token in tokens)


@pytest.mark.parametrize("bad", [[(0, 99)], [(-1, 1)]])
def test_a_segmenter_that_leaves_its_run(bad: list[tuple[int, int]]) -> None:
    with pytest.raises(UsageError, match="run of 2 characters"):
        words("中文", segmenters={"Hani": lambda run: bad})


def test_a_segmenter_with_gaps_loses_nothing() -> None:
    assert words("一二三四", segmenters={"Hani": lambda run: [(1, 3)]}) == ["一", "二三", "四"]
    assert words("一二三四", segmenters={"Hani": lambda run: []}) == ["一二三四"]


def test_jieba_when_it_is_there() -> None:
    pytest.importorskip("jieba", reason="the extra `eval` is not installed")
    assert words("我爱北京天安门", segmenters={"Hani": chinese()}) == ["我", "爱", "北京", "天安门"]


def test_fugashi_when_it_is_there() -> None:
    for name in ("fugashi", "unidic_lite"):
        pytest.importorskip(name, reason="the extra `eval` is not installed")
    assert words("東京へ行きました", segmenters={"Jpan": japanese()}) == ["東京", "へ", "行き", "まし", "た"]


@pytest.mark.parametrize(("make", "package"), [(chinese, "jieba"), (japanese, "fugashi")])
def test_a_missing_extra_says_how_to_install_it(make: Any, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        if name == package:
            raise ImportError(name)
        return real(name, *args)

    monkeypatch.delitem(sys.modules, package, raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=rf"{package}[\s\S]*macaronic\[eval\]"):
        make()
