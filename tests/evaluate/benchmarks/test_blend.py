"""BLEnD: skipped questions, votes, borders of words, choices."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.curate.datasets import home
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.benchmarks.blend import choice, questions, score

RowsFile = Callable[..., str]


def question(*groups: tuple[str, str, int], silent: tuple[int, int] = (0, 0), unsure: int = 0) -> dict[str, object]:
    held = [{"answers": [own], "en_answers": [english], "count": votes} for own, english, votes in groups]
    return {"annotations": held, "idks": {"idk": unsure, "no-answer": silent[0], "not-applicable": silent[1]}}


HELD = {
    "q1": question(("té verde", "green tea", 4), ("café", "coffee", 2)),
    "q2": question(("pan", "bread", 1), silent=(2, 1)),
    "q3": question(("pan", "bread", 1), unsure=5),
    "q4": question(),
    "q5": question(("x-ray", "tea", 3)),
}


def scored(
    rows_file: RowsFile, tmp_path: Path, answers: dict[str, str], *, compat: bool = False
) -> dict[str, tuple[object, object]]:
    (tmp_path / "Spain_data.json").write_text(json.dumps(HELD), "utf-8")
    rows = [{"id": name, "country": "Spain", "response": text} for name, text in answers.items()]
    found = score(Asked(rows_file(rows), str(tmp_path), compat=compat, samples=0))
    return {one.id.split("/")[1]: (one.values["sem_b"], one.values["sem_w"]) for one in found.judged}


def test_votes_and_skips(rows_file: RowsFile, tmp_path: Path) -> None:
    found = scored(rows_file, tmp_path, {"q1": "Un cafe solo", "q2": "pan", "q3": "pan", "q4": "pan", "q5": "X ray"})
    assert found == {"q1": (1.0, 0.5), "q2": (None, None), "q3": (None, None), "q4": (None, None), "q5": (1.0, 1.0)}


def test_english_answers_come_last(rows_file: RowsFile, tmp_path: Path) -> None:
    assert scored(rows_file, tmp_path, {"q1": "I drink coffee"})["q1"] == (1.0, 0.5)
    assert scored(rows_file, tmp_path, {"q1": "agua"})["q1"] == (0.0, 0.0)
    assert scored(rows_file, tmp_path, {"q1": ""})["q1"] == (0.0, 0.0)


def test_letters_inside_words_count_for_the_authors_only(rows_file: RowsFile, tmp_path: Path) -> None:
    assert scored(rows_file, tmp_path, {"q5": "a steak"})["q5"] == (0.0, 0.0)
    assert scored(rows_file, tmp_path, {"q5": "a steak"}, compat=True)["q5"] == (1.0, 1.0)


@pytest.mark.parametrize("country", ["China", "Indonesia", "South_Korea", "Spain", "UK"])
def test_the_most_frequent_answer_is_worth_all(rows_file: RowsFile, country: str) -> None:
    path = home() / "eval-blend" / f"{country}_data.json"
    if not path.is_file():
        pytest.skip("eval-blend is not in MACARONIC_DATA")
    held = questions(json.loads(path.read_text("utf-8")))
    best = {name: max(q.groups, key=lambda g: g.votes) for name, q in held.items() if q.groups}
    rows = [
        {"id": n, "country": country, "response": (g.answers or g.english)[0]}
        for n, g in best.items()
        if g.answers or g.english
    ]
    found = score(Asked(rows_file(rows), str(path), samples=0))
    assert {r.name: r.value for r in found.results if r.level == "all"}["sem_b"] == 1.0
    assert {r.name: r.value for r in found.results if r.level == "all"}["sem_w"] > 0.97


def test_choices() -> None:
    offered = "A. arroz\nB. pan\nC. té"
    texts = {"A": "arroz", "B": "pan", "C": "té"}
    cases = {
        '{"answer_choice": "C"}': "C",
        "B": "B",
        "The answer is (A).": "A",
        "té": "C",
        "D": None,
        "pan o arroz": None,
        "": None,
    }
    assert {reply: choice(reply, offered, texts) for reply in cases} == cases


def test_multiple_choice_by_country(rows_file: RowsFile) -> None:
    base = {"country": "Spain", "prompt": "A. rice\nB. tea", "choices": '{"A": "rice", "B": "tea"}', "answer_idx": "B"}
    rows = [{"id": i, "response": text, **base} for i, text in enumerate(["B", "A", "no idea"])]
    found = score(Asked(rows_file(rows), samples=0))
    assert [one.values["accuracy"] for one in found.judged] == [1.0, 0.0, 0.0]
    assert found.problems.by_kind["unparsed answer"] == 1


def test_what_is_missing(rows_file: RowsFile, tmp_path: Path) -> None:
    outputs = rows_file([{"id": "q1", "country": "Spain", "response": "x"}])
    with pytest.raises(UsageError, match="Spain_data"):
        score(Asked(outputs))
    with pytest.raises(InputError):
        score(Asked(outputs, str(tmp_path)))
    (tmp_path / "Spain_data.json").write_text("[1]", "utf-8")
    with pytest.raises(FormatError, match="questions with annotations"):
        score(Asked(outputs, str(tmp_path)))
    with pytest.raises(UsageError, match="short or mcq"):
        score(Asked(outputs, form="long"))


def test_questions_without_an_answer_are_told(rows_file: RowsFile, tmp_path: Path) -> None:
    (tmp_path / "Spain_data.json").write_text(json.dumps(HELD), "utf-8")
    rows = [{"id": name, "country": "Spain", "response": "pan"} for name in ("q1", "q2")]
    notes = score(Asked(rows_file(rows), str(tmp_path), samples=0)).notes
    assert notes[1] == "1 questions of Spain have no answer here: they are not in the scores"
