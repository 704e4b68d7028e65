import json
import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.protocols import Reply
from macaronic.synth.agents.answers import Unusable, judgement, refuses, sentence


@pytest.mark.parametrize(
    "said",
    [
        '{"text": "hola friend"}',
        '```json\n{"text": "hola friend"}\n```',
        'Here you are:\n{"text": "hola\\n  friend"} I hope it helps {really}.',
        '{"text": "hola friend",}',
        '{"text": "hola\nfriend"}',
        '{"note": 1} {"text": "hola friend"}',
        '[{"text": "hola friend"}]',
        '<think>maybe {"text": "no"}</think>{"text": "hola friend"}',
        '{broken {"text": "hola friend"}',
    ],
)
def test_a_sentence_is_found(said: str) -> None:
    assert sentence(Reply(said)) == "hola friend"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "empty answer"),
        ("<think>hm", "empty answer"),
        ('{"text": " "}', "empty answer"),
        ("hola friend", "malformed answer"),
        ("{'text': 'hola'}", "malformed answer"),
        ('{"text": null}', "malformed answer"),
        ('{"sentence": "hola"}', "malformed answer"),
        ("[" * 100_000, "malformed answer"),
        ('{"a":' * 50_000, "malformed answer"),
        ('{"text": ' + "9" * 10_000 + "}", "malformed answer"),
        ("As an AI language model, I have no opinion.", "refusal"),
    ],
)
def test_no_sentence_has_a_reason(said: str, reason: str) -> None:
    with pytest.raises(Unusable) as caught:
        sentence(Reply(said))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("score", "read"),
    [("8", 8.0), ("8.5", 8.5), ('"7"', 7.0), ('"7,5 / 10"', 7.5), ("0", 0.0), ("10", 10.0), ("1e0", 1.0)],
)
def test_scores(score: str, read: float) -> None:
    assert judgement(Reply(f'{{"score": {score}}}')) == (read, ())


@pytest.mark.parametrize("score", ["11", "-1", "NaN", "Infinity", "true", "null", '"high"', "[8]", '"99/10"', "{}"])
def test_scores_that_are_none(score: str) -> None:
    with pytest.raises(Unusable, match="malformed answer"):
        judgement(Reply(f'{{"score": {score}}}'))


def test_problems_in_any_form() -> None:
    assert judgement(Reply('{"score": 5, "problems": "too  stiff"}')) == (5.0, ("too stiff",))
    assert judgement(Reply('{"score": 5, "problems": ["a", 3, null, ""]}')) == (5.0, ("a",))
    assert judgement(Reply('{"score": 5, "problems": {"a": 1}}')) == (5.0, ())


@given(st.text(max_size=200))
def test_any_text_gives_a_sentence_or_a_reason(said: str) -> None:
    for read in (sentence, judgement):
        with suppress(Unusable):
            read(Reply(said))


@given(st.text(string.printable + "नमस्ते漢", min_size=1, max_size=50), st.text("abc \n`{}", max_size=20))
def test_what_was_written_comes_back_whatever_stands_around_it(text: str, around: str) -> None:
    wanted = " ".join(text.split())
    if not wanted:
        return
    assert sentence(Reply(f"{around}\n{json.dumps({'text': text})}\n{around}")) == wanted


@pytest.mark.parametrize(
    "said",
    [
        "I'm sorry, but I can't assist with that request.",
        "I’m sorry, I cannot create content of that kind.",
        "Sorry, but I am unable to help with this.",
        "I apologize, but I won't generate that.",
        "I'm unable to provide such a text.",
        "As an AI assistant I must decline.",
        "Je suis désolé, mais je ne peux pas vous aider avec cette demande.",
        "Es tut mir leid, aber ich kann dir dabei nicht helfen.",
        "Desculpe, mas não posso ajudar com isso.",
        "Mi dispiace, ma non posso aiutarti con questa richiesta.",
        "Maaf, saya tidak bisa membantu permintaan itu.",
        "Üzgünüm, bu konuda yardımcı olamam.",
        "Извините, но я не могу помочь с этим.",
        "क्षमा करें, मैं इसमें आपकी मदद नहीं कर सकता।",
        "عذراً، لا أستطيع مساعدتك في ذلك.",
        "对不起，我不能满足这个要求。",
        "申し訳ありませんが、そのご要望にはお応えできません。",
        "죄송하지만 그 요청은 도와드릴 수 없습니다.",
    ],
)
def test_refusals(said: str) -> None:
    assert refuses(said)


@pytest.mark.parametrize(
    "said",
    [
        "I can't believe ki woh chala gaya",
        "I can't help but laugh jab woh aata hai",
        "Sorry yaar, main late ho gaya",
        "Lo siento mucho, I was stuck in traffic",
        "I'm sorry for your loss, mi corazón está contigo",
        "Maaf ya, I forgot your birthday",
        "对不起，我 today 真的很忙",
        "Es tut mir leid, the train was late",
        "he said: as an AI I cannot help with that",
        "I cannot come, tengo que estudiar",
    ],
)
def test_speech_is_no_refusal(said: str) -> None:
    assert not refuses(said)
