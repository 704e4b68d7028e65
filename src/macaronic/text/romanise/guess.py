"""Which language a run of letters is read as when nobody says: the script's usual one, or what its letters betray."""

from __future__ import annotations

import functools

_BLOCKS: tuple[tuple[int, int, str], ...] = (
    (0x0370, 0x03FF, "Grek"), (0x0400, 0x052F, "Cyrl"), (0x0530, 0x058F, "Armn"), (0x0590, 0x05FF, "Hebr"),
    (0x0600, 0x077F, "Arab"), (0x0870, 0x08FF, "Arab"), (0x0900, 0x097F, "Deva"), (0x0980, 0x09FF, "Beng"),
    (0x0A00, 0x0A7F, "Guru"), (0x0A80, 0x0AFF, "Gujr"), (0x0B00, 0x0B7F, "Orya"), (0x0B80, 0x0BFF, "Taml"),
    (0x0C00, 0x0C7F, "Telu"), (0x0C80, 0x0CFF, "Knda"), (0x0D00, 0x0D7F, "Mlym"), (0x0D80, 0x0DFF, "Sinh"),
    (0x10A0, 0x10FF, "Geor"), (0x1100, 0x11FF, "Hang"), (0x1C90, 0x1CBF, "Geor"), (0x1F00, 0x1FFF, "Grek"),
    (0x3040, 0x30FF, "Kana"), (0x3400, 0x9FFF, "Hani"), (0xAC00, 0xD7A3, "Hang"), (0xFB50, 0xFDFF, "Arab"),
    (0xFE70, 0xFEFC, "Arab"),
)  # fmt: skip
_USUAL = {
    "Grek": "el", "Cyrl": "ru", "Armn": "hy", "Hebr": "he", "Arab": "ar", "Deva": "hi", "Beng": "bn", "Guru": "pa",
    "Gujr": "gu", "Orya": "or", "Taml": "ta", "Telu": "te", "Knda": "kn", "Mlym": "ml", "Sinh": "si", "Geor": "ka",
    "Hang": "ko", "Kana": "ja",
}  # fmt: skip
_BETRAYED: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("Beng", "as", frozenset("ৰৱ")),
    ("Cyrl", "uk", frozenset("їєґЇЄҐ")),
    ("Cyrl", "sr", frozenset("љњђћЉЊЂЋ")),
    ("Cyrl", "mk", frozenset("ѓќѕЃЌЅ")),
    ("Cyrl", "be", frozenset("ўЎ")),
    ("Arab", "sd", frozenset("ڄڃڻٻڪ")),
    ("Arab", "ps", frozenset("ښځڅړټډ")),
    ("Arab", "ur", frozenset("ٹڈڑںےھہ")),
    ("Arab", "fa", frozenset("پچژگکی")),
)
_SCRIPTS = {
    **{language: (script,) for script, language in _USUAL.items()},
    **{language: (script,) for script, language, _ in _BETRAYED},
    **dict.fromkeys(["mr", "ne", "sa", "bho", "mai", "awa", "mag", "hne", "kok", "gom", "doi"], ("Deva",)),
    **dict.fromkeys(["bg", "kk", "ky", "mn", "tg", "tt", "sh"], ("Cyrl",)),
    **dict.fromkeys(["arz", "apc", "arq", "ary", "aeb", "prs", "pnb"], ("Arab",)),
    "ja": ("Kana", "Hani"), "zh": ("Hani",), "ko": ("Hang",), "pa": ("Guru", "Arab"), "sd": ("Arab", "Deva"),
}  # fmt: skip


@functools.lru_cache(maxsize=1 << 14)
def _script(character: str) -> str:
    code = ord(character)
    return next((script for low, high, script in _BLOCKS if low <= code <= high), "")


def script_of(word: str) -> str:
    """The script of a word's first character (ISO 15924; kana of both kinds are `Kana`), "" when it has no rules.

    >>> script_of("नमस्ते"), script_of("ひと"), script_of("word")
    ('Deva', 'Kana', '')
    """
    return _script(word[0])


def scripts_of(language: str) -> tuple[str, ...]:
    """The scripts that a language's own rules read.

    >>> scripts_of("ja")
    ('Kana', 'Hani')
    """
    return _SCRIPTS.get(language, ())


def guess(text: str) -> dict[str, str]:
    """For each script the language that a text in it is read as.

    >>> guess("یہ ہے")["Arab"], guess("это")["Cyrl"]
    ('ur', 'ru')
    """
    found = dict(_USUAL)
    letters = set(text)
    for script, language, telling in reversed(_BETRAYED):
        if letters & telling:
            found[script] = language
    if any("\u3040" <= letter <= "\u30ff" for letter in letters):
        found["Hani"] = "ja"
    return found
