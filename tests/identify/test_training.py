"""From a corpus to a saved tagger and its report."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from macaronic.core.corpus import Corpus
from macaronic.core.errors import FormatError, MissingData, UnknownName, UsageError
from macaronic.core.utterance import Utterance
from macaronic.identify import model_folder, training
from macaronic.identify.training import train

pytest.importorskip("pycrfsuite")

DE = [
    "ich",
    "habe",
    "heute",
    "keine",
    "zeit",
    "aber",
    "morgen",
    "und",
    "danach",
    "gerne",
    "wieder",
    "schnell",
    "schreiben",
]
TR = ["bugün", "hiç", "vaktim", "yok", "ama", "yarın", "sonra", "geliyorum", "çok", "güzel", "olacak", "tamam"]


def rows(count: int = 60, tags: tuple[str, str] = ("de", "tr"), authors: int = 6) -> list[Utterance]:
    draw = random.Random(4)
    out = []
    for number in range(count):
        drawn = [draw.choice([(w, tags[0]) for w in DE] + [(w, tags[1]) for w in TR]) for _ in range(6)]
        layers = {"lang": [t for _, t in drawn]}
        author = {"author": f"a{number % authors}"}
        out.append(Utterance.from_words([w for w, _ in drawn], layers=layers, id=str(number), meta=author))
    return out


def corpus(utterances: list[Utterance]) -> Corpus:
    return Corpus.from_utterances(utterances)


def test_test_set(tmp_path: Path) -> None:
    report = train(corpus(rows()[:40]), test=corpus(rows()[40:]), out=tmp_path / "m", samples=50)
    assert (report.kind, report.evaluated, report.labels) == ("crf", "test", ("de", "tr"))
    assert report.assessment is not None
    assert report.assessment.value("accuracy") == pytest.approx(1.0, abs=0.05)
    assert [n for n, _, _ in report.curve] == [5, 10, 20, 40]
    assert report.curve[-1][1] == report.assessment.value("accuracy")
    json.dumps(report.asdict())
    tagger = training.load(tmp_path / "m")
    assert tagger.tag([["ich", "vaktim"]])[0].labels == ["de", "tr"]


def test_folds_by_author_score_every_word_once(tmp_path: Path) -> None:
    report = train(corpus(rows()), fold_count=3, group="author", out=tmp_path, samples=0, curve=())
    assert report.evaluated == "folds"
    assert report.assessment is not None
    assert report.assessment.matrix.sum() == 360
    assert "eval:folds-3|grouped:True" in report.results[0].signature
    assert report.curve == ()


def test_without_test_or_folds_a_fifth_is_held_out(tmp_path: Path) -> None:
    report = train(corpus(rows()), out=tmp_path, samples=0)
    assert report.evaluated == "held-out"
    assert report.assessment is not None
    assert report.assessment.matrix.sum() == pytest.approx(72, abs=12)
    assert report.training["sentences"] == 60


def test_same_seed_same_report_and_model(tmp_path: Path) -> None:
    one, two = (train(corpus(rows()), out=tmp_path / name, samples=20, fold_count=2) for name in "ab")
    assert one.results == two.results
    assert (tmp_path / "a" / "model.crfsuite").read_bytes() == (tmp_path / "b" / "model.crfsuite").read_bytes()


def test_labels_that_mean_nothing_are_taken_as_they_stand(tmp_path: Path) -> None:
    raw = [u.with_layer("lang_raw", u.langs).with_layer("lang", ["unk"] * len(u.tokens)) for u in rows(tags=("K", "F"))]
    report = train(corpus(raw), out=tmp_path, samples=0)
    assert report.labels == ("F", "K")
    assert any("--map F=TAG" in note for note in report.notes)


def test_a_rare_unknown_label_leaves_the_known_ones_alone(tmp_path: Path) -> None:
    mapped = []
    for at, u in enumerate(rows()):
        odd = at == 0
        raw = [label.upper() for label in u.langs if label]
        mapped.append(
            u.with_layer("lang_raw", ["Q", *raw[1:]] if odd else raw).with_layer(
                "lang", ["unk", *u.langs[1:]] if odd else u.langs
            )
        )
    assert train(corpus(mapped), out=tmp_path, samples=0).labels == ("Q", "de", "tr")


def test_another_layer(tmp_path: Path) -> None:
    tagged = [u.with_layer("pos", ["X" if w in DE else "Y" for w in u.words]) for u in rows()]
    assert train(corpus(tagged), layer="pos", out=tmp_path, samples=0).labels == ("X", "Y")
    with pytest.raises(UnknownName, match="pos"):
        train(corpus(tagged), layer="poss", out=tmp_path)


def test_raw_text(tmp_path: Path) -> None:
    texts = {
        name: corpus([Utterance(" ".join(random.Random(n).sample(words, 6))) for n in range(40)])
        for name, words in (("de", DE), ("tr", TR))
    }
    report = train(mono_texts=texts, out=tmp_path, samples=20)
    assert (report.kind, report.evaluated) == ("mono", "spliced")
    assert report.assessment is not None
    assert (report.assessment.value("language_accuracy") or 0) > 0.95
    assert training.load(tmp_path).tag([["ich", "vaktim"]])[0].labels == ["de", "tr"]
    judged = train(mono_texts=texts, test=corpus(rows()), out=tmp_path, samples=0)
    assert judged.evaluated == "test"


def test_little_raw_text_is_not_judged(tmp_path: Path) -> None:
    texts = {"de": corpus([Utterance("ich habe zeit")]), "tr": corpus([Utterance("vaktim yok")])}
    report = train(mono_texts=texts, out=tmp_path)
    assert (report.evaluated, report.results) == ("nothing", ())


def test_what_cannot_be_meant(tmp_path: Path) -> None:
    data = corpus(rows(10))
    with pytest.raises(UsageError, match="either tagged sentences"):
        train(out=tmp_path)
    with pytest.raises(UsageError, match="either tagged sentences"):
        train(data, mono_texts={"de": data}, out=tmp_path)
    with pytest.raises(UsageError, match="--folds 2 or more"):
        train(data, fold_count=1, out=tmp_path)
    with pytest.raises(UsageError, match="--folds 2 or more"):
        train(data, fold_count=5, test=data, out=tmp_path)
    with pytest.raises(UnknownName, match="Did you mean 'author'"):
        train(data, group="autor", out=tmp_path)
    with pytest.raises(UsageError, match="at least two groups"):
        train(corpus(rows(10, authors=1)), group="author", out=tmp_path)
    with pytest.raises(UsageError, match="at least two languages"):
        train(mono_texts={"de": data}, out=tmp_path)


def test_files_with_comments_and_a_label_map(tmp_path: Path) -> None:
    lines = []
    for at, u in enumerate(rows(30, tags=("K", "F"))):
        lines += [f"# author = a{at % 3}", *(f"{w}\t{label}" for w, label in zip(u.words, u.langs, strict=True)), ""]
    path = tmp_path / "two.conll"
    path.write_text("\n".join(lines), encoding="utf-8")
    given = {"K": "rw", "F": "fr"}
    report = train(path, label_map=given, fold_count=3, group="author", out=tmp_path / "m", samples=0, curve=())
    assert report.labels == ("fr", "rw")
    assert report.problems["count"] == 0
    assert "grouped:True" in report.results[0].signature


def test_no_labels_points_to_raw_text(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="--mono"):
        train(corpus([Utterance.from_words(["ich"])]), out=tmp_path)


def test_another_kind_of_model_is_no_word_tagger(tmp_path: Path) -> None:
    model_folder.write(tmp_path, {}, model_folder.Description("sentence", ("de", "tr")))
    with pytest.raises(FormatError, match="got a model of kind 'sentence'"):
        training.load(tmp_path)


def test_one_label_in_a_small_part_does_not_stop_the_curve(tmp_path: Path) -> None:
    data = [Utterance.from_words(["ja"], layers={"lang": ["de"]}, id=str(n)) for n in range(30)]
    data += [Utterance.from_words(["evet", str(n)], layers={"lang": ["tr", "other"]}) for n in range(3)]
    report = train(corpus(data), fold_count=2, out=tmp_path, samples=0)
    assert len(report.curve) == 4
    assert np.isfinite([a for _, a, _ in report.curve]).all()
