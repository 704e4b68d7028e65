"""Sentences in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.text.sentences import sentences

CASES = {
    "One. Two! Three? Four": 4,
    "He paid 3.50 euros, i.e. too much. She did not.": 2,
    "“Come here.” He went.": 2,
    "वह आया। वह गया।": 2,
    "他走了。她留下了！真的？": 3,
    "今日は晴れ。明日は雨。": 2,
    "كيف حالك؟ أنا بخير.": 2,
    "እኔ መጣሁ። እሷ ሄደች።": 2,
    "Привет. Как дела?": 2,
    "สวัสดีครับ ผมมาแล้ว": 2,
    "- first line\n- second line": 2,
    "1. The first. 2. The second.": 2,
    "Wait... what? Really?!": 2,
    "": 0,
    "!!! ...": 0,
}


@pytest.mark.parametrize("text", CASES)
def test_counts(text: str) -> None:
    assert len(sentences(text)) == CASES[text], sentences(text)


@given(st.text(max_size=300))
def test_nothing_but_white_space_and_marks_is_lost(text: str) -> None:
    kept = "".join(c for s in sentences(text) for c in s if c.isalnum())
    assert kept == "".join(c for c in text if c.isalnum())


def test_stops_without_end_take_no_time_without_end() -> None:
    assert sentences("!" * 300_000 + "x") == ["!" * 300_000 + "x"]
    assert len(sentences("A. " * 50_000)) == 1
