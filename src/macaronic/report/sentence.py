"""A sentence with its words' languages: colour, underline and letters, in the order in which it is read.

A run of right-to-left words is laid out as one right-to-left piece, also inside a left-to-right sentence; the text
between the words stays as it is, so scripts without spaces get none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from macaronic.core import languages
from macaronic.report.build_report import Sample
from macaronic.report.markup import Html, attribute, join, text
from macaronic.report.palette import Paint, letters, paints

Letters = Mapping[str | None, str]


def direction(value: str) -> str:
    """`rtl` or `ltr` by the majority of the strong characters; empty when there is none.

    >>> direction("abc"), direction("سلام"), direction("123")
    ('ltr', 'rtl', '')
    """
    classes = [unicodedata.bidirectional(c) for c in value]
    right = sum(c in ("R", "AL") for c in classes)
    left = classes.count("L")
    return "" if not right and not left else "rtl" if right > left else "ltr"


def sentence(sample: Sample, colours: Mapping[str, Paint], short: Letters) -> Html:
    """One sentence as HTML: each word with the letters of its language below it.

    Args:
        sample: the text, the words' offsets and their labels.
        colours: a `Paint` a language tag.
        short: the letters a label is shown by.
    """
    ways = [direction(word) for word in sample.words]
    base = _base(ways)
    body, at = [], 0
    for way, run in groupby(range(len(ways)), key=_settled(ways, base).__getitem__):
        members = list(run)
        gap = text(sample.text[at : sample.tokens[members[0]][0]])
        inside = _run(sample, members, colours, short)
        body.append(gap + (inside if way == base else f'<bdi dir="{way}">{inside}</bdi>'))
        at = sample.tokens[members[-1]][1]
    return Html(f'<p class="sentence" dir="{base}">{"".join(body)}{text(sample.text[at:])}</p>')


def _base(ways: Sequence[str]) -> str:
    """The direction of most words; the first word's where two are as many."""
    strong = [way for way in ways if way]
    right = strong.count("rtl") * 2 - len(strong)
    return "rtl" if right > 0 or (right == 0 and strong[:1] == ["rtl"]) else "ltr"


def _settled(ways: Sequence[str], base: str) -> list[str]:
    """Directions with the neutral words settled: inside a run they go with it, at its edge with the sentence."""
    settled = list(ways)
    for i, way in enumerate(ways):
        if not way:
            before = next((w for w in reversed(ways[:i]) if w), base)
            after = next((w for w in ways[i + 1 :] if w), base)
            settled[i] = before if before == after else base
    return settled


def _run(sample: Sample, members: Sequence[int], colours: Mapping[str, Paint], short: Letters) -> Html:
    """Words of one direction with the text between them; punctuation stays on the line of the word it sticks to."""
    clusters: list[tuple[Html, list[Html]]] = []
    for i in members:
        start, end = sample.tokens[i]
        word = _word(sample.text[start:end], sample.langs[i], colours, short)
        first = i == members[0]
        gap = text("" if first else sample.text[sample.tokens[i - 1][1] : start])
        if not first and not gap and (_closes(sample.words[i]) or _opens(sample.words[i - 1])):
            clusters[-1][1].append(word)
        else:
            clusters.append((gap, [word]))
    return join(
        Html(f'{gap}<span class="nb">{join(words)}</span>' if len(words) > 1 else f"{gap}{words[0]}")
        for gap, words in clusters
    )


def _word(word: str, label: str | None, colours: Mapping[str, Paint], short: Letters) -> Html:
    paint = colours.get(label or "")
    look = f"w h{paint.hue} l{paint.line}" if paint else "w none"
    tag = f' lang="{attribute(label)}"' if paint else ""
    mark = short.get(label, label or "?")
    return Html(
        f'<span class="{look}"><bdi{tag}>{text(word)}</bdi>'
        f'<span class="t" title="{attribute(_name(label))}">{text(mark)}</span></span>'
    )


def _name(label: str | None) -> str:
    return languages.name(label) if label is not None else "not identified"


def _closes(word: str) -> bool:
    return all(unicodedata.category(c) in ("Po", "Pe", "Pf", "Pd") and c not in "¿¡" for c in word)


def _opens(word: str) -> bool:
    return all(unicodedata.category(c) in ("Ps", "Pi") or c in "¿¡" for c in word)


def sample_list(samples: Sequence[Sample]) -> Html:
    """Sentences as a numbered list, with a key of the colours and letters in use."""
    tags = [label for sample in samples for label in sample.langs]
    return samples_painted(samples, paints(_some(tags), together=[set(_some(s.langs)) for s in samples]))


def samples_painted(samples: Sequence[Sample], colours: Mapping[str, Paint]) -> Html:
    """As `sample_list`, with colours given, so that they agree with other parts of a page."""
    seen = sorted({label for s in samples for label in s.langs}, key=lambda label: (label is None, str(label)))
    short = letters(seen)
    rows = (Html(f"<li>{sentence(s, colours, short)}{_source(s)}</li>") for s in samples)
    return Html(f'{key(seen, colours, short)}\n<ol class="samples">\n{join(rows, chr(10))}\n</ol>')


def _source(sample: Sample) -> str:
    parts = [part for part in (sample.source, sample.note) if part]
    return f'<p class="from">{" · ".join(f"<bdi>{text(part)}</bdi>" for part in parts)}</p>' if parts else ""


def key(labels: Iterable[str | None], colours: Mapping[str, Paint], short: Letters) -> Html:
    """What the colours and letters mean."""
    items = []
    for label in labels:
        paint = colours.get(label or "")
        look = f"w h{paint.hue} l{paint.line}" if paint else "w none"
        items.append(f'<li><span class="{look}"><b>{text(short[label])}</b></span> {text(_name(label))}</li>')
    return Html(f'<ul class="key" aria-label="Languages of the words">{"".join(items)}</ul>')


def _some(labels: Iterable[str | None]) -> list[str]:
    return [label for label in labels if label is not None]
