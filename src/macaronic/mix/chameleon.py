"""Chameleon: a mixture from one embedding a domain, without any training.

Domains that many others resemble are common ground; domains that stand alone are special. Pre-training takes more
of the common ground, fine-tuning more of the special. The form is written down from memory of the paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture

Floats = NDArray[np.float64]


def leverage(embeddings: Mapping[str, ArrayLike], *, ridge: float = 1.0) -> dict[str, float]:
    """How special each domain is: the diagonal of K (K + ridge m I)^-1, with K the inner products; 0 to 1.

    Args:
        embeddings: domain -> mean embedding of its texts, all of one length.
        ridge: how much likeness counts as the same, above 0.

    Raises:
        UsageError: fewer than two domains, other lengths, a NaN, or a ridge that is not above 0.

    Source: Chameleon (2025), kernel ridge leverage scores, from memory.

    >>> found = leverage({"a": [1.0, 0.0], "b": [1.0, 0.0], "c": [0.0, 1.0]})
    >>> found["a"] == found["b"] < found["c"]
    True
    """
    if len(embeddings) < 2 or not ridge > 0:
        raise UsageError(f"expected two or more domains and a ridge above 0; got {len(embeddings)} and {ridge}")
    rows = [np.asarray(row, np.float64).ravel() for row in embeddings.values()]
    if len({len(row) for row in rows}) > 1:
        raise UsageError(f"embeddings must have one length; got {sorted({len(row) for row in rows})}")
    points = np.stack(rows)
    if not np.isfinite(points).all():
        raise UsageError("embeddings must be numbers; got NaN or infinity")
    kernel = points @ points.T
    inside = np.linalg.solve(kernel + ridge * len(points) * np.eye(len(points)), kernel)
    return dict(zip(embeddings, np.diag(inside).tolist(), strict=True))


def chameleon(
    embeddings: Mapping[str, ArrayLike],
    *,
    stage: Literal["pretrain", "finetune"] = "pretrain",
    ridge: float = 1.0,
    temperature: float = 1.0,
) -> Mixture:
    """The mixture: shares by exp(1 / leverage) for pre-training, by exp(leverage) for fine-tuning.

    Args:
        embeddings: domain -> mean embedding of its texts, all of one length, none of them zero.
        stage: `pretrain` favours what is common, `finetune` what is special.
        ridge: see `leverage`.
        temperature: divides the exponent, above 0. The inverse of small leverages is large, so that at 1 one domain
            may take nearly everything: look at the shares, or raise it.

    Raises:
        UsageError: see `leverage`; another stage; an embedding of zeros when pre-training.

    Source: Chameleon (2025), from memory.

    >>> points = {"a": [1.0, 0.0], "b": [1.0, 0.0], "c": [0.0, 1.0]}
    >>> chameleon(points).weights["c"] < 0.25 < 0.33 < chameleon(points, stage="finetune").weights["c"]
    True
    """
    if stage not in ("pretrain", "finetune") or not temperature > 0:
        raise UsageError(f"expected stage 'pretrain' or 'finetune' and a temperature above 0; got {stage!r}")
    found = leverage(embeddings, ridge=ridge)
    special = np.array(list(found.values()))
    if stage == "pretrain" and (special <= 0).any():
        lone = [name for name, value in found.items() if value <= 0]
        raise UsageError(f"an embedding of zeros says nothing about its domain: {', '.join(lone)}")
    raised = (1 / special if stage == "pretrain" else special) / temperature
    weights = np.exp(raised - raised.max())
    return Mixture(dict(zip(found, weights.tolist(), strict=True)), "tokens")
