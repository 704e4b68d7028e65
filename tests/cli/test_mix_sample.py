"""`macaronic mix sample`, called as a person calls it: exact, resumable, and plain about what cannot be met."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from macaronic.mix.shards import open_shard, write_tokens

SIZES = {"hi": 300, "en": 900, "es": 40}


@pytest.fixture
def texts(tmp_path: Path) -> list[str]:
    """Three sources of lines of 1 to 12 words."""
    rng = np.random.default_rng(0)
    for name, count in SIZES.items():
        lines = (" ".join(f"{w}{name}" for w in rng.choice(list("abcd"), rng.integers(1, 13))) for _ in range(count))
        (tmp_path / f"{name}.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return [f"{name}={name}.txt" for name in SIZES]


@pytest.fixture
def tokens(tmp_path: Path) -> list[str]:
    """Three shards of token ids."""
    for name, count in SIZES.items():
        write_tokens(tmp_path / f"{name}.shard", [[ord(name[0])] * 20] * count)
    return [f"{name}.shard" for name in SIZES]


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted((folder / "data").iterdir())} | {
        "mixture.json": (folder / "mixture.json").read_bytes()
    }


def test_words_are_exact_and_the_rows_say_their_source(cli, texts: list[str], tmp_path: Path) -> None:
    words = ("mix", "sample", *texts, "-m", "hi=0.4,en=0.55,es=0.05", "--budget", 4321, "--format", "jsonl", "--json")
    done = cli(*words, "--out", "o")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    rows = [json.loads(line) for f in told["files"] for line in (tmp_path / "o/data" / f["name"]).open()]
    counts = Counter()
    for row in rows:
        counts[row["source"]] += len(row["text"].split())
        assert all(word.endswith(row["source"]) for word in row["text"].split())
    assert sum(counts.values()) == 4321
    assert counts == {a["source"]: a["words"] for a in told["achieved"]}
    assert all(abs(a["error"]) < 1 for a in told["achieved"])
    assert told["items"] == len(rows) == sum(f["items"] for f in told["files"])


def test_sequences_are_exact_from_token_shards(cli, tokens: list[str], tmp_path: Path) -> None:
    words = ("mix", "sample", *tokens, "-m", "hi=0.3,en=0.6,es=0.1", "--budget", 6400, "--length", 32)
    done = cli(*words, "--out", "o", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["items"] == 200
    assert {a["source"]: a["items"] for a in told["achieved"]} == {"hi": 60, "en": 120, "es": 20}
    shard = open_shard(tmp_path / "o/data" / told["files"][0]["name"])
    kinds = Counter(int(shard.document(i)[0]) for i in range(shard.documents))
    assert kinds[ord("h")] == 60
    assert shard.documents == 200
    assert len(shard.items) == 6400
    assert cli(*words, "--out", "p", "--format", "parquet").code == 0
    table = pq.read_table(tmp_path / "p/data/train-00000-of-00001.parquet")
    assert Counter(table.column("source").to_pylist()) == {"hi": 60, "en": 120, "es": 20}
    assert len(table.column("input_ids")[0]) == 32


def test_texts_are_tokenised_once(cli, texts: list[str], tmp_path: Path, monkeypatch) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {"?": 0} | {f"{w}{n}": 1 + i for i, (w, n) in enumerate((w, n) for w in "abcd" for n in SIZES)}
    model = Tokenizer(models.WordLevel(vocabulary, "?"))
    model.pre_tokenizer = pre_tokenizers.Whitespace()
    model.save(str(tmp_path / "t.json"))
    words = ("mix", "sample", *texts, "--tokenizer", "t.json", "--length", 8, "--out", "o", "-m")
    assert cli(*words, "hi=1,en=1", "--budget", 800).code == 0
    monkeypatch.setattr("macaronic.mix.tokenised.write_tokenised", lambda *_: pytest.fail("tokenised again"))
    done = cli(*words, "hi=3,en=1", "--budget", 800, "--json")
    assert {a["source"]: a["items"] for a in json.loads(done.out)["achieved"]} == {"hi": 75, "en": 25, "es": 0}
    assert "no tokenizer" in cli(*words, "hi=3,en=1", "--budget", 800, "--format", "text").err


def test_short_sources_are_said_and_end_with_1(cli, texts: list[str], tmp_path: Path) -> None:
    words = ("mix", "sample", *texts, "--out", "o", "--format", "text", "--max-epochs", 2, "-m")
    done = cli(*words, "es=0.5,en=0.5", "--budget", 3000)
    assert done.code == 0
    assert "es: asked 50.00%, 2 epochs of it give" in done.err
    done = cli(*words, "es=1", "--budget", 100_000, "-q")
    assert done.code == 1
    assert "budget: asked 100,000 words, 2 epochs of the sources give" in done.err
    told = json.loads((tmp_path / "o/mixture.json").read_text())
    assert [a["epochs"] for a in told["achieved"] if a["source"] == "es"] == [2.0]


def test_the_ends_of_sources_and_a_file_of_phases(cli, tokens: list[str], tmp_path: Path) -> None:
    done = cli("mix", "sample", *tokens, "-m", "es=1,en=1", "--until", "first_exhausted", "--length", 8, "--json")
    assert {a["source"]: a["items"] for a in json.loads(done.out)["achieved"]} == {"hi": 0, "en": 100, "es": 100}
    (tmp_path / "m.json").write_text('{"mixture": {"hi": 1, "es": 0}, "notes": []}')
    (tmp_path / "phases.toml").write_text(
        '[[phase]]\nname = "stable"\nweights = {en = 3, hi = 1}\nbudget = 3200\nlength = 16\n'
        '[[phase]]\nname = "anneal"\nmixture = "m.json"\nbudget = 640\nlength = 64\n'
    )
    done = cli("mix", "sample", *tokens, "--phases", "phases.toml", "--format", "jsonl", "--out", "o", "--json")
    assert done.code == 0, done.err
    rows = [json.loads(line) for line in (tmp_path / "o/data/train-00000-of-00001.jsonl").open()]
    assert Counter((r["phase"], r["source"]) for r in rows) == {
        ("stable", "en"): 150,
        ("stable", "hi"): 50,
        ("anneal", "hi"): 10,
    }
    assert [len(r["input_ids"]) for r in rows if r["phase"] == "anneal"] == [64] * 10


def test_killed_it_ends_in_the_same_bytes(cli, texts: list[str], tmp_path: Path, monkeypatch) -> None:
    words = ["mix", "sample", *texts, "-m", "hi=0.5,en=0.5", "--budget", "6000", "--format", "jsonl", "--out", "o"]
    assert cli(*words).code == 0
    whole = files(tmp_path / "o")
    (tmp_path / "o").rename(tmp_path / "whole")
    code = "import sys; from macaronic.cli.main import run; run()"
    for moment in (0.4, 0.8, 1.2):
        child = subprocess.Popen([sys.executable, "-c", code, *words], cwd=tmp_path, env=os.environ)
        time.sleep(moment)
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert cli(*words).code == 0
    assert files(tmp_path / "o") == whole
    written = []
    monkeypatch.setattr("macaronic.mix.written._write", lambda *_: written.append(1))
    assert cli(*words).code == 0
    assert not written


def test_parts_that_are_missing_or_changed_are_written_again(texts: list[str], tmp_path: Path) -> None:
    from macaronic.core.mixture import Mixture
    from macaronic.mix.shards import write_text
    from macaronic.mix.whole import Whole
    from macaronic.mix.written import Output, write

    write_text(tmp_path / "a", [f"row {i}" for i in range(500)])
    whole = Whole({"a": [open_shard(tmp_path / "a")]}, Mixture({"a": 1}, "documents"), 700, max_epochs=2, seed=1)
    output = Output(whole, tmp_path / "o", "text", 4, True, False, "1")
    first = write(output)
    held = {f["name"]: (tmp_path / "o/data" / f["name"]).read_bytes() for f in first}
    (tmp_path / "o/data" / first[1]["name"]).unlink()
    (tmp_path / "o/data" / first[2]["name"]).write_text("damaged")
    assert write(output) == first
    assert {f["name"]: (tmp_path / "o/data" / f["name"]).read_bytes() for f in first} == held
    lines = Counter(line for data in held.values() for line in data.decode().splitlines())
    assert sum(lines.values()) == 700
    assert set(lines.values()) == {1, 2}


@pytest.mark.parametrize(
    ("words", "message", "code"),
    [
        ((), "--budget N or --until", 2),
        (("--budget", 10, "-m", "xx=1"), "unknown source of a weight 'xx'", 2),
        (("--budget", 10, "-m", "hi=nan"), "must be a number that is not negative; got nan", 2),
        (("--budget", 10, "-m", "hi=-1"), "not negative", 2),
        (("--budget", 10, "-m", "hi"), "cannot read the mixture hi", 5),
        (("--budget", 10, "-m", "hi.txt"), "this is no JSON", 2),
        (("--budget", 10, "-m", "other.json"), "got the keys 'a'", 2),
        (("--budget", 10, "-m", "nan.json"), "nan.json: the weight of 'hi'", 2),
        (("--budget", 10, "--unit", "tokens"), "needs --tokenizer", 2),
        (("--budget", 10, "--length", 8), "is text", 2),
        (("--budget", 10, "--tokenizer", "no.json"), "cannot read the tokenizer", 5),
        (("--budget", 10, "-m", "empty=1", "empty=empty.txt"), "empty", 2),
        (("--phases", "p.toml"), "p.toml: phase.1.lenght: unknown key. Did you mean 'length'?", 2),
        (("--phases", "p.toml", "--budget", 5), "leave --mixture, --budget", 2),
        (("--budget", 10, "cut.shard"), "cut short", 2),
    ],
)
def test_bad_requests_are_named(cli, texts: list[str], tmp_path: Path, words: tuple, message: str, code: int) -> None:
    (tmp_path / "other.json").write_text('{"a": {"b": 1}}')
    (tmp_path / "nan.json").write_text('{"mixture": {"hi": NaN}}')
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "p.toml").write_text('[[phase]]\nname = "a"\nlenght = 3\n')
    write_tokens(tmp_path / "cut.shard", [[1, 2, 3]] * 10)
    (tmp_path / "cut.shard").write_bytes((tmp_path / "cut.shard").read_bytes()[:-8])
    done = cli("mix", "sample", *texts, *words)
    assert message in done.err
    assert done.code == code


def test_a_weight_of_zero_takes_nothing(cli, texts: list[str], tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    done = cli("mix", "sample", *texts, "empty=empty.txt", "-m", "hi=1,en=0,empty=0", "--budget", 500, "--json")
    assert done.code == 0, done.err
    assert {a["source"]: a["words"] for a in json.loads(done.out)["achieved"] if a["words"]} == {"hi": 500}


def test_rows_that_say_their_language_are_sources(cli, tmp_path: Path) -> None:
    rows = [{"text": f"{tag} {i}", "lang": tag} for i in range(50) for tag in ("hi", "en")]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = cli(
        "mix", "sample", "a.jsonl", "-m", "hi=3,en=1", "--budget", 80, "--format", "text", "--out", "o", "--json"
    )
    assert done.code == 0, done.err
    lines = (tmp_path / "o/data/train-00000-of-00001.txt").read_text().splitlines()
    assert Counter(line[:2] for line in lines) == {"hi": 30, "en": 10}
