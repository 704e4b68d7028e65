"""Pairs of utterances with sound: a manifest is checked, judged by people, and written again with what they said."""

from __future__ import annotations

import csv
import json
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from macaronic.annotate import pair_manifest, reenactment, sound_files
from macaronic.annotate.store import Store
from macaronic.annotate.work import work_of
from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.core.problems import Problems

RATE = 8000
TEXTS = [
    ("so we went there", "así que fuimos allá"),
    ("I love it", "me encanta"),
    ("wait, what?", "¿espera, qué?"),
    ("that was so long ago", "eso fue hace mucho"),
]


def sine(path: Path, seconds: float) -> None:
    wave_form = np.sin(np.arange(int(RATE * seconds)) * 2 * np.pi * 220 / RATE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((wave_form * 9000).astype("<i2").tobytes())


def rows() -> list[dict[str, str]]:
    out = []
    for n, (a, b) in enumerate(TEXTS):
        row = {"id": f"p{n}", "original": "ab"[n % 2], "topic": "trips"}
        for side, lang, text, long in (("a", "en", a, 1.0), ("b", "es", b, 1.1)):
            told = {"lang": lang, "audio": f"sound/{lang}.wav", "start": n, "end": n + long, "text": text}
            row |= {f"{key}_{side}": str(value) for key, value in told.items()}
            row[f"speaker_{side}"] = f"s{n // 3}"
        out.append(row)
    return out


def write(folder: Path, table: list[dict[str, str]], name: str = "pairs.csv") -> Path:
    for lang in ("en", "es"):
        sine(folder / "sound" / f"{lang}.wav", 6)
    with open(folder / name, "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(table[0]), delimiter="\t" if name.endswith("tsv") else ",")
        out.writeheader()
        out.writerows(table)
    return folder / name


FAULTS = {
    "id": ({"id": "p0"}, "the id 'p0' is that of line 2"),
    "original": ({"original": "first"}, "expected a or b"),
    "missing side": ({f"{field}_b": "" for field in pair_manifest.FIELDS}, "the whole side is missing"),
    "times": ({"start_a": "3", "end_a": "2"}, "0 <= start < end"),
    "language": ({"lang_b": "en"}, "both sides are in en"),
    "speaker": ({"speaker_b": "s9"}, "expected the same speaker"),
    "sound file": ({"audio_a": "sound/none.wav"}, "cannot read"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_told_with_its_line_and_the_pair_left_out(tmp_path: Path, kind: str) -> None:
    table, problems = rows(), Problems()
    table[2] |= FAULTS[kind][0]
    pairs = pair_manifest.read(write(tmp_path, table), problems)
    assert [pair.id for pair in pairs] == ["p0", "p1", "p3"]
    assert dict(problems.by_kind) == {kind: 1}
    assert ":4: " in problems.first[0]
    assert FAULTS[kind][1] in problems.first[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"end_a": "9"}, "but sound/en.wav is 6 s long"),
        ({"start_a": "nan"}, "expected seconds"),
        ({"text_a": ""}, "text_a is missing"),
        ({"audio_b": "../secret.wav"}, "below the manifest's folder"),
        ({"audio_b": "/etc/passwd"}, "below the manifest's folder"),
        ({"lang_a": "e n"}, "side a"),
    ],
)
def test_more_faults(tmp_path: Path, change: dict[str, str], said: str) -> None:
    table, problems = rows(), Problems()
    table[0] |= change
    assert len(pair_manifest.read(write(tmp_path, table), problems)) == 3
    assert said in problems.first[0]


def test_a_good_manifest_has_no_faults_and_strict_ends_at_the_first(tmp_path: Path) -> None:
    problems = Problems()
    assert len(pair_manifest.read(write(tmp_path, rows(), "pairs.tsv"), problems)) == 4
    assert problems.count == 0
    bad = rows()
    bad[1]["original"] = ""
    with pytest.raises(FormatError, match=r"pairs\.csv:3"):
        pair_manifest.read(write(tmp_path, bad), Problems(strict=True))
    (tmp_path / "other.csv").write_text("id,text\n1,so\n", "utf-8")
    with pytest.raises(FormatError, match="missing lang_a"):
        pair_manifest.read(tmp_path / "other.csv", Problems())


def test_all_faults_are_told_not_the_first_twenty_alone(tmp_path: Path) -> None:
    table = [{**row, "id": f"{n}/{row['id']}", "original": "?"} for n in range(10) for row in rows()]
    problems = Problems()
    assert pair_manifest.read(write(tmp_path, table), problems) == []
    assert len(problems.first) == problems.count == 40
    assert len(set(problems.first)) == 40


def test_the_length_of_sounds(tmp_path: Path) -> None:
    sine(tmp_path / "a.wav", 1.5)
    assert sound_files.seconds_of(tmp_path / "a.wav") == 1.5
    (tmp_path / "b.ogg").write_bytes(b"OggS, but no more than that")
    assert sound_files.seconds_of(tmp_path / "b.ogg") is None
    with pytest.raises(InputError):
        sound_files.seconds_of(tmp_path / "none.wav")


def test_a_link_does_not_lead_out(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "out.wav").symlink_to("/etc/hostname")
    for name in ("out.wav", "a/../../x", "", "C:\\x", "x\0y", "."):
        with pytest.raises(UsageError, match="below the manifest"):
            sound_files.below(tmp_path / "root", name)


def test_no_speaker_is_in_both_halves() -> None:
    rng = np.random.default_rng(1)
    side = pair_manifest.Side("en", "a.wav", 0, 1, "", "so")
    for _ in range(30):
        names = [f"s{n}" for n in rng.zipf(1.5, 60) % 12]
        pairs = [
            pair_manifest.Pair(str(n), (replace(side, speaker=who), side), "a", n, {}) for n, who in enumerate(names)
        ]
        split = pair_manifest.speaker_split(pairs, 0.3)
        assert set(split) == set(names)
        assert set(split.values()) == ({"train", "test"} if len(split) > 1 else {"train"})
        held = [names.count(who) for who, half in split.items() if half == "test"]
        assert sum(held) <= 18 or len(held) == 1


def test_from_a_manifest_to_judged_pairs(cli, tmp_path: Path) -> None:
    table = rows()
    table[3]["original"] = "?"
    write(tmp_path, table)
    done = cli("annotate", "new", "made/dialogue", "pairs.csv", "--template", "re-enactment", "--json")
    told = json.loads(done.out)
    assert (done.code, told["items"], told["languages"]) == (0, 3, ["en", "es"])
    assert told["problems"]["kinds"] == {"original": 1}
    project = tmp_path / "made" / "dialogue.annotate"
    with Store(project, write=True) as store:
        item = next(iter(store.items([2])))
        meta = item.utterance.meta
        words = [item.utterance.text[side["start"] : side["end"]] for side in meta["sides"]]
        assert tuple(words) == TEXTS[1]
        assert meta["media"][1] == {"label": "es (original)", "path": "sound/es.wav", "start": 1.0, "end": 2.1}
        root = reenactment.media_root(project, store.settings.media)
        assert reenactment.sound(item, 1, root) == tmp_path.resolve() / "sound" / "es.wav"
        with pytest.raises(UsageError, match="no sound number 2"):
            reenactment.sound(item, 2, root)
        store.add_person("asha")
    said = {"match": "other-feeling", "comment": "flat", "quality": "good"}
    row = {"id": "p1", "text": item.utterance.text, "labels": said}
    (tmp_path / "asha.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    assert cli("annotate", "take", project, "asha.jsonl", "--who", "asha").code == 0
    assert cli("annotate", "export", project, "-o", "judged.csv", "--format", "re-enactment").code == 0
    with open(tmp_path / "judged.csv", encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["id"] for row in found] == ["p1"]
    assert {**found[0]} == {
        **{key: str(value) for key, value in table[1].items()},
        **{**said, "transcription": "", "way": "single"},
    }
    assert [pair.id for pair in pair_manifest.read(tmp_path / "judged.csv", Problems())] == ["p1"]


def test_what_is_refused(cli, tmp_path: Path) -> None:
    write(tmp_path, [{**row, "original": ""} for row in rows()])
    done = cli("annotate", "new", "a", "pairs.csv", "--template", "re-enactment")
    assert done.code == 2
    assert "The first of 4" in done.err
    assert not (tmp_path / "a.annotate").exists()
    done = cli("annotate", "new", "a", "pairs.csv", "--template", "reenact")
    assert done.code == 2
    assert "re-enactment" in done.err
    write(tmp_path, rows())
    assert cli("annotate", "new", "a", "pairs.csv", "--template", "re-enactment").code == 0
    done = cli("annotate", "export", "a.annotate", "-o", "x.csv", "--format", "re-enactment")
    assert done.code == 2
    assert "accepted" in done.err
    with Store(tmp_path / "a.annotate") as store:
        assert work_of(store).settings.media == "."
