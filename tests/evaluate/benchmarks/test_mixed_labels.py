"""COMI-LINGUA, sentiment and offence, HinGE's ratings, toxicity kept, reasoning traces: hand-made cases."""

import random
from collections.abc import Callable

import numpy as np
import pytest

from macaronic.core.errors import FormatError, UsageError
from macaronic.curate.datasets import home
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.benchmarks import comi_lingua, hinge, mixed_affect, reasoning_mixing, singlish
from macaronic.evaluate.labels import plain_label
from macaronic.evaluate.protocol import TEST_ONLY, cross_validated, train_on_made
from macaronic.evaluate.rating_study import correlations
from macaronic.evaluate.traces import thought, traces

RowsFile = Callable[..., str]


def test_majorities_and_agreement(rows_file: RowsFile) -> None:
    people = [["hi", "hi", "hi"], ["hi", "hi", "en"], ["en", "en", "en"], ["hi", "en", "x"]]
    rows = [
        {
            "id": i,
            "Sentences": "s",
            **{f"Annotated by: Annotator {j}": v for j, v in enumerate(votes, 1)},
            "response": r,
        }
        for i, (votes, r) in enumerate(zip(people, ["Hindi: hi", "hi", "the matrix language is hi", "hi"]))
    ]
    found = comi_lingua.score(Asked(rows_file(rows), samples=0))
    values = {r.name: r.value for r in found.results}
    assert values["accuracy"] == pytest.approx(2 / 3)
    assert values["macro_f1"] == pytest.approx((0.8 + 0) / 2)
    assert found.problems.by_kind == {"not scored": 1}
    assert comi_lingua.fleiss_kappa([["a", "a"], ["a", "b"], ["b", "b"]]) == pytest.approx(1 / 3)
    assert comi_lingua.fleiss_kappa([]) is None


def test_the_released_file_with_a_constant_answer(rows_file: RowsFile) -> None:
    path = home() / "codemix-comi-mli" / "MLI.first1000.csv"
    if not path.is_file():
        pytest.skip("codemix-comi-mli is not in MACARONIC_DATA")
    from macaronic.core.problems import Problems
    from macaronic.evaluate.rows import read_rows

    rows = [{**row, "response": "hi"} for _, row in read_rows(str(path), Problems())]
    values = {r.name: r.value for r in comi_lingua.score(Asked(rows_file(rows), samples=0)).results}
    assert values["accuracy"] > 0.95 > 0.6 > values["macro_f1"] > 0.4


def test_mixed_rows_apart(rows_file: RowsFile) -> None:
    rows = [
        {"id": 1, "text": "yaar this movie bahut achhi thi, loved it", "label": "positive", "response": "Positive"},
        {"id": 2, "text": "The movie was far too long for me.", "label": "negative", "prediction": "positive"},
        {"id": 3, "text": "kya bakwas movie thi, total waste of money", "label": "negative", "response": "??"},
    ]
    found = mixed_affect.score(Asked(rows_file(rows), samples=0))
    values = {(r.level, r.name): r.value for r in found.results}
    assert values["all", "accuracy"] == pytest.approx(1 / 3)
    assert values["all/mixed", "accuracy"] == 0.5
    assert values["all/unmixed", "accuracy"] == 0.0
    assert found.problems.by_kind["unparsed answer"] == 1


def made_rows(seed: int, filler: list[str], count: int) -> list[tuple[str, str]]:
    rng = random.Random(seed)
    words = {"positive": ["achha", "love", "mast", "great"], "negative": ["bakwas", "hate", "bekar", "worst"]}
    rows = []
    for i in range(count):
        label = ("positive", "negative")[i % 2]
        rows.append((" ".join(rng.sample([*rng.sample(words[label], 2), *rng.sample(filler, 4)], 6)), label))
    return rows


def test_made_text_teaches_what_people_write() -> None:
    pytest.importorskip("sklearn")
    made = made_rows(1, ["film", "kal", "yaar", "the", "song", "tha", "is"], 80)
    human = made_rows(2, ["match", "aaj", "bhai", "was", "game", "hai"], 40)
    study = train_on_made(made, human, samples=0)
    values = {(r.level, r.name): r.value for r in study.results}
    assert values["all", "weighted_f1"] > 0.9 > values["majority/all", "weighted_f1"]
    assert not study.notes
    assert "stand among" in train_on_made(made, made[:4], samples=0).notes[0]
    with pytest.raises(UsageError):
        train_on_made([("a", "x")], human)


def test_cross_validation_warns() -> None:
    pytest.importorskip("sklearn")
    study = cross_validated(made_rows(3, ["film", "kal", "yaar", "song"], 40), samples=0)
    assert study.notes == (TEST_ONLY,)
    assert study.results[0].value > 0.8
    with pytest.raises(UsageError, match="5 folds"):
        cross_validated([("a", "x")])


