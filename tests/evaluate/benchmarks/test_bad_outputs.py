"""What people bring to any benchmark: every table form, other order, rows twice, empty, broken, huge, without an id."""

import gzip
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from macaronic.cli.show import json_line
from macaronic.core.errors import FormatError, InputError
from macaronic.evaluate import judged as kept
from macaronic.evaluate.benchmark import Asked, find, modules
from macaronic.evaluate.scored import Scored

RowsFile = Callable[..., str]
Row = dict[str, Any]
HINDI = "यह मौसम के बारे में एक साधारण हिंदी वाक्य है।"
MIXED = "yaar kal ki meeting cancel ho gayi, so we can chill at home"
TAGGED = {"task": "lid", "pair": "hi-en", "gold": ["en", "hi"], "tokens": ["so", "yaar"]}
RULES = {"instruction_id_list": ["length_constraints:number_words"], "kwargs": [{"num_words": 2}]}
TURN = {"turn_1_prompt": "Say it.", "turn_1_instruction_id_list": RULES["instruction_id_list"]}
CHOICE = {"country": "Spain", "prompt": "A. rice B. tea", "choices": {"A": "rice", "B": "tea"}, "answer_idx": "B"}
TOXIC = {"source": "wah lau eh", "source_toxicity": 0.8, "translation_toxicity": 0.7}
SAMPLES: dict[str, tuple[str, Row]] = {
    "adaptive-mt": ("translation", {"translation": "the cat sat", "reference": "the cat sat down", "terms": "cat"}),
    "blend": ("response", {**CHOICE, "response": "B"}),
    "codemixbench": ("response", {**TAGGED, "response": '[["so", "en"], ["yaar", "hi"]]'}),
    "comi-lingua": ("response", {"text": MIXED, "gold": "hi", "response": "hi"}),
    "hinge": ("generated", {"generated": MIXED, "references": [MIXED, "kal meeting nahi hai"], "rating": 7}),
    "icl-mt": ("translation", {"translation": "die Katze saß da", "reference": "die Katze saß dort", "language": "de"}),
    "in-language": ("response", {"response": HINDI, "allowed": "hi"}),
    "language-confusion": (
        "completion",
        {"completion": HINDI, "task": "monolingual", "source": "own", "language": "hi"},
    ),
    "marco-mif": ("response", {"response": "only two words", "language": "en", **RULES}),
    "mixed-affect": ("response", {"text": MIXED, "label": "neutral", "response": "neutral"}),
    "mixed-mt": ("translation", {"source": MIXED, "translation": "we chill", "reference": "we can chill at home"}),
    "mlongrr": ("response", {"language": "vi", "response": "số là 1,234", "label": "1234"}),
    "multi-if": (
        "responses",
        {"language": "en", "responses": ["only two words"], **TURN, "turn_1_kwargs": RULES["kwargs"]},
    ),
    "multiq": ("completion", {"language": "hi", "completion": HINDI, "judge": "yes"}),
    "reasoning-mixing": ("response", {"language": "hi", "response": f"<think>{HINDI}</think> 5", "answer": "5"}),
    "singlish": ("translation", {**TOXIC, "translation": "oh my goodness"}),
}
KEYS = {"marco-mif": "key", "multi-if": "key"}
EACH = [pytest.param(m, id=m.BENCHMARK.name) for m in modules() if m.BENCHMARK.name in SAMPLES]
BLANKS: Sequence[object] = ("", " \n", None)


def rows_of(module: ModuleType, count: int = 6) -> list[Row]:
    name = module.BENCHMARK.name
    return [{KEYS.get(name, "id"): i, **SAMPLES[name][1]} for i in range(count)]


def scored(module: ModuleType, path: str) -> Scored:
    found: Scored = module.score(Asked(path, samples=10))
    names = [one.id for one in found.judged]
    assert len(set(names)) == len(names)
    json.loads(json_line(found.asdict()))
    return found


def figures(found: Scored) -> list[tuple[str, str, float | None, int]]:
    return [(r.name, r.level, r.value if r.value is None else round(r.value, 9), r.n) for r in found.results]


def cells(rows: Sequence[Row]) -> list[Row]:
    return [
        {k: json.dumps(v, ensure_ascii=False) if isinstance(v, list | dict) else str(v) for k, v in row.items()}
        for row in rows
    ]


def delimited(rows: Sequence[Row], mark: str) -> str:
    quoted = [['"' + str(cell).replace('"', '""') + '"' for cell in row.values()] for row in cells(rows)]
    return "".join(mark.join(row) + "\n" for row in [list(rows[0]), *quoted])


