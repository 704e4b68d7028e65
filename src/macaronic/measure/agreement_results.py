"""Agreement of people as results: of all labels and of each, of everybody and of each pair, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations

import numpy as np

from macaronic.core.bootstrap import ratio_interval
from macaronic.core.result import Result, signature
from macaronic.measure import agreement
from macaronic.measure.agreement import Floats, Ratings


def results(
    rated: Ratings,
    people: Sequence[str],
    *,
    layer: str,
    rng: np.random.Generator,
    samples: int = 1000,
    each: bool = False,
) -> list[Result]:
    """How far people agree on the labels of a layer.

    Args:
        rated: their labels, people in columns.
        people: their names.
        layer: what the labels are about, for the signature.
        rng: of the resampled sentences.
        samples: resamples; 0 for no intervals.
        each: also `cohen_kappa` of each label for each pair (level `asha~ravi en`).

    Returns:
        `krippendorff_alpha` at level `all` and of each label, `fleiss_kappa`, and `agreement` and `cohen_kappa` of each
        pair that has units in common (level `asha~ravi`); `n` counts the units that two people or more labelled.

    >>> rated = agreement.ratings([[("en", "en"), ("hi", "hi")], [("en", "hi"), ("hi", "hi")]])
    >>> found = results(rated, ["asha", "ravi"], layer="lang", rng=np.random.default_rng(0), samples=0)
    >>> [(r.name, r.level, round(r.value, 3)) for r in found if r.level == "asha~ravi"]
    [('agreement', 'asha~ravi', 0.75), ('cohen_kappa', 'asha~ravi', 0.5)]
    """
    told = signature("agreement", {"layer": layer, "unit": "piece", "bs": samples})

    def one(name: str, level: str, columns: Floats, of: Callable[[Floats], Floats], n: int) -> Result:
        value = agreement.defined(of(columns.sum(0, keepdims=True)))
        ends = None if value is None else ratio_interval(columns, of, rng=rng, samples=samples)
        low, high = ends or (None, None)
        return Result(name, level, value, low, high, n, "units", told)

    pairs = agreement.coincidences(rated)
    several = int((((rated.codes >= 0).sum(1)) > 1).sum())
    found = [one("krippendorff_alpha", "all", pairs, agreement.alpha_of, several)]
    for i, name in enumerate(rated.names):
        given = int(pairs[:, len(rated.names) + i].sum())
        found.append(one("krippendorff_alpha", name, pairs, partial(agreement.label_alpha_of, label=i), given))
    fleiss = agreement.fleiss_counts(rated)
    found.append(one("fleiss_kappa", "all", fleiss, agreement.fleiss_of, int(fleiss[:, 0].sum())))
    for a, b in combinations(range(len(people)), 2):
        both = agreement.pair_counts(rated.of(a, b))
        n = int(both.sum() and both[:, len(rated.names) : 2 * len(rated.names)].sum())
        if n:
            level = f"{people[a]}~{people[b]}"
            found.append(one("agreement", level, both, _observed, n))
            found.append(one("cohen_kappa", level, both, agreement.kappa_of, n))
            names = enumerate(rated.names) if each else ()
            found += [
                one("cohen_kappa", f"{level} {x}", both, partial(agreement.kappa_of, label=i), n) for i, x in names
            ]
    return found


def _observed(sums: Floats) -> Floats:
    same, first, _ = np.split(sums, 3, axis=1)
    return np.asarray(same.sum(1) / first.sum(1))


def confusions(rated: Ratings, people: Sequence[str]) -> dict[str, dict[str, dict[str, int]]]:
    """For each pair of people with units in common how often the first gave one label and the second another.

    >>> confusions(agreement.ratings([[("en", "hi"), ("en", "en")]]), ["asha", "ravi"])
    {'asha~ravi': {'en': {'en': 1, 'hi': 1}}}
    """
    found = {}
    for a, b in combinations(range(len(people)), 2):
        table = agreement.confusion(rated.of(a, b)).tolist()
        rows = {
            name: {other: n for other, n in zip(rated.names, row) if n}
            for name, row in zip(rated.names, table)
            if any(row)
        }
        if rows:
            found[f"{people[a]}~{people[b]}"] = rows
    return found
