"""Answers under the constraint always end and always decode to records whose words stand in the text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.core.errors import UsageError
from macaronic.extract.codecs.codec import Decoded
from macaronic.extract.codecs.named import codec
from macaronic.extract.grammar import grammar
from macaronic.extract.grammar.frame import escaped, frame
from macaronic.extract.grammar.pieces import token_bytes
from macaronic.extract.record import Record, Schema, Span
from macaronic.synth.constrained import decode

CODECS = ("oiellm", "json", "sel", "gollie")
WORDS = Schema(("Nature", "No: rm"), ("Animal", "Nation; or"))
TRIPLES = Schema(("Nature", "Norm"), (), ("is", "lives:in"))
HARD = (
    "日本の富士山 は高い。",
    "a:b;c/d\\e \"q\" (x) 'y'",
    "👩\u200d👩\u200d👧 नमस्ते é̈ x\ny",
    "ab",
    "  ",
    "",
    "Nature/NER/:Animal;panda",
)


@pytest.fixture(scope="module")
def tokenizer():
    """A byte-level BPE tokenizer whose tokens also cut characters and join them."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=alphabet, special_tokens=["<eos>"], show_progress=False
    )
    made.train_from_iterator(["Nature/NER/:Animal;panda in China", "日本の富士山は高い。固有表現抽出"] * 3, trainer)
    return made


def answered(tokenizer, name: str, schema: Schema, text: str, seed: int, limit: int, whole: bool = False) -> Decoded:
    """What a random model says under the constraint."""
    task = "Relation Extraction" if schema.relation_types else "NER"
    rule = grammar(codec(name), schema, tokenizer, eos=0, whole=whole).rule(Record(text, language="ja", task=task))
    rng = np.random.default_rng(seed)
    size = tokenizer.get_vocab_size()
    out = decode(lambda ids: rng.normal(size=size) * 3, rule, max_tokens=limit)
    return codec(name).decode(tokenizer.decode(list(out.ids)), text, task=task, schema=schema)


def sound(answer: Decoded, text: str, schema: Schema) -> bool:
    """Whether it is a record whose labels are known and whose words stand in the text."""
    record = answer.record
    if record is None or record.text_label not in schema.text_labels:
        return False
    spans = all(s.start is not None and text[s.start : s.end] == s.text for s in record.spans)
    labels = all(s.label in schema.span_labels for s in record.spans)
    triples = all(r.head in text and r.tail in text and r.type in schema.relation_types for r in record.relations)
    return spans and labels and triples


@pytest.mark.parametrize("name", CODECS)
@pytest.mark.parametrize("schema", [WORDS, TRIPLES], ids=["spans", "relations"])
def test_a_random_model_always_answers_a_record(tokenizer, name, schema):
    for text in HARD:
        for seed in range(3):
            answer = answered(tokenizer, name, schema, text, seed, 90 + 30 * seed)
            assert sound(answer, text, schema), (text, answer)


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=25), seed=st.integers(0, 999), name=st.sampled_from(CODECS))
def test_any_text_is_answered_by_a_record(tokenizer, text, seed, name):
    assert sound(answered(tokenizer, name, WORDS, text, seed, 120), text, WORDS)


def test_without_the_constraint_the_same_model_writes_nothing_of_use(tokenizer):
    rng = np.random.default_rng(0)
    free = "".join(tokenizer.decode([int(i)]) for i in rng.integers(1, tokenizer.get_vocab_size(), 60))
    assert codec("oiellm").decode(free, "ab", task="NER", schema=WORDS).record is None


def test_no_word_is_cut_where_training_never_cut_one(tokenizer):
    text = "in Rome and 東京"
    words = {"in", "Rome", "and", *"東京", "東京"}
    found = set()
    for seed in range(30):
        record = answered(tokenizer, "oiellm", WORDS, text, seed, 100, whole=True).record
        found |= {part for span in record.spans for part in span.text.split()}
    assert found
    assert found <= words


