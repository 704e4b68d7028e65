"""Language tags and word labels: one spelling for each, whatever a source calls it.

Tags are BCP-47, with the script where it is not the language's usual one: `hi` is Hindi in Devanagari, `hi-Latn`
romanised Hindi, `zh` simplified and `zh-Hant` traditional Chinese. Word labels are tags or one of `SPECIAL`.
Because `ne` is the word label of a named entity, Nepali is always written `ne-Deva` (or `ne-Latn`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from macaronic.core.errors import UnknownName

SPECIAL = ("ne", "other", "ambiguous", "mixed", "unk")
"""Word labels that are no language: named entity, language-independent, could be either, mixed inside, unknown."""

NEPALI = "ne-Deva"

# Codes of single varieties that corpora (FLORES, NTREX, mteb) use for the language as a whole.
_WHOLE = {
    "fil": "tl", "cmn": "zh", "arb": "ar", "pes": "fa", "zsm": "ms", "swh": "sw", "ekk": "et", "lvs": "lv",
    "azj": "az", "uzn": "uz", "khk": "mn", "plt": "mg", "als": "sq", "ydd": "yi", "gaz": "om", "npi": "ne",
    "ory": "or", "no": "nb", "kmr": "ku", "pbt": "ps", "zho": "zh", "iw": "he", "sh": "sr-Latn", "quy": "qu",
    "knn": "kok", "dgo": "doi", "ayr": "ay", "gug": "gn", "bho": "bho",
}  # fmt: skip

_LABELS = {
    **{special: special for special in SPECIAL},
    "univ": "other", "acro": "other", "punct": "other", "punc": "other", "symbol": "other", "sym": "other",
    "emoji": "other", "num": "other", "number": "other", "url": "other", "o": "other", "x": "other", "_": "other",
    "": "other", "others": "other", "rest": "other", "language independent": "other",
    "nam": "ne", "name": "ne", "named entity": "ne", "ambig": "ambiguous", "amb": "ambiguous",
    "mix": "mixed", "intra": "mixed", "qtd": "mixed", "unknown": "unk", "undef": "unk", "und": "unk", "lang3": "unk",
    "fw": "unk", "foreign": "unk", "other-language": "unk",
    "ar_dz": "arq-Latn", "ar-dz": "arq-Latn", "ar_msa": "ar-Latn", "ar-msa": "ar-Latn", "msa": "ar-Latn",
}  # fmt: skip

# Label schemes in which a short label does not name its language.
_SCHEMES: Mapping[str, Mapping[str, str]] = {
    "lince-spaeng": {"lang1": "en", "lang2": "es"},
    "lince-hineng": {"lang1": "en", "lang2": "hi-Latn"},
    "lince-nepeng": {"lang1": "en", "lang2": "ne-Latn"},
    "lince-msaea": {"lang1": "ar", "lang2": "arz"},
    "commentator": {"h": "hi-Latn", "e": "en", "u": "other"},
    "arabizi": {"tm": "ber-Latn"},
}  # fmt: skip


@lru_cache(maxsize=4096)
def parse(tag: str) -> str:
    """The project's spelling of a language tag.

    Reads BCP-47, ISO 639-3, FLORES (`hin_Deva`) and mteb (`hin-Deva`) forms; drops regions and the usual script.

    Args:
        tag: a language tag in any of those forms.

    Raises:
        UnknownName: it names no language; the message suggests one.

    >>> [parse(t) for t in ("hin_Deva", "hin-Latn", "eng-US", "zho_Hant", "zh-TW", "fil", "arb")]
    ['hi', 'hi-Latn', 'en', 'zh-Hant', 'zh-Hant', 'tl', 'ar']
    """
    import langcodes

    raw = tag.strip().replace("_", "-")
    head, _, tail = raw.partition("-")
    whole = _WHOLE.get(head.lower())
    if whole:
        raw = f"{whole}-{tail}" if tail else whole
    try:
        valid = bool(raw) and langcodes.tag_is_valid(raw)
        language = langcodes.Language.get(raw) if valid else None
    except ValueError:
        language = None
    if language is None or not language.language or language.language in ("und", "mul", "mis", "zxx"):
        raise UnknownName("language tag", tag, _suggestions(tag))
    base = _WHOLE.get(language.language, language.language)
    full = language.maximize().script or ""
    usual = langcodes.Language.get(base).maximize().script
    script = "" if full in (usual, "Hans") else full
    if base == "ne":
        return f"ne-{full or 'Deva'}"
    if base in ("arq", "ber") and not script:
        script = language.script or ""
    return f"{base}-{script}" if script else base


def _suggestions(tag: str) -> list[str]:
    import langcodes

    common = "en es fr de it pt nl ru uk pl tr ar fa ur hi bn mr gu pa ta te kn ml or as si zh ja ko th vi id ms tl sw"
    known = [*common.split(), "hi-Latn", "bn-Latn", "ta-Latn", "arq-Latn", "zh-Hant", NEPALI]
    try:
        found = langcodes.find(tag)
    except LookupError:
        return known
    return [str(found)]


@lru_cache(maxsize=4096)
def is_language(label: str | None) -> bool:
    """Whether a word label is a language (and so counts in the measures).

    >>> is_language("hi-Latn"), is_language("ne"), is_language(NEPALI), is_language(None)
    (True, False, True, False)
    """
    return label is not None and label not in SPECIAL


def word_label(raw: str, scheme: str | Mapping[str, str] | None = None) -> str:
    """The word label that a source's own label means.

    Args:
        raw: the label as it stands in the source (`univ`, `HI`, `lang1`, `ar_dz`, ...).
        scheme: a known scheme's name (`lince-spaeng`, ...) or a mapping from raw labels to labels or tags, tried first.

    Raises:
        UnknownName: the label is in no scheme and no language tag.

    >>> [word_label(r) for r in ("univ", "HI", "LANG3", "ar_dz", "ne")]
    ['other', 'hi', 'unk', 'arq-Latn', 'ne']
    >>> word_label("lang2", "lince-hineng")
    'hi-Latn'
    """
    if scheme:
        table = scheme if isinstance(scheme, Mapping) else _scheme(scheme)
        mapped = table.get(raw) or table.get(raw.lower())
        if mapped is not None:
            return mapped if mapped in SPECIAL else parse(mapped)
    return _plain_label(raw)


def _scheme(name: str) -> Mapping[str, str]:
    if name not in _SCHEMES:
        raise UnknownName("label scheme", name, _SCHEMES)
    return _SCHEMES[name]


@lru_cache(maxsize=4096)
def _plain_label(raw: str) -> str:
    low = raw.strip().lower()
    if low in _LABELS:
        return _LABELS[low]
    if len(low.replace("_", "-").split("-")[0]) < 2:
        raise UnknownName("word label", raw, [*SPECIAL, "en", "hi-Latn"])
    return parse(raw)


@lru_cache(maxsize=4096)
def script(tag: str) -> str:
    """The ISO 15924 script that text with this tag is written in.

    >>> script("hi"), script("hi-Latn"), script("zh-Hant")
    ('Deva', 'Latn', 'Hant')
    """
    import langcodes

    return langcodes.Language.get(tag).maximize().script or "Zyyy"


@lru_cache(maxsize=4096)
def romanised(tag: str) -> bool:
    """Whether the tag means a language in Latin letters that is usually written in others.

    >>> romanised("hi-Latn"), romanised("tr"), romanised("arq-Latn")
    (True, False, True)
    """
    import langcodes

    base = tag.partition("-")[0]
    usual = langcodes.Language.get(base).maximize().script
    return script(tag) == "Latn" and (usual != "Latn" or base in ("arq", "arz", "apc", "ary"))


def in_latin(tag: str) -> str:
    """The tag of a language when it is written in Latin letters.

    >>> in_latin("hi"), in_latin("ar-EG"), in_latin("es")
    ('hi-Latn', 'ar-Latn', 'es')
    """
    return parse(tag.partition("-")[0] + "-Latn")


def name(tag: str) -> str:
    """The English name of a tag's language, for people to read.

    >>> name("hi-Latn"), name("sw")
    ('Hindi (Latin)', 'Swahili')
    """
    import langcodes

    if tag in SPECIAL:
        return {"ne": "named entity", "unk": "unknown"}.get(tag, tag)
    language = langcodes.Language.get(tag)
    base = langcodes.Language.get(language.language or "und").display_name()
    shown = {"Latn": "Latin", "Hant": "traditional", "Deva": "Devanagari", "Cyrl": "Cyrillic", "Arab": "Arabic"}
    return f"{base} ({shown.get(language.script, language.script)})" if language.script and tag != NEPALI else base
