"""S007: SentMix-3L: sentiment of text that mixes Bangla, English and Hindi; a set for testing.

What works here: the protocol (learn from made text, be judged on people's), the weighted F1, rows that mix and rows
that do not apart, and a warning where a set for testing is cross-validated. The check is made of words of our own.
"""

from __future__ import annotations

import numpy as np

from macaronic.papers.affect_study import CLAIMS, SENTIMENT, USES, study
from macaronic.papers.paper import Check, Claim, Paper, Scale

PAPER = Paper(
    id="S007",
    slug="sentmix-3l",
    title="SentMix-3L: A Bangla-English-Hindi Code-Mixed Dataset for Sentiment Analysis",
    kind="dataset",
    url="https://github.com/LanguageTechnologyLab/SentMix-3L",
    uses=USES,
    claims=(
        *CLAIMS,
        Claim(
            "set",
            "prompting GPT-3.5 without examples does better than all fine-tuned models",
            "needs",
            where="abstract",
            needs="the set and the models: macaronic eval score mixed-affect OUTPUTS.csv",
        ),
    ),
    cost={"smoke": "seconds", "small": "seconds", "full": "seconds"},
    tasks=("sentiment",),
    languages=("bn", "en", "hi"),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Teach on made sentences and judge on others."""
    return study(scale, rng, SENTIMENT)
