"""FreeDict dictionaries: entries, index, what is missing."""

import gzip
from pathlib import Path

import pytest

from macaronic.core.errors import FormatError, MissingData
from macaronic.synth.lexicon import read_freedict
from macaronic.synth.lexicon.freedict import PLACE

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
ENTRIES = {
    "dog": 'dog /dɒɡ/ <N, masc>\n1. perro; can (raro)\n      "A dog."\n',
    "run": "run /rʌn/ <V>\ncorrer\n   Synonym: sprint\n",
    "long": "a very long key /x/\nx\n",
    "odd": "odd /ɒd/\n1. lado~impar, que no es nada par\n",
}


def number(value: int) -> str:
    high, low = divmod(value, 64)
    return (number(high) if high else "") + DIGITS[low]


def test_entries(tmp_path: Path) -> None:
    index, text = ["00databaseinfo\tA\tB"], "x"
    for key, entry in ENTRIES.items():
        index.append(f"{key}\t{number(len(text.encode()))}\t{number(len(entry.encode()))}")
        text += entry
    (tmp_path / "freedict-eng-spa.index").write_text("\n".join(index) + "\n", "utf-8")
    (tmp_path / "freedict-eng-spa.dict.dz").write_bytes(gzip.compress(text.encode()))
    found = read_freedict(("en", "es"), folder=tmp_path)
    assert set(found.entries) == {"dog", "run", "odd"}
    assert found.lookup("dogs") == (("perro", 1.0, "NOUN"), ("can", 0.5, "NOUN"))
    assert found.lookup("run") == (("correr", 1.0, "VERB"),)
    assert found.lookup("odd") == (("lado impar", 1.0, ""),)
    assert read_freedict(("es", "en"), folder=tmp_path).best("perro") == "dog"
    (tmp_path / "freedict-eng-spa.index").write_text("dog\t?\tB\n", "utf-8")
    with pytest.raises(FormatError, match="dictd"):
        read_freedict(("en", "es"), folder=tmp_path)


def test_absent(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="apt-get install dict-freedict-eng-swh"):
        read_freedict(("en", "sw"), folder=tmp_path)


def test_the_installed_one() -> None:
    if not (Path(PLACE) / "freedict-eng-hin.index").is_file():
        pytest.skip("dict-freedict-eng-hin is not installed")
    found = read_freedict(("en", "hi"))
    assert len(found) > 15_000
    assert found.best("water", "NOUN") == "पानी"
