"""IBM model 1 on blocks: the words of one side are drawn from the translations of the words of the other.

Source: Brown et al. 1993, model 1; the posterior of a link is its share among all that could have made the word.
"""

from __future__ import annotations

import numpy as np

from macaronic.synth.align.types import Floats, Ints

NULL = 0.1
"""How often a word is taken to come from no word of the other side."""


def posteriors(emission: Floats, null: Floats, lengths: Ints) -> Floats:
    """How likely each word of the made side (axis 2) comes from each word of the other side (axis 1).

    Args:
        emission: the translation probabilities, (B, n, m); 0 where padded.
        null: the probability of each made word from no word, (B, m); 1 where padded.
        lengths: words of the other side, (B,).

    Returns:
        Posteriors, (B, n, m); a column sums to 1 minus the posterior of no word.

    >>> emission = np.array([[[0.75], [0.25]]], np.float32)
    >>> posteriors(emission, np.zeros((1, 1), np.float32), np.array([2])).round(3).tolist()
    [[[0.75], [0.25]]]
    """
    share = ((1 - NULL) / lengths[:, None]).astype(np.float32)
    weight = share / np.maximum(emission.sum(1) * share + NULL * null, np.float32(1e-30))
    return np.asarray(emission * weight[:, None, :], np.float32)
