"""Cyrillic, Greek, Georgian and Armenian words as spelling lattices: letters and digraphs looked up in a table.

A language may have several styles (Russian with y or with j, Greek by sound or by shape); a person keeps to one
style within a word, so each style is a lattice of its own.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator

from macaronic.text.romanise.lattice import Slot, table

_RUSSIAN = """
а=a б=b в=v г=g д=d е=e:96,ye:4 е/^=e:76,ye:24 ё=yo:50,e:50 ж=zh:84,j:16 з=z и=i й=y:66,i:34 к=k л=l м=m н=n о=o п=p
р=r с=s т=t у=u ф=f х=h:60,kh:40 ц=ts:58,c:42 ч=ch ш=sh щ=sch:48,sh:28,shch:24 ъ=_ ы=y:93,i:7 ь=_ э=e ю=yu:68,u:32
я=ya:84,ia:16 ий/$=iy:45,y:30,i:25 ый/$=yy:15,iy:20,y:45,yi:20 ого/$=ogo:86,ovo:14 его/$=ego:88,evo:12
ться/$=tsya:75,tsa:25 тся/$=tsya:78,tsa:22 кс=ks:72,x:28 ье=ye:66,ie:34 ья=ya:72,ia:28 ью=yu
ў=u:70,w:30 ғ=g:60,gh:40 қ=k:60,q:40 ң=n:60,ng:40 ө=o ұ=u ү=u һ=h ә=a:65,e:35 і=i ї=yi:60,i:40 є=ye:70,e:30 ґ=g ҷ=j
ҳ=h ӣ=i ӯ=u җ=j
"""
_RUSSIAN_J = """
ж=j:60,zh:40 й=j ё=jo:65,e:35 ю=ju я=ja х=h:80,x:20 ц=c ий/$=ij:70,i:30 ый/$=yj:75,y:25 щ=sch:60,w:20,sh:20
е/^=e:75,je:25
ье=je ья=ja ью=ju
"""
_RUSSIAN_CHAT = "ч=4 ш=sh:70,w:20,6:10 ь=_:75,':25 х=x:50,h:50 ю=u:60,yu:40 я=ya:70,ja:30 ж=j:60,zh:40 щ=sch:60,w:40"
_UKRAINIAN = """
и=y:82,i:18 і=i ї=yi:50,i:42,ji:8 є=ye:52,ie:30,e:18 г=h:60,g:40 ґ=g х=kh:46,h:44,x:10 ц=ts:74,c:26 е=e е/^=e
щ=shch:58,sch:28,sh:14 й=y:62,i:28,j:10 я=ya:72,ia:22,ja:6 ю=yu:72,iu:20,ju:8 в=v:93,w:7 '=_ ’=_ ʼ=_
ий/$=yi:30,yy:30,y:40
"""
_BELARUSIAN = "г=h:70,g:30 ў=u:70,w:30 і=i ё=io:45,yo:55 х=kh:50,h:50 ц=c:60,ts:40 ' =_"
_BULGARIAN = """
щ=sht ъ=a:64,u:24,y:12 ж=zh:52,j:48 ц=ts:52,c:48 ю=yu:60,iu:30,u:10 я=ya:62,ia:34,ja:4 й=y:52,i:36,j:12 х=h
ь=y:60,i:40
дж=dj:70,j:10,dzh:20 е/^=e ия/$=iya:55,ia:45 ий/$=iy:60,ii:40 кс=ks:80,x:20
"""
_BULGARIAN_CHAT = "ч=4 ш=6 щ=6t:70,sht:30 я=q:50,ya:50 в=v:60,w:40 ж=j ц=c ъ=a:50,u:30,y:20 у=u:75,y:25 ю=iu:60,yu:40"
_SERBIAN = """
а=a б=b в=v г=g д=d ђ=đ е=e ж=ž з=z и=i ј=j к=k л=l љ=lj м=m н=n њ=nj о=o п=p р=r с=s т=t ћ=ć у=u ф=f х=h ц=c ч=č
џ=dž ш=š ѓ=gj ѕ=dz ќ=kj
"""
_SERBIAN_BARE = "ђ=dj:90,d:10 ж=z ћ=c ч=c џ=dz:80,dj:20 ш=s:95,sh:5"
_MACEDONIAN = "ж=zh:55,z:45 ш=sh:58,s:42 ч=ch:58,c:42 џ=dj:50,dz:50 ѓ=gj:85,g:15 ќ=kj:80,k:20"
_GREEK = """
α=a β=v:88,b:12 γ=g:92,gh:8 δ=d ε=e ζ=z η=i:78,h:22 θ=th:88,8:12 ι=i κ=k λ=l μ=m ν=n ξ=x:50,ks:50 ο=o π=p ρ=r σ=s ς=s
τ=t υ=y:46,i:54 φ=f χ=h:50,x:30,ch:20 ψ=ps ω=o:84,w:16 ου=ou:82,u:18 αυ=av:75,au:25 ευ=ev:75,eu:25 αυτ=aft:58,avt:42
ευχ=efh:50,efx:50 ευτ=eft:70,evt:30 μπ=mp:56,b:44 μπ/^=mp:50,b:50 ντ=nt:76,d:24 ντ/^=nt:50,d:50 γκ=gk:55,g:45
γγ=gg:60,ng:40
ει=ei:52,i:48 οι=oi:62,i:38 αι=ai:68,e:32 τζ=tz ϊ=i ϋ=y
"""
_GREEK_SHAPE = """
β=b:80,v:20 η=h ω=w θ=8:80,th:20 ξ=3:55,ks:15,x:30 χ=x υ=u:70,y:30 ψ=ps:75,y:25 φ=f ου=ou αυ=au ευ=eu αυτ=aut
ευχ=eux ευτ=eut
μπ=mp ντ=nt γκ=gk γγ=gg ει=ei οι=oi αι=ai ρ=r:94,p:6
"""
_GEORGIAN = """
ა=a ბ=b გ=g დ=d ე=e ვ=v:92,w:8 ზ=z თ=t ი=i კ=k ლ=l მ=m ნ=n ო=o პ=p ჟ=zh:72,j:28 რ=r ს=s ტ=t უ=u ფ=f:65,p:35
ქ=q:54,k:46 ღ=gh:78,g:22 ყ=y:55,k:25,q:20 შ=sh ჩ=ch ც=c:50,ts:50 ძ=dz წ=w:42,ts:58 ჭ=ch:85,w:15 ხ=x:50,kh:50 ჯ=j ჰ=h
"""
_ARMENIAN = """
ա=a բ=b գ=g դ=d ե=e ե/^=ye:60,e:40 զ=z է=e ը=y:60,e:40 թ=t:82,th:18 ժ=zh:74,j:26 ի=i լ=l խ=kh:76,x:24 ծ=ts կ=k հ=h
ձ=dz ղ=gh:84,x:16 ճ=ch:85,tch:15 մ=m յ=y ն=n շ=sh ո=o ո/^=vo:74,o:26 չ=ch պ=p ջ=j ռ=r ս=s վ=v տ=t ր=r ց=c:45,ts:55
ւ=v փ=p:84,ph:16 ք=q:55,k:45 և=ev և/^=yev:60,ev:40 ու=u օ=o ֆ=f
"""

_STYLES: dict[str, tuple[tuple[float, tuple[str, ...]], ...]] = {
    "ru": ((0.7, (_RUSSIAN,)), (0.18, (_RUSSIAN, _RUSSIAN_J)), (0.12, (_RUSSIAN, _RUSSIAN_CHAT))),
    "uk": ((1.0, (_RUSSIAN, _UKRAINIAN)),),
    "be": ((1.0, (_RUSSIAN, _UKRAINIAN, _BELARUSIAN)),),
    "bg": ((0.72, (_RUSSIAN, _BULGARIAN)), (0.28, (_RUSSIAN, _BULGARIAN, _BULGARIAN_CHAT))),
    "sr": ((0.5, (_SERBIAN,)), (0.5, (_SERBIAN, _SERBIAN_BARE))),
    "mk": ((1.0, (_SERBIAN, _MACEDONIAN)),),
    "el": ((0.6, (_GREEK,)), (0.4, (_GREEK, _GREEK_SHAPE))),
    "ka": ((1.0, (_GEORGIAN,)),),
    "hy": ((1.0, (_ARMENIAN,)),),
}
_STYLES |= {"kk": ((1.0, (_RUSSIAN,)),), "ky": ((1.0, (_RUSSIAN,)),), "mn": ((1.0, (_RUSSIAN, "ө=u:60,o:40 ү=u")),)}
_STYLES |= {"tg": ((1.0, (_RUSSIAN,)),), "tt": ((1.0, (_RUSSIAN,)),), "sh": _STYLES["sr"]}
LANGUAGES = frozenset(_STYLES)


@functools.cache
def _tables(language: str) -> tuple[tuple[float, dict[str, Slot]], ...]:
    return tuple((weight, table(*specs)) for weight, specs in _STYLES[language])


def lattices(word: str, language: str) -> Iterator[tuple[float, list[Slot]]]:
    """The spelling lattices of one word, a style each, with the styles' weights.

    >>> from macaronic.text.romanise.lattice import first
    >>> [first(slots) for _, slots in lattices("яхта", "ru")]
    ['yahta', 'jahta', 'yaxta']
    """
    letters = _plain(word.lower()) if language == "el" else unicodedata.normalize("NFC", word.lower())
    return ((weight, _slots(letters, known)) for weight, known in _tables(language))


def _plain(word: str) -> str:
    """Greek without accents, but with the diaeresis."""
    parts = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(c for c in parts if c == "\u0308" or not unicodedata.combining(c)))


def _slots(letters: str, known: dict[str, Slot]) -> list[Slot]:
    found: list[Slot] = []
    at, end = 0, len(letters)
    while at < end:
        for length in (4, 3, 2, 1):
            key = letters[at : at + length]
            if len(key) < length:
                continue
            placed = key + "/^" if at == 0 else key + "/$" if at + length == end else key
            alternatives = known.get(placed) or known.get(key)
            if alternatives:
                found.append(alternatives)
                at += length
                break
        else:
            at += 1
    return found
