"""Arabic-script and Hebrew words as spelling lattices: consonants, vowel letters, and the short vowels between.

Short vowels are not written, so a slot stands wherever one may be said. Which gaps are likely to hold a vowel
follows from the syllable: one after the first consonant, none after a closed short syllable, one after a long vowel.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator

from macaronic.text.romanise.lattice import Slot, table

_ARABIC = """
ء=_:65,2:35 ؤ=o:50,2:25,ou:25 ئ=e:45,2:35,y:20 ب=b ت=t ث=th:50,t:30,s:20 ج=j:72,g:28 ح=7:50,h:50 خ=kh:68,5:24,7':8 د=d
ذ=d:35,th:35,z:30 ر=r ز=z س=s ش=sh:88,ch:12 ص=s:88,9:12 ض=d:88,dh:12 ط=t:86,6:14 ظ=z:72,dh:18,th:10 ع=3:62,a:26,_:12
غ=gh:82,3':8,8:10 ف=f ق=q:48,2:20,k:16,9:10,g:6 ك=k ل=l م=m ن=n ه=h پ=p چ=ch ڤ=v گ=g ک=k ہ=h
ا=a:92,aa:8 ا/^=a:52,e:24,i:24 ا/$=a آ=a:70,aa:30 أ=a:88,2a:12 إ=i:55,e:45 ٱ=a:60,e:40 و=o:44,ou:24,u:18,oo:14
و/^=w:74,wa:26 و/$=o:40,ou:26,u:26,w:8 w=w ي=i:66,ee:20,y:8,e:6 ي/^=y:84,i:16 ي/$=i:62,y:32,ee:6 y=y ى=a:80,i:20
ی=i:70,ee:30 ى/$=a:84,a:16 ة=a:72,ah:12,e:10,eh:6 ال/^=al:62,el:34,l:4 وال/^=wal:66,wel:34 بال/^=bil:40,bel:36,bal:24
لل/^=lel:40,lil:40,ll:20 الله=allah:84,alla:16 َ=a ُ=u ِ=i ً=an ٌ=un ٍ=in ْ=_
gap=a:44,e:22,i:17,_:9,o:5,u:3 close=_:72,a:12,e:10,i:6 long=i:44,e:34,_:12,a:10 last=_:40,a:24,e:20,i:10,u:6
"""
_MAGHREB = """
ث=t:82,th:18 ج=j:66,dj:34 ح=h:66,7:34 خ=kh:78,5:22 ش=ch:92,sh:8 ص=s ض=d:88,dh:12 ط=t ظ=d:75,dh:25 ذ=d:88,dh:12
ع=3:56,a:32,_:12 غ=gh:78,r:12,8:10 ق=k:34,9:28,q:28,g:10 و=ou:68,o:18,u:14 و/^=w:62,ou:38 و/$=ou:66,o:20,u:14
ي=i:92,y:8 ي/^=y:80,i:20 ي/$=i:92,y:8 ة=a:88,e:8,ah:4 ال/^=el:56,l:26,al:18 ؤ=ou ا/$=a ا=a ا/^=a:62,i:20,e:18
أ=a إ=i:70,e:30 ئ=i:50,y:30,e:20 ء=_ لل/^=l:70,lel:30 وال/^=wel:60,ouel:20,wl:20 بال/^=bel:70,bl:30
ن/$=n:88,ne:12 ش/$=ch:84,che:12,sh:4 ر/$=r:92,re:8 ل/$=l:93,le:7 م/$=m:94,me:6 د/$=d:95,de:5 س/$=s:84,sse:8,ss:8
ت/$=t:94,te:6
gap=_:46,e:28,a:18,i:8 close=_:70,e:20,a:10 long=e:50,i:24,_:26 last=e:34,_:40,a:20,i:6
"""
_PERSIAN = """
ء=_ ؤ=o ئ=e:70,y:30 أ=a ب=b پ=p ت=t ث=s ج=j چ=ch ح=h خ=kh:97,x:3 د=d ذ=z ر=r ز=z ژ=zh:94,j:6 س=s ش=sh ص=s ض=z ط=t ظ=z
ع=_:60,a:30,e:10 ع/^=a:64,e:28,o:8 ع/$=_:60,':10,a:30 غ=gh ف=f ق=gh:80,q:20 ک=k ك=k گ=g ل=l م=m ن=n ه=h ۀ=e
ة=e:50,at:50
ا=a:95,aa:5 ا/^=a:62,e:26,o:12 آ=a:82,aa:18 و=o:44,u:32,oo:20,ou:4 و/^=v و/$=o:48,u:36,oo:16 w=v ی=i:80,ee:14,y:6
ی/^=y ی/$=i:92,ee:4,y:4 ي=i:80,ee:20 y=y ى=a ه/e=e:88,eh:12 خوا=kha:86,khaa:14 او/^=oo:50,u:32,o:18 ای/^=i:80,ee:20
این/^=in:85,een:15 می‌=mi نمی‌=nemi ‌ها/$=ha ‌های/$=haye:80,hay:20 َ=a ُ=o ِ=e ً=an ْ=_ اً/$=an
gap=a:48,e:32,o:16,_:4 close=_:72,a:14,e:14 long=_:44,e:28,a:28 last=_:44,a:24,e:20,o:12
"""
_URDU = """
ء=_ ئ=y:50,i:35,_:15 ؤ=o:60,u:40 أ=a ب=b پ=p ت=t ٹ=t ث=s ج=j:96,z:4 چ=ch:97,c:3 ح=h خ=kh د=d ڈ=d ذ=z ر=r ڑ=r:58,d:42
ز=z:92,j:8
ژ=zh:80,z:20 س=s ش=sh:96,s:4 ص=s ض=z ط=t ظ=z ع=a:50,_:50 ع/^=a:66,i:20,u:14 غ=gh:82,g:18 ف=f ق=q:74,k:26 ک=k ك=k گ=g
ل=l
م=m ن=n ں=n:62,_:38 ہ=h ه=h ۂ=a ۃ=t:50,a:50 ة=a ھ=h ا=a:82,aa:18 ا/^=a:68,i:20,u:12 ا/$=a:95,aa:5 آ=aa:72,a:28
و=o:50,u:24,oo:20,au:6 و/^=w:72,v:28 و/$=o:86,u:8,oo:6 w=w:76,v:24 ی=i:44,ee:28,e:22,ai:6 ی/^=y ی/$=i:84,ee:10,y:6
y=y ي=i ى=a ے=e:60,ay:18,y:12,ey:5,ai:5 ۓ=e:60,ye:40 ہ/e=a:70,ah:20,h:10 او/^=o:50,u:25,au:25 ای/^=i:40,e:40,ai:20
ئے=ye:70,e:30 ئی=i:55,yi:35,ee:10 یا=ya:90,ia:10 یوں=iyon:70,iyo:30 وں/$=on:60,o:24,un:10,oon:6 یں/$=en:45,ein:45,e:10
َ=a ُ=u ِ=i ٰ=a ً=an ّ=_ ْ=_ خوا=kha:60,khwa:40
gap=a:62,i:18,u:12,_:8 close=_:70,a:22,i:5,u:3 long=_:52,a:30,i:18 last=_:26,a:52,i:14,u:8
"""
_PASHTO = """
ټ=t ځ=z:60,dz:40 څ=s:50,ts:50 ډ=d ړ=r ږ=g:60,zh:40 ښ=kh:50,sh:50 ګ=g ڼ=n ې=e ۍ=ai:60,ay:40 ه/e=a:85,ah:15 ي=i
ی=ay:40,i:60
gap=a:60,e:25,u:10,_:5 و=o:50,u:40,w:10 w=w و/^=w ئ=ai:50,y:50
"""
_SINDHI = """
ٻ=b ڀ=bh ٺ=th ٽ=t ٿ=th ڄ=j ڃ=ny ڇ=chh:55,ch:45 ڌ=dh ڏ=d ڊ=d ڍ=dh ڦ=ph:70,f:30 ڪ=k ک=kh ڳ=g ڱ=ng ڻ=n ڙ=r
ي=i:60,e:25,y:15
ي/$=i:60,e:40 ه=h ۾=mein:60,men:40 ۽=ain:70,ae:30 جھ=jh گھ=gh
"""
_HEBREW = """
א=a:60,_:40 א/^=a:54,e:30,i:10,o:6 א/$=a:60,_:40 ב=v:60,b:40 ב/^=b ב/$=v ג=g ד=d ה=h:75,_:25 ה/^=h:80,ha:20
ה/$=a:80,ah:12,e:8
ו=o:56,u:38,v:6 ו/^=v:60,ve:40 ו/$=o:60,u:40 w=v וו=v ז=z ח=ch:56,h:38,kh:6 ח/$=ach:60,ah:25,ch:15 ט=t י=i:92,ee:8
י/^=y
י/$=i:80,y:20 y=y יי=y:60,ay:40 כ=k:52,ch:38,kh:10 כ/^=k ך=ch:72,kh:28 ל=l מ=m ם=m נ=n ן=n ס=s ע=a:60,_:40
ע/^=a:64,e:24,i:12 ע/$=a:80,_:20 פ=p:54,f:46 פ/^=p ף=f צ=tz:54,ts:46 ץ=tz:54,ts:46 ק=k ר=r ש=sh:86,s:14 ת=t
ים/$=im ות/$=ot
gap=a:48,e:30,i:10,_:7,o:5 close=_:62,e:20,a:18 long=_:46,e:30,a:24 last=e:40,a:34,_:14,i:7,o:5
"""


_STYLES: dict[str, tuple[tuple[float, tuple[str, ...]], ...]] = {
    "ar": ((0.85, (_ARABIC,)), (0.15, (_ARABIC, _MAGHREB))),
    "arq": ((1.0, (_ARABIC, _MAGHREB)),),
    "fa": ((1.0, (_PERSIAN,)),),
    "ps": ((1.0, (_PERSIAN, _PASHTO)),),
    "ur": ((1.0, (_URDU,)),),
    "sd": ((1.0, (_URDU, _SINDHI)),),
    "he": ((1.0, (_HEBREW,)),),
}
_LIKE = {"arz": "ar", "apc": "ar", "ary": "arq", "aeb": "arq", "prs": "fa", "pnb": "ur"}
_STYLES |= {language: _STYLES[model] for language, model in _LIKE.items()}
LANGUAGES = frozenset(_STYLES)

_SILENT_H = {"fa": "ه", "prs": "ه", "ps": "ه", "ur": "ہ", "pnb": "ہ"}
_VOWELS = frozenset("اآأإىوؤيیےېۍەٱئةיוَُِ\u200c")
_GLIDES = {"و": "w", "ي": "y", "ی": "y", "ו": "w", "י": "y"}
_OPENING = frozenset(("ال", "وال", "بال", "لل"))
_SHADDA = "\u0651"
_ASPIRATE = "ھ"
_NEXT_GAP = {"gap": "close", "long": "close", "last": "gap", "close": "gap"}


@functools.cache
def _tables(language: str) -> tuple[tuple[float, dict[str, Slot]], ...]:
    return tuple((weight, table(*specs)) for weight, specs in _STYLES[language])


def lattices(word: str, language: str) -> Iterator[tuple[float, list[Slot]]]:
    """The spelling lattices of one word, a style each, with the styles' weights.

    >>> from macaronic.text.romanise.lattice import first
    >>> first(next(lattices("کتاب", "fa"))[1])
    'katab'
    """
    letters = unicodedata.normalize("NFC", word).replace("\u0640", "").replace("\u200d", "")
    silent = _SILENT_H.get(language, "")
    return ((weight, _slots(letters, known, silent)) for weight, known in _tables(language))


def _slots(letters: str, known: dict[str, Slot], silent_h: str) -> list[Slot]:
    """The written letters with a slot in each gap between consonants.

    `gap` is the kind of the gap that follows: "" where no vowel can be missing, else a key of the table.
    """
    found: list[Slot] = []
    gap, fresh = "", True
    for key, opens, ends, final in _units(letters, known, silent_h):
        if opens == "consonant" and gap:
            found.append(known["last" if final and gap == "close" else gap])
            gap = _NEXT_GAP[gap]
        elif opens == "consonant":
            gap = "gap" if fresh else "long"
        found.append(known[key])
        if ends in ("vowel", "start"):
            gap = ""
        elif opens == "vowel":
            gap = "close"
        fresh = ends == "start"
    return found


def _units(letters: str, known: dict[str, Slot], silent_h: str) -> Iterator[tuple[str, str, str, bool]]:
    """Keys of the table along a word: key, what it opens with, what it ends with, whether it ends the word."""
    at, end, before, open_syllable = 0, len(letters), "", False
    while at < end:
        key, length = _longest(letters, at, known)
        letter = letters[at]
        if letter == _SHADDA and before:
            yield before, "same", "same", at + 1 == end
        elif key and letter == _ASPIRATE:
            yield key, "same", "same", at + 1 == end
        elif key:
            text, final = letters[at : at + length], at + length == end
            if length > 1:
                opens = "vowel" if letter in _VOWELS else "consonant"
                ends = "start" if text in _OPENING else "vowel" if text[-1] in _VOWELS else "consonant"
            else:
                opens = ends = "vowel" if _is_vowel(letters, at, silent_h, open_syllable) else "consonant"
                if opens == "vowel" and letter == silent_h:
                    key = f"{letter}/e"
                elif opens == "consonant" and letter in _GLIDES and at:
                    key = _GLIDES[letter]
            yield key, opens, ends, final
            before, open_syllable = key, ends == "vowel"
        at += length


def _longest(letters: str, at: int, known: dict[str, Slot]) -> tuple[str, int]:
    for length in (4, 3, 2, 1):
        text = letters[at : at + length]
        if len(text) < length:
            continue
        place = "/^" if at == 0 else "/$" if at + length == len(letters) else ""
        if place and text + place in known:
            return text + place, length
        if text in known:
            return text, length
    return "", 1


def _is_vowel(letters: str, at: int, silent_h: str, after_vowel: bool) -> bool:
    letter, after = letters[at], letters[at + 1 : at + 2]
    if letter in _GLIDES:
        carries = after and (after in "اآىةہ" or (letter == "و" and after in "يی" and len(letters) > 3))
        return at > 0 and not carries and not after_vowel
    if letter in ("ع", "א", "ע"):
        return at == 0
    if letter == silent_h or letter == "ה":
        return at > 0 and not after and not after_vowel
    return letter in _VOWELS
