"""Any outputs: each fault by itself, sets of allowed languages, what is left out before judging."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import FormatError
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.benchmarks.in_language import FAULTS, judge, score
from macaronic.evaluate.prose import prose

CASES = [
    ("Kal hum movie dekhne chalte hain, tickets main book kar leta hoon.", ["hi-Latn", "en"], ()),
    ("कल हम फिल्म देखने चलते हैं और फिर खाना खाएँगे।", ["hi", "hi-Latn"], ()),
    ("कल हम फिल्म देखने चलते हैं और फिर खाना खाएँगे।", ["hi-Latn", "en"], ("wrong_script",)),
    ("Sure! Here is the plan for tomorrow morning.", ["hi-Latn"], ("wrong_language",)),
    ("Das Wetter ist heute schön, but tomorrow it will rain a lot, sagt man.", ["de"], ("unasked_mixing",)),
    ("<think>The user wants a German answer</think>Das Wetter ist heute wirklich schön.", ["de"], ()),
    ("<think>The user wants a German answer, so I will", ["de"], ("empty",)),
    ("```python\nprint('this is English inside of code')\n```", ["de"], ("empty",)),
    ("他说“hello my friend how are you”，然后走了，再也没有回来。", ["zh"], ()),
    ("Ja.", ["de"], ()),
    ("", ["de"], ("empty",)),
    ("Сегодня прекрасная погода, и мы идём гулять в парк.", "ru en", ()),
]


@pytest.mark.parametrize(("response", "allowed", "faults"), CASES)
def test_each_fault(rows_file: Callable[..., str], response: str, allowed: object, faults: tuple[str, ...]) -> None:
    found = score(Asked(rows_file([{"id": 1, "response": response, "allowed": allowed}]), samples=0)).judged[0]
    assert {name for name in FAULTS if found.values[name]} == set(faults), found.note
    assert found.values["right"] == float(not faults)


def test_unknown_tags_are_counted(rows_file: Callable[..., str]) -> None:
    rows = [
        {"id": 1, "response": "Hola, ¿qué tal estás hoy?", "allowed": ["es"]},
        {"id": 2, "response": "Hola", "allowed": ["nolanguage"]},
        {"id": 3, "response": "Hola", "allowed": []},
    ]
    found = score(Asked(rows_file(rows), samples=0))
    assert len(found.judged) == 1
    assert found.problems.by_kind["unknown language"] == 2


def test_a_language_that_the_identifier_does_not_know(rows_file: Callable[..., str]) -> None:
    found = score(Asked(rows_file([{"id": 1, "response": "Hola, ¿qué tal?", "allowed": ["kzz"]}]), samples=0))
    assert any("does not know kzz" in note for note in found.notes)


def test_rows_of_another_form(rows_file: Callable[..., str]) -> None:
    with pytest.raises(FormatError, match="id, response, allowed"):
        score(Asked(rows_file([{"id": 1, "output": "Hola"}])))


def test_what_was_left_out_is_told(rows_file: Callable[..., str]) -> None:
    rows = [{"id": 1, "response": "`x = 1` Das ist der Wert.", "allowed": ["de"]}]
    found = score(Asked(rows_file(rows), samples=0))
    assert "code (" in found.notes[0]
    assert next(rule for rule in found.body["left_out"] if rule["name"] == "code")["characters"] == 7


def test_quotations_stay_when_there_is_nothing_else() -> None:
    assert "Guten Tag" in prose('"Guten Tag, wie geht es?"').text


@pytest.mark.parametrize("piece", ["$$ \\[ \\( ", "a.b", "a@", "<a ", "“", '"', "<think>", "```\n", "www."])
def test_long_outputs_of_openings_alone_end(piece: str) -> None:
    prose(piece * (200_000 // len(piece)))


@given(st.text(max_size=400))
def test_taking_out_only_shortens(text: str) -> None:
    left = prose(text)
    gone = sum(left.taken.values())
    assert 0 <= gone <= len(text)


@given(st.dictionaries(st.sampled_from(["hi", "hi-Latn", "en", "de", "zh-Hant"]), st.integers(1, 50), min_size=1))
def test_what_is_all_allowed_has_no_fault(counts: dict[str, int]) -> None:
    assert judge(counts, list(counts)) == ()
