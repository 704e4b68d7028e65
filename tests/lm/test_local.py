"""A tiny model with random weights, made on the spot: nothing is fetched."""

import asyncio
import math
from pathlib import Path
from typing import Any

import pytest

from macaronic.core.errors import MissingData, UsageError
from macaronic.core.protocols import LM, Reply
from macaronic.lm.local import Local, load

torch = pytest.importorskip("torch", reason="needs macaronic[train]")
transformers = pytest.importorskip("transformers", reason="needs macaronic[train]")
WORDS = ["<s>", "</s>", "user", "assistant", ":", "el", "perro", "come", "the", "dog", "eats", "bread", "pan", "hola"]
TEMPLATE = "{% for m in messages %}<s> {{ m['role'] }} : {{ m['content'] }} {% endfor %}assistant :"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {word: i for i, word in enumerate([*WORDS, "<unk>"])}
    raw = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, bos_token="<s>", eos_token="</s>", unk_token="<unk>"
    )
    tokenizer.chat_template = TEMPLATE
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=len(vocabulary), hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=64, bos_token_id=0, eos_token_id=1,
    )  # fmt: skip
    place = tmp_path_factory.mktemp("model")
    transformers.LlamaForCausalLM(config).save_pretrained(place)
    tokenizer.save_pretrained(place)
    return place


@pytest.fixture(scope="module")
def lm(folder: Path) -> Local:
    return load(folder, device="cpu")


def ask(lm: Local, **settings: Any) -> Reply:
    asked: dict[str, Any] = {"max_tokens": 6, "temperature": 0.0, "seed": None, "stop": (), **settings}
    return asyncio.run(lm.reply([{"role": "user", "content": "el perro"}], **asked))


def test_it_answers_the_same_each_time(lm: Local) -> None:
    assert isinstance(lm, LM)
    first = ask(lm)
    assert first == ask(lm)
    assert first.usage["prompt_tokens"] == 7
    assert first.usage["completion_tokens"] <= 6


def test_a_seed_fixes_what_is_sampled_and_leaves_the_global_state_alone(lm: Local) -> None:
    before = torch.get_rng_state()
    told = {seed: ask(lm, temperature=1.5, seed=seed, max_tokens=12).text for seed in (1, 2, 3)}
    assert told == {seed: ask(lm, temperature=1.5, seed=seed, max_tokens=12).text for seed in (1, 2, 3)}
    assert len(set(told.values())) > 1
    assert torch.equal(before, torch.get_rng_state())


def test_it_stops_where_it_is_told_to(lm: Local) -> None:
    whole = ask(lm, max_tokens=12)
    word = whole.text.split()[2]
    cut = ask(lm, max_tokens=12, stop=[word])
    assert cut.text == whole.text[: whole.text.index(word)]
    assert cut.finish == "stop"


def test_scores_are_log_probabilities(lm: Local) -> None:
    sum_of_all = math.fsum(math.exp(lm.score("el perro", " " + word)) for word in [*WORDS, "<unk>"])
    assert sum_of_all == pytest.approx(1.0, abs=1e-4)
    apart = lm.score("el", " perro") + lm.score("el perro", " come")
    assert lm.score("el", " perro come") == pytest.approx(apart, abs=1e-4)
    assert lm.score("", "el perro") == pytest.approx(lm.score("", "el") + lm.score("el", " perro"), abs=1e-4)


def test_an_empty_continuation_has_no_score(lm: Local) -> None:
    with pytest.raises(UsageError, match="continuation"):
        lm.score("el perro", "")


def test_weights_that_would_be_unpickled_are_refused(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        if file.suffix != ".safetensors":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(MissingData, match="safetensors"):
        load(tmp_path)
