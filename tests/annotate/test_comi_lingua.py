"""Sentences labelled by several people, in the columns of COMI-LINGUA, become a project with their work."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest

from macaronic.annotate import comi_lingua
from macaronic.core.errors import FormatError
from macaronic.core.problems import Problems
from macaronic.measure.agreement import cohen_kappa, krippendorff_alpha

HEADER = ["Sentences", *(f"Annotated by: Annotator {n}" for n in (1, 2, 3))]


def write(path: Path, rows: list[list[str]]) -> Path:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def test_agreement_of_a_project_is_that_of_the_columns(cli, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    votes = [[str(v) for v in rng.choice(["hi", "en"], 3, p=[0.7, 0.3])] for _ in range(60)]
    write(tmp_path / "mli.csv", [[f"kal ki meeting {n} cancel", *said] for n, said in enumerate(votes)])
    done = cli("annotate", "new", "mli", "mli.csv", "--json")
    told = json.loads(done.out)
    assert (told["items"], told["people"]) == (60, ["annotator-1", "annotator-2", "annotator-3"])
    found = json.loads(cli("annotate", "agree", ".", "--layer", "matrix", "--json", "--samples", "0").out)["results"]
    values = {(row["name"], row["level"]): row["value"] for row in found}
    assert values["krippendorff_alpha", "all"] == pytest.approx(krippendorff_alpha(votes))
    first, second, _ = zip(*votes)
    pair = next(
        value for (name, level), value in values.items() if name == "cohen_kappa" and "1" in level and "2" in level
    )
    assert pair == pytest.approx(cohen_kappa(first, second))


def test_labels_that_are_no_language_and_people_who_said_nothing(tmp_path: Path) -> None:
    problems = Problems()
    path = write(tmp_path / "a.csv", [["so chill yaar", "positive", "", "hi"], ["", "hi", "hi", "hi"]])
    (row,) = comi_lingua.read(str(path), problems)
    assert {who: dict(said.labels) for who, said in row.people.items()} == {
        "annotator-1": {"label": "positive"},
        "annotator-3": {"lang": "hi"},
    }
    assert dict(problems.by_kind) == {"no text": 1}
    (tmp_path / "b.csv").write_text("text\nso\n", "utf-8")
    with pytest.raises(FormatError, match="Sentences"):
        list(comi_lingua.read(str(tmp_path / "b.csv"), problems))


def test_the_released_sentences(cli, tmp_path: Path) -> None:
    path = Path(os.environ.get("MACARONIC_DATA", "none"), "codemix-comi-mli", "MLI.first1000.csv")
    if not path.is_file():
        pytest.skip("needs codemix-comi-mli under MACARONIC_DATA")
    told = json.loads(cli("annotate", "new", "mli", path, "--json").out)
    assert told["items"] == 1000
    assert told["languages"] == ["hi", "en"]
