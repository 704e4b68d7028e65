"""Word alignment: links between the words of sentence pairs, learnt from the pairs alone or read from files."""

from macaronic.synth.align.aligner import Aligner, Alignment, align
from macaronic.synth.align.symmetrise import METHODS

__all__ = ["METHODS", "Aligner", "Alignment", "align"]
