"""The same rank correlations by three protocols side by side: printed by the authors, their way, and the honest way."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO

from macaronic.mix import compat
from macaronic.mix.fit import fit, judged
from macaronic.mix.runs import Runs

Row = tuple[str, float | None, float, dict[str, float]]


def side_by_side(
    shop: Runs, unseen: Runs, printed: Mapping[str, float], *, methods: Sequence[str] = ("gbm", "law")
) -> list[Row]:
    """For each target: printed, the authors' protocol (it stops on the rows that judge it), and honest fits.

    Args:
        shop: runs to learn from.
        unseen: runs that judge.
        printed: target -> rank correlation times 100 that the authors printed.
        methods: regressors that no judged row has touched.

    Returns:
        (target, printed, authors' protocol, honest by method), all times 100.

    Raises:
        MissingExtra: LightGBM is not installed.
    """
    leaky = compat.regmix(shop, unseen)
    honest = {name: judged(fit(shop, method=name, folds=0), unseen) for name in methods}
    return [
        (target, printed.get(target), 100 * told.spearman, {n: 100 * own[target].spearman for n, own in honest.items()})
        for target, (_, told) in leaky.items()
    ]


def as_csv(rows: Sequence[Row]) -> str:
    """The rows as CSV.

    >>> as_csv([("arxiv", 99.6, 99.61, {"gbm": 99.65})]).splitlines()
    ['target,published,authors_protocol,honest_gbm', 'arxiv,99.6,99.61,99.65']
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    methods = list(rows[0][3]) if rows else []
    writer.writerow(["target", "published", "authors_protocol", *(f"honest_{name}" for name in methods)])
    for target, published, theirs, honest in rows:
        ours = [round(honest[name], 4) for name in methods]
        writer.writerow([target, "" if published is None else published, round(theirs, 4), *ours])
    return out.getvalue()
