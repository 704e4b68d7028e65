"""What a whole sentence is in."""

from __future__ import annotations

import numpy as np
import pytest

from macaronic.identify import tagger
from macaronic.identify.sentence import summed

TEXTS = {
    "en": "We will meet in front of the library tomorrow morning.",
    "es": "Mañana por la mañana nos vemos delante de la biblioteca.",
    "fr": "Demain matin nous nous retrouvons devant la bibliothèque.",
    "de": "Morgen früh treffen wir uns vor der Bibliothek.",
    "tr": "Yarın sabah kütüphanenin önünde buluşuyoruz.",
    "id": "Besok pagi kita bertemu di depan perpustakaan.",
    "sw": "Kesho asubuhi tutakutana mbele ya maktaba.",
    "vi": "Sáng mai chúng ta gặp nhau trước thư viện.",
    "pl": "Jutro rano spotykamy się przed biblioteką.",
    "hi": "कल सुबह हम पुस्तकालय के सामने मिलेंगे।",
    "hi-Latn": "kal subah hum library ke saamne milenge aur phir ghar jayenge",
    "ta": "நாளை காலை நாம் நூலகத்தின் முன் சந்திப்போம்.",
    "ar": "سنلتقي غدا صباحا أمام المكتبة.",
    "ur": "کل صبح ہم لائبریری کے سامنے ملیں گے۔",
    "ru": "Завтра утром мы встретимся перед библиотекой.",
    "uk": "Завтра вранці ми зустрінемося перед бібліотекою.",
    "ja": "明日の朝、図書館の前で会いましょう。",
    "zh": "明天早上我们在图书馆门口见面。",
    "zh-Hant": "明天早上我們在圖書館門口見面。",
    "ko": "내일 아침 도서관 앞에서 만나요.",
    "th": "พรุ่งนี้เช้าเราจะเจอกันหน้าห้องสมุด",
    "el": "Αύριο το πρωί θα συναντηθούμε μπροστά στη βιβλιοθήκη.",
}


@pytest.mark.parametrize("tag", TEXTS)
def test_everyday_sentences(tag: str) -> None:
    found = tagger.load().identify_sentence([TEXTS[tag]])[0]
    assert found["lang"] == tag
    assert found["languages"][tag] >= 0.7
    assert 0.3 < found["confidence"] <= 1


def test_nothing_to_identify() -> None:
    rows = tagger.load().identify_sentence(["", "!!! 123", " "])
    assert rows == [{"lang": None, "confidence": 0.0, "languages": {}}] * 3


def test_shares_of_a_mixed_sentence_and_ties() -> None:
    code, offsets = np.array([2, 1, 1, 2, -1, -3]), np.array([0, 6])
    row = next(iter(summed(code, np.array([0.5]), np.array([2]), offsets, ["a", "en", "es"])))
    assert row.languages == {"en": 0.5, "es": 0.5}
    assert row.lang == "es"


def test_matrix_language_is_the_first_of_equals() -> None:
    found = tagger.load().identify_sentence(["ich habe keine Zeit heute but we can meet later"], ["de", "en"])[0]
    assert found["languages"] == {"de": 0.5, "en": 0.5}
    assert found["lang"] == "de"
