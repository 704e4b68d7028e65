"""A run: learns, leaves what it promises, and goes on from a kill as if nothing had been."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from macaronic.core.errors import InputError, MissingData, UsageError
from macaronic.train import checkpoint, trained
from macaronic.train import recipe as recipes
from macaronic.train.recipe import Recipe
from macaronic.train.resumed import Interrupted
from macaronic.train.run import train
from macaronic.train.trainer import Diverged, WholeTrainer

KILLED = """
import json, os, sys
from macaronic.train import recipe, run
rows = json.load(open(sys.argv[1]))
end = lambda step, steps, loss: os.kill(os.getpid(), 9) if step == 10 else None
run.train(recipe.load(sys.argv[2]), out=sys.argv[3], rows=rows, say=end)
"""


@pytest.fixture(scope="module")
def whole(tiny: Recipe, sums, tmp_path_factory):
    """The unbroken run."""
    return train(tiny, out=tmp_path_factory.mktemp("runs") / "whole", rows=sums)


def weights(folder) -> dict[str, torch.Tensor]:
    return load_file(Path(folder) / "model.safetensors")


def same(a, b) -> bool:
    left, right = weights(a), weights(b)
    return left.keys() == right.keys() and all(torch.equal(left[k], right[k]) for k in left)


def test_it_learns_and_leaves_its_papers(whole) -> None:
    folder = Path(whole.folder)
    losses = [loss for _, loss, _ in whole.curve if loss is not None]
    assert losses[-1] < losses[0] - 0.5
    assert whole.steps == 12
    assert whole.rows == 58
    assert whole.validation_loss is not None
    assert len((folder / "curve.csv").read_text().splitlines()) == 1 + len(whole.curve)
    card = (folder / "README.md").read_text()
    assert f"{whole.parameters:,}" in card
    assert "text-generation" in card
    assert "<svg" in (folder / "report.html").read_text()
    assert recipes.load(folder / "recipe.toml") == whole.recipe
    assert json.loads((folder / "trained.json").read_text())["steps"] == 12
    assert not list(folder.rglob("*.part"))


def test_a_model_is_loaded_and_completes(whole) -> None:
    model, words = trained.load(whole.folder)
    asked = words("<bos>1 + 1 =", add_special_tokens=False, return_tensors="pt")
    assert model.generate(**asked, max_new_tokens=3, do_sample=False).shape[1] > asked["input_ids"].shape[1]


def test_a_finished_run_is_not_done_again(whole, tiny: Recipe, sums) -> None:
    said: list[str] = []
    again = train(tiny, out=whole.folder, rows=sums, note=said.append)
    assert again == whole
    assert "nothing to do" in said[0]


def test_a_folder_with_another_run_is_not_touched(whole, tiny: Recipe, sums) -> None:
    with pytest.raises(UsageError, match="rate"):
        train(replace(tiny, rate=1e-3), out=whole.folder, rows=sums)
    with pytest.raises(UsageError, match="other data"):
        train(tiny, out=whole.folder, rows=sums[1:])


def test_a_killed_run_goes_on_as_the_unbroken_one(whole, tiny: Recipe, sums, tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text(json.dumps(sums))
    (tmp_path / "recipe.toml").write_text(recipes.dump(tiny))
    words = [sys.executable, "-c", KILLED, "rows.json", "recipe.toml", "run"]
    done = subprocess.run(words, cwd=tmp_path, env=os.environ | {"OMP_NUM_THREADS": "1"}, check=False)
    assert done.returncode == -signal.SIGKILL
    run = tmp_path / "run"
    assert [p.name for p in checkpoint.all_of(run / "checkpoints")] == ["checkpoint-8", "checkpoint-4"]
    (run / "checkpoints" / "checkpoint-12.part").mkdir()
    optimizer = run / "checkpoints" / "checkpoint-8" / "optimizer.pt"
    said: list[str] = []

    optimizer.write_bytes(optimizer.read_bytes()[:1000])  # the newest is cut short as well
    after = train(tiny, out=run, rows=sums, note=said.append)
    assert "checkpoint-8 is not whole (optimizer.pt" in said[0]
    assert said[1] == "going on from step 4"
    assert after.curve == whole.curve
    assert same(run, whole.folder)
    assert not list(run.rglob("*.part"))


def test_an_interrupted_run_is_saved_and_goes_on(whole, tiny: Recipe, sums, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)

    def interrupt(step: int, steps: int, loss: float) -> None:
        if step == 6:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(Interrupted, match="macaronic train run") as error:
        train(tiny, out=tmp_path / "run", rows=sums, say=interrupt)
    assert error.value.exit_code == 130
    assert "step 7 of 12 is saved" in str(error.value) or "step 6 of 12 is saved" in str(error.value)
    train(tiny, out=tmp_path / "run", rows=sums)
    assert same(tmp_path / "run", whole.folder)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_loss_that_is_no_number_ends_the_run(tiny: Recipe, sums, tmp_path: Path, monkeypatch) -> None:
    from transformers import Trainer

    real = Trainer.training_step

    def broken(self, *given):
        loss = real(self, *given)
        return loss * float("nan") if self.state.global_step == 5 else loss

    monkeypatch.setattr(Trainer, "training_step", broken)
    with pytest.raises(Diverged, match="in step 6") as error:
        train(tiny, out=tmp_path / "run", rows=sums)
    assert "checkpoint-4 is the last good state" in str(error.value)
    assert not checkpoint.fault(tmp_path / "run" / "checkpoints" / "checkpoint-4")
    assert not (tmp_path / "run" / "trained.json").exists()


def test_no_space_leaves_the_checkpoint_before(tiny: Recipe, sums, tmp_path: Path, monkeypatch) -> None:
    real = WholeTrainer._save_rng_state

    def full(self, folder):
        if self.state.global_step == 8:
            raise OSError(28, "No space left on device")
        real(self, folder)

    monkeypatch.setattr(WholeTrainer, "_save_rng_state", full)
    with pytest.raises(InputError, match="No space left"):
        train(tiny, out=tmp_path / "run", rows=sums)
    assert [p.name for p in (tmp_path / "run" / "checkpoints").iterdir()] == ["checkpoint-4"]


def test_rows_that_do_not_do(tiny: Recipe, sums, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"at least one step of 4 rows.*gives 3"):
        train(replace(tiny, validation=0.0), out=tmp_path / "a", rows=sums[:3])
    with pytest.raises(UsageError, match="prompt and completion"):
        train(tiny, out=tmp_path / "b", rows=[])
    with pytest.raises(UsageError, match="fields"):
        train(tiny, out=tmp_path / "c", rows=[{"question": "x"}] * 9)
    with pytest.raises(UsageError, match="too long"):
        train(replace(tiny, length=8), out=tmp_path / "d", rows=sums)
    with pytest.raises(UsageError, match="expected data"):
        train(tiny, out=tmp_path / "e")
    with pytest.raises(UsageError, match="text and label"):
        train(replace(tiny, task="text"), out=tmp_path / "f", rows=[{"text": "x"}] * 9)


def test_a_run_that_never_began_may_be_corrected(tiny: Recipe, sums, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least one step"):
        train(replace(tiny, batch=99), out=tmp_path / "run", rows=sums)
    assert train(replace(tiny, steps=1, tokenizer=260), out=tmp_path / "run", rows=sums).steps == 1


def test_an_unfinished_folder_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="no finished run"):
        trained.load(tmp_path)


@pytest.mark.parametrize(
    ("task", "row"),
    [
        ("seq2seq", {"source": "a b", "target": "b a"}),
        ("mlm", {"text": "one two three four five"}),
        ("tokens", {"words": ["ein", "two"], "labels": ["de", "en"]}),
        ("text", {"text": "ein two", "label": "mixed"}),
    ],
)
def test_every_task_runs_and_comes_back(task: str, row: dict, tiny: Recipe, tmp_path: Path) -> None:
    asked = replace(tiny, task=task, steps=2, save_every=0, validation=0.2)
    other = row | {"label": "plain"} if task == "text" else row
    result = train(asked, out=tmp_path / "run", rows=[row, other] * 10)
    assert result.steps == 2
    assert result.validation_loss is not None
    model, words = trained.load(result.folder)
    if task in ("tokens", "text"):
        assert set(model.config.label2id) >= ({"de", "en"} if task == "tokens" else {"mixed"})
    assert len(words) == 260


def test_one_label_alone_is_refused(tiny: Recipe, tmp_path: Path) -> None:
    rows = [{"text": "ein two", "label": "mixed"}] * 20
    with pytest.raises(UsageError, match="nothing to tell apart"):
        train(replace(tiny, task="text"), out=tmp_path / "run", rows=rows)


def test_lora_trains_little_and_keeps_the_base(whole, sums, tiny: Recipe, tmp_path: Path) -> None:
    asked = replace(tiny, model=whole.folder, adapter="lora", steps=3, save_every=2)
    result = train(asked, out=tmp_path / "run", rows=sums)
    assert 0 < result.learnt < result.parameters // 4
    model, _ = trained.load(result.folder)
    assert (tmp_path / "run" / "adapter_model.safetensors").is_file()
    assert not (tmp_path / "run" / "model.safetensors").exists()
    assert model.peft_config["default"].r == 8


def test_patience_ends_early_with_the_best(tiny: Recipe, sums, tmp_path: Path) -> None:
    asked = replace(
        tiny, rate=0.5, schedule="constant", warmup=0.0, evaluate_every=1, patience=2, steps=20, save_every=0
    )
    result = train(asked, out=tmp_path / "run", rows=sums)
    looks = [v for _, _, v in result.curve if v is not None]
    assert result.steps < 20
    assert result.validation_loss == pytest.approx(min(looks), rel=1e-5)


def test_accumulated_batches_are_one_batch(tiny: Recipe, sums, tmp_path: Path) -> None:
    asked = replace(tiny, steps=4, save_every=0, validation=0.0)
    one = train(asked, out=tmp_path / "one", rows=sums)
    two = train(replace(asked, batch=2, accumulate=2), out=tmp_path / "two", rows=sums)
    for (_, a, _), (_, b, _) in zip(one.curve, two.curve, strict=True):
        assert a == pytest.approx(b, abs=2e-5)
