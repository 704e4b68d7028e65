"""Names of signs as dictionaries, in both forms in which they are installed."""

import json
from pathlib import Path

import pytest

from macaronic.core.errors import FormatError, MissingData
from macaronic.synth.lexicon import read_cldr

NAMES = {
    "en": {"🐕": "dog", "🏠": "house", "🍎": "red apple", "🇫🇷": "flag: France", "a": "a very long name indeed"},
    "hi": {"🐕": "कुत्ता", "🏠": "घर, भवन", "🍎": "लाल सेब", "🇫🇷": "झंडा: फ़्रांस", "a": "x"},
}


def test_json(tmp_path: Path) -> None:
    for tag, names in NAMES.items():
        folder = tmp_path / "annotations" / tag
        folder.mkdir(parents=True)
        notes = {sign: {"default": [name], "tts": [name]} for sign, name in names.items()}
        whole = {"annotations": {"identity": {}, "annotations": notes}}
        (folder / "annotations.json").write_text(json.dumps(whole), "utf-8")
    found = read_cldr(("en", "hi"), folder=tmp_path)
    assert set(found.entries) == {"dog", "house", "red apple"}
    assert [t.text for t in found.lookup("house")] == ["घर", "भवन"]
    assert found.lookup("dog", "NOUN")[0].pos == "NOUN"
    with pytest.raises(MissingData, match="no names in sw"):
        read_cldr(("en", "sw"), folder=tmp_path)
    (tmp_path / "annotations" / "hi" / "annotations.json").write_text("[]", "utf-8")
    with pytest.raises(FormatError):
        read_cldr(("en", "hi"), folder=tmp_path)


def test_xml(tmp_path: Path) -> None:
    for tag, names in NAMES.items():
        notes = "".join(
            f'<annotation cp="{s}">k</annotation><annotation cp="{s}" type="tts">{n}</annotation>'
            for s, n in names.items()
        )
        (tmp_path / f"{tag}.xml").write_text(f"<ldml><annotations>{notes}</annotations></ldml>", "utf-8")
    assert read_cldr(("hi", "en"), folder=tmp_path).best("कुत्ता") == "dog"


def test_absent(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="npm install"):
        read_cldr(("en", "hi"), folder=tmp_path)
