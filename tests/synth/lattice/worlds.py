"""Random trees, rows and the pairs that the golden numbers are for."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.lattice.tree import Tree, Unit, nest, together

TAGS = ("en", "es", "hi")
WORD_TAGS = ("DT", "NN", "JJ", "IN", "VBZ", "MD", "CD", "RB", "PRP")
LABELS = ("NP", "PP", "VP", "S", "ADJP")


def row(texts: dict[str, str], links: dict[tuple[str, str], str], group: str = "1") -> Parallel:
    """A row out of texts and Pharaoh links."""
    pairs = {
        tags: tuple((int(i), int(j)) for i, j in (link.split("-") for link in own.split()))
        for tags, own in links.items()
    }
    return Parallel(group, {tag: Utterance.from_words(text.split()) for tag, text in texts.items()}, pairs)


BASKET = row({"en": "a basket of fish", "hi": "मछली की एक टोकरी"}, {("hi", "en"): "0-3 1-2 2-0 3-1"})
BASKET_PARSE = "(ROOT (NP (NP (DT a) (NN basket)) (PP (IN of) (NP (NN fish)))))"
DOG = row({"en": "the dog eats bread", "es": "el perro come pan"}, {("es", "en"): "0-0 1-1 2-2 3-3"})
DOG_PARSE = "(ROOT (S (NP (DT the) (NN dog)) (VP (VBZ eats) (NP (NN bread)))))"
HOUSE = row({"en": "the white house is big", "es": "la casa blanca es grande"}, {("es", "en"): "0-0 1-2 2-1 3-3 4-4"})
HOUSE_PARSE = "(ROOT (S (NP (DT the) (JJ white) (NN house)) (VP (VBZ is) (ADJP (JJ big)))))"


@st.composite
def trees(draw: st.DrawFn, sides: int = 2, most: int = 5) -> Tree:
    """A parsed tree: some orders of some units, nested spans with labels, one tag a word."""
    count = draw(st.integers(1, most))
    ranks = (tuple(range(count)), *(tuple(draw(st.permutations(range(count)))) for _ in range(sides - 1)))
    spans: list[tuple[int, int, tuple[str, ...]]] = []
    for first, behind in draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(1, count)), max_size=6)):
        crossing = any(
            a < first < b < behind or first < a < behind < b or (a, b) == (first, behind) for a, b, _ in spans
        )
        if behind - first > 1 and together(ranks, first, behind) and not crossing:
            spans.append((first, behind, (draw(st.sampled_from(LABELS)),)))
    return _tree(draw, ranks, spans, sides)


def _tree(
    draw: st.DrawFn, ranks: tuple[tuple[int, ...], ...], spans: list[tuple[int, int, tuple[str, ...]]], sides: int
) -> Tree:
    count = len(ranks[0])
    widths = [[draw(st.integers(1, 2)) if side else 1 for _ in range(count)] for side in range(sides)]
    runs = [[(0, 0)] * sides for _ in range(count)]
    for side in range(sides):
        at = 0
        for unit in sorted(range(count), key=lambda u: ranks[side][u]):
            runs[unit][side] = (at, at + widths[side][unit])
            at += widths[side][unit]
    tags = [draw(st.sampled_from(WORD_TAGS)) for _ in range(count)]
    empty: tuple[str, ...] = ()
    units = tuple(Unit(tuple(own), ((tag,), *(empty,) * (sides - 1))) for own, tag in zip(runs, tags))
    words = tuple(tuple(f"{TAGS[side]}{i}" for i in range(sum(widths[side]))) for side in range(sides))
    return Tree("1", TAGS[:sides], 0, 0, words, units, ranks, nest(spans, ranks), parsed=True)


@st.composite
def rows(draw: st.DrawFn, sides: int = 2, most: int = 9) -> Parallel:
    """A row of made-up words with random links between all pairs of sides."""
    sizes = [draw(st.integers(1, most)) for _ in range(sides)]
    links = {}
    for a in range(sides):
        for b in range(a + 1, sides):
            pair = st.tuples(st.integers(0, sizes[a] - 1), st.integers(0, sizes[b] - 1))
            links[TAGS[a], TAGS[b]] = tuple(sorted(set(draw(st.lists(pair, max_size=most)))))
    texts = {TAGS[s]: Utterance.from_words(words(TAGS[s], sizes[s])) for s in range(sides)}
    return Parallel("1", texts, links)


def words(tag: str, count: int) -> Sequence[str]:
    """Made-up words, all of them different."""
    letters = "bcdfghjklm"
    return [tag + "".join(letters[int(digit)] for digit in str(place)) for place in range(count)]
