"""Romanising: known spellings, properties that every language must keep, coverage of real romanised text."""

from __future__ import annotations

import os
import sys
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import MissingExtra, UnknownName
from macaronic.text.romanise import BACKENDS, LANGUAGES, frequent_words, romanise, variants
from macaronic.text.romanise.brahmic import delete_schwas, read
from macaronic.text.romanise.guess import guess, scripts_of
from macaronic.text.romanise.lattice import slot, spellings, table

SAMPLES = {
    "hi": "नमस्ते दोस्तों, मैंने ज़रूरत की किताबें पढ़ी हैं",
    "mr": "आपल्या माझ्या सगळ्यांना नमस्कार",
    "ne": "नेपाल राम्रो देश हो",
    "bn": "আমি বাংলায় গান গাই, বিশ্ব জুড়ে",
    "as": "অসমৰ মানুহে কৰিছে",
    "gu": "ગુજરાતી ભાષા સરસ છે",
    "pa": "ਪੰਜਾਬੀ ਵਿੱਚ ਗੱਲ ਕਰੋ",
    "or": "ଓଡ଼ିଆ ଭାଷା ଭଲ ଲାଗେ",
    "ta": "தமிழ் மொழி அழகு, எங்கே போகிறாய்",
    "te": "తెలుగు భాష చాలా అందంగా ఉంది",
    "kn": "ಕನ್ನಡ ಭಾಷೆ ತುಂಬಾ ಸುಂದರ",
    "ml": "മലയാളം എനിക്ക് ഇഷ്ടമാണ്",
    "si": "මම සිංහල කතා කරනවා",
    "ur": "مجھے اردو زبان سے محبت ہے",
    "fa": "من فارسی حرف می‌زنم",
    "ar": "السلام عليكم ورحمة الله",
    "he": "שלום לכל החברים שלי",
    "ru": "Привет, как дела? Всё хорошо!",
    "uk": "Дякую, їжак живе в лісі",
    "bg": "Благодаря, къща и щъркел",
    "sr": "Љубав, ђак и џеп",
    "mk": "Ќе одам во куќата",
    "el": "Ευχαριστώ πολύ, θέλω ψωμί",
    "ka": "გამარჯობა ქართული ენა",
    "hy": "Բարեւ, ինչպե՞ս ես",
    "ko": "안녕하세요 한국말을 배워요",
    "ja": "ありがとう、ラーメンをたべる",
}


@pytest.mark.parametrize(
    ("language", "word", "expected"),
    [
        # Schwas: final and medial ones dropped, kept before a last short vowel and after a cluster.
        ("hi", "करना", "karna"),
        ("hi", "समझना", "samajhna"),
        ("hi", "सरकार", "sarkar"),
        ("hi", "चंद्र", "chandra"),
        ("hi", "अनुमति", "anumati"),
        ("hi", "लोकसभा", "loksabha"),
        ("hi", "नहीं", "nahi"),
        ("hi", "में", "mein"),
        ("mr", "माझ्या", "mazya"),
        ("ne", "गरेको", "gareko"),
        ("bn", "বাংলা", "bangla"),
        ("bn", "হওয়া", "howa"),
        ("as", "মানুহ", "manuh"),
        ("pa", "ਪੰਜਾਬ", "punjab"),
        ("gu", "ગુજરાતી", "gujarati"),
        ("or", "ଭଲ", "bhala"),
        # No deletion in the Dravidian languages; Tamil stops are voiced between vowels and after nasals.
        ("te", "తెలుగు", "telugu"),
        ("kn", "ಹೆಸರು", "hesaru"),
        ("ml", "വന്നു", "vannu"),
        ("ta", "எங்கே", "enge"),
        ("ta", "கடவுள்", "kadavul"),
        ("ta", "பழம்", "pazham"),
        ("si", "ඔයා", "oya"),
        # Gaj's Latin alphabet is the official Serbian one; capitals stay.
        ("sr", "Љубав", "Ljubav"),
        ("ru", "Москва", "Moskva"),
        ("ru", "МОСКВА", "MOSKVA"),
        ("el", "καλημέρα", "kalimera"),
        ("he", "שלום", "shalom"),
        ("fa", "سلام", "salam"),
        ("ur", "پاکستان", "pakistan"),
        ("ka", "თბილისი", "tbilisi"),
        # Examples of the Revised Romanization of Korean (2000): liaison and assimilation.
        ("ko", "서울", "seoul"),
        ("ko", "독립문", "dongnimmun"),
        ("ko", "백마", "baengma"),
        ("ko", "신라", "silla"),
        # Hepburn: sokuon, youon, long vowels as kana are typed.
        ("ja", "がっこう", "gakkou"),
        ("ja", "マッチャ", "matcha"),
        ("ja", "きょう", "kyou"),
    ],
)
def test_one_word(language: str, word: str, expected: str) -> None:
    assert romanise(word, language) == expected


