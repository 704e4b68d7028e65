"""How much a classifier loses when its most important words are said in another language (the Blend attack of S015)."""

from macaronic.synth.attack.attacked import Attacked, Kept, blend, tally
from macaronic.synth.attack.gate import CharacterNgrams, least, similarity
from macaronic.synth.attack.masking import Predict, importance, probabilities
from macaronic.synth.attack.switchable import Candidates, candidates, rewritten

__all__ = [
    "Attacked",
    "Candidates",
    "CharacterNgrams",
    "Kept",
    "Predict",
    "blend",
    "candidates",
    "importance",
    "least",
    "probabilities",
    "rewritten",
    "similarity",
    "tally",
]
