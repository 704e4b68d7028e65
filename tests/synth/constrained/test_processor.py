"""The constraint inside `generate` of transformers, with a tiny random model."""

from typing import Any

import numpy as np
import pytest
from tests.synth.constrained import toy

from macaronic import bundled
from macaronic.core.errors import UsageError
from macaronic.synth.constrained import Constrained, Vocabulary, allowed_ids, decode, whole_words

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
MOST = 12


@pytest.fixture(scope="module")
def model() -> Any:
    torch.set_num_threads(1)
    return toy.random_model(toy.byte_level().get_vocab_size())


def prompts(count: int) -> Any:
    return torch.tensor([toy.byte_level().encode(line).ids[:4] for line in toy.lines()[:count]])


def vocabularies(count: int) -> list[Vocabulary]:
    rows = bundled.parallel()[10 : 10 + count]
    return [allowed_ids(toy.byte_level(), [row["en"], row["hi-Latn"]], eos=0) for row in rows]


def generated(model: Any, ids: Any, rule: Constrained, **settings: Any) -> Any:
    out = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=MOST,
        pad_token_id=0,
        logits_processor=[rule],
        **settings,
    )
    return out[:, ids.shape[1] :]


@pytest.mark.parametrize(
    "settings",
    [
        {"do_sample": False},
        {"do_sample": True, "top_k": 0},
        {"do_sample": True, "num_return_sequences": 3},
        {"do_sample": False, "num_beams": 4},
        {"do_sample": False, "num_beams": 4, "num_return_sequences": 2},
    ],
    ids=["greedy", "sampling", "three samples", "beams", "two of four beams"],
)
def test_every_row_keeps_to_its_own_vocabulary(model: Any, settings: dict[str, Any]) -> None:
    torch.manual_seed(1)
    rules = vocabularies(3)
    out = generated(model, prompts(3), Constrained(rules), **settings)
    each = settings.get("num_return_sequences", 1)
    assert out.shape[0] == 3 * each
    for row, ids in enumerate(out.tolist()):
        assert set(ids) <= set(rules[row // each].ids.tolist())


def test_one_vocabulary_for_all(model: Any) -> None:
    (rule,) = vocabularies(1)
    constraint = Constrained(rule)
    for count in (2, 3):  # the same object in two generations of other sizes
        out = generated(model, prompts(count), constraint, do_sample=False)
        assert set(out.flatten().tolist()) <= set(rule.ids.tolist())


def test_our_greedy_decoding_agrees(model: Any) -> None:
    rules, ids = vocabularies(3), prompts(3)
    out = generated(model, ids, Constrained(rules), do_sample=False)

    def step(so_far: Any) -> Any:
        with torch.no_grad():
            return model(torch.tensor([list(so_far)])).logits[0, -1]

    for row, rule in enumerate(rules):
        ours = decode(step, rule, prompt=ids[row].tolist(), max_tokens=MOST)
        theirs = out[row].tolist()
        assert list(ours.ids) == (theirs[: theirs.index(0)] if 0 in theirs else theirs)


def test_whole_words_are_finished_before_the_limit(model: Any) -> None:
    torch.manual_seed(2)
    rows = bundled.parallel()[20:23]
    rules = [whole_words(toy.byte_level(), [row["en"], row["hi-Latn"]], eos=0) for row in rows]
    constraint = Constrained(rules, max_new_tokens=MOST)
    out = generated(model, prompts(3), constraint, do_sample=True, num_return_sequences=5, top_k=0)
    for row, ids in enumerate(out.tolist()):
        kept = ids[: ids.index(0)] if 0 in ids else ids
        assert rules[row // 5].complete(kept)


def test_whole_words_by_beams(model: Any) -> None:
    rows = bundled.parallel()[20:23]
    rules = [whole_words(toy.byte_level(), [row["en"], row["hi-Latn"]], eos=0) for row in rows]
    out = generated(model, prompts(3), Constrained(rules, max_new_tokens=MOST), do_sample=False, num_beams=4)
    for rule, ids in zip(rules, out.tolist()):
        kept = ids[: ids.index(0)] if 0 in ids else ids
        assert rule.complete(kept)


@pytest.mark.parametrize("allowed", [[], [5], [5, 9]])
def test_tiny_vocabularies(model: Any, allowed: list[int]) -> None:
    rule = Vocabulary.of(allowed, eos=0)
    for settings in ({"num_beams": 4}, {"num_beams": 4, "num_return_sequences": 4}, {"min_new_tokens": 5}):
        out = generated(model, prompts(2), Constrained(rule), do_sample=False, **settings)
        assert set(out.flatten().tolist()) <= {0, *allowed}, settings


def test_an_encoder_decoder_model() -> None:
    from transformers import T5Config, T5ForConditionalGeneration

    torch.manual_seed(3)
    size = toy.byte_level().get_vocab_size()
    tiny = T5ForConditionalGeneration(
        T5Config(vocab_size=size, d_model=32, d_kv=8, d_ff=32, num_layers=1, num_heads=2, eos_token_id=0,
                 pad_token_id=0, decoder_start_token_id=0)
    ).eval()  # fmt: skip
    rules = vocabularies(2)
    out = tiny.generate(
        prompts(2), max_new_tokens=MOST, num_beams=2, do_sample=False, logits_processor=[Constrained(rules)]
    )
    for rule, ids in zip(rules, out[:, 1:].tolist()):
        assert set(ids) <= set(rule.ids.tolist())


def test_a_row_without_a_choice_gets_the_end() -> None:
    rule = Constrained(Vocabulary.of([1, 2], eos=3))
    scores = torch.tensor([[5.0, float("-inf"), float("nan"), float("-inf")], [9.0, 1.0, 2.0, 0.0]])
    out = rule(torch.zeros((2, 1), dtype=torch.long), scores)
    assert out.tolist() == [[-np.inf, -np.inf, -np.inf, 0.0], [-np.inf, 1.0, 2.0, 0.0]]
    assert scores[0, 0] == 5.0


def test_bad_requests() -> None:
    with pytest.raises(UsageError, match="at least one"):
        Constrained([])
    two = Constrained([Vocabulary.of([1], eos=0), Vocabulary.of([2], eos=0)])
    with pytest.raises(UsageError, match="2 inputs"):
        two(torch.zeros((3, 1), dtype=torch.long), torch.zeros((3, 4)))
    with pytest.raises(UsageError, match="below 2"):
        two(torch.zeros((2, 1), dtype=torch.long), torch.zeros((2, 2)))