@pytest.mark.parametrize(
    ("language", "word", "typed"),
    [
        ("hi", "अच्छा", {"acha", "accha", "achha"}),
        ("hi", "ज़रूरत", {"zaroorat", "zarurat", "jaroorat"}),
        ("hi", "करना", {"karna", "krna"}),
        ("hi", "पहले", {"pehle", "pahle"}),
        ("hi", "हमारे", {"humare", "hamare"}),
        ("hi", "विश्वास", {"vishwas", "vishvas"}),
        ("bn", "ভালো", {"bhalo", "valo"}),
        ("ta", "தமிழ்", {"tamil", "thamizh"}),
        ("te", "అంత", {"anta", "antha"}),
        ("ml", "ആണ്", {"aanu", "anu", "aan"}),
        ("kn", "ಅವರು", {"avaru", "avru"}),
        ("pa", "ਵਿੱਚ", {"vich", "wich"}),
        ("ar", "حبيبي", {"habibi", "7abibi"}),
        ("arq", "كيفاش", {"kifach"}),
        ("arq", "خويا", {"khouya", "5ouya"}),
        ("ru", "хочу", {"hochu", "khochu", "ho4u"}),
        ("el", "θέλω", {"thelo", "8elw"}),
        ("sr", "ђак", {"đak", "djak"}),
        ("bg", "чаша", {"chasha", "4a6a"}),
        ("ne-Latn", "छ", {"cha", "chha", "xa"}),
    ],
)
def test_what_people_type_is_among_the_variants(language: str, word: str, typed: set[str]) -> None:
    assert typed <= {spelling for spelling, _ in variants(word, language)}


@pytest.mark.parametrize("language", sorted(SAMPLES))
def test_variants_are_a_distribution_headed_by_romanise(language: str) -> None:
    for word in SAMPLES[language].replace(",", " ").replace("?", " ").replace("!", " ").replace("、", " ").split():
        found = variants(word, language, limit=6)
        assert 1 <= len(found) <= 6
        assert found[0][0] == romanise(word.lower(), language)
        assert sum(weight for _, weight in found) == pytest.approx(1.0)
        assert all(spelling and weight > 0 for spelling, weight in found)
        assert len({spelling for spelling, _ in found}) == len(found)
        rest = [weight for _, weight in found[1:]]
        assert rest == sorted(rest, reverse=True)


@pytest.mark.parametrize("language", sorted(SAMPLES))
def test_nothing_of_the_script_is_left_and_the_rest_stays(language: str) -> None:
    text = SAMPLES[language]
    spelled = romanise(text, language)
    letters = [c for c in spelled if c.isalpha()]
    assert letters
    assert all("LATIN" in unicodedata.name(c) for c in letters)
    assert spelled.count(" ") == text.count(" ")
    assert romanise(spelled, language) == spelled


@given(st.text(max_size=40))
def test_any_text_is_taken_and_spaces_stay(text: str) -> None:
    for language in (None, "hi", "ar", "ko"):
        spelled = romanise(text, language)
        assert isinstance(spelled, str)
        assert [c for c in spelled if c.isspace()] == [c for c in text if c.isspace()]


@given(
    st.text(alphabet=st.characters(min_codepoint=0x900, max_codepoint=0xDFF), max_size=12),
    st.sampled_from(sorted(LANGUAGES)),
)
def test_broken_words_do_no_harm(word: str, language: str) -> None:
    found = variants(word, language)
    assert sum(weight for _, weight in found) == pytest.approx(1.0)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCÇÉÑßäöüşğı .,!?'-0123456789", max_size=60))
def test_latin_text_is_untouched(text: str) -> None:
    assert romanise(text) == text
    assert romanise(text, "hi", backend="anyascii") == text


