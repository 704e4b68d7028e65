"""Spans of a prompt that must not change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.synth.protected import protected


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("usa `lista` y ``a`b`` ya", ["`lista`", "``a`b``"]),
        ("a\n```py\nlista = 1\n```\nlista", ["```py\nlista = 1\n```\n"]),
        ("a\n```\nlista", ["```\nlista"]),
        ("~~~\n```\n~~~\nb", ["~~~\n```\n~~~\n"]),
        ("```\nx\n```\n    y = lista\n\nz", ["```\nx\n```\n    y = lista\n\n"]),
        (">>> f(lista)\n[1]\n\nlista", [">>> f(lista)\n[1]\n"]),
        (
            "Args:\n- numbers (list): una lista\nfloat: el valor\nLa función debe: algo",
            ["Args:", "- numbers (list):", "float:"],
        ),
        ("un ` solo", []),
        ("", []),
    ],
)
def test_spans(text: str, kept: list[str]) -> None:
    assert [text[start:end] for start, end in protected(text)] == kept


@given(st.text(alphabet="`~> \n:ab(é", max_size=60))
def test_spans_ascend_and_do_not_touch(text: str) -> None:
    last = -1
    for start, end in protected(text):
        assert last < start < end <= len(text)
        last = end