def test_metrics_and_ratings(rows_file: RowsFile) -> None:
    references = ["main kal office jaunga with you"]
    texts = ["main kal office jaunga with you", "main kal office jaunga", "xyz qqq", "office kal"]
    rows = [
        {"id": i, "generated": t, "references": references, "rating1": 10 - 3 * i, "rating2": 9 - 3 * i}
        for i, t in enumerate(texts)
    ]
    rows += [
        {"id": 8, "generated": "a", "references": references, "rating1": "good"},
        {"id": 9, "generated": "a", "references": [], "rating": 3},
    ]
    found = hinge.score(Asked(rows_file(rows), samples=50))
    values = {(r.name, r.level): r.value for r in found.results}
    assert values["chrf", "spearman"] > 0.7
    assert found.problems.by_kind == {"no rating": 1, "no reference": 1}
    assert correlations({"m": [1.0, 1.0]}, [1.0, 2.0], signature="x")[0].value is None


def test_toxicity_kept(rows_file: RowsFile) -> None:
    row = {"source": "wah lau so stupid", "translation": "so stupid", "source_toxicity": 0.9}
    rows = [
        {"id": 1, **row, "translation_toxicity": 0.8, "back_translation": "wah lau so stupid"},
        {"id": 2, **row, "translation_toxicity": 0.1},
        {"id": 3, **row, "translation": "", "translation_toxicity": 0.9},
        {"id": 4, **row, "translation_toxicity": "bad"},
    ]
    found = singlish.score(Asked(rows_file(rows), samples=0))
    values = {(r.name, r.level): r.value for r in found.results}
    assert values["toxicity_gap", "all"] == pytest.approx((0.1 + 0.8 + 0.9) / 3)
    assert values["kept", "all"] == pytest.approx(1 / 3)
    assert values["back_chrf", "all"] == pytest.approx(100.0)
    assert found.problems.by_kind == {"empty output": 1, "bad score": 1}


def test_planted_traces_come_back() -> None:
    english, hindi = "First I add the two numbers together.", "फिर मैं उनको दो से गुणा करता हूँ।"
    one, two = traces([f"{english} {english}", f"{english} {hindi} {english}"])
    assert one.points == ()
    assert one.entropy == 0.0
    assert two.points == (2, 3)
    assert two.switches == 2
    assert 0 < two.entropy <= 1
    assert set(two.languages) == {"en", "hi"}
    assert thought("<think>a b") == ("a b", "")


def test_mixing_traces_and_their_answers(rows_file: RowsFile) -> None:
    hindi, english = "पहले मैं दो और तीन को जोड़ता हूँ, फिर उत्तर देखता हूँ।", "Then I check the result once more, of course."
    rows = [
        {"id": 1, "language": "hi", "response": f"<think>{hindi}</think> उत्तर: ५", "answer": "5"},
        {"id": 2, "language": "hi", "response": f"<think>{hindi} {english}</think> 6", "answer": "5"},
        {"id": 3, "language": "hi", "response": "<think>???</think>"},
    ]
    found = reasoning_mixing.score(Asked(rows_file(rows), samples=0))
    assert [one.values["mixed"] for one in found.judged] == [0.0, 1.0, None]
    values = {(r.name, r.level): r.value for r in found.results}
    assert (values["accuracy", "mixed"], values["accuracy", "unmixed"]) == (0.0, 1.0)
    assert found.body["languages"]["hi"]["hi"] > 0.5
    assert found.problems.by_kind["no words"] == 1


@pytest.mark.parametrize("module", [comi_lingua, hinge, mixed_affect, reasoning_mixing, singlish])
def test_other_columns_are_refused(rows_file: RowsFile, module: object) -> None:
    with pytest.raises(FormatError, match="expected"):
        module.score(Asked(rows_file([{"a": 1}, {"a": 2}])))  # type: ignore[attr-defined]


def test_bootstrap_intervals_hold_the_value(rows_file: RowsFile) -> None:
    rng = np.random.default_rng(0)
    rows = [{"id": i, "text": "so nice", "label": "a", "response": "ab"[int(rng.random() < 0.3)]} for i in range(60)]
    for result in mixed_affect.score(Asked(rows_file(rows), samples=200)).results:
        if result.low is not None and result.value is not None and result.high is not None:
            assert result.low <= result.value <= result.high


def test_marks_without_end_around_a_label() -> None:
    assert plain_label("!" * 500_000 + "Yes" + "." * 500_000 + "\n") == "yes"
    assert plain_label("!" * 500_000) == ""
