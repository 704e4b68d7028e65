"""The page of a build says what there is, and says what there is not."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.utterance import Utterance
from macaronic.report.build_report import BuildReport, Histogram, Notice, Sample, Share, SourceRow, SwitchPairs
from macaronic.report.html import render
from macaronic.report.sections import DRAWN

_VOID = {"meta", "br", "link", "img", "input", "hr"}


class _Balance(HTMLParser):
    """Checks that every element that opens also closes, and keeps the text and the scripts apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("script", "style"):
            self.scripts.append(data)
        else:
            self.text.append(data)


def _read(shown: str) -> _Balance:
    parser = _Balance()
    parser.feed(shown)
    parser.close()
    assert parser.open == []
    return parser


def _words(shown: str) -> str:
    return " ".join("".join(_read(shown).text).split())


def test_the_first_screen_answers(example):
    shown = render(example)
    header = shown[shown.index("<header>") : shown.index("</header>")]
    header = " ".join(re.sub("<[^>]*>", " ", header).split())
    for said in ("hinglish-and-friends", "602,331 words", "48,213 rows", "3 sources", "100.4%", "600,000", "32",
                 "5 scripts", "12.41", "12.1 to 12.73", "caps bind", "English 19.3%", "25 more languages"):  # fmt: skip
        assert said in header, said


def test_every_part_is_there_and_balanced(example):
    shown = _words(render(example))
    for said in ("Warnings", "The first 2 of 57 malformed lines", "got <b>2</b>", "4 epochs", "news-hi", "CC-BY-4.0",
                 "macaronic build hinglish.toml --seed 1", "not stated", "تغريدات", "m_index",
                 "not defined"):  # fmt: skip
        assert said in shown, said


def test_an_empty_report_says_not_measured():
    shown = _words(render(BuildReport("nothing")))
    assert shown.count("not measured") >= 8
    assert "No warnings." in shown


def test_more_than_twenty_languages_are_folded_not_hidden(example):
    shown = render(example)
    assert f"The {DRAWN} largest of {len(example.languages)} are drawn" in shown
    body = shown[shown.index('<section id="languages"') : shown.index('<section id="scripts"')]
    assert body.count('<rect class="bar"') == DRAWN
    for share in example.languages:
        assert f"<bdi>{share.name}</bdi>" in body


def test_switches_beyond_twenty_languages_stay_in_the_table():
    size = DRAWN + 5
    names = tuple(f"l{i:02d}" for i in range(size))
    counts = tuple(tuple(0 if i == j else 1 + i for j in range(size)) for i in range(size))
    shown = render(BuildReport("many", switches=SwitchPairs(names, counts)))
    assert "5 more are in the table" in shown
    assert shown.count('<svg class="heat"') == 1
    body = shown[shown.index('<section id="switches"') : shown.index('<section id="samples"')]
    assert body.count("<tr>") == 1 + size * (size - 1)


def test_hostile_text_stays_text():
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e\x00</title></style>"
    sample = Sample.of(Utterance(evil, tokens=((0, 8), (8, len(evil))), layers={"lang": ("en", None)}), source=evil)
    report = BuildReport(
        evil, unit=evil, rows=1, size=1, settings=((evil, evil),), signature=evil, samples=(sample,),
        notices=(Notice(evil, evil, 1),), problems=(evil,), problem_count=1, command=evil,
        sources=(SourceRow(evil, evil, languages=(evil,)),), buckets=(Share(evil, 1.0, 1.0, cap=evil),),
    )  # fmt: skip
    shown = render(report)
    parser = _read(shown)
    assert shown.count("<script") == 2
    assert "<img" not in shown
    assert "\u202e" not in shown
    assert "\x00" not in shown
    assert "U+202E" in shown
    assert json.loads(parser.scripts[1])["title"] == evil


def test_the_data_in_the_page_are_the_report(example):
    data = json.loads(_read(render(example)).scripts[1])
    assert data["languages"][0]["name"] == "en"
    assert data["cmi"]["counts"] == list(example.cmi.counts)
    assert data["samples"][0]["text"] == example.samples[0].text


def test_equal_reports_give_equal_bytes(example):
    assert render(example).encode() == render(replace(example)).encode()


def test_a_cut_bar_says_its_number():
    shown = render(BuildReport("x", cmi=Histogram((0.0, 10.0, 20.0, 30.0), (39_100, 310, 820))))
    assert "39,100 (bar cut)" in shown


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(min_size=1, max_size=6), st.sampled_from(["hi", "hi-Latn", "ar", "en", "ne", "other", None])),
        max_size=12,
    ),
    st.sampled_from(["", " ", "  \n"]),
)
def test_any_sentence_renders_balanced_and_keeps_its_words(tagged, gap):
    text, tokens = "", []
    for word, _ in tagged:
        text += gap
        tokens.append((len(text), len(text) + len(word)))
        text += word
    sample = Sample(text, tuple(tokens), tuple(label for _, label in tagged))
    parser = _read(render(BuildReport("any", samples=(sample,))))
    assert json.loads(parser.scripts[1])["samples"][0]["langs"] == [label for _, label in tagged]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None])
def test_undefined_shares_do_not_break_the_page(value):
    _read(render(BuildReport("x", languages=(Share("hi", value, 0.5), Share("en", 0.5, 0.5)))))
