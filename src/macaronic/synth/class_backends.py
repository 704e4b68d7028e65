"""Word classes from analysers that are installed: jieba for Chinese, MeCab (fugashi) for Japanese."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from macaronic.core.errors import MissingExtra
from macaronic.synth.classes import WordTagger, classes

_CHINESE = {
    "n": "NOUN", "nr": "PROPN", "ns": "PROPN", "nt": "PROPN", "nz": "PROPN", "v": "VERB", "a": "ADJ", "b": "ADJ",
    "d": "ADV", "m": "NUM", "q": "NOUN", "r": "PRON", "p": "ADP", "c": "CCONJ", "u": "PART", "y": "PART", "e": "INTJ",
    "t": "NOUN", "f": "ADP", "s": "NOUN", "z": "ADJ", "i": "X", "l": "X", "j": "NOUN", "o": "X", "x": "X",
}  # fmt: skip
_JAPANESE = {
    "名詞": "NOUN", "代名詞": "PRON", "動詞": "VERB", "形容詞": "ADJ", "形状詞": "ADJ", "副詞": "ADV", "連体詞": "DET",
    "助詞": "ADP", "助動詞": "AUX", "接続詞": "CCONJ", "感動詞": "INTJ", "接尾辞": "PART", "接頭辞": "PART",
    "補助記号": "PUNCT", "記号": "SYM",
}  # fmt: skip


def chinese() -> WordTagger:
    """A tagger for Chinese words out of jieba's dictionary (extra `eval`); what it lacks goes by our list.

    Raises:
        MissingExtra: jieba is not installed.
    """
    try:
        posseg = importlib.import_module("jieba.posseg")
    except ImportError as error:
        raise MissingExtra("jieba", "eval") from error
    posseg.dt.initialize()
    table: dict[str, str] = posseg.dt.word_tag_tab

    def tag(words: Sequence[str]) -> list[str]:
        ours = classes(words, "zh").pos
        return [_upos(table.get(w, "")) if p == "X" else p for w, p in zip(words, ours, strict=True)]

    return tag


def _upos(flag: str) -> str:
    return _CHINESE.get(flag[:2]) or _CHINESE.get(flag[:1], "X")


def japanese() -> WordTagger:
    """A tagger for Japanese words out of MeCab with unidic-lite (extra `eval`): the class of a word's first morpheme.

    Raises:
        MissingExtra: fugashi or its dictionary is not installed.
    """
    try:
        fugashi = importlib.import_module("fugashi")
        importlib.import_module("unidic_lite")
    except ImportError as error:
        raise MissingExtra("fugashi", "eval") from error
    analyser = fugashi.Tagger()

    def tag(words: Sequence[str]) -> list[str]:
        ours = classes(words, "ja").pos
        return [_first(analyser, w) if p == "X" else p for w, p in zip(words, ours, strict=True)]

    return tag


def _first(analyser: object, word: str) -> str:
    morphemes = analyser(word)  # type: ignore[operator]
    return _JAPANESE.get(morphemes[0].feature.pos1, "X") if morphemes else "X"
