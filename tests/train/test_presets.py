"""Presets: sizes as they are called, every task, and a model that comes back as it was saved."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from macaronic.core.errors import MissingData, UnknownName, UsageError
from macaronic.train import presets, tokenizer
from macaronic.train.recipe import Recipe


@pytest.fixture(scope="module")
def words():
    return tokenizer.learn(["abc"], 256)


@pytest.mark.parametrize(("name", "millions"), [("0.3m", 0.3), ("1m", 1), ("5m", 5), ("30m", 30)])
@pytest.mark.parametrize("task", ["causal", "seq2seq", "mlm"])
def test_a_preset_is_about_as_large_as_its_name(name: str, millions: float, task: str) -> None:
    assert 0.8 < presets.parameters(name, task) / millions / 1e6 < 1.2


@pytest.mark.parametrize("name", ["0.3m", "tiny-0.3m"])
def test_logits_come_back_after_saving(name: str, words, tmp_path: Path) -> None:
    model = presets.build(Recipe(model=name, length=16), words).eval()
    model.save_pretrained(tmp_path)
    again = presets.network_class("causal").from_pretrained(tmp_path).eval()
    ids = torch.arange(12).reshape(1, 12)
    assert torch.equal(model(input_ids=ids).logits, again(input_ids=ids).logits)
    assert [p.name for p in tmp_path.glob("*.safetensors")] == ["model.safetensors"]


def test_a_tiny_model_is_the_network_of_nn(words) -> None:
    model = presets.build(Recipe(model="tiny-0.3m", length=16), words)
    assert sum(p.numel() for p in model.parameters()) == model.network.shape.parameters
    ids = torch.arange(12).reshape(1, 12)
    assert torch.equal(model(input_ids=ids).logits, model.network(ids))
    loss = model(input_ids=ids, labels=ids).loss
    byhand = torch.nn.functional.cross_entropy(model.network(ids)[0, :-1], ids[0, 1:])
    assert torch.allclose(loss, byhand)
    assert model.generate(ids, max_new_tokens=3, do_sample=False, eos_token_id=None).shape == (1, 15)


def test_the_seed_decides_the_first_numbers(words) -> None:
    first = [presets.build(Recipe(seed=seed), words).get_input_embeddings().weight for seed in (1, 1, 2)]
    assert torch.equal(first[0], first[1])
    assert not torch.equal(first[0], first[2])


def test_names_that_are_none(words) -> None:
    with pytest.raises(UnknownName, match=r"Did you mean '1m'|Did you mean '0.3m'"):
        presets.build(Recipe(model="1mm"), words)
    with pytest.raises(MissingData, match="nobody/none"):
        presets.build(Recipe(model="nobody/none"), words)
    with pytest.raises(UsageError, match="causal only"):
        presets.build(Recipe(model="tiny-1m", task="mlm"), words)


@pytest.mark.parametrize("text", ["", "नमस्ते 🙂 naïve", "\x00\t\n  double  spaces ", "é", "漢字かな"])
def test_any_text_comes_back(words, text: str) -> None:
    assert words.decode(words(text, add_special_tokens=False)["input_ids"]) == text
