"""What other programs rely on: `macaronic identify`."""

import json

import pytest

SENTENCE = "yaar kal ki meeting cancel ho gayi, so chill"


def rows(out: str) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_text(cli) -> None:
    done = cli("identify", "--text", SENTENCE, "--json")
    (row,) = rows(done.out)
    assert done.code == 0
    assert row["text"] == SENTENCE
    assert row["words"] == ["yaar", "kal", "ki", "meeting", "cancel", "ho", "gayi", ",", "so", "chill"]
    assert row["langs"] == [*["hi-Latn"] * 3, "en", "en", "hi-Latn", "hi-Latn", "other", "en", "en"]
    assert row["matrix"] == "hi-Latn"
    assert [SENTENCE[a:b] for a, b in zip(row["start"], row["end"])] == row["words"]
    assert len(row["confidence"]) == len(row["words"])
    assert all(0 <= c <= 1 for c in row["confidence"])


def test_one_object_a_line_also_for_blank_lines(cli, tmp_path) -> None:
    (tmp_path / "a.txt").write_text("Guten Morgen\n\nbuenos días amigos\n   \n")
    found = rows(cli("identify", "a.txt", "--json").out)
    assert [len(row["words"]) for row in found] == [2, 0, 3, 0]
    assert found[1]["langs"] == [] == found[1]["confidence"]
    assert found[1]["matrix"] is None


@pytest.mark.parametrize("line", ["don't , yaar :) http://a.b/c 3lach", "a", "! ?", "नमस्ते-जी l'eau co-op"])
def test_words_that_are_already_cut(cli, line: str) -> None:
    (row,) = rows(cli("identify", "-", "--words", "--json", stdin=(line + "\n").encode()).out)
    assert row["words"] == line.split(" ")
    assert len(row["langs"]) == len(row["words"])


def test_words_and_blank_lines(cli) -> None:
    found = rows(cli("identify", "-", "--words", "--json", "--languages", "es,en", stdin=b"so chill\n\nla casa\n").out)
    assert [len(r["langs"]) for r in found] == [2, 0, 2]
    assert set(found[0]["langs"] + found[2]["langs"]) <= {"es", "en", "other", "ne", "mixed", "unk"}


def test_whole_sentences(cli) -> None:
    (row,) = rows(cli("identify", "--sentence", "--json", "--text", "Das ist ein sehr schöner Tag heute").out)
    assert row["lang"] == "de"
    assert row["languages"] == {"de": 1.0}
    assert 0 <= row["confidence"] <= 1


def test_plain_output_for_pipes(cli) -> None:
    assert cli("identify", "--text", "guten Morgen !").out == "guten/de Morgen/de !/other\n"


def test_an_unknown_language_names_both_ways(cli) -> None:
    done = cli("identify", "--text", "muraho", "--languages", "rw,fr")
    assert done.code == 3
    assert "train tagger" in done.err
    assert "--mono" in done.err
    assert len(done.err.splitlines()) <= 4


def test_a_wrong_tag_suggests_the_right_one(cli) -> None:
    done = cli("identify", "--text", "so", "--languages", "hindi")
    assert done.code == 2
    assert "Did you mean 'hi'" in done.err


def test_hindi_in_latin_letters_is_romanised_hindi(cli) -> None:
    (row,) = rows(cli("identify", "--json", "--languages", "hi,en", "--text", "mujhe kal office jana hai").out)
    assert "hi" not in row["langs"]
    assert "hi-Latn" in row["langs"]


def test_neither_or_both_inputs(cli) -> None:
    assert cli("identify").code == 2
    assert cli("identify", "a.txt", "--text", "so").code == 2
    assert cli("identify", "none.txt").code == 5


def test_a_tagged_file_is_written_and_measured(cli, tmp_path) -> None:
    (tmp_path / "a.txt").write_text("yaar kal ki meeting cancel ho gayi\nso chill karo bhai\n")
    for ending in ("jsonl", "conll", "conllu", "parquet"):
        assert cli("identify", "a.txt", "-o", f"b.{ending}").code == 0
        results = json.loads(cli("measure", f"b.{ending}", "--json", "--samples", 0).out)["results"]
        assert {"cmi", "cu", "m_index", "i_index", "burstiness"} <= {r["name"] for r in results}
        assert set(results[0]) == {"name", "level", "value", "low", "high", "n", "unit", "signature"}
        assert {r["level"] for r in results} == {"corpus", "sentence_mean"}


def test_lines_of_plain_text_stay_lines_whatever_they_look_like(cli, tmp_path) -> None:
    (tmp_path / "a.txt").write_text("so en\n\nchill en\nyaar hi\n\nand/or either/or\n")
    assert len(rows(cli("identify", "a.txt", "--json").out)) == 6
