"""Words stand in the order in which they are read, each with its letters."""

import html
import re

from macaronic.core.utterance import Utterance
from macaronic.report.build_report import Sample
from macaronic.report.palette import letters, paints
from macaronic.report.sentence import direction, sample_list, sentence


def _html(text, tagged):
    words, langs = zip(*tagged, strict=True)
    sample = Sample.of(Utterance.from_words(words, layers={"lang": langs}, text=text))
    return sentence(sample, paints(langs), letters(langs))


def _shape(shown):
    """Only what decides the layout: direction boxes and the words."""
    kept = re.sub(r'<span class="t"[^>]*>[^<]*</span>', "", shown)
    kept = re.sub(r'<p class="sentence" dir="(\w+)">', r"\1:", kept)
    kept = re.sub(r'<bdi dir="(\w+)">', r"[\1 ", kept)
    kept = re.sub(r"<bdi(?: lang=\"[\w-]+\")?>([^<]*)</bdi>", r"\1", kept)
    kept = kept.replace("</bdi>", "]")
    return html.unescape(re.sub(r"<[^>]*>", "", kept))


def test_an_arabic_run_is_one_box_in_a_french_sentence():
    tagged = [("on", "fr"), ("se", "fr"), ("voit", "fr"), ("غدا", "ar"), ("في", "ar"), ("h", "fr")]
    assert _shape(_html("on se voit غدا في h", tagged)) == "ltr:on se voit [rtl غدا في] h"


def test_final_punctuation_goes_with_the_sentence_not_with_the_last_word():
    tagged = [("غدا", "ar"), ("نلتقي", "ar"), ("d'accord", "fr"), ("؟", "other")]
    assert _shape(_html("غدا نلتقي d'accord؟", tagged)) == "rtl:غدا نلتقي [ltr d'accord]؟"


def test_punctuation_inside_a_run_stays_inside():
    tagged = [("ok", "en"), ("fine", "en"), ("غدا", "ar"), ("،", "other"), ("في", "ar")]
    assert _shape(_html("ok fine غدا، في", tagged)) == "ltr:ok fine [rtl غدا، في]"


def test_scripts_without_spaces_get_none():
    assert _shape(_html("我们meeting吧", [("我们", "zh"), ("meeting", "en"), ("吧", "zh")])) == "ltr:我们meeting吧"


def test_punctuation_keeps_to_the_line_of_its_word():
    shown = _html("¿te vas?", [("¿", "other"), ("te", "es"), ("vas", "es"), ("?", "other")])
    assert shown.count('<span class="nb">') == 2


def test_each_word_has_a_language_and_letters():
    shown = _html(None, [("yaar", "hi-Latn"), ("chill", "en"), ("!", "other")])
    assert '<bdi lang="hi-Latn">yaar</bdi><span class="t" title="Hindi (Latin)">HI</span>' in shown
    assert '<bdi>!</bdi><span class="t" title="other">·</span>' in shown


def test_the_key_tells_hindi_from_romanised_hindi():
    words = Utterance.from_words(["कल", "kal"], layers={"lang": ["hi", "hi-Latn"]})
    shown = sample_list([Sample.of(words, source="a<b")])
    assert "<b>HI</b>" in shown
    assert "<b>HI-Latn</b>" in shown
    assert "a&lt;b" in shown


def test_direction_of_mixed_and_empty_text():
    assert [direction(t) for t in ("", "12 %", "שלום a", "a ب", "ab ب")] == ["", "", "rtl", "ltr", "ltr"]
