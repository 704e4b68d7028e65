"""Word tokens in many scripts, each case read and cut by hand ("|" marks the cuts, spaces are dropped)."""

from __future__ import annotations

import pytest

from macaronic.text.words import words

CASES = [
    # Latin: apostrophes, hyphens, digits
    ("don't stop", "don't|stop"),
    ("don’t don`t don´t", "don’t|don`t|don´t"),
    ("rock'n'roll", "rock'n'roll"),
    ("l'eau d’été", "l'eau|d’été"),
    ("goin' 'quoted'", "goin|'|'|quoted|'"),
    ("co-op", "co|-|op"),
    ("C++ and C#", "C|+|+|and|C|#"),
    ("snake_case", "snake_case"),
    ("e.g. U.S.A.", "e.g|.|U.S.A|."),
    ("cafe\u0301s naïve", "cafe\u0301s|naïve"),
    ("col·lecció", "col·lecció"),
    ("Grüße, Straße!", "Grüße|,|Straße|!"),
    ("İstanbul'da yaşıyorum", "İstanbul'da|yaşıyorum"),
    ("Sanaa'ya kia‘ora", "Sanaa'ya|kia‘ora"),
    ("wait...what?!", "wait|.|.|.|what|?|!"),
    # Arabizi and the like
    ("3lach 7ob ma9drtch", "3lach|7ob|ma9drtch"),
    ("3'ir sba7 l5ir 2akid", "3'ir|sba7|l5ir|2akid"),
    ("gr8 m8 2nite", "gr8|m8|2nite"),
    # numbers
    ("$3.50", "$|3.50"),
    ("₹1,23,456.78", "₹|1,23,456.78"),
    ("1,234.5 50%", "1,234.5|50|%"),
    ("at 10:30", "at|10|:|30"),
    ("१२३ ٤٥٦ ๗๘", "१२३|٤٥٦|๗๘"),
    ("-5°C", "-|5|°|C"),
    # the net
    ("see https://t.co/AbC1.", "see|https://t.co/AbC1|."),
    ("(http://a.b/c_(d))", "(|http://a.b/c_(d)|)"),
    ("HTTP://X.org/?q=1&r=2#s, ok", "HTTP://X.org/?q=1&r=2#s|,|ok"),
    ("www.example.com!", "www.example.com|!"),
    ("看https://a.b/c，好", "看|https://a.b/c|，|好"),
    ("https://hi.wikipedia.org/wiki/हिन्दी देखो", "https://hi.wikipedia.org/wiki/हिन्दी|देखो"),
    ("mail ana.maria+x@ex-am.ple.com.", "mail|ana.maria+x@ex-am.ple.com|."),
    ("@user hey @user_2!", "@user|hey|@user_2|!"),
    ("RT @ana: ok", "RT|@ana|:|ok"),
    ("#hashtag_हिन्दी", "#hashtag_हिन्दी"),
    ("#yaar#dost", "#yaar|#|dost"),
    ("我在#北京 #日本語だ", "我|在|#北京|#日本語だ"),
    ("a@ b # c", "a|@|b|#|c"),
    ("ok :) :-( ;P :'( =D <3", "ok|:)|:-(|;P|:'(|=D|<3"),
    ("haha:D yes:) note:x", "haha|:D|yes|:)|note|:|x"),
    ("3:3 if a<3b", "3|:|3|if|a|<|3b"),
    # emoji
    ("👨‍👩‍👧‍👦❤️👍🏽", "👨‍👩‍👧‍👦|❤️|👍🏽"),
    ("🇮🇳🇫🇷🇩🇪", "🇮🇳|🇫🇷|🇩🇪"),
    ("1️⃣2️⃣#️⃣", "1️⃣|2️⃣|#️⃣"),
    ("🏴󠁧󠁢󠁳󠁣󠁴󠁿!", "🏴󠁧󠁢󠁳󠁣󠁴󠁿|!"),
    ("so😂funny🤷🏾‍♀️", "so|😂|funny|🤷🏾‍♀️"),
    # Indic
    ("क्षत्रिय ज्ञान हिन्दी", "क्षत्रिय|ज्ञान|हिन्दी"),
    ("क्‍ष र्‍य श्‌र", "क्‍ष|र्‍य|श्‌र"),
    ("क्या हाल है? ठीक।", "क्या|हाल|है|?|ठीक|।"),
    ("meeting में coffeeवाला", "meeting|में|coffeeवाला"),
    ("আমি বাংলায় কথা বলি।", "আমি|বাংলায়|কথা|বলি|।"),
    ("தமிழ் நாடு, ஸ்ரீ", "தமிழ்|நாடு|,|ஸ்ரீ"),
    ("ಕನ್ನಡ తెలుగు മലയാളം", "ಕನ್ನಡ|తెలుగు|മലയാളം"),
    ("ਪੰਜਾਬੀ ગુજરાતી ଓଡ଼ିଆ සිංහල", "ਪੰਜਾਬੀ|ગુજરાતી|ଓଡ଼ିଆ|සිංහල"),
    # Semitic
    ("السَّلامُ عَلَيْكُمْ، كيف؟", "السَّلامُ|عَلَيْكُمْ|،|كيف|؟"),
    ("عليــــكم جميـل", "عليــــكم|جميـل"),
    ("می‌خواهم کتاب‌ها", "می‌خواهم|کتاب‌ها"),
    ("צה\"ל ג'ירפה שָׁלוֹם", "צה\"ל|ג'ירפה|שָׁלוֹם"),
    ("ሰላም፡ዓለም።", "ሰላም|፡|ዓለም|።"),
    # East Asia
    ("한국어 텍스트입니다.", "한국어|텍스트입니다|."),
    ("\u1112\u1161\u11ab\u1100\u1173\u11af", "\u1112\u1161\u11ab\u1100\u1173\u11af"),
    ("我很happy啊！", "我|很|happy|啊|！"),
    ("東京へ行きました", "東|京|へ|行|きました"),
    ("らーめんとラーメン", "らーめんと|ラーメン"),
    ("人々、時々", "人々|、|時々"),
    ("ﾊﾝｶｸ ｶﾞ", "ﾊﾝｶｸ|ｶﾞ"),
    # South East Asia: near syllables, never inside a cluster
    ("ไปกินข้าว", "ไป|กิน|ข้าว"),
    ("น้ำ", "น้ำ"),
    ("ชอปปิ้งshopping", "ชอป|ปิ้ง|shopping"),
    ("สบายดีບໍ່", "สบาย|ดี|ບໍ່"),
    ("ស្ត្រីខ្មែរ", "ស្ត្រី|ខ្មែរ"),
    ("មាន\u200bសិស្ស", "មាន|សិ|ស្ស"),
    ("မြန်မာ", "မြန်|မာ"),
    ("သင်္ဘော", "သင်္ဘော"),
    # other
    ("Привет, как дела?", "Привет|,|как|дела|?"),
    ("Γειά σου", "Γειά|σου"),
    ("Բարեւ ձեզ։ გამარჯობა", "Բարեւ|ձեզ|։|გამარჯობა"),
    ("བཀྲ་ཤིས", "བཀྲ|་|ཤིས"),
    ("yaar kal ki meeting cancel ho gayi, so chill", "yaar|kal|ki|meeting|cancel|ho|gayi|,|so|chill"),
]


@pytest.mark.parametrize(("text", "cut"), CASES, ids=[text for text, _ in CASES])
def test_words(text: str, cut: str) -> None:
    assert words(text) == cut.split("|")
