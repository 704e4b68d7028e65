"""Views: line-parallel, words one to one, layers kept, and rows that cannot be mixed counted."""

import doctest
import json
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.mixed import LEXICON, Mixed, Outcome, word_label
from macaronic.synth.views import Views, every, latin, names, views, write_jsonl, write_lines
from macaronic.text import formats
from macaronic.text.noise import HINMIX, kind_of
from macaronic.text.romanise import variants
from macaronic.text.scripts import script_of

ROW = Parallel("7", {"hi": Utterance("यह अच्छा घर है, यह!"), "en": Utterance("this is a good house, this!")})
MIXED = Mixed(
    ("यह", "अच्छा", "house", "है", ",", "यह", "!"),
    ("hi", "hi", "en", "hi", "other", "hi", "other"),
    ("hi", "hi", "en", "hi", "hi", "hi", "hi"),
    (0, 1, 4, 3, 4, 5, 6),
    "7",
    "ec",
    meta={"matrix": "hi"},
)


def of(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_words_stay_one_to_one() -> None:
    made = views(ROW, MIXED, rng=of(1), rate=1)
    assert tuple(made.texts) == ("hi", "hicm", "hicmrom", "noisyhicmrom", "hirom", "en")
    sizes = {name: len(u.words) for name, u in made.texts.items()}
    assert sizes["hicm"] == sizes["hicmrom"] == sizes["noisyhicmrom"] == 7
    assert sizes["hi"] == sizes["hirom"]
    rom, typed = made.texts["hicmrom"], made.texts["noisyhicmrom"]
    assert rom.text == "ye achha house hai, ye!" or rom.words[2] == "house"
    assert rom.langs == typed.langs == ("hi-Latn", "hi-Latn", "en", "hi-Latn", "other", "hi-Latn", "other")
    assert rom.layers["source"] == typed.layers["source"] == made.texts["hicm"].layers["source"]
    assert typed.layers["clean"] == rom.words
    assert typed.text != rom.text
    assert made.texts["hi"].langs[0] == "hi"
    assert made.texts["hirom"].langs[0] == "hi-Latn"
    assert made.texts["hi"].text == ROW.text("hi")
    assert {u.id for u in made.texts.values()} == {f"7/{name}" for name in made.texts}


def test_one_spelling_a_word_a_sentence() -> None:
    seen = set()
    for seed in range(60):
        made = views(ROW, MIXED, rng=of(seed), spelling="sampled", rate=0)
        words = made.texts["hicmrom"].words
        assert words[0] == words[5] == made.texts["hirom"].words[0]
        assert words[1] in dict(variants("अच्छा", "hi"))
        seen.add(words[1])
    assert len(seen) > 2
    usual = {views(ROW, MIXED, rng=of(seed), rate=0).texts["hicmrom"].text for seed in range(5)}
    assert len(usual) == 1


def test_noise_off_is_the_romanised_view() -> None:
    made = views(ROW, MIXED, rng=of(1), rate=0)
    assert made.texts["noisyhicmrom"].text == made.texts["hicmrom"].text


def test_languages_in_latin_letters_have_no_romanised_view() -> None:
    row = Parallel("1", {"es": Utterance("la casa"), "en": Utterance("the house")})
    mixed = Mixed(("la", "house"), ("es", "en"), ("es", "en"), (0, 1), "1", "ec")
    assert tuple(views(row, mixed, rng=of(1)).texts) == ("es", "escm", "noisyescm", "en")


def test_three_languages() -> None:
    assert names(["hi", "en", "ta"], "hi") == (
        "hi",
        "hicm",
        "hicmrom",
        "noisyhicmrom",
        "hirom",
        "en",
        "ta",
        "tarom",
    )
    texts = {"ta": Utterance("வணக்கம்"), "hi": Utterance("नमस्ते"), "en": Utterance("hello")}
    mixed = Mixed(("வணக்கம்", "नमस्ते"), ("ta", "hi"), ("ta", "hi"), (0, 0), "1", "ec")
    made = views(Parallel("1", texts), mixed, rng=of(1), rate=0)
    assert made.texts["tacmrom"].langs == ("ta-Latn", "hi-Latn")
    assert made.texts["tacmrom"].text.isascii()


def test_labels_that_are_no_language() -> None:
    u = Utterance.from_words(["दिल्ली", "१२", "ok"], layers={"lang": ["ne", "other", "en"]})
    got = latin(u)
    assert got.langs == ("ne", "other", "en")
    assert got.text == "dilli 12 ok"


def made_rows(n: int) -> list[tuple[Parallel, Outcome]]:
    out = []
    for i in range(n):
        row = Parallel(str(i), ROW.texts)
        mixed = Mixed(MIXED.words, MIXED.langs, MIXED.sides, MIXED.index, str(i), "ec", meta={"matrix": "hi"})
        out.append((row, Outcome(str(i), (mixed,)) if i % 3 else Outcome(str(i), reason="unaligned")))
    return out


def test_rows_that_cannot_be_mixed_are_counted(tmp_path) -> None:
    missed: Counter[str] = Counter()
    written = write_lines(tmp_path / "train", every(made_rows(10), seed=1, missed=missed))
    assert missed == {"unaligned": 4}
    assert {Path(path).name for path in written} == {
        f"train.{name}" for name in ("hi", "hicm", "hicmrom", "noisyhicmrom", "hirom", "en")
    }
    assert {len(Path(path).read_text("utf-8").splitlines()) for path in written} == {6} == set(written.values())


def test_rows_do_not_depend_on_each_other() -> None:
    rows = made_rows(9)
    forward = {v.group: v for v in every(rows, seed=3, spelling="sampled")}
    backward = {v.group: v for v in every(reversed(rows), seed=3, spelling="sampled")}
    assert forward == backward
    assert len({v.texts["noisyhicmrom"].text for v in forward.values()}) > 1
    other = {v.group: v for v in every(rows, seed=4, spelling="sampled")}
    assert other != forward


def test_json_lines(tmp_path) -> None:
    path = tmp_path / "v.jsonl"
    assert write_jsonl(path, every(made_rows(3), seed=1)) == 2
    first = json.loads(path.read_text("utf-8").splitlines()[0])
    assert list(first) == ["method", "i", "hi", "hicm", "hicmrom", "noisyhicmrom", "hirom", "en", "layers"]
    assert first["layers"]["hicmrom"]["lang"][0] == "hi-Latn"
    assert write_jsonl(path, every(made_rows(3), seed=1), layers=False) == 2
    assert "layers" not in json.loads(path.read_text("utf-8").splitlines()[0])


def test_json_lines_are_read_as_parallel_text(tmp_path) -> None:
    path = tmp_path / "v.jsonl"
    write_jsonl(path, every(made_rows(3), seed=1))
    rows = list(formats.read(path))
    assert [u.labels["lang"] for u in rows] == ["hi", "en"] * 2
    assert rows[0].meta["hicm"] == MIXED.text
    assert rows[0].meta["layers"]["hicm"]["lang"] == list(MIXED.langs)


def test_line_ends_in_a_text_make_no_lines(tmp_path) -> None:
    row = Parallel("1", {"hi": Utterance("यह\nघर"), "en": Utterance("this\u2028house")})
    mixed = Mixed(("यह", "house"), ("hi", "en"), ("hi", "en"), (0, 1), "1", "ec", text="यह\r\nhouse")
    written = write_lines(tmp_path / "v", [views(row, mixed, rng=of(1))])
    for path in written:
        assert len(Path(path).read_bytes().decode().splitlines()) == 1


def test_other_languages_in_one_file_are_refused(tmp_path) -> None:
    row = Parallel("1", {"es": Utterance("la casa"), "en": Utterance("the house")})
    mixed = Mixed(("la", "house"), ("es", "en"), ("es", "en"), (0, 1), "1", "ec")
    both = [views(ROW, MIXED, rng=of(1)), views(row, mixed, rng=of(1))]
    with pytest.raises(UsageError, match="row 1 has the views es"):
        write_lines(tmp_path / "v", both)
    assert list(tmp_path.iterdir()) == []


def test_nothing_made_writes_nothing(tmp_path) -> None:
    assert write_lines(tmp_path / "v", []) == {}


def test_bad_requests() -> None:
    with pytest.raises(UsageError, match="side of the row"):
        views(ROW, MIXED, rng=of(1), main="ta")
    with pytest.raises(UnknownName, match="sampled"):
        views(ROW, MIXED, rng=of(1), spelling="sampld")  # type: ignore[arg-type]


@pytest.fixture
def hinmix() -> list[dict[str, str]]:
    place = Path(os.environ.get("MACARONIC_DATA", "")) / "codemix-hinmix-sample" / "hinmix.train-valid.jsonl"
    if not os.environ.get("MACARONIC_DATA") or not place.is_file():
        pytest.skip("codemix-hinmix-sample is not in MACARONIC_DATA")
    return [json.loads(line) for line in place.read_text("utf-8").splitlines()]


def as_views(row: dict[str, str], seed: int) -> Views:
    words = row["hicm"].split()
    langs = [word_label(w, "hi" if script_of(w) == "Deva" else "en") for w in words]
    mixed = Mixed(tuple(words), tuple(langs), (LEXICON,) * len(words), tuple(range(len(words))), text=" ".join(words))
    both = Parallel(str(row["i"]), {"hi": Utterance(row["hi"]), "en": Utterance(row["en"])})
    return views(both, mixed, rng=of(seed), main="hi", kinds=HINMIX)


def test_hinmix_pairs_are_line_parallel(hinmix, tmp_path) -> None:
    made = [as_views(row, i) for i, row in enumerate(hinmix)]
    assert set(write_lines(tmp_path / "h", made).values()) == {len(hinmix)}
    for row, ours in zip(hinmix, made):
        assert len(ours.texts["noisyhicmrom"].text.split()) == len(row["hicm"].split())
        assert ours.texts["hicmrom"].text.split() == list(ours.texts["hicmrom"].words)
        clean, typed = ours.texts["hicmrom"].words, ours.texts["noisyhicmrom"].words
        assert len({kind_of(a, b) for a, b in zip(clean, typed)} - {"none", "vowel", "drop"}) <= 2


def test_hinmix_noise_is_of_our_kinds(hinmix) -> None:
    pairs = [
        pair
        for row in hinmix
        if len(row["hicmrom"].split()) == len(row["noisyhicmrom"].split())
        for pair in zip(row["hicmrom"].split(), row["noisyhicmrom"].split())
        if pair[0] != pair[1]
    ]
    told = Counter(kind_of(*pair, keys="all") for pair in pairs)
    assert sum(told.values()) > 1000
    assert told["other"] / sum(told.values()) < 0.1
    assert told["insert"] == told["repeat"] == 0


def test_the_page_is_true() -> None:
    page = Path(__file__).parents[2] / "docs" / "views.md"
    example = doctest.DocTestParser().get_doctest(page.read_text("utf-8"), {}, page.name, str(page), 0)
    assert len(example.examples) > 10
    assert doctest.DocTestRunner().run(example).failed == 0
