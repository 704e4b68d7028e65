"""Recipes: one source of truth for the file, the command line and the docs."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UnknownName, UsageError
from macaronic.train import recipe as recipes
from macaronic.train import shelf
from macaronic.train.recipe import Recipe


def test_every_field_has_a_line_in_the_docstring() -> None:
    assert list(recipes.meanings()) == [field.name for field in dataclasses.fields(Recipe)]
    assert all(len(said) > 10 for said in recipes.meanings().values())


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.integers(0, 10**6),
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.floats(0, 9), max_size=3),
)
def test_toml_gives_a_recipe_back(word: str, seed: int, shares: dict[str, float]) -> None:
    recipe = Recipe(licence=word, data=(word, "b"), seed=seed, shares=shares)
    assert recipes.parse(recipes.dump(recipe)) == recipe


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("batch = 0", "batch"),
        ('task = "casual"', "task"),
        ("validation = 1.5", "share in [0, 1)"),
        ("tokenizer = 100", "256"),
        ("steps = 0", "steps or epochs"),
        ("patience = 2", "evaluate_every"),
        ('rate = "fast"', "rate"),
        ('task = "text"\nshares = {a = 1.0}', "shares and phases"),
        ("lenght = 3", "Did you mean 'length'?"),
        ("a = = 3", "not valid TOML"),
    ],
)
def test_wrong_recipes_say_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=r"my\.toml") as error:
        recipes.parse(text, "my.toml")
    assert said in str(error.value)
    assert len(str(error.value).splitlines()) <= 3


@pytest.mark.parametrize("name", shelf.names())
def test_shipped_recipes_are_read(name: str) -> None:
    assert shelf.find(name).steps > 0
    assert shelf.about(name)


def test_unknown_recipe_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="causal-tiny"):
        shelf.find("casual-tiny")
