"""`macaronic synth`, called as a person calls it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

PAIRS = "the dog eats bread\tel perro come pan\nthe white house is big\tla casa blanca es grande\n"
LINKS = "0-0 1-1 2-2 3-3\n0-0 1-2 2-1 3-3 4-4\n"
TREES = (
    "(ROOT (S (NP (DT the) (NN dog)) (VP (VBZ eats) (NP (NN bread)))))\n"
    "(ROOT (S (NP (DT the) (JJ white) (NN house)) (VP (VBZ is) (ADJP (JJ big)))))\n"
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def command(*words: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "macaronic", "synth", *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            input=stdin,
            env={**os.environ, "NO_COLOR": "1"},
            timeout=120,
        )

    (tmp_path / "pairs.tsv").write_text(PAIRS)
    (tmp_path / "links.txt").write_text(LINKS)
    (tmp_path / "trees.txt").write_text(TREES)
    return command


def objects(done: subprocess.CompletedProcess[str]) -> list[dict]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


FILES = ("--parallel", "pairs.tsv", "--align", "links.txt")


def test_lattice_counts_with_trees(run: Run) -> None:
    done = run("lattice", "--constraint", "ec", *FILES, "--parse", "trees.txt", "-n", "10", "--json", "--count")
    dog, house = objects(done)
    assert (dog["count"], house["count"]) == (16, 32)
    assert (dog["reason"], house["reason"]) == (None, None)
    assert len(dog["sentences"]) == 10
    assert len({tuple(s["words"]) for s in dog["sentences"]}) == 10


def test_as_many_as_there_are_is_the_whole_lattice(run: Run) -> None:
    asked = ("-n", "12", "--json", "--count", "--pair", "en,es")
    dog = objects(run("lattice", "-c", "mlf", *FILES, "--parse", "trees.txt", *asked))[0]
    assert {" ".join(s["words"]) for s in dog["sentences"]} == {
        "el dog come bread", "el dog come pan", "el perro come bread", "el perro come pan", "el perro eats bread",
        "el perro eats pan", "the dog come bread", "the dog come pan", "the dog eats bread", "the dog eats pan",
        "the perro eats bread", "the perro eats pan",
    }  # fmt: skip


def test_matrix_language_frame_counts(run: Run) -> None:
    done = run("lattice", "--constraint", "mlf", *FILES, "--parse", "trees.txt", "--json", "--count", "--pair", "en,es")
    assert objects(done)[0]["count"] == 12


def test_every_word_has_a_language_and_a_source(run: Run) -> None:
    done = run("lattice", *FILES, "-n", "5", "--json", "--pair", "en,es")
    texts = [[cell.split() for cell in line.split("\t")] for line in PAIRS.splitlines()]
    for row, sides in zip(objects(done), texts):
        for sentence in row["sentences"]:
            for word, lang, (column, place) in zip(sentence["words"], sentence["langs"], sentence["source"]):
                assert sides[column][place] == word
                assert lang == ("en", "es")[column]
            assert 0 < sentence["cmi"] <= 50


def test_works_without_links_trees_or_languages(run: Run) -> None:
    done = run("lattice", "pairs.tsv", "--json")
    assert all(row["sentences"] for row in objects(done))
    assert "en, es" in done.stderr
    assert "2 of 2 rows gave 2 sentences" in done.stderr


def test_the_same_seed_gives_the_same_sentences_and_another_others(run: Run) -> None:
    first, again, other = (run("lattice", *FILES, "-n", "3", "--json", "--seed", s).stdout for s in ("1", "1", "2"))
    assert first == again != other


def test_bad_rows_are_counted_and_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.tsv").write_text("the dog\tel perro\n\tsolo\nthe cat\tel gato\nthe end\tel fin\n")
    (tmp_path / "bad.txt").write_text("0-0 1-1\n0-0\n0-7\n")
    done = run("lattice", "bad.tsv", "--align", "bad.txt", "--json", "--pair", "en,es")
    assert [row["reason"] for row in objects(done)] == [
        None, "empty side", "misnumbered alignment", "unequal line counts",
    ]  # fmt: skip
    assert "1 rows: misnumbered alignment" in done.stderr


def test_a_tree_that_does_not_cover_the_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.txt").write_text("(S (NN nothing))\n((\n")
    done = run("lattice", *FILES, "--parse", "wrong.txt", "--json", "--pair", "en,es")
    assert {row["reason"] for row in objects(done)} == {"parse does not cover the words"}


def test_out_of_reach_says_how_far_it_goes(run: Run) -> None:
    done = run("lattice", *FILES, "--target-cmi", "95", "--json", "--pair", "en,es")
    rows = objects(done)
    assert {row["reason"] for row in rows} == {"target unreachable"}
    assert all(row["detail"] for row in rows)


@pytest.mark.parametrize("method", ["substitute", "noun-token", "ratio-token", "wac", "pac"])
def test_lexical_methods_give_mixed_sentences(run: Run, method: str) -> None:
    rows = objects(run(method, "pairs.tsv", "--align", "links.txt", "--pair", "es,en", "--json"))
    made = [s for row in rows for s in row["sentences"]]
    assert made or all(row["reason"] for row in rows)
    assert all(len(s["words"]) == len(s["langs"]) == len(s["source"]) for s in made)


def test_pipe_gives_rows_that_the_other_verbs_read(run: Run, tmp_path: Path) -> None:
    done = run("lattice", *FILES, "-n", "2", "--pair", "en,es")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 4
    (tmp_path / "mixed.jsonl").write_text(done.stdout)
    told = subprocess.run(
        [sys.executable, "-m", "macaronic", "measure", "mixed.jsonl", "--metric", "cmi", "--json", "--samples", "0"],
        capture_output=True, text=True, cwd=tmp_path, timeout=120,
    )  # fmt: skip
    assert json.loads(told.stdout)["results"][0]["value"] > 0


def test_out_and_report(run: Run, tmp_path: Path) -> None:
    done = run("lattice", *FILES, "-n", "2", "--pair", "en,es", "--out", "mixed.conllu", "--report", "mixed.html")
    assert done.returncode == 0, done.stderr
    assert "source=" in (tmp_path / "mixed.conllu").read_text().lower()
    assert "<!doctype html>" in (tmp_path / "mixed.html").read_text()


def test_align_gives_links_that_lattice_takes(run: Run, tmp_path: Path) -> None:
    done = run("align", "pairs.tsv")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    (tmp_path / "own.txt").write_text(done.stdout)
    assert all(row["reason"] is None for row in objects(run("lattice", "pairs.tsv", "--align", "own.txt", "--json")))


def test_align_counts_the_second_column_first(run: Run, tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text("Delhi 1947 Paris\tParis Delhi 1947\n" * 3)
    line = run("align", "names.tsv", "--pair", "en,fr").stdout.splitlines()[0]
    assert set(line.split()) == {"0-2", "1-0", "2-1"}


def test_methods_shows_all_side_by_side(run: Run) -> None:
    rows = objects(run("methods", "pairs.tsv", "--pair", "es,en", "--json"))
    assert {"es", "en", "ec", "mlf", "wac"} <= {row["method"] for row in rows}


def test_standard_input(run: Run) -> None:
    rows = objects(run("lattice", "-", "--pair", "en,es", "--json", stdin=PAIRS))
    assert [row["reason"] for row in rows] == [None, None]


def test_mistakes_end_with_two(run: Run, tmp_path: Path) -> None:
    assert run("lattice").returncode == 2
    assert run("lattice", "pairs.tsv", "--pair", "en").returncode == 2
    (tmp_path / "empty.tsv").write_text("")
    done = run("lattice", "empty.tsv")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert run("lattice", "nowhere.tsv").returncode == 5


def test_translate_makes_pairs_and_counts_what_failed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "es.txt").write_text("el perro come pan\nla casa es grande\nno sé\n")
    replies = [{"match": "perro", "reply": "the dog eats bread"}, {"match": "casa", "reply": ""},
               {"match": "sé", "reply": "yo tampoco lo sé muy bien"}]  # fmt: skip
    (tmp_path / "lm.jsonl").write_text("".join(json.dumps(row) + "\n" for row in replies))
    done = run("translate", "es.txt", "--lm", "scripted:lm.jsonl", "--pair", "es,en", "--out", "made.tsv")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "made.tsv").read_text() == "es\ten\nel perro come pan\tthe dog eats bread\n"
    assert "1 rows: empty answer" in done.stderr
    assert "1 rows: wrong language" in done.stderr


def test_json_and_a_file_exclude_each_other(run: Run, tmp_path: Path) -> None:
    done = run("lattice", *FILES, "--json", "--out", "mixed.jsonl")
    assert done.returncode == 2
    assert "--out" in done.stderr
    assert not (tmp_path / "mixed.jsonl").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lattice", "pairs.tsv", "--pair", "en,en"), "two different languages"),
        (("substitute", "pairs.tsv", "--pair", "en,es", "--pos", "NUON"), "NOUN"),
        (("substitute", "pairs.tsv", "--pair", "en,es", "--ratio", "0"), "above 0"),
        (("lattice", "pairs.tsv", "--like", "pairs.json", "--target-cmi", "20"), "leave out target_cmi"),
        (("gec", "learner.m2", "--other", "en", "--dictionary", "d.tsv", "--out", "x.m2"), "different languages"),
    ],
)
def test_what_cannot_be_meant_is_said(run: Run, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_columns_that_a_method_leaves_aside_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "three.tsv").write_text("the dog\tel perro\tle chien\n")
    done = run("substitute", "three.tsv", "--pair", "en,es,fr", "--text")
    assert "fr is left aside" in done.stderr


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def predict(t):\n    raise ValueError('boom')\n", "boom"),
        ("def predict(t):\n    return [[0.2, 0.3, 0.5] for _ in t]\n", "2 classes"),
        ("def predict(t)\n", "SyntaxError"),
    ],
)
def test_a_classifier_at_fault_is_no_traceback(run: Run, tmp_path: Path, code: str, said: str) -> None:
    (tmp_path / "my.py").write_text(code)
    (tmp_path / "test.tsv").write_text("text\tlabel\nsaya makan\tpos\nfilm buruk\tneg\n")
    (tmp_path / "d.tsv").write_text("makan\teat\nfilm\tmovie\n")
    done = run("attack", "test.tsv", "--classifier", "my.py:predict", "--allow-code", "--pair", "id,en",
               "--dictionary", "d.tsv")  # fmt: skip
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_methods_tells_which_rows_cannot_be_shown(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.tsv").write_text("only one column\n")
    done = run("methods", "one.tsv", "--pair", "en,es", "--json")
    assert objects(done) == []
    assert "one.tsv:1: empty side" in done.stderr
