"""From two directions to one set of links.

Source: Och & Ney 2003 (intersection, union, growing); Koehn et al. 2005 (grow-diag-final-and).
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UnknownName

Method = Literal["intersect", "grow-diag", "grow-diag-final-and", "union", "forward", "backward"]
METHODS: tuple[str, ...] = get_args(Method)

Mask = NDArray[np.bool_]

_BESIDE = ((-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))


def symmetrised(forward: Mask, backward: Mask, method: str = "intersect") -> Mask:
    """One set of links out of the links of two directions.

    Args:
        forward, backward: links as (n, m) masks, or (B, n, m) for many pairs of sentences.
        method: `intersect`, `union`, `forward`, `backward`, `grow-diag` (adds links of the union that stand beside a
            link and reach an unlinked word) or `grow-diag-final-and` (then also those of two unlinked words).

    Raises:
        UnknownName: no such method.

    >>> a, b = np.eye(2, dtype=bool), np.array([[True, True], [False, False]])
    >>> [int(symmetrised(a, b, method).sum()) for method in ("intersect", "union", "grow-diag")]
    [1, 3, 3]
    """
    if method not in METHODS:
        raise UnknownName("way to symmetrise", method, METHODS)
    if method == "forward":
        return forward
    if method == "backward":
        return backward
    if method == "union":
        return np.asarray(forward | backward)
    if method == "intersect":
        return np.asarray(forward & backward)
    if forward.ndim == 2:
        return np.asarray(_grown(forward[None], backward[None], final=method.endswith("and"))[0])
    return _grown(forward, backward, final=method.endswith("and"))


def _grown(forward: Mask, backward: Mask, *, final: bool) -> Mask:
    found, union = forward & backward, forward | backward
    for pair in range(len(found)):
        links, wanted = found[pair], union[pair]
        rows, columns = links.any(1), links.any(0)
        queue = [(int(i), int(j)) for i, j in np.argwhere(links)]
        for i, j in queue:
            for down, right in _BESIDE:
                x, y = i + down, j + right
                if 0 <= x < len(rows) and 0 <= y < len(columns) and wanted[x, y] and not links[x, y]:
                    if rows[x] and columns[y]:
                        continue
                    links[x, y] = rows[x] = columns[y] = True
                    queue.append((x, y))
        if final:
            for way in (forward, backward):
                for i, j in np.argwhere(way[pair] & ~rows[:, None] & ~columns):
                    if not rows[i] and not columns[j]:
                        links[i, j] = rows[i] = columns[j] = True
    return found
