"""Mixing by degree: exactly so many words, on token boundaries, code untouched."""

import json
import math
import os
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import InputError, UsageError
from macaronic.core.parallel import Parallel
from macaronic.core.problems import Problems
from macaronic.core.utterance import Utterance
from macaronic.synth.cmd import by_degree, candidates, mix, mix_fields, read_frequencies, score, switched
from macaronic.synth.protected import protected

PROMPT = """Calcula la media de una Lista de números. Usa `lista` y alistado.
- lista (list): una lista de números.
```
lista = [1, 2]  # lista de números
```
    lista de números
>>> media(lista)
lista

La función lista_larga devuelve la media."""
WORDS = {"mean": ["media"], "list": ["lista"], "numbers": ["números"], "function": ["función"], "absent": ["nada"]}
FREQUENCY = {"list": 9, "lista": 3, "mean": 1, "media": 10, "numbers": 4, "números": 2, "función": 1}


def test_scores_and_ranks() -> None:
    assert score("list", WORDS["list"], FREQUENCY) == 3
    assert score("list", ["x", "y"], FREQUENCY) == math.inf
    ranks = {word: score(word, told, FREQUENCY) for word, told in WORDS.items() if word != "absent"}
    assert switched(ranks, 1) == ("list", "numbers", "mean", "function")
    assert switched(ranks, 0.6) == ("list", "numbers")
    with pytest.raises(UsageError, match="0 to 1"):
        switched(ranks, 1.2)


def test_exact_output() -> None:
    made = mix(PROMPT, WORDS, cmd=0.6, frequency=FREQUENCY)
    assert made.switchable == 4
    assert made.switched == ("list", "numbers")
    expected = PROMPT.replace("una Lista de números. Usa", "una List de numbers. Usa")
    expected = expected.replace("(list): una lista de números.", "(list): una list de numbers.")
    assert made.text == expected
    assert [made.text[s:e] for s, e in made.spans] == ["List", "numbers", "list", "numbers"]


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_degree_holds_a_lower_one(one: float, other: float) -> None:
    low, high = sorted((one, other))
    less, more = (mix(PROMPT, WORDS, cmd=c, frequency=FREQUENCY) for c in (low, high))
    assert set(less.switched) <= set(more.switched)
    assert len(less.switched) == math.floor(low * less.switchable + 1e-9)


@given(st.text(alphabet="`~>-: \nlistanúmeroca", max_size=80))
def test_protected_spans_stay_byte_for_byte(text: str) -> None:
    made = mix(text, {"LIST": ["lista", "ta"], "N": ["nú", "a a"]}, cmd=1, frequency={})
    kept = [text[s:e] for s, e in protected(text)]
    at = 0
    for part in kept:
        at = made.text.index(part, at) + len(part)
    if not made.switched:
        assert made.text == text


def test_phrases_and_scripts() -> None:
    told = {"source code": ["código fuente"], "water": ["पानी"], "coffee": ["咖啡"]}
    made = mix("El código fuente, पानी और 咖啡", told, cmd=1, frequency={})
    assert made.switchable >= 2
    assert made.text.startswith("El source code, water और ")


def test_fields_keep_keys_and_examples() -> None:
    fields = {
        "description": ["Una lista", "de números"],
        "examples": [">>> lista"],
        "reqs": ["lista"],
        "returns": "lista: una lista",
    }
    made = mix_fields(fields, WORDS, cmd=1, frequency=FREQUENCY)
    assert made == {**fields, "description": ["Una list", "de numbers"], "returns": "lista: una list"}
    half = mix_fields(fields, WORDS, cmd=0.5, frequency=FREQUENCY)
    assert half["description"] == ["Una list", "de números"]


def test_a_parallel_row() -> None:
    sides = {"hi": Utterance.from_words("नई किताब है".split()), "en": Utterance.from_words("new book is".split())}  # noqa: SIM905
    row = Parallel("r", sides, {("hi", "en"): ((0, 0), (1, 1), (2, 2))})
    told = candidates(row)
    assert set(told) == {"new", "book"}
    assert "kitab" in told["book"]
    rng = np.random.default_rng(0)
    made = by_degree(row, cmd=0.5, frequency={"book": 5, "kitab": 1, "new": 1, "nai": 5}, rng=rng).sentences[0]
    assert made.words == ("नई", "book", "है")
    bare = Parallel("r", sides)
    assert by_degree(bare, cmd=0.5, frequency={}, rng=rng).reason == "unaligned"
    assert (
        by_degree(Parallel("r", {"hi": Utterance(""), "en": sides["en"]}), cmd=0.5, frequency={}, rng=rng).reason
        == "empty side"
    )


def test_frequencies(tmp_path: Path) -> None:
    path = tmp_path / "f.tsv"
    path.write_text("word\tcount\nDe\t5\nde\t2\n \t9\nbad\nx\tmany\n", "utf-8")
    told = Problems()
    assert read_frequencies(path, problems=told) == {"de": 7}
    assert told.count == 2
    with pytest.raises(InputError):
        read_frequencies(tmp_path / "none.tsv")


def test_the_published_prompts() -> None:
    folder = Path(os.environ.get("MACARONIC_DATA", "")) / "codemix-codegen-prompts"
    if not (os.environ.get("MACARONIC_DATA") and folder.is_dir()):
        pytest.skip("MACARONIC_DATA has no codemix-codegen-prompts")
    frequency = read_frequencies(folder / "spa-eng.word_frequency.top20k.tsv")
    assert len(frequency) > 15_000
    for line in (folder / "spa-eng.first60.jsonl").read_text("utf-8").splitlines():
        text = json.loads(line)["instruct_prompt"]
        made = mix(
            text, {"LIST": ["lista", "list"], "FUNCTION": ["función"], "VALUE": ["valor"]}, cmd=1, frequency=frequency
        )
        assert re.findall(r"```.*?```", made.text, re.DOTALL) == re.findall(r"```.*?```", text, re.DOTALL)
