"""S021: sentiment and offence in mixed text, for rows that mix languages and rows that do not.

What works here: the protocol (learn from made text, be judged on people's), the weighted F1, rows that mix and rows
that do not apart, and a warning where a set for testing is cross-validated. The check is made of words of our own.
"""

from __future__ import annotations

import numpy as np

from macaronic.papers.affect_study import CLAIMS, SENTIMENT, USES, study
from macaronic.papers.paper import Check, Claim, Paper, Scale

PAPER = Paper(
    id="S021",
    slug="codemixed-affect",
    title="Code-mixed Sentiment and Hate-speech Prediction",
    kind="analysis",
    url="https://arxiv.org/abs/2405.12929",
    uses=USES,
    claims=(
        *CLAIMS,
        Claim(
            "set",
            "models mostly do slightly better on mixed than on unmixed rows; bilingual ones do best",
            "needs",
            where="abstract",
            needs="the models and their data: macaronic eval score mixed-affect OUTPUTS.csv (both kinds apart)",
        ),
    ),
    cost={"smoke": "seconds", "small": "seconds", "full": "seconds"},
    tasks=(
        "sentiment",
        "offensive",
    ),
    languages=("en", "hi", "sl"),
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Teach on made sentences and judge on others."""
    return study(scale, rng, SENTIMENT)
