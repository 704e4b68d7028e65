"""Decoding that may only use the sub-words, or the whole words, of its sources (S060)."""

from macaronic.synth.constrained.decoding import Decoded, Step, decode
from macaronic.synth.constrained.latin import sources
from macaronic.synth.constrained.processor import Constrained
from macaronic.synth.constrained.trie import WholeWords, whole_words
from macaronic.synth.constrained.vocabulary import PUNCTUATION, Allowed, Vocabulary, allowed_ids

__all__ = [
    "PUNCTUATION",
    "Allowed",
    "Constrained",
    "Decoded",
    "Step",
    "Vocabulary",
    "WholeWords",
    "allowed_ids",
    "decode",
    "sources",
    "whole_words",
]
