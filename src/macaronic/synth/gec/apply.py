"""Learner sentences made code-switched: words of the corrected sentence change language, then the errors come back.

Edits run from the learner's words to the corrected ones. They are turned round, so that each is an error that can be
made in the corrected sentence; those that touch no switched word are made there.

The rule at borders: an error touches a switched stretch when they share a word, or when it is a superfluous word that
stood strictly inside the stretch. A superfluous word right before or behind the stretch touches nothing and comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.synth.classes import classes
from macaronic.synth.gec.m2 import NONE, Edit, Sentence
from macaronic.synth.gec.render import Part, Render
from macaronic.synth.gec.select import Method, Stretch, chunks, select
from macaronic.synth.lattice.ptb import Parse
from macaronic.synth.mixed import Mixed, Outcome, Reason, word_label

LEARNER = "learner"
"""The side of a wrong word: the learner's own sentence, where its position counts."""

_Word = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Fault:
    """An edit turned round: words `start` to `end` of the corrected sentence, and the learner's words there.

    Args:
        start: first word in the corrected sentence.
        end: behind the last.
        words: what the learner wrote.
        edit: the edit that corrects it.
    """

    start: int
    end: int
    words: tuple[str, ...]
    edit: Edit

    def touches(self, stretch: Stretch) -> bool:
        """Whether it shares a word with a stretch or is a superfluous word strictly inside it.

        >>> extra = Fault(2, 2, ("the",), Edit(2, 3))
        >>> extra.touches((2, 4)), extra.touches((1, 3)), extra.touches((0, 2))
        (False, True, False)
        """
        return self.start < stretch[1] and self.end > stretch[0]


@dataclass(frozen=True, slots=True)
class Switched:
    """A learner sentence that mixes languages, and its correction.

    Args:
        incorrect: what the learner could have written.
        correct: its correction; words that came of a correction keep their position in the corrected sentence.
        m2: the same as words and edits: `m2.words` is `incorrect`, `m2.corrected()` is `correct`.
        dropped: the edits of the original that touched a switched word.
        notes: what a reader must know, such as stretches that could not be translated.
    """

    incorrect: Mixed
    correct: Mixed
    m2: Sentence
    dropped: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()


def inverse(sentence: Sentence, annotator: int = 0) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """The corrected words, and one annotator's edits as faults in them.

    >>> words, faults = inverse(Sentence("He go to the home", (Edit(1, 2, "goes"), Edit(2, 4, ""))))
    >>> words, [(f.start, f.end, f.words) for f in faults]
    (('He', 'goes', 'home'), [(1, 2, ('go',)), (2, 2, ('to', 'the'))])
    """
    faults, shift = [], 0
    for edit in sentence.by(annotator):
        start = edit.start + shift
        faults.append(Fault(start, start + len(edit.words), sentence.words[edit.start : edit.end], edit))
        shift += len(edit.words) - (edit.end - edit.start)
    return sentence.corrected(annotator), tuple(faults)


def mix(
    sentence: Sentence,
    *,
    method: Method,
    render: Render,
    other: str,
    rng: np.random.Generator,
    learnt: str = "en",
    parse: Parse | None = None,
    pos: Sequence[str] | None = None,
    ratio: float = 0.2,
    annotator: int = 0,
    tries: int = 5,
    group: str = "",
) -> Switched | Outcome:
    """Choose stretches of the corrected sentence, translate them, put back the errors that they do not touch.

    Args:
        sentence: the learner's words and their edits.
        method: a selector of `gec.select`.
        render: how stretches come into the other language (`gec.render`).
        other: that language's tag.
        rng: where the randomness comes from.
        learnt: tag of the sentence's own language.
        parse: a constituency parse of the corrected sentence; without one, phrases are chunks of word classes, and
            `meta.phrases` says so.
        pos: UPOS of the corrected words; found by `synth.classes` when left out.
        ratio: the share of words that the ratio methods look for.
        annotator: whose edits count.
        tries: how often the selector chooses anew when nothing that it chose can be translated.
        group: a name for the sentence.

    Returns:
        the switched sentence, or an outcome with the reason why there is none.

    Source: S059.

    >>> from macaronic.synth.lexicon.table import Lexicon, Translation
    >>> toy = Lexicon("en", "es", {"house": (Translation("casa"),)})
    >>> from macaronic.synth.gec.render import by_lexicon
    >>> learner = Sentence("They sees the house", (Edit(1, 2, "see", "R:VERB:SVA"),))
    >>> made = mix(learner, method="noun-token", render=by_lexicon(toy), other="es", rng=np.random.default_rng(1))
    >>> print(made.m2.block().strip())
    S They sees the casa
    A 1 2|||R:VERB:SVA|||see|||REQUIRED|||-NONE-|||0
    """
    words, faults = inverse(sentence, annotator)
    if not words:
        return Outcome(group, reason="empty side", detail="the corrected sentence holds no word")
    if parse is not None and not parse.covers(words):
        detail = f"{len(parse.leaves)} leaves, {len(words)} corrected words"
        return Outcome(group, reason="parse does not cover the words", detail=detail)
    found = classes(words, learnt) if pos is None else None
    known = tuple(pos) if found is None else found.pos  # type: ignore[arg-type]
    meta: dict[str, Any] = {"classes": found.how if found else "given"}
    if method.endswith("phrase"):
        meta["phrases"] = "parsed" if parse else "chunked"
    phrases = parse.constituents if parse else chunks(known)
    where = [(fault.start, fault.end) for fault in faults]
    out: Switched | Outcome = Outcome(group, reason="no switchable word", detail=f"{method} found nothing to take")
    for _ in range(max(tries, 1)):
        stretches = select(method, words, rng=rng, phrases=phrases, pos=known, edits=where, ratio=ratio)
        if not stretches:
            return out
        out = switch(
            sentence,
            stretches,
            render=render,
            other=other,
            learnt=learnt,
            annotator=annotator,
            group=group,
            method=method,
            meta=meta,
        )
        if isinstance(out, Switched):
            break
    return out


