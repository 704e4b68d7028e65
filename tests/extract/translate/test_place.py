from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.extract.record import Record, Span
from macaronic.extract.translate.marks import marked, unmarked
from macaronic.extract.translate.pieces import Piece, pieces_of
from macaronic.extract.translate.place import loose_occurrences, place
from macaronic.extract.translate.rules import Fault


def pieces(source: str, *texts: str) -> list[Piece]:
    return list(pieces_of(Record(source, spans=tuple(Span(f"L{i}", text) for i, text in enumerate(texts)))).items)


def at(source: str, texts: list[str], wanted: list[str], text: str) -> list[str | None]:
    found = place(source, pieces(source, *texts), wanted, text)
    return [None if one is None else f"{one[0]}:{text[one[0] : one[1]]}" for one in found.places]


def test_the_second_of_two_becomes_the_second() -> None:
    source, text = "Ann saw Bo and Ann ran", "アンはボーを見てアンは走った"
    assert at(source, ["Ann", "Bo", "Ann"], ["アン", "ボー", "アン"], text) == ["0:アン", "3:ボー", "8:アン"]


def test_two_pieces_never_share_one_place() -> None:
    found = place("Ann met Ann", pieces("Ann met Ann", "Ann", "Ann"), ["アン", "アン"], "アンに会った")
    assert found.missing == (0, 1)


def test_a_name_inside_another_word_is_not_it() -> None:
    assert at("Anna and Ann", ["Ann"], ["Ann"], "Anna y Ann") == ["7:Ann"]
    assert at("The art", ["art"], ["art"], "el start") == [None]
    assert at("Anna and Ann", ["Anna", "Ann"], ["アンナ", "アン"], "アンナとアン") == ["0:アンナ", "4:アン"]


def test_endings_and_clitics_are_allowed() -> None:
    assert at("in Ankara", ["Ankara"], ["Ankara"], "Ankara'da") == ["0:Ankara"]
    assert at("in Helsinki", ["Helsinki"], ["Helsing"], "Helsingissä") == ["0:Helsing"]
    assert at("and Cairo", ["Cairo"], ["القاهرة"], "والقاهرة") == ["1:القاهرة"]


def test_what_was_nested_stays_nested() -> None:
    source = "Kyoto University is in Kyoto"
    held = pieces_of(Record(source, spans=(Span("ORG", "Kyoto University", 0, 16), Span("LOC", "Kyoto", 0, 5))))
    text = "京都にある京都大学"
    found = place(source, held.items, ["京都大学", "京都"], text).places
    assert found == ((5, 9), (5, 7))


def test_apart_in_the_source_is_apart_in_the_translation() -> None:
    assert at("New York and York", ["New York", "York"], ["Nueva York", "York"], "Nueva York y York") == [
        "0:Nueva York",
        "13:York",
    ]


def test_a_guess_is_told() -> None:
    found = place("Bo ran", pieces("Bo ran", "Bo"), ["ボー"], "ボーよ、ボーは走った")
    assert found.guessed
    assert found.places == ((0, 2),)


def test_search_that_forgives() -> None:
    assert loose_occurrences("cafe\u0301 CAFÉ", "café") == [(0, 5), (6, 10)]
    assert loose_occurrences("ﬁne", "f") == []  # half a ligature is no place
    assert loose_occurrences("New\u00a0\nYork", "new york") == [(0, 9)]
    assert loose_occurrences("abc", "") == []


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=10))
def test_a_place_shows_the_same_letters(text: str, wanted: str) -> None:
    for start, end in loose_occurrences(text, wanted):
        assert 0 <= start < end <= len(text)


texts = st.text(st.characters(exclude_characters="<>", exclude_categories=("Cs",)), min_size=1, max_size=20)


@settings(deadline=None)
@given(texts, st.data())
def test_marks_come_off_as_they_went_on(text: str, data: st.DataObject) -> None:
    text = " ".join(text.split())
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda p: tuple(sorted(p)))
    places = data.draw(st.lists(ends.filter(lambda p: bool(text[p[0] : p[1]].strip())), max_size=4))
    plain, found = unmarked(marked(text, places), len(places))
    assert plain == text
    for (a, b), (c, d) in zip(places, found, strict=True):
        assert text[c:d] == text[a:b].strip()


@settings(deadline=None)
@given(st.text(st.sampled_from("<>/e12 ab"), max_size=40), st.integers(0, 3))
def test_marks_in_any_string_are_read_or_a_fault(text: str, count: int) -> None:
    with suppress(Fault):
        plain, places = unmarked(text, count)
        assert len(places) == count
        assert all(plain[a:b].strip() for a, b in places)
