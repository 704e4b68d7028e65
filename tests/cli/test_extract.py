"""`macaronic extract build|made|train|predict|score|ablate`, called as a person calls them."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
SMALL = ("--preset", "0.3m", "--steps", "3", "--batch", "8")


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def here(cli, tmp_path):
    assert cli("extract", "made", "-n", "40", "-l", "en,hi", "-o", "train.jsonl").code == 0
    told = cli("extract", "made", "--unseen", "train.jsonl", "-n", "6", "-l", "en,hi", "-o", "test.jsonl")
    assert told.code == 0, told.err
    return tmp_path


def test_from_records_to_the_score_table(cli, here):
    for kind in ("tag", "generate"):
        told = cli("extract", "train", "train.jsonl", "--kind", kind, *SMALL, "-o", kind, "--json")
        assert told.code == 0, told.err
        assert json.loads(told.out)["records"] == 40
        told = cli("extract", "predict", "test.jsonl", "-m", kind, "-o", f"{kind}.jsonl", "--json")
        assert told.code == 0, told.err
        assert json.loads(told.out)["failures"] == {}
        told = cli("extract", "score", "test.jsonl", f"{kind}.jsonl", "--json", "--samples", "20")
        values = {(r["name"], r["level"]): r["value"] for r in json.loads(told.out)["results"]}
        assert values["format", "all"] == 1.0
        assert ("TL", "hi") in values
    assert "output" in rows(here / "generate.jsonl")[0]


def test_scores_of_gold_and_a_limit(cli, here):
    told = cli("extract", "score", "test.jsonl", "test.jsonl", "--whole", "--fail-under", "ALL=1")
    assert told.code == 0, told.err
    assert "ALL\tall\t1.0" in told.out
    (here / "few.jsonl").write_text("".join((here / "test.jsonl").read_text("utf-8").splitlines(True)[:3]), "utf-8")
    told = cli("extract", "score", "test.jsonl", "few.jsonl", "--fail-under", "ALL=0.9")
    assert told.code == 1
    assert "3 without a record: no answer" in told.err


def test_any_model_by_name_and_plain_text(cli, here):
    (here / "texts.txt").write_text("Ann is in Rome.\nBo ran.\n", "utf-8")
    replies = [
        {
            "match": "Ann",
            "reply": '```json\n{"text_label": "Society", "spans": [{"label": "Place", "text": "Rome"}]}```',
        },
        {"match": "Bo", "reply": "I cannot help."},
    ]
    (here / "said.jsonl").write_text("".join(json.dumps(r) + "\n" for r in replies), "utf-8")
    told = cli(
        "extract", "predict", "texts.txt", "-l", "en", "-m", "scripted:said.jsonl", "--schema", "train.jsonl",
        "--shots", "1", "-o", "a.jsonl",
    )  # fmt: skip
    assert told.code == 0, told.err
    first, second = rows(here / "a.jsonl")
    assert (first["spans"][0]["start"], second["failure"]) == (10, "not JSON")
    assert "1 without a record: not JSON" in told.err


def test_records_of_a_family(cli, here):
    told = cli("extract", "build", "scnm", "train.jsonl", "-o", "scnm.jsonl", "--json")
    assert told.code == 0, told.err
    assert json.loads(told.out)["records"] == 40
    assert rows(here / "scnm.jsonl")[0]["meta"]["family"] == "SCNM"


def test_the_ablation(cli, here):
    told = cli("extract", "ablate", "train.jsonl", "test.jsonl", *SMALL, "--samples", "20", "--json")
    assert told.code == 0, told.err
    effects = json.loads(told.out)["effects"]
    assert {(e["metric"], e["level"]) for e in effects} == {(m, p) for m in ("TL", "WL") for p in ("all", "en", "hi")}
    assert all(0 < e["p"] <= 1 for e in effects)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("train", "empty.jsonl", "-o", "m"), 2, "got none"),
        (("train", "train.jsonl", "--kind", "tga", "-o", "m"), 2, "'tag'"),
        (("train", "train.jsonl", "--preset", "2m", "-o", "m"), 2, "unknown size '2m'"),
        (("train", "nowhere.jsonl", "-o", "m"), 5, "nowhere.jsonl"),
        (("predict", "test.jsonl", "-m", "nowhere", "-o", "a.jsonl"), 2, "unknown model 'nowhere'"),
        (("score", "test.jsonl", "lines.txt"), 2, "--codec"),
        (("score", "test.jsonl", "test.jsonl", "--codec", "jsn"), 2, "'json'"),
        (("score", "test.jsonl", "test.jsonl", "--fail-under", "XL=1"), 2, "WL"),
        (("build", "SCNN", "train.jsonl", "-o", "a"), 2, "SCNM"),
        (("made", "-l", "xx", "-o", "a"), 2, "unknown language of made-up records 'xx'"),
    ],
)
def test_what_cannot_be_meant(cli, here, words, code, said):
    (here / "empty.jsonl").write_text("")
    (here / "lines.txt").write_text("News/NER/:Null;\n")
    told = cli("extract", *words)
    assert told.code == code, told.err
    assert said in told.err
    assert len(told.err.splitlines()) <= 4
    assert "Traceback" not in told.err
