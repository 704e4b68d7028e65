import shutil
from types import ModuleType

import pytest

from macaronic.core.errors import MissingData
from macaronic.extract.translate.apertium import Apertium, mode

needs = pytest.mark.skipif(shutil.which("apertium") is None, reason="needs apertium and apertium-eng-spa")


@pytest.fixture
def apertium() -> Apertium:
    try:
        mode("en", "es")
    except MissingData as error:
        pytest.skip(str(error))
    return Apertium()


@needs
def test_texts_stay_apart_and_marks_pass(apertium: Apertium) -> None:
    texts = ["I live in <e1>London</e1>.", "", "two\nlines <5 & [x] {y} ^z$", '&lt;hr id="1"/&gt; <b>house</b>']
    found = apertium.translate(texts, "en", "es")
    assert len(found) == 4
    assert "<e1>Londres</e1>" in found[0]
    assert found[1] == ""
    assert "<5 & [x] {y} ^z$" in found[2]
    assert "<b>" in found[3]


@needs
def test_no_such_pair() -> None:
    with pytest.raises(MissingData, match="Apertium has no en-zu here"):
        Apertium().translate(["x"], "en", "zu")


def test_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingData, match="apt-get install apertium"):
        Apertium().translate(["x"], "en", "xh")


@needs
def test_names_are_carried_over(apertium: Apertium, real: ModuleType) -> None:
    found = real.apertium()
    assert found["kept"] >= 0.9 * found["records"]
    assert found["span accuracy"] > 0.95