def switch(
    sentence: Sentence,
    stretches: Sequence[Stretch],
    *,
    render: Render,
    other: str,
    learnt: str = "en",
    annotator: int = 0,
    group: str = "",
    method: str = "",
    meta: dict[str, Any] | None = None,
) -> Switched | Outcome:
    """Switch these stretches of the corrected sentence; see `mix`.

    Stretches that cannot be translated stay as they are; when none can, the first reason is given.

    Raises:
        UsageError: stretches that overlap, are empty or lie outside the corrected sentence.

    >>> render = lambda words, start, end: Part(("casa",), ("es",), ("lexicon",), (start,))
    >>> learner = Sentence("the the house fall", (Edit(0, 1, ""), Edit(3, 4, "fell")))
    >>> made = switch(learner, [(0, 2)], render=render, other="es")
    >>> made.m2.text, made.correct.words, made.dropped
    ('the casa fall', ('casa', 'fell'), ())
    """
    words, faults = inverse(sentence, annotator)
    _check(stretches, len(words))
    parts: list[tuple[Stretch, Part]] = []
    failed: list[Reason] = []
    for stretch in sorted(stretches):
        part = render(words, *stretch)
        if isinstance(part, Part):
            parts.append((stretch, part))
        else:
            failed.append(part)
    if not parts:
        reason: Reason = failed[0] if failed else "no switchable word"
        return Outcome(group, reason=reason, detail=f"none of {len(stretches)} stretches has a translation")
    touched = [any(fault.touches(stretch) for stretch, _ in parts) for fault in faults]
    dropped = tuple(fault.edit for fault, gone in zip(faults, touched) if gone)
    kept = [fault for fault, gone in zip(faults, touched) if not gone]
    wrong, right, edits = _woven(words, parts, kept, learnt)
    told = {"learnt": learnt, "other": other, "kept": len(kept), "dropped": len(dropped), **(meta or {})}
    incorrect, correct = (_mixed(side, group, method, told) for side in (wrong, right))
    lines = tuple(edits) or (Edit(-1, -1, NONE, "noop", annotator),)
    m2 = Sentence(" ".join(incorrect.words), lines, eol=sentence.eol, after=2 * sentence.eol)
    notes = (f"{len(failed)} of {len(stretches)} stretches stayed: {failed[0]}",) if failed else ()
    return Switched(incorrect, correct, m2, dropped, notes)


def _check(stretches: Sequence[Stretch], n: int) -> None:
    for start, end in stretches:
        if not 0 <= start < end <= n:
            raise UsageError(f"a stretch lies inside the {n} corrected words and holds some; got ({start}, {end})")
    for before, stretch in pairwise(sorted(stretches)):
        if stretch[0] < before[1]:
            raise UsageError(f"stretches may not overlap; got {before} and {stretch}")


def _woven(
    words: Sequence[str], parts: Sequence[tuple[Stretch, Part]], faults: Sequence[Fault], learnt: str
) -> tuple[list[_Word], list[_Word], list[Edit]]:
    """The wrong words, the right ones, and the edits between them, from left to right."""
    wrong: list[_Word] = []
    right: list[_Word] = []
    edits: list[Edit] = []
    pieces: list[tuple[int, int, Part | Fault]] = [(*stretch, part) for stretch, part in parts]
    pieces += [(fault.start, fault.end, fault) for fault in faults]
    plain: list[_Word] = [(word, word_label(word, learnt), learnt, i) for i, word in enumerate(words)]
    at = 0
    for start, end, piece in sorted(pieces, key=lambda item: item[:2]):
        wrong += plain[at:start]
        right += plain[at:start]
        if isinstance(piece, Part):
            both = list(zip(piece.words, piece.langs, piece.sides, piece.index))
            wrong += both
            right += both
        else:
            first, old = len(wrong), piece.edit.start
            wrong += [(word, word_label(word, learnt), LEARNER, old + i) for i, word in enumerate(piece.words)]
            right += plain[start:end]
            edits.append(replace(piece.edit, start=first, end=len(wrong)))
        at = end
    return [*wrong, *plain[at:]], [*right, *plain[at:]], edits


def _mixed(rows: Sequence[_Word], group: str, method: str, meta: dict[str, Any]) -> Mixed:
    words, langs, sides, index = (tuple(column) for column in zip(*rows))
    return Mixed(words, langs, sides, index, group, method, meta=meta)
