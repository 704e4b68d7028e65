"""M2 files: byte for byte, several annotators, and errors with their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import FormatError, InputError
from macaronic.synth.gec.m2 import Edit, Sentence, parse, read, write

FILE = (
    "S This are a sentence .\n"
    "A 1 2|||R:VERB:SVA|||is|||REQUIRED|||-NONE-|||0\n"
    "A 2 3|||R:DET|||the||one|||REQUIRED|||why not|||1\n"
    "A 4 4|||M:ADV|||here|||REQUIRED|||-NONE-|||1\n"
    "\n"
    "S Nothing wrong\n"
    "A -1 -1|||noop|||-NONE-|||REQUIRED|||-NONE-|||0\n"
    "\n\n"
    "S Take take out\n"
    "A 1 2|||U:NOUN||||||REQUIRED|||-NONE-|||0\n"
    "\n"
    "S\n"
    "\n"
    "S a\x85b  c\n"
)


def parsed(text: str) -> list[Sentence]:
    return list(parse(text.splitlines(keepends=True) if "\x85" not in text else text.split("\x00")))


def test_a_file_comes_back_byte_for_byte(tmp_path) -> None:
    path, again = tmp_path / "a.m2", tmp_path / "b.m2"
    for content in (FILE, FILE.replace("\n", "\r\n"), FILE.rstrip("\n")):
        path.write_bytes(content.encode())
        sentences = list(read(path))
        assert len(sentences) == 5
        assert write(again, sentences) == 5
        assert again.read_bytes() == path.read_bytes()


def test_what_a_file_says(tmp_path) -> None:
    path = tmp_path / "a.m2"
    path.write_text(FILE, newline="")
    first, clean, out, empty, last = read(path)
    assert first.annotators == (0, 1)
    assert first.corrected(0) == ("This", "is", "a", "sentence", ".")
    assert first.corrected(1) == ("This", "are", "the", "sentence", "here", ".")
    assert first.edits[1].choices == (("the",), ("one",))
    assert clean.by(0) == ()
    assert clean.edits[0].is_noop
    assert out.corrected() == ("Take", "out")
    assert empty.words == ()
    assert last.words == ("a", "b", "c")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("S a b\nA 0 1|||R|||x|||REQUIRED|||0\n", r"in\.m2:2: an edit has 6 fields"),
        ("S a b\nA 0 3|||R|||x|||REQUIRED|||-NONE-|||0\n", r"in\.m2:2: .*outside its sentence of 2"),
        ("S a b\nA 1 0|||R|||x|||REQUIRED|||-NONE-|||0\n", r"in\.m2:2: .*outside"),
        ("S a b\nA x 1|||R|||x|||REQUIRED|||-NONE-|||0\n", r"in\.m2:2: an edit begins with two positions"),
        ("S a b\nA 0 01|||R|||x|||REQUIRED|||-NONE-|||0\n", r"in\.m2:2: numbers are written plainly"),
        ("A 0 1|||R|||x|||REQUIRED|||-NONE-|||0\n", r"in\.m2:1: expected 'S words'"),
        ("S a b\n\nA 0 1|||R|||x|||REQUIRED|||-NONE-|||0\n", r"in\.m2:3: expected 'S words'"),
        ("\nS a b\n", r"in\.m2:1: expected an 'S' line first"),
        ("S a b\nhello\n", r"in\.m2:2: expected 'S words'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, text, told) -> None:
    path = tmp_path / "in.m2"
    path.write_text(text)
    with pytest.raises(FormatError, match=told):
        list(read(path))


def test_unreadable_files(tmp_path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        list(read(tmp_path / "none.m2"))
    (tmp_path / "bad.m2").write_bytes(b"S \xff\n")
    with pytest.raises(InputError, match="cannot read"):
        list(read(tmp_path / "bad.m2"))


def test_overlapping_edits_of_one_annotator() -> None:
    sentence = Sentence("a b c", (Edit(0, 2, "x"), Edit(1, 3, "y")))
    with pytest.raises(FormatError, match="overlap"):
        sentence.corrected()
    apart = Sentence("a b c", (Edit(0, 2, "x"), Edit(1, 3, "y", annotator=1)))
    assert apart.corrected(1) == ("a", "y")


def test_two_insertions_at_one_place_keep_their_order() -> None:
    assert Sentence("a b", (Edit(1, 1, "x"), Edit(1, 1, "y"), Edit(1, 2, "z"))).corrected() == ("a", "x", "y", "z")


fields = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="|"), max_size=6)
words = st.lists(st.text("abcé我", min_size=1, max_size=4), max_size=6)


@given(st.lists(st.tuples(words, st.lists(st.tuples(fields, fields, st.integers(0, 3)), max_size=3)), max_size=4))
def test_any_file_comes_back(blocks) -> None:
    made = [
        Sentence(" ".join(ws), tuple(Edit(0, len(ws), right, kind or "R", who) for kind, right, who in edits))
        for ws, edits in blocks
    ]
    text = "".join(sentence.block() for sentence in made)
    again = list(parse([line + "\n" for line in text.split("\n")[:-1]]))
    assert again == made
    assert "".join(sentence.block() for sentence in again) == text
