"""Training a few steps: the same numbers, what is kept in the folder, and what is refused."""

from __future__ import annotations

import json
import math
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from macaronic.core.errors import FormatError, MissingData, UnknownName, UsageError
from macaronic.core.problems import Problems
from macaronic.extract import about
from macaronic.extract.extractor import EMPTY, TOO_LONG, load
from macaronic.extract.fit import Fitting, fit
from macaronic.extract.made import made
from macaronic.extract.predict import answered
from macaronic.extract.record import Record
from macaronic.extract.tokenizer import char_tokenizer

pytest.importorskip("torch")
pytest.importorskip("transformers")
SMALL = {"size": "0.3m", "steps": 6, "batch": 8, "context": 200}
ODD = [
    Record("", language="en"),
    Record("x" * 400, language="en"),
    Record("👩\u200d👩\u200d👧 é̈ नमस्ते: a;b/c\\", language="hi", id="odd"),
    Record("Ĝi estas bona.", language="eo"),
]


@pytest.fixture(scope="module")
def records():
    return made(60, ["en", "ja"], rng=np.random.default_rng(0))


@pytest.fixture(scope="module", params=["tag", "generate"])
def model(request, records, tmp_path_factory):
    place = tmp_path_factory.mktemp(request.param)
    fit(records, place, Fitting(kind=request.param, **SMALL))
    found = load(place)
    return replace(found, most=90) if request.param == "generate" else found


def test_answers_come_in_order_and_odd_texts_are_named(model, records):
    asked = [*records[:3], *ODD]
    found = model.answers(asked, constrain=True)
    assert [a.decoded.failure for a in found] == ["", "", "", EMPTY, TOO_LONG, "", ""]
    for record, answer in zip(asked, found):
        if answer.decoded.record is not None:
            told = answer.decoded.record
            assert told.text == record.text
            assert all(s.start is not None and record.text[s.start : s.end] == s.text for s in told.spans)


def test_constrained_answers_are_always_records_of_the_language(model, records):
    told = model.about.schema(Record("", language="ja"))
    for record, answer in answered(model, [r for r in records if r.language == "ja"][:8], constrain=True):
        assert answer.decoded.record is not None, record
        assert answer.decoded.record.text_label in told.text_labels
        assert {s.label for s in answer.decoded.record.spans} <= set(told.span_labels)


def test_a_batch_does_not_change_an_answer(model, records):
    some = records[:6]
    together = [a.decoded.record for a in model.answers(some, constrain=True)]
    alone = [model.answers([r], constrain=True)[0].decoded.record for r in some]
    assert together == alone


@pytest.mark.parametrize("kind", ["tag", "generate"])
def test_the_same_seed_gives_the_same_weights(kind, records, tmp_path):
    from safetensors.numpy import load_file

    how = Fitting(kind=kind, **{**SMALL, "steps": 2})
    losses = [fit(records, tmp_path / name, how).loss for name in "ab"]
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in "ab")
    assert all(np.array_equal(one[key], other[key]) for key in one)
    assert losses[0] == losses[1]
    assert math.isfinite(losses[0])


def test_a_stopped_run_goes_on_to_the_same_weights(records, tmp_path):
    from safetensors.numpy import load_file

    class Stopped(Exception):
        pass

    def stop(at, steps, loss):
        if at == 16:
            raise Stopped

    how = Fitting(size="0.3m", steps=20, batch=8)
    whole = fit(records, tmp_path / "whole", how)
    with pytest.raises(Stopped):
        fit(records, tmp_path / "stopped", how, say=stop)
    with pytest.raises(UsageError, match="other records or settings"):
        fit(records, tmp_path / "stopped", replace(how, rate=1e-3))
    told: list[str] = []
    assert fit(records, tmp_path / "stopped", how, note=told.append) == replace(whole, folder=tmp_path / "stopped")
    assert told == ["going on from step 14"]
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "stopped"))
    assert all(np.array_equal(one[key], other[key]) for key in one)
    assert not (tmp_path / "stopped" / "checkpoints").exists()


KILLED = """
import os, signal, sys
import numpy as np
from macaronic.extract import about, fit
from macaronic.extract.made import made
about.write = lambda told, out: os.kill(os.getpid(), signal.SIGKILL)
fit.fit(made(60, ["en", "ja"], rng=np.random.default_rng(0)), sys.argv[1], fit.Fitting(size="0.3m", steps=6, batch=8))
"""