@pytest.mark.parametrize("module", EACH)
def test_every_table_form_gives_the_same(module: ModuleType, tmp_path: Path, rows_file: RowsFile) -> None:
    rows = rows_of(module)
    wanted = scored(module, rows_file(rows))
    lines = Path(rows_file(rows)).read_bytes()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "a.json").write_text(json.dumps(rows, indent=1), "utf-8")
    (tmp_path / "a.csv").write_text(delimited(rows, ","), "utf-8-sig")
    (tmp_path / "a.tsv").write_text(delimited(rows, "\t"), "utf-16")
    pq.write_table(pa.Table.from_pylist(cells(rows)), tmp_path / "a.parquet")
    for path in sorted(tmp_path.glob("a.*")):
        found = scored(module, str(path))
        assert figures(found) == figures(wanted), path.name
        assert [one.id for one in found.judged] == [one.id for one in wanted.judged], path.name


@pytest.mark.parametrize("module", EACH)
def test_order_says_nothing_and_rows_twice_count_once(module: ModuleType, rows_file: RowsFile) -> None:
    rows = rows_of(module)
    wanted = scored(module, rows_file(rows))
    assert figures(scored(module, rows_file(rows[::-1]))) == figures(wanted)
    twice = scored(module, rows_file([*rows, rows[2]]))
    assert figures(twice) == figures(wanted)
    assert twice.problems.by_kind["duplicate"] == 1


@pytest.mark.parametrize("module", EACH)
def test_an_empty_output_is_wrong_and_stays(module: ModuleType, rows_file: RowsFile) -> None:
    field, rows = SAMPLES[module.BENCHMARK.name][0], rows_of(module)
    whole = scored(module, rows_file(rows))
    for blank in BLANKS:
        found = scored(module, rows_file([{**rows[0], field: blank}, *rows[1:]]))
        assert len(found.judged) == len(whole.judged)
        assert found.problems.by_kind["empty output"] == 1
        assert ":1:" in found.problems.first[0]
    lacking = {key: value for key, value in rows[0].items() if key != field}
    assert len(scored(module, rows_file([*rows[1:], lacking])).judged) == len(whole.judged)


@pytest.mark.parametrize("module", EACH)
def test_bad_rows_are_counted_with_their_lines(module: ModuleType, rows_file: RowsFile, tmp_path: Path) -> None:
    rows = rows_of(module)
    text = Path(rows_file(rows)).read_bytes()
    path = tmp_path / "bad.jsonl"
    nameless = b'{"response": "x", "completion": "x", "translation": "x", "generated": "x", "responses": ["x"]}\n'
    path.write_bytes(b"not json\n" + text + b"[1, 2]\n" + b'{"response": "\xff\xfe"}\n' + nameless)
    found = scored(module, str(path))
    assert len(found.judged) >= len(rows)
    assert found.problems.count >= 2
    assert any("bad.jsonl:1:" in message for message in found.problems.first)


@pytest.mark.parametrize("module", EACH)
def test_odd_values_end_no_run(module: ModuleType, rows_file: RowsFile, tmp_path: Path) -> None:
    field, rows = SAMPLES[module.BENCHMARK.name][0], rows_of(module)
    odd: list[object] = [
        math.nan,
        math.inf,
        7,
        ["a", None],
        {"a": {"b": 1}},
        "\ud800 half",
        "\x00nul\x1b[31m",
        "x" * 60_000,
    ]
    made = [{**row, field: value} for row, value in zip(rows_of(module, len(odd)), odd)]
    path = tmp_path / "odd.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in [*made, {**rows[0], KEYS.get("", "id"): "n"}]), "utf-8")
    found = scored(module, str(path))
    kept.write(found.judged, tmp_path / "scored.jsonl")
    assert len(found.judged) >= len(odd)


@pytest.mark.parametrize("module", EACH)
def test_other_columns_and_nothing_at_all(module: ModuleType, rows_file: RowsFile) -> None:
    with pytest.raises(FormatError, match=r"outputs\.jsonl"):
        module.score(Asked(rows_file([{"question": "a", "reply": "b"}])))
    with pytest.raises((InputError, FormatError), match=r"outputs\.jsonl"):
        module.score(Asked(rows_file([])))


@pytest.mark.parametrize("name", ["mixed-mt", "singlish"])
def test_systems_in_one_file_have_their_own_names(name: str, rows_file: RowsFile) -> None:
    module = find(name)
    rows = [{**row, "system": system} for system in ("a", "b") for row in rows_of(module, 3)]
    assert {one.id for one in scored(module, rows_file(rows)).judged} >= {"a/0", "b/0"}
    assert scored(module, rows_file(rows[:3])).judged[0].id == "0"


def test_rows_are_judged_in_their_own_languages(rows_file: RowsFile) -> None:
    rows = [
        {"id": 1.0, "translation": "यह मौसम के बारे में है", "reference": "यह मौसम के बारे में है", "language": "hi"},
        {"id": 2.0, "translation": "die Katze saß dort", "reference": "die Katze saß dort", "language": "de"},
    ]
    found = scored(find("icl-mt"), rows_file(rows))
    assert [(one.id, one.values["right_language"]) for one in found.judged] == [("1", 1.0), ("2", 1.0)]
