"""Any tagger's labels reach the columns; the shipped one takes the fast path to the same labels."""

import numpy as np
import pytest

from macaronic.core.columns import token_layer
from macaronic.core.corpus import from_batch, to_batch
from macaronic.core.errors import UnknownName
from macaronic.core.protocols import Tagged
from macaronic.core.utterance import Utterance
from macaronic.identify.annotate import annotate, has_languages, sentences, words_of
from macaronic.identify.named import tagger_named
from macaronic.text.words import annotate as cut

TEXTS = ["yaar kal ki meeting cancel ho gayi", "", "Guten Morgen zusammen", "!!! 42", "la casa es grande"]


class Scripted:
    """Says `en` for words with an even number of letters and `hi-Latn` for others."""

    def tag(self, rows, languages=None):
        labels = [["en" if len(w) % 2 == 0 else "hi-Latn" for w in row] for row in rows]
        return [Tagged(row, [0.5] * len(row)) for row in labels]


def batch():
    return to_batch([Utterance.from_words(text.split()) for text in TEXTS])


def test_a_scripted_tagger() -> None:
    out, sure = annotate(batch(), Scripted())
    first, empty, *_ = from_batch(out)
    assert first.langs == ("en", "hi-Latn", "en", "hi-Latn", "en", "en", "en")
    assert first.labels["lang"] == "en"
    assert "lang" not in empty.labels
    assert set(sure.tolist()) == {0.5}
    assert sentences(out)[0]["languages"] == {"en": round(5 / 7, 4), "hi-Latn": round(2 / 7, 4)}


def test_the_fast_path_gives_the_labels_of_tag() -> None:
    tagger = tagger_named()
    out, sure = annotate(batch(), tagger, ["hi", "en", "de"])
    slow = tagger.tag(words_of(batch()), ["hi", "en", "de"])
    assert [list(u.langs) for u in from_batch(out)] == [t.labels for t in slow]
    assert sure.tolist() == pytest.approx([c for t in slow for c in t.confidence], abs=1e-3)


def test_what_has_languages() -> None:
    assert not has_languages(batch())
    assert has_languages(annotate(batch(), Scripted())[0])


def test_names_of_taggers() -> None:
    assert set(tagger_named().languages) == set(tagger_named("").languages)
    with pytest.raises(UnknownName, match="lingua"):
        tagger_named("lingu")


def test_a_very_long_sentence_is_labelled_in_pieces_and_stays_one() -> None:
    tagger = tagger_named()
    words = ["yaar", "kal", "ki", "meeting", "cancel", "ho", "gayi", "so", "chill"] * 700
    short, long, empty = tagger.tag([["guten", "Morgen"], words, []])
    assert len(long.labels) == len(words)
    assert set(long.labels) == {"hi-Latn", "en"}
    assert (len(short.labels), len(empty.labels)) == (2, 0)
    (told,) = tagger.identify_sentence([" ".join(words)])
    assert told["lang"] == "hi-Latn"


def test_raw_text_gets_a_layer_and_sentence_labels() -> None:
    raw = cut(to_batch([Utterance("yaar so chill hai"), Utterance(""), Utterance("!!!")]))
    out, _ = annotate(raw, tagger_named())
    first, blank, signs = from_batch(out)
    assert first.langs == ("hi-Latn", "en", "en", "hi-Latn")
    assert first.labels["lang"] == "hi-Latn"
    assert 0 <= float(first.labels["lang_confidence"]) <= 1
    assert "lang" not in blank.labels
    assert signs.langs == ("other",) * len(signs.words)
    assert token_layer(out, "lang")[0].dtype == np.int32
