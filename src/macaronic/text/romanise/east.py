"""Korean and Japanese words as spelling lattices: Hangul by jamo with liaison, kana in Hepburn."""

from __future__ import annotations

import functools

from anyascii import anyascii

from macaronic.text.romanise.lattice import Slot, slot, table

_INITIAL = "g kk n d tt r m b pp s ss _ j jj ch k t p h"
_VOWEL = """
a ae ya yae:6,ye:4 eo:80,u:12,o:8 e yeo:82,yu:12,yo:6 ye o wa wae:80,we:20 oe:70,we:30 yo u:84,oo:16 wo:85,weo:15 we
wi yu eu:86,u:14 ui:78,ee:12,e:10 i:92,ee:8
"""
_FINAL = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
_MOVED_FINAL = "_ g kk g-s n n-j n d r r-g r-m r-b r-s r-t r-p r m b b-s s ss _ j ch k t p _"
_INITIALS, _VOWELS = [slot(s) for s in _INITIAL.split()], [slot(s) for s in _VOWEL.split()]
_FINALS, _MOVED = _FINAL.split(), _MOVED_FINAL.split()
_NASAL = {"k": "ng", "t": "n", "p": "m"}
_BASE, _END = 0xAC00, 0xD7A3


def korean(word: str) -> list[Slot]:
    """Revised Romanisation with liaison and nasal assimilation; vowels also as people type names (u, oo, ee).

    >>> from macaronic.text.romanise.lattice import first
    >>> first(korean("한국말을"))
    'hangungmareul'
    """
    found: list[Slot] = []
    onset: Slot | None = None
    for i, character in enumerate(word):
        code = ord(character) - _BASE
        if not 0 <= code <= _END - _BASE:
            found.append(((anyascii(character).lower(), 1.0),))
            onset = None
            continue
        initial, vowel, final = code // 588, code // 28 % 21, code % 28
        found.append(onset or _INITIALS[initial])
        found.append(_VOWELS[vowel])
        following = ord(word[i + 1]) - _BASE if i + 1 < len(word) else -1
        nearby = following // 588 if 0 <= following <= _END - _BASE else -1
        coda, onset = _coda(final, nearby)
        found.append(((coda, 1.0),))
    return found


def _coda(final: int, nearby: int) -> tuple[str, Slot | None]:
    """The coda as said before the next syllable's initial (-1: none), and the next onset where that changes."""
    if not final:
        return "", None
    coda = _FINALS[final]
    if nearby == 11 and coda != "ng":
        stays, _, moves = _MOVED[final].rpartition("-")
        return stays, slot(moves or "_")
    if nearby in (2, 6) and coda in _NASAL:
        return _NASAL[coda], None
    if nearby == 5 and coda in ("l", "n"):
        return "l", slot("l")
    if nearby == 5 and (coda in _NASAL or coda in ("m", "ng")):
        return _NASAL.get(coda, coda), slot("n")
    return coda, None


_KANA = """
あ=a い=i う=u え=e お=o か=ka き=ki く=ku け=ke こ=ko が=ga ぎ=gi ぐ=gu げ=ge ご=go さ=sa し=shi:88,si:12 す=su
せ=se そ=so ざ=za
じ=ji:90,zi:10 ず=zu ぜ=ze ぞ=zo た=ta ち=chi:88,ti:12 つ=tsu:88,tu:12 て=te と=to だ=da ぢ=ji づ=zu で=de ど=do
な=na に=ni ぬ=nu
ね=ne の=no は=ha ひ=hi ふ=fu:88,hu:12 へ=he ほ=ho ば=ba び=bi ぶ=bu べ=be ぼ=bo ぱ=pa ぴ=pi ぷ=pu ぺ=pe ぽ=po ま=ma
み=mi む=mu め=me
も=mo や=ya ゆ=yu よ=yo ら=ra り=ri る=ru れ=re ろ=ro わ=wa ゐ=i ゑ=e を=o:60,wo:40 ん=n ゔ=vu ぁ=a ぃ=i ぅ=u ぇ=e
ぉ=o ゃ=ya ゅ=yu ょ=yo
きゃ=kya きゅ=kyu きょ=kyo ぎゃ=gya ぎゅ=gyu ぎょ=gyo しゃ=sha:90,sya:10 しゅ=shu:90,syu:10 しょ=sho:90,syo:10
しぇ=she じゃ=ja:94,jya:6
じゅ=ju:94,jyu:6 じょ=jo:94,jyo:6 じぇ=je ちゃ=cha:92,tya:8 ちゅ=chu:92,tyu:8 ちょ=cho:92,tyo:8 ちぇ=che にゃ=nya
にゅ=nyu にょ=nyo
ひゃ=hya ひゅ=hyu ひょ=hyo びゃ=bya びゅ=byu びょ=byo ぴゃ=pya ぴゅ=pyu ぴょ=pyo みゃ=mya みゅ=myu みょ=myo りゃ=rya
りゅ=ryu りょ=ryo
ふぁ=fa ふぃ=fi ふぇ=fe ふぉ=fo うぃ=wi うぇ=we うぉ=wo ゔぁ=va ゔぃ=vi ゔぇ=ve ゔぉ=vo てぃ=ti でぃ=di とぅ=tu
でゅ=dyu つぁ=tsa
"""
_LENGTHENED = {"o": slot("u:62,_:38"), "u": slot("u:62,_:38")}


@functools.cache
def _kana() -> dict[str, Slot]:
    return table(_KANA)


def japanese(word: str) -> list[Slot]:
    """Hepburn for kana; other characters as anyascii gives them (kanji get a Chinese reading, for want of a lexicon).

    >>> from macaronic.text.romanise.lattice import first
    >>> first(japanese("がっこう")), first(japanese("ラーメン"))
    ('gakkou', 'raamen')
    """
    kana = _kana()
    text = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヴ" else c for c in word)
    found: list[Slot] = []
    at = 0
    double = False
    while at < len(text):
        character = text[at]
        key = text[at : at + 2] if text[at : at + 2] in kana and at + 2 <= len(text) else character
        before = found[-1][0][0][-1:] if found else ""
        at += len(key)
        if character == "っ":
            double = True
            continue
        if character == "ー":
            found.append(((before, 0.5), ("", 0.5)))
            continue
        alternatives = kana.get(key) or ((anyascii(key).lower(), 1.0),)
        if key == "う" and before in _LENGTHENED:
            alternatives = _LENGTHENED[before]
        if double:
            alternatives = tuple((_doubled(spelling), weight) for spelling, weight in alternatives)
        found.append(alternatives)
        double = False
    return found


def _doubled(spelling: str) -> str:
    return ("t" if spelling.startswith("ch") else spelling[:1]) + spelling
