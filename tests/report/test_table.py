"""Tables for terminals and pipes; words stay above their letters."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from macaronic.report.table import coloured, tsv, write_table


class _Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_pipe_gets_tab_separated_lines_with_all_digits():
    out = io.StringIO()
    write_table(["tag", "cmi"], [("hi", 0.123456789), ("e\nn", None)], file=out, title="not shown")
    assert out.getvalue() == "tag\tcmi\nhi\t0.123456789\ne n\t\n"


def test_a_terminal_gets_a_table_with_a_title_and_no_markup(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    out = _Terminal()
    write_table(["tag", "n"], [("[bold]hi", 12345)], file=out, title="Shares")
    assert "Shares" in out.getvalue()
    assert "[bold]hi" in out.getvalue()
    assert "12,345" in out.getvalue()


def test_control_characters_never_reach_the_terminal():
    assert "\x1b" not in tsv(["a"], [("\x1b[31m",)])
    assert "\x1b" not in coloured(["\x1b]0;x\x07"], ["en"]).plain


def _columns(line):
    """Cell positions at which something begins."""
    plain = line.replace("\u200e", "")
    return [cell_len(plain[:i]) for i, c in enumerate(plain) if c != " " and (i == 0 or plain[i - 1] == " ")]


def test_wide_characters_stay_above_their_letters():
    word, mark = coloured(["我们", "明天", "meeting", "吧"], ["zh", "zh", "en", "zh"]).plain.split("\n")
    assert _columns(word) == _columns(mark)
    assert mark == "ZH   ZH   EN      ZH"


def test_right_to_left_words_are_marked_off():
    word, mark = coloured(["غدا", "في", "gare"], ["ar", "ar", "fr"]).plain.split("\n")
    assert word.count("\u200e") == 4
    assert _columns(word) == _columns(mark)


@given(st.lists(st.sampled_from(["yaar", "我们", "नमस्ते", "غدا", "a" * 30, ","]), max_size=30), st.integers(10, 60))
def test_lines_fit_the_width_unless_one_word_does_not(words, width):
    lines = coloured(words, ["en"] * len(words), width=width).plain.split("\n")
    for line in lines:
        assert cell_len(line.replace("\u200e", "")) <= max(width, 30)
    assert len(lines) % 2 == 0 or not words


def test_nothing_to_colour():
    assert coloured([], []).plain == ""
