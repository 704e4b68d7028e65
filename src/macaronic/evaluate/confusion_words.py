"""Lines and words of an output as Language Confusion counts them, and the authors' list of English words."""

from __future__ import annotations

import gzip
import re
import string
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from macaronic.core.errors import MissingExtra

WORDS = "english_words.txt.gz"
_MARKS = re.compile(f"[{re.escape(string.punctuation)}،]+")


def normalised(completion: str) -> str:
    """A completion as the authors read it: up to a made-up next question, without punctuation.

    >>> normalised("So — chill!\\nQ: next?")
    'So   chill'
    """
    return _MARKS.sub("", completion.split("\nQ:")[0].strip().replace("—", " "))


def words_of(line: str, language: str) -> list[str]:
    """The words of a line: jieba's in Chinese, fugashi's in Japanese, otherwise what blanks part.

    Raises:
        MissingExtra: the splitter is not installed.
    """
    if language == "zh":
        return list(_jieba()(line))
    if language == "ja":
        return _fugashi()(line)
    return line.split()


def english_words(path: str | None) -> frozenset[str] | None:
    """The words of the authors' list that count: in small letters, more than three of them."""
    place = Path(path) if path else _listed()
    if place is None or not place.is_file():
        return None
    packed = place.suffix == ".gz"
    lines = (gzip.decompress(place.read_bytes()) if packed else place.read_bytes()).decode("utf-8").splitlines()
    return frozenset(word for line in lines if (word := line.strip()).islower() and len(word) > 3)


def _listed() -> Path | None:
    from macaronic.curate.datasets import home

    place = home() / "eval-language-confusion" / WORDS
    return place if place.is_file() else None


@lru_cache(maxsize=1)
def _jieba() -> Callable[[str], Iterator[str]]:
    try:
        import jieba
    except ImportError as error:
        raise MissingExtra("jieba", "eval") from error
    jieba.setLogLevel("ERROR")
    return jieba.cut  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _fugashi() -> Callable[[str], list[str]]:
    try:
        import fugashi
    except ImportError as error:
        raise MissingExtra("fugashi and unidic-lite", "eval") from error
    tagger = fugashi.Tagger()
    return lambda line: [word.surface for word in tagger(line)]