def test_mixed_text_is_spelled_script_by_script() -> None:
    assert romanise("meeting कल है → кино at 5pm", "hi") == "meeting kal hai → kino at 5pm"
    assert romanise("Handyपर", "hi") == "Handypar"
    assert romanise("१२३ ٤٥", "hi") == "123 45"


def test_the_language_is_guessed_from_letters() -> None:
    assert romanise("їжак") == romanise("їжак", "uk")
    assert romanise("љубав") == romanise("љубав", "sr")
    assert guess("کتاب")["Arab"] == "fa"
    assert guess("یہ کتاب ہے")["Arab"] == "ur"
    assert guess("অসমৰ")["Beng"] == "as"
    assert guess("東京と")["Hani"] == "ja"


def test_every_language_with_rules_has_a_script() -> None:
    assert all(scripts_of(language) for language in LANGUAGES)


def test_backends() -> None:
    assert romanise("नमस्ते दुनिया", backend="anyascii") == "nmste duniya"
    with pytest.raises(UnknownName, match="anyascii"):
        romanise("नमस्ते", backend="anyasci")
    with pytest.raises(UnknownName):
        romanise("नमस्ते", "xx-nonsense")
    assert BACKENDS[0] == "macaronic"


def test_uroman_backend() -> None:
    pytest.importorskip("uroman", reason="the extra 'uroman' is not installed")
    assert romanise("Игорь, привет", "ru", backend="uroman") == "Igor, privet"


def test_a_missing_uroman_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from macaronic.text import romanise as module

    monkeypatch.setitem(sys.modules, "uroman", None)
    module._uroman_model.cache_clear()
    with pytest.raises(MissingExtra, match=r"macaronic\[uroman\]"):
        romanise("абвгд", "ru", backend="uroman")


def test_empty_and_foreign_words_have_one_spelling() -> None:
    assert variants("", "hi") == [("", 1.0)]
    assert variants("hello", "hi") == [("hello", 1.0)]
    assert variants("😂", "hi") == [("😂", 1.0)]


def test_frequent_words_are_a_distribution() -> None:
    words = frequent_words("arq")
    assert sum(words.values()) == pytest.approx(1.0)
    assert {"rani", "bezaf", "3lach", "inchallah", "m3akom", "ndirou"} <= set(words)
    assert frequent_words("ary") == words
    assert frequent_words("fr") == {}


def test_a_lattice_gives_the_likeliest_paths() -> None:
    choices = table("a=x:3,y:1", "b=_:1,z:1")
    assert spellings([choices["a"], choices["b"]], 4) == [("x", 0.375), ("xz", 0.375), ("y", 0.125), ("yz", 0.125)]
    assert spellings([slot("ab:1,a:1"), slot("_:1,b:1")], 1) == [("ab", 0.5)]


@given(st.lists(st.sampled_from(["a:2,aa:1", "b", "v:3,w:2,_:1", "ii:1,i:1,ee:1"]), max_size=5))
def test_a_small_lattice_is_exhausted(specs: list[str]) -> None:
    found = spellings([slot(spec) for spec in specs], 1000)
    assert sum(weight for _, weight in found) == pytest.approx(1.0)


def test_two_neighbouring_schwas_are_never_both_dropped() -> None:
    for word in ("नमकहराम", "मनमोहन", "कलम", "जगमगाहट", "अटकलबाज़ी"):
        marked = delete_schwas(read(word))
        dropped = [i for i, symbol in enumerate(marked[:-1]) if symbol == "-"]
        assert all(later - earlier > 2 for earlier, later in pairwise(dropped))


def test_coverage_of_romanised_hindi_tweets() -> None:
    """Share of tokens labelled Hindi that the variants of the 10,000 most frequent Hindi words hold."""
    folder = os.environ.get("MACARONIC_DATA")
    if not folder or not (path := Path(folder) / "codemix-hinglid-val" / "hinglid.validation.first3000.tsv").exists():
        pytest.skip("MACARONIC_DATA has no codemix-hinglid-val")
    wordfreq = pytest.importorskip("wordfreq", reason="wordfreq is not installed")
    known: set[str] = set()
    for word in wordfreq.top_n_list("hi", 10000):
        known.update(spelling for spelling, _ in variants(word, "hi"))
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    tokens = [word for word, label in rows if label == "HI"]
    assert sum(token in known for token in tokens) / len(tokens) > 0.87
