"""Every mistake in a recipe is named, with its line and the nearest right word."""

import pytest

from macaronic.build.recipe import parse
from macaronic.core.errors import UsageError

GOOD = '[run]\nout = "out"\n[[source]]\nname = "a"\npath = "a.txt"\n'


def test_defaults() -> None:
    recipe = parse(GOOD)
    assert (recipe.unit, recipe.mix.method, recipe.filter.dedup, recipe.source[0].cap_epochs) == (
        "words", "proportional", "exact", 4,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace("out =", "outt ="), r"r:2: run\.outt: unknown key. Did you mean 'out'"),
        (GOOD + "[mixx]\n", "Did you mean 'mix'"),
        (GOOD + '[mix]\nmethod = "temprature"\n', r"r:7: mix\.method: .*'temperature'"),
        (GOOD + '[mix]\nmethod = "temperature"\ntemperature = 0\n', r"r:8: mix\.temperature: .*greater than 0"),
        (GOOD + '[mix]\nby = ["langage"]\n', "did you mean 'language'"),
        (GOOD + '[mix]\nmethod = "given"\nweights = {a = -1}\n', "not negative"),
        (GOOD + '[mix]\nmethod = "given"\nweights = {a = nan}\n', "not negative; got nan"),
        (GOOD + '[mix]\nmethod = "given"\nweights = {b = 1}\n', "unknown source 'b'"),
        (GOOD + '[mix]\nmethod = "given"\n', "go together"),
        (GOOD + '[mix]\nbudget = -5\n', "mix.budget"),
        (GOOD + '[mix]\nunit = "tokens"\n', "tokenizer"),
        (GOOD + '[[source]]\nname = "a"\npath = "b.txt"\n', "two sources are named 'a'"),
        (GOOD + '[[source]]\nname = "b"\npath = "b.txt"\nlanguage = "hindi"\n', r"Did you mean 'hi'"),
        (GOOD + '[[source]]\nname = "b"\npaht = "b.txt"\n', r"source\[2\]\.paht: unknown key. Did you mean 'path'"),
        ('[run]\nout = "o"\n', "source is missing"),
        ('[run\nout = "o"\n', "not valid TOML"),
    ],
)  # fmt: skip
def test_mistakes(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse(text, "r")
