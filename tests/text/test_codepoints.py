"""The shipped property table is whole, and says what the Unicode data says."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
import regex

from macaronic.text.codepoints import CLUSTER_CLASSES, FLAGS, SIZE, WORD_CLASSES, table


def test_every_code_point_has_a_row() -> None:
    t = table()
    assert t.index.shape == (SIZE,)
    assert int(t.index.max()) == len(t.script) - 1
    assert set(t.word) == {"Other", *WORD_CLASSES}
    assert set(t.cluster) == {"Other", *CLUSTER_CLASSES}
    assert set("".join(t.flags)) == {*FLAGS, "-"}


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        ("a", ("Latn", "ALetter", "Other", "-")),
        ("7", ("Zyyy", "Numeric", "Other", "-")),
        ("क", ("Deva", "ALetter", "Other", "k")),
        ("\u094d", ("Deva", "Extend", "Extend", "l")),
        ("ก", ("Thai", "Other", "Other", "s")),
        ("漢", ("Hani", "Other", "Other", "-")),
        ("\u200d", ("Zinh", "ZWJ", "ZWJ", "ie")),
        ("\u200b", ("Zyyy", "Other", "Control", "wi")),
        ("각", ("Hang", "ALetter", "LVT", "-")),
        ("👩", ("Zyyy", "Other", "Other", "p")),
        ("\ud800", ("Zzzz", "Other", "Other", "-")),
    ],
)
def test_rows(character: str, expected: tuple[str, ...]) -> None:
    t = table()
    row = int(t.index[ord(character)])
    assert (t.script[row], t.word[row], t.cluster[row], t.flags[row]) == expected


def test_agrees_with_the_installed_data() -> None:
    rng = np.random.default_rng(1)
    t = table()
    for point in rng.integers(0, 0x20000, 1500).tolist():
        character = chr(point)
        row = int(t.index[point])
        if unicodedata.category(character) in ("Cn", "Cs") or t.script[row] == "Zzzz":
            continue  # a later Unicode version may have given it a meaning
        assert regex.match(rf"\p{{Script={t.script[row]}}}", character), hex(point)
        assert regex.match(rf"\p{{WB={t.word[row]}}}", character), hex(point)
        assert regex.match(rf"\p{{GCB={t.cluster[row]}}}", character), hex(point)
