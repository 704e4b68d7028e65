"""Bad input: a clear message, the right exit code, nothing half-written, every bad row counted."""

import json

import pytest

from macaronic import bundled


def identified(cli, content: bytes, *words: str) -> tuple[list[dict], str, int]:
    done = cli("identify", "-", "--json", *words, stdin=content)
    return [json.loads(line) for line in done.out.splitlines()], done.err, done.code


def test_an_empty_file(cli, tmp_path) -> None:
    (tmp_path / "none.txt").write_bytes(b"")
    assert cli("identify", "none.txt", "--json").out == ""
    done = cli("measure", "none.txt", "--json")
    assert done.code == 0
    assert all(r["value"] is None or r["value"] == 0 for r in json.loads(done.out)["results"])


def test_only_blank_lines(cli) -> None:
    found, _, code = identified(cli, b"\n  \n\n")
    assert code == 0
    assert [row["words"] for row in found] == [[], [], []]


def test_nul_bytes_are_counted(cli) -> None:
    found, err, code = identified(cli, b"good morning\nbad\x00line\nso chill\n")
    assert code == 0
    assert [row["text"] for row in found if row["text"]] == ["good morning", "so chill"]
    assert "1 problems" in err
    assert ":2:" in err


def test_a_wrong_encoding_is_counted_or_refused(cli, tmp_path) -> None:
    (tmp_path / "a.txt").write_bytes(b"good morning to all\nna\xefve \xff\xfe caf\xe9\nanother line of text\n")
    done = cli("identify", "a.txt", "--json", "--encoding", "utf-8")
    assert done.code == 0
    assert len(done.out.splitlines()) >= 2
    assert "a.txt:2" in done.err
    assert cli("identify", "a.txt", "--json", "--encoding", "utf-8", "--strict").code != 0
    assert cli("identify", "a.txt", "--encoding", "utf-99").code == 2


@pytest.mark.parametrize("name", ["utf-16", "utf-8-sig", "cp1251"])
def test_encodings_are_found(cli, tmp_path, name: str) -> None:
    text = "Сегодня хорошая погода и мы идём гулять в парк\n" * 20
    (tmp_path / "a.txt").write_bytes(text.encode(name))
    found = [json.loads(line) for line in cli("identify", "a.txt", "--json").out.splitlines()]
    assert found[0]["text"] == text.splitlines()[0]


@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\n"])
def test_line_ends(cli, end: bytes) -> None:
    found, _, _ = identified(cli, end.join([b"guten Morgen", b"so chill", b""]))
    assert [row["text"] for row in found] == ["guten Morgen", "so chill"]


def test_a_byte_order_mark_is_no_text(cli) -> None:
    found, _, _ = identified(cli, "\ufeffguten Morgen\n".encode())
    assert found[0]["words"] == ["guten", "Morgen"]


def test_a_very_long_line(cli) -> None:
    line = b"yaar kal ki meeting cancel ho gayi so chill " * 25_000
    found, _, code = identified(cli, line + b"\n")
    assert code == 0
    assert len(found[0]["words"]) == 225_000


def test_a_conll_row_with_too_few_columns(cli, tmp_path) -> None:
    (tmp_path / "a.conll").write_text("so\ten\nchill\ten\n\nyaar\n\nkal\thi-Latn\n\n")
    done = cli("measure", "a.conll", "--json", "--samples", 0)
    assert done.code == 0
    assert "a.conll:4" in done.err
    strict = cli("measure", "a.conll", "--strict")
    assert strict.code == 2
    assert "a.conll:4" in strict.err


def test_unknown_word_labels(cli, tmp_path) -> None:
    (tmp_path / "a.conll").write_text("so\ten\nyaar\tx1\n\n")
    done = cli("measure", "a.conll", "--json", "--samples", 0)
    assert done.code == 0
    assert "x1" in done.err


def test_json_lines_that_are_not(cli, tmp_path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "so chill"}\n{"text": \n[1]\n{"no": 1}\n{"text": "guten Morgen"}\n')
    done = cli("identify", "a.jsonl", "--json")
    assert len(done.out.splitlines()) == 2
    assert "3 problems" in done.err


def test_a_missing_file_in_a_list_or_glob(cli, tmp_path) -> None:
    (tmp_path / "a.txt").write_text("so chill\n")
    assert cli("measure", "a.txt", "b.txt").code == 5
    done = cli("measure", "*.csv")
    assert done.code == 5
    assert "*.csv" in done.err


RECIPE = '[run]\nout = "out"\n[[source]]\nname = "a"\npath = "{path}"\n{more}'


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[[source]]\nname = "a"\npath = "a.txt"\n', "two sources are named 'a'"),
        ('[mix]\nmethod = "given"\nweights = {a = -1}\n', "not negative"),
        ('[mix]\nmethod = "given"\nweights = {a = nan}\n', "not negative"),
        ('[mix]\nmethod = "given"\nweights = {b = 1}\n', "unknown source 'b'"),
        ("[mix]\nbugdet = 10\n", "Did you mean 'budget'"),
    ],
)
def test_bad_recipes(cli, tmp_path, more: str, said: str) -> None:
    (tmp_path / "a.txt").write_text("so chill\n")
    (tmp_path / "my.toml").write_text(RECIPE.format(path="a.txt", more=more))
    done = cli("build", "my.toml")
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "out").exists()


def test_a_recipe_whose_files_are_missing(cli, tmp_path) -> None:
    (tmp_path / "my.toml").write_text(RECIPE.format(path="data/*.txt", more=""))
    done = cli("build", "my.toml")
    assert done.code == 5
    assert "data/*.txt" in done.err


def test_a_budget_larger_than_the_text_allows(cli, tmp_path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(s.text for s in bundled.mixed("es/en")))
    (tmp_path / "my.toml").write_text(RECIPE.format(path="a.txt", more="[mix]\nbudget = 10_000_000\n"))
    done = cli("build", "my.toml")
    assert done.code == 1
    assert "the text allows" in done.err
    assert json.loads((tmp_path / "out" / "mixture.json").read_text())["unmet"]


def test_a_folder_that_cannot_be_written(cli, tmp_path) -> None:
    (tmp_path / "a.txt").write_text("so chill\n")
    (tmp_path / "out").write_text("a file stands where the folder should be")
    (tmp_path / "my.toml").write_text(RECIPE.format(path="a.txt", more=""))
    assert cli("build", "my.toml").code == 5
