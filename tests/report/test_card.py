"""Cards: the front matter is YAML, every part is there, and a gap says that it is one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.result import Result
from macaronic.report.build_report import BuildReport, Share, SourceRow
from macaronic.report.card import DataNotes, ModelNotes, data_card, escaped, fenced, model_card
from macaronic.report.front_matter import front_matter, size_category

_HEADINGS = (
    "Languages", "Scripts", "Measures", "How mixed the sentences are", "Which language follows which", "Labels",
    "Annotation", "Sources and licences", "Samples", "Known gaps", "How it was made", "How to cite",
)  # fmt: skip


def _front(card: str) -> dict:
    yaml = pytest.importorskip("yaml", reason="PyYAML reads the front matter back")
    return yaml.safe_load(card.split("---\n")[1])


def test_the_front_matter_reads_back(example):
    front = _front(data_card(example, DataNotes(tags=("hinglish",), derived_from=("org/set",))))
    assert front["size_categories"] == ["10K<n<100K"]
    assert front["license"] == ["bsd-3-clause", "cc-by-4.0", "unknown"]
    assert "no" not in front["language"]
    assert {"ne", "arq", "zh"} <= set(front["language"])
    assert "hi-Latn" in front["language_bcp47"]
    assert front["source_datasets"] == ["org/set"]
    assert front["tags"] == ["code-switching", "hinglish", "macaronic"]


def test_norwegian_stays_a_language():
    card = data_card(BuildReport("x", languages=(Share("no", 1.0),)))
    assert _front(card)["language"] == ["no"]


@given(
    st.dictionaries(st.sampled_from(["a", "b"]), st.one_of(st.text(), st.lists(st.text()), st.none(), st.integers()))
)
def test_any_text_survives_the_front_matter(fields):
    yaml = pytest.importorskip("yaml", reason="PyYAML reads the front matter back")
    assert (yaml.safe_load(front_matter(fields).removeprefix("---").removesuffix("---")) or {}) == fields


def test_every_part_is_there_even_when_nothing_was_measured():
    card = data_card(BuildReport("bare"))
    assert [h for h in _HEADINGS if f"\n## {h}\n" not in card] == []
    assert card.count("not measured") >= 6
    assert card.count("not stated") >= 4


def test_a_full_card_shows_its_figures(example):
    card = data_card(example)
    for said in ("12.41", "12.1 to 12.73", "hi-Latn (Hindi (Latin))", "yaar/hi-Latn", "39,100", "40 rarer pairs",
                 "macaronic build hinglish.toml --seed 1", "malformed lines"):  # fmt: skip
        assert said in card, said
    assert "\n\n\n" not in card


def test_hostile_text_cannot_leave_its_cell():
    report = BuildReport("# t\n# u", sources=(SourceRow("a|b\n| c |", "<script>"),), command="x\n```\n# y")
    card = data_card(report)
    assert "a\\|b \\| c \\|" in card
    assert "<script>" not in card
    assert "````\nx\n```\n# y\n````" in card
    assert len(re.findall(r"^# ", card.split("## How it was made")[0], re.MULTILINE)) == 1


def test_a_licence_that_the_hub_does_not_know_is_other():
    card = data_card(BuildReport("x", sources=(SourceRow("a", "Licence of my own"), SourceRow("b", "MIT"))))
    assert _front(card)["license"] == ["mit", "other"]


def test_a_model_card_has_results_and_says_what_is_missing():
    result = Result("accuracy", "words", 0.978, 0.97, 0.985, 1200, "words", "accuracy|v:0.1.0")
    card = model_card(ModelNotes("tagger", tags=("rw", "fr"), licence="Apache-2.0", load="x = 1"), [result])
    assert _front(card)["license"] == "apache-2.0"
    assert "| accuracy | words | 0.978 | 0.97 to 0.985 | 1,200 |" in card
    for heading in ("Use it", "Intended use", "Results by label", "Training data", "Limits", "Cost"):
        assert f"\n## {heading}\n" in card
    assert "not measured" in card


def test_size_categories_at_their_edges():
    assert [size_category(n) for n in (0, 1000, 10**12)] == ["n<1K", "1K<n<10K", "n>1T"]


@given(st.text(alphabet="`ab\n", max_size=20))
def test_a_fence_is_longer_than_any_run_inside(text):
    fence = fenced(text).split("\n", 1)[0]
    assert fence not in text


@given(st.text())
def test_escaped_text_is_one_line(text):
    assert "\n" not in escaped(text)
