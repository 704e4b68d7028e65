"""The shipped model as further evidence for taggers of a person's own."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from macaronic.identify import crf, mono, shipped

WORDS = [["ich", "habe", "sınav"], ["yarın", "sınav", "und"]] * 3
LABELS = [["de", "de", "tr"], ["tr", "tr", "de"]] * 3


def test_languages_of_a_tag_set() -> None:
    assert shipped.languages_of(["NOUN", "VERB", "other", None]) == ()
    assert shipped.languages_of(["hi-Latn", "EN"] * 9) == ("en", "hi-Latn")
    assert shipped.languages_of(["de"] * 999 + ["fr"]) == ("de",)
    assert shipped.evidence(["de", "de", "NOUN"]) is None


def test_neighbours_are_seen_and_empty_sentences_pass() -> None:
    evidence = shipped.Evidence(("de", "tr"))
    assert evidence([]) == []
    rows = evidence(["nicht", "değil"])
    assert "+1 tr behind 0" in rows[0]
    assert "-1 de behind 0" in rows[1]
    assert not any(name.startswith("-1") for name in rows[0])


def test_a_saved_tagger_finds_its_evidence_again(tmp_path: Path) -> None:
    pytest.importorskip("pycrfsuite")
    tagger = crf.fit(WORDS, LABELS, extra=shipped.evidence(label for line in LABELS for label in line))
    folder = tagger.save(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = crf.load(folder)
    assert loaded.tag([["nicht", "değil"]]) == tagger.tag([["nicht", "değil"]])
    about = json.loads((folder / "tagger.json").read_text())
    about["settings"]["shipped_version"] = "another"
    (folder / "tagger.json").write_text(json.dumps(about))
    with pytest.warns(UserWarning, match="train it again"):
        crf.load(folder)


def test_shipped_lists_help_raw_text_taggers_with_unseen_words() -> None:
    texts = {"fr": ["un enfant joue"], "rw": ["umwana arakina"]}
    with_list, alone = (mono.fit(texts, beside_shipped=beside) for beside in (True, False))
    assert with_list.listed == ("fr",) or "rw" in with_list.listed
    assert alone.listed == ()
    sure = [tagger.tag([["aujourd'hui"]])[0] for tagger in (with_list, alone)]
    assert sure[0].labels == ["fr"]
    if sure[1].labels == ["fr"]:
        assert sure[0].confidence[0] >= sure[1].confidence[0]


def test_listed_words_of_every_script() -> None:
    found = shipped.listed(["maison", "umwana", "और", "x9q"], "fr")
    assert found[0] > 0
    assert found[2] == 0
    assert np.isfinite(found).all()
