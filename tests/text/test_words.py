"""Word tokens: properties that hold for any text, batches, corpus rows, and bad input."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.columns import token_layer, with_token_layer
from macaronic.core.corpus import from_batch, to_batch
from macaronic.core.utterance import Utterance
from macaronic.text import breaks, words
from macaronic.text.words import annotate, tokenise, tokenise_batch

TRICKY = (
    "aZé1९٣_'’.,:;!?\"#@/-$ \u00a0\u200b\t\r\n\x00\ufeff\u200e\u200f\u200c\u200d\ufe0f\u20e3\u0301\u0600\u06dd\u0640"
    "हिन्दीक्षதமிழ்বাংলাไทยห์ำเລາວខ្មែរမြန်မာက်漢々ーあきアｱ한글각שבगع👨👩👧👍🏽😂🇮🇳🇫™ℹㅤ\u1cf5\u17d2"
)
ANY_TEXT = st.text(st.one_of(st.sampled_from(TRICKY), st.characters(codec="utf-8")), max_size=24)


def blank(character: str) -> bool:
    return breaks.kinds()[ord(character)] == breaks.BLANK


def invisible(character: str) -> bool:
    return bool(breaks.flags()[ord(character)] & breaks.INVISIBLE)


@given(ANY_TEXT)
@settings(max_examples=400, deadline=None)
def test_tokens_ascend_and_hold_every_visible_code_point_once(text: str) -> None:
    tokens = tokenise(text)
    assert all(0 <= start < end <= len(text) for start, end in tokens)
    assert all(before[1] <= after[0] for before, after in pairwise(tokens))
    inside = {i for start, end in tokens for i in range(start, end)}
    assert not any(blank(text[i]) for i in inside)
    assert all(blank(c) or invisible(c) for i, c in enumerate(text) if i not in inside)


@given(ANY_TEXT)
@settings(max_examples=400, deadline=None)
def test_no_boundary_inside_a_cluster(text: str) -> None:
    inner = {i for m in regex.finditer(r"\X", text) for i in range(m.start() + 1, m.end())}
    edges = {edge for token in tokenise(text) for edge in token} & inner
    assert all(blank(text[edge - 1]) or blank(text[edge]) for edge in edges)


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_a_space_at_the_end_changes_nothing(text: str) -> None:
    assert tokenise(text + " ") == tokenise(text)


@given(st.lists(ANY_TEXT, max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_batch_is_its_rows(texts: list[str]) -> None:
    for column in (texts, pa.array(texts, pa.string())):
        starts, ends, offsets = tokenise_batch(column)
        flat = list(zip(starts.tolist(), ends.tolist(), strict=True))
        rows = [flat[a:b] for a, b in zip(offsets.tolist(), offsets.tolist()[1:], strict=False)]
        assert rows == [tokenise(text) for text in texts]


CLASSES = ["ALetter", "Hebrew_Letter", "Numeric", "Katakana", "ExtendNumLet", "MidLetter", "MidNumLet", "MidNum"]
CLASSES += ["Double_Quote", "Extend", "ZWJ", "Format", "Regional_Indicator"]
UNITS = [*'aé1९٣.,!?-_"·́हिनीதிகשבעア😂👩🏽‍️™漢한각각  ', "🇮🇳", "🇫", "क्ष", "क्‍ष", "👨‍👩"]


def annex_says(text: str) -> list[tuple[int, int]]:
    """Rule by rule, one code point at a time, after the annex; white space always cuts and is dropped."""
    found = [
        next((c for c in CLASSES if regex.match(rf"\p{{WB={c}}}", x)), "space" if x.isspace() else x) for x in text
    ]
    skipped = {"Extend", "ZWJ", "Format"}
    kept = [i for i, c in enumerate(found) if not (i and c in skipped and found[i - 1] != "space")]
    words_ = {"ALetter", "Hebrew_Letter"}
    cuts = [0]
    flags = 0
    for k in range(1, len(kept)):
        at = kept[k]
        left, right = found[kept[k - 1]], found[at]
        before = found[kept[k - 2]] if k > 1 else ""
        after = found[kept[k + 1]] if k + 1 < len(kept) else ""
        middle, number = {"MidLetter", "MidNumLet"}, {"MidNum", "MidNumLet"}
        flags = flags + 1 if left == "Regional_Indicator" else 0
        joins = (
            (found[at - 1] == "ZWJ" and regex.match(r"\p{Extended_Pictographic}", text[at]))  # WB3c
            or (left in words_ | {"Numeric"} and right in words_ | {"Numeric"})  # WB5, 8, 9, 10
            or (left in words_ and right in middle and after in words_)  # WB6
            or (before in words_ and left in middle and right in words_)  # WB7
            or (left == after == "Hebrew_Letter" and right == "Double_Quote")  # WB7b
            or (before == right == "Hebrew_Letter" and left == "Double_Quote")  # WB7c
            or (before == right == "Numeric" and left in number)  # WB11
            or (left == after == "Numeric" and right in number)  # WB12
            or (left == right == "Katakana")  # WB13
            or (left in words_ | {"Numeric", "Katakana", "ExtendNumLet"} and right == "ExtendNumLet")  # WB13a
            or (left == "ExtendNumLet" and right in words_ | {"Numeric", "Katakana"})  # WB13b
            or (right == "Regional_Indicator" and flags % 2 == 1)  # WB15, 16
        )
        if not joins:
            cuts.append(at)
    spans = zip(cuts, [*cuts[1:], len(text)], strict=True)
    return [(a, b) for a, b in spans if text[a:b].strip() and not all(map(invisible, text[a:b]))]


@given(st.lists(st.sampled_from(UNITS), max_size=10).map("".join))
@settings(max_examples=1000, deadline=None)
def test_agrees_with_the_annex_read_rule_by_rule(text: str) -> None:
    text = regex.sub(r"(?<=🇮🇳|🇫)[\p{M}\u200d🏽]+", "", text)  # a mark between flags: the cluster rules win
    assert tokenise(text) == annex_says(text)


def test_pieces_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "नमस्ते दुनिया, hello wörld 👨‍👩‍👧 https://a.b/c?d=e #tag\nx " * 40
    whole = tokenise(text)
    for size in (1, 7, 64):
        monkeypatch.setattr(words, "PIECE", size)
        assert tokenise(text) == whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\r\n\u00a0\u3000\u2028", []),
        ("\x00\x01", []),
        ("a\x00b", ["a", "b"]),
        ("one\r\ntwo\rthree\u0085four", ["one", "two", "three", "four"]),
        ("\ufeffBOM first", ["BOM", "first"]),
        ("\u200fشلون\u200f \u200e", ["شلون"]),
        ("zero\u200bwidth", ["zero", "width"]),
        ("soft\u00adhyphen", ["soft\u00adhyphen"]),
        ("\ud800 lone \udfff", ["\ud800", "lone", "\udfff"]),
        ("😂😂😂", ["😂"] * 3),
        ("\u0301", ["\u0301"]),
    ],
)
def test_bad_input(text: str, expected: list[str]) -> None:
    assert words.words(text) == expected


@pytest.mark.parametrize(
    "piece", ["a", "ab ", "न", ".", "@", "a@", "#", "://", "www.", ":)", "\u0301", "\u200f", "ไท", "("]
)
def test_a_very_long_line(piece: str) -> None:
    """Linear on purpose: a quadratic step would not come back from this."""
    text = piece * (1_500_000 // len(piece))
    starts, ends, _ = tokenise_batch([text])
    assert len(starts) == 0 or ends[-1] <= len(text)


def test_empty_batches() -> None:
    for column in ([], pa.array([], pa.string()), pa.array([None, ""], pa.string()), pa.chunked_array([], pa.string())):
        starts, ends, offsets = tokenise_batch(column)
        assert (len(starts), len(ends), offsets.tolist()) == (0, 0, [0] * (len(column) + 1))


def test_arrow_kinds_of_string_column() -> None:
    texts = ["so chill", "हाँ यार"]
    for kind in (pa.large_string(), pa.dictionary(pa.int32(), pa.string())):
        assert tokenise_batch(pa.array(texts, pa.string()).cast(kind))[0].tolist() == [0, 3, 0, 4]
    sliced = pa.array(["x", *texts], pa.string()).slice(1)
    assert tokenise_batch(sliced)[0].tolist() == [0, 3, 0, 4]
    assert tokenise_batch(pa.chunked_array([texts[:1], texts[1:]]))[0].tolist() == [0, 3, 0, 4]


def test_a_lone_surrogate_cannot_be_in_a_column() -> None:
    with pytest.raises(UnicodeEncodeError):
        pa.array(["\ud800"])


def test_annotate_leaves_rows_with_tokens_alone() -> None:
    rows = [
        Utterance("so chill!"),
        Utterance.from_words(["so", "chill!"], layers={"lang": ["en", "en"]}),
        Utterance(""),
        Utterance("हाँ यार"),
    ]
    batch = annotate(to_batch(rows))
    assert [u.words for u in from_batch(batch)] == [("so", "chill", "!"), ("so", "chill!"), (), ("हाँ", "यार")]
    codes, names, offsets = token_layer(batch, "lang")
    assert (codes.tolist(), names, offsets.tolist()) == ([-1, -1, -1, 0, 0, -1, -1], ["en"], [0, 3, 5, 5, 7])
    assert batch.schema == to_batch(rows).schema
    assert annotate(batch.slice(1, 1)).equals(batch.slice(1, 1))


def test_annotate_works_on_a_slice() -> None:
    batch = to_batch([Utterance("a b"), Utterance.from_words(["c", "d"]), Utterance("e f")]).slice(1)
    assert [u.words for u in from_batch(annotate(batch))] == [("c", "d"), ("e", "f")]


def test_layers_fit_after_annotate() -> None:
    batch = annotate(to_batch([Utterance("so chill!")]))
    tagged = with_token_layer(batch, "lang", np.array([0, 0, 1], dtype=np.int32), ["en", "other"])
    assert next(iter(from_batch(tagged))).langs == ("en", "en", "other")
