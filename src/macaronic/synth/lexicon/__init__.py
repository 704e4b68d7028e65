"""Bilingual dictionaries: from a table, from names of signs in CLDR, from FreeDict, from aligned text."""

from macaronic.synth.lexicon.cldr import read_cldr
from macaronic.synth.lexicon.freedict import read_freedict
from macaronic.synth.lexicon.table import Lexicon, Translation, build, from_aligned, invert, merge
from macaronic.synth.lexicon.tsv import read_tsv, write_tsv

__all__ = [
    "Lexicon",
    "Translation",
    "build",
    "from_aligned",
    "invert",
    "merge",
    "read_cldr",
    "read_freedict",
    "read_tsv",
    "write_tsv",
]