def test_a_run_killed_before_its_last_file_goes_on(records, tmp_path):
    from safetensors.numpy import load_file

    how, place = Fitting(size="0.3m", steps=6, batch=8), tmp_path / "killed"
    assert subprocess.run([sys.executable, "-c", KILLED, str(place)]).returncode == -signal.SIGKILL
    assert (place / "checkpoints").is_dir()
    assert not (place / "extract.json").exists()
    whole, told = fit(records, tmp_path / "whole", how), []
    assert fit(records, place, how, note=told.append) == replace(whole, folder=place)
    assert told == ["going on from step 6"]
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "killed"))
    assert all(np.array_equal(one[key], other[key]) for key in one)
    assert load(place).answers(records[:1])
    assert not (place / "checkpoints").exists()


def test_it_learns(records, tmp_path):
    losses: list[float] = []
    fit(records, tmp_path, Fitting(size="0.3m", steps=30, batch=8), say=lambda at, n, loss: losses.append(loss))
    assert losses[-1] < losses[0]


def test_records_over_the_context_are_counted(records, tmp_path):
    problems = Problems()
    long = Record("x" * 300, "Nature", language="en")
    fit([*records, long], tmp_path, Fitting(**{**SMALL, "steps": 1}), problems=problems)
    assert problems.by_kind["over the context"] == 1


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"size": "2m"}, UnknownName, "size '2m'"),
        ({"kind": "tagg"}, UnknownName, "'tag'"),
        ({"steps": 0}, UsageError, "at least 1"),
        ({"batch": 1000}, UsageError, "a batch of 1000"),
        ({"codec": "jsn"}, UnknownName, "'json'"),
    ],
)
def test_what_cannot_be_meant_is_refused(change, error, said, records, tmp_path):
    with pytest.raises(error, match=said):
        fit(records, tmp_path, Fitting(**{**SMALL, **change}))


def test_no_records_are_refused(tmp_path):
    with pytest.raises(UsageError, match="got none"):
        fit([], tmp_path)


def test_about_comes_back_and_broken_files_are_told(records, tmp_path):
    told = about.about(records, "tag")
    about.write(told, tmp_path)
    assert about.read(tmp_path) == told
    assert told.whole
    (tmp_path / about.FILE).write_text(json.dumps({"kind": "tag"}))
    with pytest.raises(FormatError, match=r"extract\.json"):
        about.read(tmp_path)
    with pytest.raises(MissingData, match="extract train"):
        load(tmp_path / "nothing")
    about.write(told, tmp_path)
    with pytest.raises(MissingData, match="no model"):
        load(tmp_path)


def test_pieces_with_letters_of_the_byte_alphabet_are_spoken_right(records, tmp_path):
    some = [replace(r, text_label="Doğa ñé", language="tr") for r in records]
    fit(some, tmp_path, Fitting(kind="generate", **{**SMALL, "steps": 1}))
    answer = replace(load(tmp_path), most=40).answers(some[:1], constrain=True)[0]
    assert answer.decoded.record.text_label == "Doğa ñé"
    assert answer.decoded.notes.get("unknown label", 0) == 0


def test_no_token_of_the_tokenizer_spans_two_characters(records):
    texts = [r.text for r in records]
    tokenizer = char_tokenizer(texts, pieces=["Place;"])
    for text in [*texts[:9], "未知 👩\u200d👧 ß\n"]:
        assert tokenizer.decode(tokenizer(text).input_ids) == text
        offsets = tokenizer(text, return_offsets_mapping=True).offset_mapping
        assert all(end - start == 1 for start, end in offsets)


def test_the_loss_of_the_copier_is_what_its_log_probabilities_say():
    import torch

    from macaronic.extract.model.copier import Copier, CopierConfig

    torch.manual_seed(0)
    model = Copier(CopierConfig(vocab_size=50, width=16, table=64, table_width=8)).eval()
    source, labels = torch.randint(4, 50, (2, 9)), torch.randint(4, 50, (2, 5))
    labels[0, :3], labels[1, 3:] = source[0, 2:5], -100
    out = model(source, labels=labels)
    by_hand = torch.nn.functional.nll_loss(out.logits.flatten(0, 1), labels.flatten())
    first = -out.logits[:, 0].gather(1, labels[:, :1]).mean()
    assert out.loss.item() == pytest.approx((by_hand + first).item(), abs=1e-5)
    assert torch.allclose(out.logits.exp().sum(-1), torch.ones(2, 5), atol=1e-4)


def test_padding_changes_nothing():
    import torch

    from macaronic.extract.model.copier import Copier, CopierConfig

    torch.manual_seed(0)
    model = Copier(CopierConfig(vocab_size=50, width=16, table=64, table_width=8)).eval()
    source, written = torch.randint(4, 50, (1, 6)), torch.randint(4, 50, (1, 4))
    wide = torch.cat([source, torch.zeros(1, 3, dtype=torch.long)], 1)
    bare = model(source, torch.ones_like(source), decoder_input_ids=written).logits
    padded = model(wide, (wide > 0).long(), decoder_input_ids=written).logits
    assert torch.allclose(bare, padded, atol=1e-5)
