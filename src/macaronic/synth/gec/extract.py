"""Edits between a sentence and its correction, by word edit distance: our own extraction, not that of ERRANT.

It knows no word classes: a word put in is `M` (missing), one taken out `U` (unnecessary), the rest `R` (replaced).
"""

from __future__ import annotations

from collections.abc import Sequence

from macaronic.synth.gec.m2 import NONE, Edit, Sentence


def extract(written: Sequence[str], corrected: Sequence[str], *, annotator: int = 0) -> Sentence:
    """A sentence with the edits that turn it into its correction; neighbouring differences make one edit.

    Args:
        written: the words as written.
        corrected: the words as they should be.
        annotator: whose edits they shall be.

    Returns:
        the sentence; a noop edit says that nothing differs.

    >>> [edit.line() for edit in extract("He go to the home".split(), "He goes home".split()).edits]
    ['A 1 4|||R|||goes|||REQUIRED|||-NONE-|||0']
    """
    from rapidfuzz.distance import Levenshtein

    edits = []
    runs: list[list[int]] = []
    for step in Levenshtein.opcodes(list(written), list(corrected)):
        a, b, c, d = step.src_start, step.src_end, step.dest_start, step.dest_end
        if step.tag == "equal":
            continue
        if runs and runs[-1][1] == a and runs[-1][3] == c:
            runs[-1][1], runs[-1][3] = b, d
        else:
            runs.append([a, b, c, d])
    for a, b, c, d in runs:
        kind = "M" if a == b else "U" if c == d else "R"
        edits.append(Edit(a, b, " ".join(corrected[c:d]) or NONE, kind, annotator))
    return Sentence(" ".join(written), tuple(edits) or (Edit(-1, -1, NONE, "noop", annotator),))
