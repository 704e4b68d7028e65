"""`identify`, `measure` and `mix sweep` by other engines: the bytes of a serial run, whatever is cut, lost or ended."""

import gzip
import json
import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from macaronic import bundled
from macaronic.cli.main import INTERRUPTED
from macaronic.core.executor import Serial
from macaronic.measure import counts

TAGS = ("en", "hi", "es")
PARTS = ["--engine", "processes"]


class Elsewhere:
    """What happens on the way to another process and back, in this one."""

    def map(self, fn: Any, shards: Sequence[Any], *, key: Any = None) -> Iterator[Any]:
        for shard in shards:
            there, at = pickle.loads(pickle.dumps((fn, shard)))
            yield pickle.loads(pickle.dumps(there(at)))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Plain text that is cut, JSON lines that are cut, tagged text that is cut, and a file that cannot be."""
    monkeypatch.setattr("macaronic.text.formats.parts.SHARD_BYTES", 2000)
    rows = bundled.parallel()
    texts = [row[tag] for row in rows for tag in TAGS]
    (tmp_path / "a.txt").write_text("\n\n".join(texts[:90]) + "\n", "utf-8")
    lines = [json.dumps({"text": text, "n": i}, ensure_ascii=False) for i, text in enumerate(texts[90:180])]
    lines[40] = '{"text": '
    (tmp_path / "b.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    tagged = "\n\n".join(f"yaar\tHI\nchill\tEN\nword{i}\tEN" for i in range(300))
    (tmp_path / "c.conll").write_text(tagged + "\n", "utf-8")
    with gzip.open(tmp_path / "d.txt.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(f"{t} {i * 7919}" for i, t in enumerate(texts[:90])) + "\n")
    return ["a.txt", "b.jsonl", "c.conll", "d.txt.gz"]


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "macaronic.cli.options.executor",
        lambda engine, *_, **__: Serial() if engine == "serial" else Elsewhere(),
    )


@pytest.mark.parametrize("form", [[], ["--json"], ["--sentence"], ["--sentence", "--json"], ["--words", "--json"]])
def test_identify_in_parts_prints_the_same(cli, files: list[str], elsewhere: None, form: list[str]) -> None:
    one = cli("identify", *files, *form, "--format", "text")
    other = cli("identify", *files, *form, "--format", "text", *PARTS)
    assert one.code == other.code == 0
    assert one.out == other.out
    assert len(one.out.splitlines()) > 300
    assert "note: d.txt.gz cannot be cut" in other.err


@pytest.mark.parametrize("ending", ["jsonl", "parquet", "csv", "conllu"])
def test_identify_in_parts_writes_the_same(cli, files: list[str], elsewhere: None, ending: str) -> None:
    one = cli("identify", *files, "-o", f"one.{ending}")
    other = cli("identify", *files, "-o", f"two.{ending}", *PARTS)
    assert one.code == other.code == 0
    assert Path(f"one.{ending}").read_bytes() == Path(f"two.{ending}").read_bytes()
    assert Path(f"one.{ending}").stat().st_size > 10_000
    assert one.err.replace("one.", "two.") in other.err
    assert "1 problems in the input" in one.err
    assert not list(Path().glob(".*"))


def test_standard_input_is_cut_too(cli, files: list[str], elsewhere: None) -> None:
    text = Path("a.txt").read_bytes()
    assert cli("identify", "-", stdin=text).out == cli("identify", "-", *PARTS, stdin=text).out


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--by", "languages"],
        ["--by", "meta:n", "--metric", "cmi", "--samples", "20"],
        ["--level", "sentence", "--csv"],
        ["--level", "sentence"],
        ["--as-one"],
    ],
)
def test_measure_in_parts_prints_the_same(
    cli, files: list[str], elsewhere: None, words: list[str], monkeypatch
) -> None:
    monkeypatch.setattr(counts, "MAX_BLOCKS", 64)
    one = cli("measure", *files, *words, *([] if "sentence" in words else ["--json"]))
    other = cli("measure", *files, *words, *([] if "sentence" in words else ["--json"]), *PARTS)
    assert one.code == other.code == 0
    assert one.out == other.out
    assert len(one.out) > 1000
    assert "1 problems in the input" in other.err
    assert "identifying them first" in other.err or "sentence" in words


def test_compare_in_parts_prints_the_same(cli, files: list[str], elsewhere: None) -> None:
    one = cli("measure", "--compare", "a.txt", "c.conll", "--json")
    assert one.code == 0
    assert one.out == cli("measure", "--compare", "a.txt", "c.conll", "--json", *PARTS).out


def test_parts_of_speech_are_compared_between_the_languages_of_all_parts(cli, files: list[str], elsewhere) -> None:
    rows = [("en", "NOUN"), ("hi", "VERB"), ("es", "NOUN")]
    body = "".join(
        f"1\tw\tw\t{pos}\t_\t_\t0\troot\t_\tLang={tag}\n\n"
        for i in range(200)
        for tag, pos in rows
        if tag != "es" or i > 90
    )
    Path("p.conllu").write_text(body)
    one, other = cli("measure", "p.conllu", "--json"), cli("measure", "p.conllu", "--json", *PARTS)
    assert one.out == other.out
    assert '"symcom:NOUN"' in one.out


def test_the_first_bad_row_ends_a_strict_run_in_parts(cli, files: list[str], elsewhere: None) -> None:
    one, other = cli("identify", "b.jsonl", "--strict"), cli("identify", "b.jsonl", "--strict", *PARTS)
    assert one.code == other.code == 2
    assert one.err == other.err
    assert "b.jsonl:41" in one.err


def test_finished_parts_are_kept_and_not_made_again(cli, files: list[str], elsewhere: None, monkeypatch) -> None:
    from macaronic.cli import lines

    real, seen = lines.rows, []

    def rows(batch: Any, **asked: Any) -> Any:
        seen.append(batch.num_rows)
        if len(seen) == 3 and batch.num_rows:
            raise KeyboardInterrupt
        return real(batch, **asked)

    class Here(Elsewhere):
        def map(self, fn: Any, shards: Sequence[Any], *, key: Any = None) -> Iterator[Any]:
            yield from map(fn, shards)

    monkeypatch.setattr("macaronic.cli.options.executor", lambda *_, **__: Here())
    monkeypatch.setattr(lines, "rows", rows)
    ended = cli("identify", "a.txt", "-o", "two.jsonl", *PARTS)
    assert ended.code == 130
    assert "2 of 3 parts are done" in ended.err
    assert INTERRUPTED in ended.err
    assert not Path("two.jsonl").exists()
    once = sum(seen[:2])
    del seen[:]
    seen += [0] * 3
    assert cli("identify", "a.txt", "-o", "two.jsonl", *PARTS).code == 0
    assert cli("identify", "a.txt", "-o", "one.jsonl").code == 0
    assert Path("one.jsonl").read_bytes() == Path("two.jsonl").read_bytes()
    assert sum(seen) == len(Path("one.jsonl").read_text().splitlines()) - once
    assert not Path(".two.jsonl.parts").exists()


def test_real_processes(cli, files: list[str]) -> None:
    words = ["identify", "a.txt", "c.conll", "--format", "text"]
    assert cli(*words).out == cli(*words, *PARTS, "--workers", 2, "--memory", "1G").out
    words = ["measure", "a.txt", "c.conll", "--json", "--samples", "50"]
    assert cli(*words).out == cli(*words, *PARTS, "--workers", 2).out


@pytest.mark.parametrize("verb", ["identify", "measure"])
def test_wrong_engines_and_sizes(cli, files: list[str], verb: str) -> None:
    assert "Did you mean 'processes'" in cli(verb, "a.txt", "--engine", "process").err
    assert cli(verb, "a.txt", "--engine", "processes", "--memory", "2 apples").code == 2
    assert "at least 100M" in cli(verb, "a.txt", "--engine", "processes", "--memory", "2K").err
    assert "is for workers" in cli(verb, "a.txt", "--memory", "2G").err
