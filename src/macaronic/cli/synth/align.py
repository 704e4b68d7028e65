"""`macaronic synth align`: word links of parallel sentences, one line a pair."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, progress
from macaronic.cli.synth import given
from macaronic.cli.synth.methods import peeked, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macaronic.cli.show import Advance
    from macaronic.core.parallel import Parallel
    from macaronic.synth.align import Alignment
    from macaronic.synth.mixed import Outcome

    Symmetrisation = Literal["intersect", "grow-diag", "grow-diag-final-and", "union"]
    Rows = Sequence[Parallel | Outcome]

Symmetrised = Annotated[
    Literal["intersect", "grow-diag", "grow-diag-final-and", "union"],
    typer.Option("--method", help="How the links of the two directions are put together."),
]


def align(
    pairs: given.Pairs = None,
    parallel: given.ParallelOption = None,
    pair: given.Pair = None,
    extra: Annotated[
        list[str] | None, typer.Option("--extra", help="More parallel text to learn from; not aligned itself.")
    ] = None,
    dictionary: Annotated[str | None, typer.Option("--dictionary", help="A TSV: word, translation.")] = None,
    method: Symmetrised = "intersect",
    align_order: given.AlignOrder = "second-first",
    words: given.WordsOption = "auto",
    confidence: Annotated[bool, typer.Option("--confidence", help="Write i-j:c with each link's confidence.")] = False,
    out: Annotated[str | None, typer.Option("--out", "-o", help="A file instead of standard output.")] = None,
    encoding: options.Encoding = None,
    strict: options.Strict = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Link the words of parallel sentences: one line of Pharaoh links (i-j) a pair, an empty one where there are none.

    Words are counted between spaces (in scripts without spaces, as tokens), so that other tools count alike.

    [dim]$ macaronic synth align pairs.tsv > links.txt
    $ macaronic synth align pairs.tsv --pair rw,fr --extra more.tsv --confidence[/dim]
    """
    from macaronic.core.files import write_text
    from macaronic.core.parallel import Parallel
    from macaronic.synth.align import pharaoh
    from macaronic.synth.make import alignable

    reading = given.reading(pairs, parallel, pair=pair, words="tokens", encoding=encoding, strict=strict)
    tags, stream = peeked(reading)
    rows = [alignable(r, *tags[:2]) if isinstance(r := one.row, Parallel) else r for one in stream]
    with progress("aligning", quiet=quiet) as advance:
        found = _aligned(rows, tags, extra or [], dictionary, method, advance)
    spaced = [words != "tokens" and (words == "spaces" or tag not in reading.uncut) for tag in tags]
    lines = [_numbered(row, one, spaced) for row, one in zip(rows, found)]
    if json:
        for row, one in zip(rows, lines):
            told = {"id": row.group, "links": [list(link) for link in one.links], "confidence": list(one.confidence)}
            emit({**told, "reason": None if isinstance(row, Parallel) else row.reason})
    else:
        text = "".join(pharaoh.line(one, order=align_order, confidence=confidence) + "\n" for one in lines)
        if out is None:
            sys.stdout.write(text)
        else:
            write_text(out, text)
    tell(reading, _told(rows, lines), quiet=quiet)


def _aligned(
    rows: Rows,
    tags: tuple[str, ...],
    extra: Sequence[str],
    dictionary: str | None,
    method: Symmetrisation,
    advance: Advance,
) -> list[Alignment]:
    """The links of the rows; an empty alignment where a row is none."""
    from macaronic.core.parallel import Parallel
    from macaronic.synth.align import Alignment, align
    from macaronic.synth.align.everyday import beside
    from macaronic.synth.rows import Reading

    a, b = tags[:2]
    more = [one.row for place in extra for one in Reading(place, (a, b), words="tokens")]
    texts = [[(r.texts[a].words, r.texts[b].words) for r in rs if isinstance(r, Parallel)] for rs in (rows, more)]
    told = given.lexicon(dictionary, (a, b))
    known = {word: [one.text for one in found] for word, found in told.entries.items()} if told else None
    links = iter(
        align(
            texts[0], source=a, target=b, extra=[*texts[1], *beside(texts[0], a, b)], dictionary=known, method=method,
            progress=lambda done: advance(done, 1.0),
        )
    )  # fmt: skip
    return [next(links) if isinstance(row, Parallel) else Alignment() for row in rows]


def _numbered(row: Parallel | Outcome, found: Alignment, spaced: Sequence[bool]) -> Alignment:
    """Links between tokens as links between the words that people count; of several the surest is kept."""
    from macaronic.core.parallel import Parallel
    from macaronic.synth.align import Alignment
    from macaronic.synth.rows import space_words

    if not isinstance(row, Parallel):
        return found
    sides = [
        space_words(side) if at_spaces else range(len(side.tokens))
        for side, at_spaces in zip(row.texts.values(), spaced)
    ]
    sure: dict[tuple[int, int], float] = {}
    for (i, j), value in zip(found.links, found.confidence):
        place = sides[0][i], sides[1][j]
        sure[place] = max(value, sure.get(place, 0.0))
    links = tuple(sorted(sure))
    return Alignment(links, tuple(round(sure[link], 4) for link in links))


def _told(rows: Rows, found: Sequence[Alignment]) -> list[str]:
    """How many rows were linked, how well, and why the others were not."""
    from collections import Counter

    from macaronic.core.parallel import Parallel

    linked = [one for one in found if one.links]
    count = sum(len(one.links) for one in linked)
    mean = sum(sum(one.confidence) for one in linked) / count if count else 0.0
    reasons = Counter(str(row.reason) for row in rows if not isinstance(row, Parallel))
    reasons["unaligned"] += len(rows) - len(linked) - reasons.total()
    told = [f"{len(linked):,} of {len(rows):,} rows have links: {count:,}, of mean confidence {mean:.2f}"]
    return told + [f"{n:,} rows: {reason}" for reason, n in reasons.most_common() if n]
