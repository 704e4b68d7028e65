"""S009: OffMix-3L: offence in text that mixes Bangla, English and Hindi; a set for testing.

What works here: the protocol (learn from made text, be judged on people's), the weighted F1, rows that mix and rows
that do not apart, and a warning where a set for testing is cross-validated. The check is made of words of our own.
"""

from __future__ import annotations

import numpy as np

from macaronic.papers.affect_study import CLAIMS, OFFENCE, USES, study
from macaronic.papers.paper import Check, Claim, Paper, Scale

PAPER = Paper(
    id="S009",
    slug="offmix-3l",
    title="OffMix-3L: A Novel Code-Mixed Dataset in Bangla-English-Hindi for Offensive Language Identification",
    kind="dataset",
    url="https://huggingface.co/datasets/md-nishat-008/OffMix-3L",
    uses=USES,
    claims=(
        *CLAIMS,
        Claim(
            "set",
            "BanglishBERT does better than other transformers and GPT-3.5",
            "needs",
            where="abstract",
            needs="the hub data md-nishat-008/OffMix-3L and models: macaronic eval score mixed-affect OUTPUTS.csv",
        ),
    ),
    cost={"smoke": "seconds", "small": "seconds", "full": "seconds"},
    tasks=("offensive",),
    languages=("bn", "en", "hi"),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Teach on made sentences and judge on others."""
    return study(scale, rng, OFFENCE)
