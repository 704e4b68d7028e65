from typing import Any

import pytest

from macaronic.core.errors import UsageError
from macaronic.core.protocols import Reply, Translator
from macaronic.synth.few_shot import Example
from macaronic.synth.prompted import Prompted


class Model:
    def __init__(self, *lines: Any) -> None:
        self.lines, self.asked = list(lines), list[Any]()

    async def reply(self, messages: Any, *, max_tokens: int, temperature: float, seed: Any, stop: Any) -> Reply:
        self.asked.append(messages)
        line = self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]
        if isinstance(line, Exception):
            raise line
        return line if isinstance(line, Reply) else Reply(line)


def test_a_prompted_translator_shows_its_examples() -> None:
    model = Model(" so good ")
    translator = Prompted(model, "From $source to $target, costs $5.", [Example("sian", "so tired", 1.0)])
    assert isinstance(translator, Translator)
    assert translator.translate(["shiok"], "ms", "en") == ["so good"]
    assert model.asked[0] == [
        {"role": "system", "content": "From Malay to English, costs $5."},
        {"role": "user", "content": "sian"},
        {"role": "assistant", "content": "so tired"},
        {"role": "user", "content": "shiok"},
    ]


def test_what_gives_nothing_is_counted() -> None:
    model = Model("fine", "", "I'm sorry, but I can't help with that.", RuntimeError("x"), Reply("x", "content_filter"))
    translator = Prompted(model, concurrency=1)
    assert translator.translate(["a", " ", "b", "c", "d", "e"], "ms", "en") == ["fine", "", "", "", "", ""]
    assert translator.gaps == {"empty answer": 1, "refusal": 2, "call failed": 1}
    with pytest.raises(UsageError, match="key"):
        Prompted(Model(UsageError("wrong key"))).translate(["a"], "ms", "en")


def test_an_apology_is_translated_not_taken_for_a_refusal() -> None:
    said = "I'm sorry, but I can't help you with that."
    assert Prompted(Model(said)).translate([said], "en", "en") == [said]
