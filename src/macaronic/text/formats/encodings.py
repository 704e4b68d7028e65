"""Which encoding a file is in: its byte order mark, UTF-8, UTF-16, and only then a guess."""

from __future__ import annotations

import codecs
import unicodedata

from macaronic.core.errors import UnknownName

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LIKE_WESTERN = ("cp1250", "cp1254", "cp1257", "cp1258", "iso8859_2", "iso8859_10", "mac_roman", "cp775", "cp850")
"""Encodings that a few Western letters fit as well; cp1252 is then far more likely."""

_COMMON = (
    "utf-8",
    "utf-16",
    "latin-1",
    "cp1252",
    "cp1251",
    "cp1256",
    "shift_jis",
    "gb18030",
    "big5",
    "euc-kr",
    "ascii",
)


def check(encoding: str) -> str:
    """Python's own name for an encoding that a person gave.

    Raises:
        UnknownName: there is no such text encoding.

    >>> check("Latin-1"), check("UTF8")
    ('iso8859-1', 'utf-8')
    """
    try:
        codec = codecs.lookup(encoding)
        "a".encode(codec.name)
    except (LookupError, ValueError) as error:
        raise UnknownName("encoding", encoding, _COMMON) from error
    return "utf-8" if codec.name == "utf-8-sig" else codec.name


def line_safe(encoding: str) -> bool:
    """Whether a newline is the one byte 0x0A in this encoding, so that bytes may be cut at line ends first.

    >>> line_safe("utf-8"), line_safe("shift_jis"), line_safe("utf-16-le")
    (True, True, False)
    """
    return "\n".encode(encoding) == b"\n" and not encoding.startswith(("utf-7", "iso2022", "hz"))


def detect(sample: bytes, *, whole: bool = True) -> tuple[str, str]:
    """The encoding of a file, from its first bytes.

    Args:
        sample: the beginning of the file (some 100 kB are enough).
        whole: whether that is all there is; otherwise a character cut at the end is no fault.

    Returns:
        Python's name of the encoding and how it was found: `mark`, `utf-8`, `zeros` or `guess`.

    >>> detect("naïve café".encode())
    ('utf-8', 'utf-8')
    >>> detect("नमस्ते".encode("utf-16"))
    ('utf-16', 'mark')
    """
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name, "mark"
    if not whole:
        sample = sample[: max(sample.rfind(b"\n"), sample.rfind(b"\r")) + 1] or sample[:-3]
    wide = _utf16(sample) if b"\0" in sample or not _is_utf8(sample) else None
    if wide:
        return wide, "zeros"
    if _is_utf8(sample) or _mostly_utf8(sample):
        return "utf-8", "utf-8"
    return _guess(sample)


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(sample: bytes) -> bool:
    """Lines that only UTF-8 explains outweigh the broken ones: the broken ones are then reported, one by one."""
    lines = [line for line in sample.replace(b"\r", b"\n").split(b"\n") if not line.isascii()]
    good = sum(_is_utf8(line) for line in lines)
    return good >= max(1, len(lines) - good)


def _utf16(sample: bytes) -> str | None:
    for name in ("utf-16-le", "utf-16-be"):
        text = codecs.getincrementaldecoder(name)("replace").decode(sample)
        if not text or len(text) < 4:
            continue
        odd = sum(unicodedata.category(c) in ("Cn", "Co", "Cs", "Cc") and c not in "\r\n\t" for c in text)
        odd += text.count("\ufffd")
        blank = sum(text.count(c) for c in " \n")
        if odd <= len(text) / 100 and blank >= len(text) / 200:
            return name
    return None


def _guess(sample: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    found = from_bytes(sample[: 1 << 16])
    best = found.best()
    if best is None:
        return "utf-8", "utf-8"
    western = next((match for match in found if match.encoding == "cp1252"), None)
    if western and best.encoding in _LIKE_WESTERN and western.coherence >= best.coherence - 0.1:
        best = western
    return check(best.encoding), "guess"
