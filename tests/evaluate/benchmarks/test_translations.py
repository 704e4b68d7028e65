"""Translation: the authors' chrF++, language-aware zeros, bins of mixing, terms, similar examples."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from macaronic.core.errors import FormatError, UsageError
from macaronic.curate.datasets import locate, present
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.benchmarks import adaptive_mt, icl_mt, mixed_mt
from macaronic.evaluate.example_selection import nearest, prompt

pytest.importorskip("sacrebleu")
RowsFile = Callable[..., str]


@pytest.mark.parametrize(
    ("language", "name", "strategy", "k"),
    [
        (code, *rest)
        for code in ("fra", "swh", "wol")
        for rest in (("SONAR_5shot", "SONAR", "5"), ("Random_0shot", "Random", "0"))
    ],
)
def test_the_authors_chrf(language: str, name: str, strategy: str, k: str) -> None:
    if not present("eval-icl-mt"):
        pytest.skip("eval-icl-mt is not in MACARONIC_DATA")
    place = locate("eval-icl-mt")
    said = json.loads((place / f"author_chrf_Eng_to_{language.capitalize()}.json").read_text("utf-8"))[strategy]["s2s"][
        k
    ]
    wanted = said["mean"] if isinstance(said, dict) else said
    outputs, references = place / f"bloom_{language}_{name}_seed122.jsonl", place / f"flores_devtest_{language}.txt"
    found = icl_mt.score(Asked(str(outputs), str(references), language=language, samples=0)).results[0]
    assert found.value == pytest.approx(wanted, abs=5e-5)
    assert found.n == 1012


def test_wrong_language_and_empty_count_as_zero(rows_file: RowsFile) -> None:
    rows = [
        {
            "translation": "El gato duerme en la casa grande.",
            "reference": "El gato duerme en la casa grande.",
            "comet": 0.9,
        },
        {
            "translation": "The cat sleeps in the big house.",
            "reference": "El gato duerme en la casa grande.",
            "comet": 0.8,
        },
        {"translation": "", "reference": "El perro come.", "comet": 0.7},
    ]
    found = icl_mt.score(Asked(rows_file(rows), language="es", samples=0))
    assert [one.values["la_comet"] for one in found.judged] == [0.9, 0.0, 0.0]
    assert [one.values["la_chrf"] for one in found.judged] == [100.0, 0.0, 0.0]
    assert found.problems.by_kind["empty output"] == 1


def test_compat_looks_at_the_first_line(rows_file: RowsFile) -> None:
    text = "El gato duerme en la casa grande.\nThe cat sleeps in the big house and so does the dog, I believe."
    path = rows_file([{"translation": text, "reference": "El gato duerme."}])
    asked = {"language": "es", "samples": 0}
    assert icl_mt.score(Asked(path, compat=True, **asked)).judged[0].values["right_language"] == 1.0  # type: ignore[arg-type]
    assert icl_mt.score(Asked(path, **asked)).judged[0].values["right_language"] == 0.0  # type: ignore[arg-type]


def test_lines_and_references_must_agree(rows_file: RowsFile, tmp_path: object) -> None:
    path = rows_file([{"translation": "a"}, {"translation": "b"}])
    references = rows_file([], name="refs.txt")
    with pytest.raises(UsageError, match=r"2 translations, .* 0 references"):
        icl_mt.score(Asked(path, references))
    with pytest.raises(FormatError, match="no row has a reference"):
        icl_mt.score(Asked(path))
    with pytest.raises(FormatError, match="expected the fields translation, reference"):
        icl_mt.score(Asked(rows_file([{"id": 1}])))


def test_bins_by_how_mixed_the_source_is(rows_file: RowsFile) -> None:
    rows = [
        {"id": 1, "source": "all in one", "translation": "a b c d", "reference": "a b c d", "cmi": 0},
        {"id": 2, "source": "x", "translation": "a b c d", "reference": "a b c d", "cmi": 15},
        {"id": 3, "source": "x", "translation": "q r s t", "reference": "a b c d", "cmi": 45},
        {"id": 4, "source": "x", "translation": "", "reference": "a b c d", "cmi": "45"},
    ]
    found = mixed_mt.score(Asked(rows_file(rows), samples=0))
    chrf = {r.level: (round(r.value or 0, 6), r.n) for r in found.results if r.name == "chrf"}
    assert chrf["CMI 0"] == (100.0, 1)
    assert chrf["CMI 10-20"] == (100.0, 1)
    assert chrf["CMI 40+"] == (0.0, 2)
    assert found.problems.by_kind["empty output"] == 1


def test_mixing_is_measured_where_it_is_not_given(rows_file: RowsFile) -> None:
    rows = [
        {"id": 1, "source": "Yesterday I went to the market with my brother.", "translation": "x", "reference": "x"},
        {"id": 2, "source": "kal main market gaya tha with my brother yaar", "translation": "x", "reference": "x"},
    ]
    bins = [one.language for one in mixed_mt.score(Asked(rows_file(rows), samples=0)).judged]
    assert bins[0] == "CMI 0"
    assert bins[1] in ("CMI 20-30", "CMI 30-40", "CMI 40+")


def test_term_use_by_hand(rows_file: RowsFile) -> None:
    rows = [
        {
            "id": 1,
            "translation": "la vacuna y el virus",
            "reference": "la vacuna y el virus",
            "terms": ["vacuna", "fiebre"],
        },
        {"id": 2, "translation": "nada", "reference": "nada", "terms": "virus; Nada"},
        {"id": 3, "translation": "nada", "reference": "nada"},
    ]
    found = adaptive_mt.score(Asked(rows_file(rows), samples=0))
    assert [one.values["term_use"] for one in found.judged] == [0.5, 0.5, None]
    assert {r.name: r.value for r in found.results}["ter"] == 0.0


class Letters:
    """Counts of letters as vectors."""

    def embed(self, texts: object) -> np.ndarray:
        return np.array([[t.count(c) for c in "abcdefghij"] for t in texts], np.float32)  # type: ignore[attr-defined]


def test_the_planted_neighbour_is_found() -> None:
    pool = [f"sentence number {i} about topic {i * 7 % 13}" for i in range(200)] + ["the patient has a dry cough"]
    assert nearest(["the patient has a bad cough"], pool, 1)[0][0].place == 200
    assert nearest(["aab"], ["ccc", "aabb", "j"], 1, embedder=Letters())[0][0].place == 1
    found = nearest([pool[3]], pool, 3)[0]
    assert all(match.place != 3 for match in found)
    assert nearest(["a"], [], 3) == [[]]
    with pytest.raises(UsageError):
        nearest(["a"], ["b"], -1)


def test_a_prompt_has_terms_and_the_nearest_example_last() -> None:
    text = prompt(
        "c", [("near", "cerca"), ("far", "lejos")], languages=("English", "Spanish"), terms=[("cough", "tos")]
    )
    assert text.index("cough = tos") < text.index("far") < text.index("near") < text.index("English: c")