def test_the_limit_is_kept_and_the_answer_whole(tokenizer):
    rule = grammar(codec("oiellm"), WORDS, tokenizer, eos=0).rule(Record("日本の富士山", language="ja"))
    shortest = rule.machine.distance(rule.machine.start)
    for limit in (shortest + 1, shortest + 7):
        rng = np.random.default_rng(limit)
        out = decode(lambda ids, rng=rng: rng.normal(size=tokenizer.get_vocab_size()), rule, max_tokens=limit)
        assert len(out.ids) < limit
        assert codec("oiellm").decode(tokenizer.decode(list(out.ids)), "日本の富士山", task="NER").record is not None


@pytest.mark.parametrize("name", CODECS)
def test_what_the_codec_writes_is_allowed(tokenizer, name):
    text = 'a:b "富士山" lives\\in (China)'
    at = text.index("富")
    gold = Record(
        text, "Nature", (Span("Animal", "a:b", 0, 3), Span("Nation; or", "富士山", at, at + 3)), language="ja"
    )
    rule = grammar(codec(name), WORDS, tokenizer, eos=0).rule(gold)
    ids = tokenizer.encode(codec(name).encode(gold)).ids
    for at in range(len(ids)):
        assert ids[at] in rule.following(ids[:at], None)
    assert 0 in rule.following(ids, None)


def test_generate_of_transformers_takes_the_rules(tokenizer):
    torch = pytest.importorskip("torch")
    from macaronic.synth.constrained import Constrained

    texts = [text for text in HARD if text.strip()]
    rules = [grammar(codec("json"), WORDS, tokenizer, eos=0).rule(Record(text, language="ja")) for text in texts]
    process, ids = Constrained(rules, max_new_tokens=80), torch.zeros(len(texts), 1, dtype=torch.long)
    torch.manual_seed(0)
    for _ in range(80):
        scores = process(ids, torch.randn(len(texts), tokenizer.get_vocab_size()))
        ids = torch.cat([ids, scores.argmax(1, keepdim=True)], 1)
    for text, row in zip(texts, ids[:, 1:].tolist()):
        written = row[: row.index(0)]
        assert sound(codec("json").decode(tokenizer.decode(written), text, task="NER", schema=WORDS), text, WORDS)


def test_codecs_with_offsets_and_events_are_refused():
    with pytest.raises(UsageError, match="offsets"):
        frame(codec("gliner"), WORDS)
    with pytest.raises(UsageError, match="events"):
        frame(codec("oiellm"), Schema((), (), (), ("Attack",)), task="Event Extraction")


def test_pieces_of_the_frame_put_together_are_the_codecs_answer():
    told = frame(codec("json"), WORDS)
    record = Record("x y", "Nature", (Span("Animal", "x", 0, 1), Span("Nation; or", "y", 2, 3)))
    assert told.heads[0] + told.opens[0] + "x" + told.nexts[1] + "y" + told.close == codec("json").encode(record)
    assert escaped(codec("json"), 'a"b', WORDS) == ("a", '\\"', "b")


def test_a_planted_fault_is_seen(tokenizer):
    rule = grammar(codec("oiellm"), WORDS, tokenizer, eos=0).rule(Record("ab", language="en"))
    letter = tokenizer.encode("z").ids[0]
    head = tokenizer.encode("Nature/NER/:Animal;").ids
    assert letter not in rule.following(head, None)
    assert tokenizer.encode("b").ids[0] in rule.following(head, None)


def test_tokens_of_a_sentencepiece_kind_are_read():
    from tokenizers import Tokenizer, models

    vocabulary = {f"<0x{b:02X}>": b for b in range(256)} | {"▁ab": 256, "c": 257}
    told = token_bytes(Tokenizer(models.BPE(vocabulary, [])))
    assert (told[0x41], told[256], told[257]) == (b"A", b" ab", b"c")


def test_a_tokenizer_that_cannot_write_bytes_is_refused():
    from tokenizers import Tokenizer, models

    with pytest.raises(UsageError, match="every byte"):
        token_bytes(Tokenizer(models.WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]")))
