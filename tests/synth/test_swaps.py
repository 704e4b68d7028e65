"""Phrase pairs of an alignment, dictionary look-up, and writing the result."""

from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.lexicon import build
from macaronic.synth.swaps import Swap, apart, linked, listed, projected, written


def row(first: str, second: str, *links: tuple[int, int], tags: tuple[str, str] = ("es", "en")) -> Parallel:
    sides = {tag: Utterance.from_words(text.split()) for tag, text in zip(tags, (first, second), strict=True)}
    return Parallel("1", sides, {tags: links})


def test_crossing_links_give_the_words_one_by_one() -> None:
    found = linked(row("casa blanca", "white house", (0, 1), (1, 0)), "es", "en")
    assert found[0] == Swap(0, 1, ("house",), "en", "en", (1,))
    assert found[1] == Swap(1, 2, ("white",), "en", "en", (0,))


def test_a_phrase_grows_until_it_is_consistent() -> None:
    found = linked(row("por favor ven", "please come", (0, 0), (1, 0), (2, 1)), "es", "en")
    assert found[0] is found[1]
    assert found[0] == Swap(0, 2, ("please",), "en", "en", (0,))
    many = row("a b c d e", "v w x y z", (0, 0), (0, 4), (4, 2))
    assert linked(many, "es", "en", longest=3) == {4: Swap(4, 5, ("x",), "en", "en", (2,))}
    assert 0 not in linked(many, "es", "en", longest=3)


def test_links_are_read_either_way_round_and_misnumbered_ones_are_left_out() -> None:
    one = Parallel(
        "1",
        {"es": Utterance.from_words(["casa"]), "en": Utterance.from_words(["house"])},
        {("en", "es"): ((0, 0), (7, 9))},
    )
    assert linked(one, "es", "en") == {0: Swap(0, 1, ("house",), "en", "en", (0,))}


def test_words_that_read_the_same_are_not_swapped() -> None:
    assert linked(row("Madrid", "madrid", (0, 0)), "es", "en") == {}


def test_a_dictionary_takes_the_longest_phrase() -> None:
    lexicon = build([("ice cream", "helado", 1, "NOUN"), ("ice", "hielo", 1, "NOUN")], "en", "es")
    found = listed(["Ice", "cream", "and", "ice"], ["NOUN"] * 4, lexicon)
    assert found[0] == Swap(0, 2, ("helado",), "es", "lexicon", (0,))
    assert found[3].words == ("hielo",)


def test_classes_come_over_the_links_where_rules_know_none() -> None:
    assert projected(row("ile funfun", "white house", (0, 1), (1, 0), tags=("yo", "en")), "yo") == ("NOUN", "ADJ")


swaps = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 3)).map(
        lambda t: Swap(t[0], min(t[0] + t[1], 10), ("x", "y"), "en", "en", (0, 1))
    )
)


@given(swaps)
def test_writing_keeps_every_other_word(found: list[Swap]) -> None:
    words = [f"w{chr(97 + i)}" for i in range(10)]
    kept = apart(found)
    made = written(words, "es", kept)
    covered = {i for swap in kept for i in range(swap.start, swap.end)}
    ours = [i for i, side in zip(made.index, made.sides, strict=True) if side == "es"]
    assert ours == [i for i in range(10) if i not in covered]
    assert len(made.words) == 10 - len(covered) + 2 * len(kept)
