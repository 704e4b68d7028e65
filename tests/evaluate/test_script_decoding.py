"""Decoding within one script, and the scripts of hidden layers, on a tiny random model made here."""

from typing import Any

import numpy as np
import pytest

from macaronic.core.errors import UnknownName

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

TEXTS = ["the cat sat on the mat", "नमस्ते दुनिया कैसे हो", "привет мир как дела", "1 2 3 !"] * 20


@pytest.fixture(scope="module")
def tiny() -> tuple[Any, Any]:
    from tokenizers import ByteLevelBPETokenizer

    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(TEXTS, vocab_size=400, special_tokens=["<s>", "</s>"])
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=trained._tokenizer, bos_token="<s>", eos_token="</s>", pad_token="</s>", padding_side="left"
    )
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2
    )
    return transformers.LlamaForCausalLM(config).eval(), tokenizer


@pytest.mark.parametrize("script", ["Latn", "Deva", "Cyrl"])
def test_nothing_of_another_script_comes_out(tiny: tuple[Any, Any], script: str) -> None:
    from macaronic.evaluate.script_decoding import in_scripts
    from macaronic.synth.constrained import Constrained
    from macaronic.text.scripts import script_shares

    model, tokenizer = tiny
    rule = Constrained(in_scripts(tokenizer, [script]))
    encoded = tokenizer(["the cat", "नमस्ते"], return_tensors="pt", padding=True)
    encoded.pop("token_type_ids", None)
    torch.manual_seed(1)
    made = model.generate(**encoded, max_new_tokens=40, do_sample=True, logits_processor=[rule])
    text = "".join(tokenizer.decode(row[encoded["input_ids"].shape[1] :], skip_special_tokens=True) for row in made)
    assert set(script_shares(text.replace("\ufffd", ""))) <= {script}


def test_what_may_follow(tiny: tuple[Any, Any]) -> None:
    from macaronic.evaluate.script_decoding import in_scripts, token_scripts

    _, tokenizer = tiny
    names = token_scripts(tokenizer)
    ids = set(in_scripts(tokenizer, ["Deva"]).following([]).tolist())
    assert {names[i] for i in ids if i != tokenizer.eos_token_id} <= {"Deva", "Zyyy", "Zinh", "(part of a character)"}
    assert any(names[i] == "Deva" for i in ids)
    assert tokenizer.eos_token_id in ids
    with pytest.raises(UnknownName):
        in_scripts(tokenizer, ["Dev"])


def test_shares_of_layers_sum_to_one_and_end_at_the_model(tiny: tuple[Any, Any]) -> None:
    from macaronic.evaluate.script_decoding import hidden_script_shares, token_scripts

    model, tokenizer = tiny
    shares = hidden_script_shares(model, tokenizer, "the cat")
    assert np.allclose(sum(shares.values()), 1.0)
    encoded = tokenizer("the cat", return_tensors="pt")
    with torch.inference_mode():
        last = model(input_ids=encoded["input_ids"]).logits[0, -1].softmax(-1).double().numpy()
    names = np.array(token_scripts(tokenizer))
    assert shares["Latn"].shape == (3,)
    assert shares["Latn"][-1] == pytest.approx(last[names == "Latn"].sum(), abs=1e-5)
