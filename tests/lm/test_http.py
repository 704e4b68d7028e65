import asyncio
import logging
from typing import Any

import pytest

from macaronic.core.errors import UsageError
from macaronic.core.protocols import LM, Reply
from macaronic.lm.failed import CallFailed
from macaronic.lm.http import Patience, Server, hidden

from .conftest import Loopback, completion

pytest.importorskip("openai", reason="needs macaronic[llm]")
KEY = "hunter2-hunter2"
QUICK = Patience(retries=3, first_wait=0.01, longest_wait=0.05, timeout=5)
ASK = [{"role": "user", "content": "say hola"}]


def model(server: Loopback, patience: Patience = QUICK, **settings: Any) -> Server:
    return Server("tiny", base_url=server.url, api_key=KEY, patience=patience, **settings)


def ask(lm: LM, times: int = 1) -> list[Reply]:
    async def all_of_them() -> list[Reply]:
        call = [lm.reply(ASK, max_tokens=9, temperature=0.5, seed=7, stop=["\n"]) for _ in range(times)]
        try:
            return await asyncio.gather(*call)
        finally:
            await lm.close()  # type: ignore[attr-defined]

    return asyncio.run(all_of_them())


def test_it_asks_and_reads_the_answer(server: Loopback) -> None:
    lm = model(server)
    assert isinstance(lm, LM)
    reply = ask(lm)[0]
    assert reply == Reply("hola amigo", "stop", {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5})
    assert server.requests == [
        {"model": "tiny", "messages": ASK, "max_tokens": 9, "temperature": 0.5, "seed": 7, "stop": ["\n"]}
    ]
    assert server.keys == [f"Bearer {KEY}"]


def test_the_same_object_serves_several_event_loops(server: Loopback) -> None:
    lm = model(server)
    assert [ask(lm)[0].text for _ in range(3)] == ["hola amigo"] * 3


def test_it_waits_and_asks_again_when_there_were_too_many_calls(server: Loopback) -> None:
    server.plan = [(429, {"Retry-After": "0.02"}, {"error": {"message": "slow down"}}), (503, {}, "busy")]
    lm = model(server)
    assert ask(lm)[0].text == "hola amigo"
    assert (len(server.requests), lm.retried) == (3, 2)


def test_it_gives_up_on_errors_for_ever(server: Loopback) -> None:
    server.usual = (500, {}, {"error": {"message": "broken"}})
    with pytest.raises(CallFailed, match=r"server error: 500 .*broken") as caught:
        ask(model(server))
    assert (caught.value.attempts, caught.value.status, len(server.requests)) == (4, 500, 4)


def test_a_server_that_hangs_is_left(server: Loopback) -> None:
    server.usual = (200, {}, 1.0)
    with pytest.raises(CallFailed, match="timeout"):
        ask(model(server, Patience(retries=1, first_wait=0.01, timeout=0.1)))
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "body", ['{"choices": [', "", "[]", "{}", '{"choices": []}', '{"choices": null}', '"x"', "null"]
)
def test_an_answer_that_is_no_completion_is_asked_for_again(server: Loopback, body: str) -> None:
    server.plan = [(200, {}, body)]
    assert ask(model(server))[0].text == "hola amigo"
    server.usual = (200, {}, body)
    with pytest.raises(CallFailed, match="malformed answer"):
        ask(model(server, Patience(retries=0)))


def test_html_where_json_was_expected(server: Loopback) -> None:
    server.usual = (200, {"Content-Type": "text/html"}, "<html>login</html>")
    with pytest.raises(CallFailed, match="malformed answer"):
        ask(model(server, Patience(retries=0)))


def test_nobody_listens() -> None:
    lm = Server("tiny", base_url="http://127.0.0.1:9/v1", api_key=KEY, patience=Patience(retries=1, first_wait=0.01))
    with pytest.raises(CallFailed, match="connection"):
        ask(lm)


@pytest.mark.parametrize("status", [401, 404])
def test_a_wrong_key_or_model_ends_the_run(server: Loopback, status: int) -> None:
    server.usual = (status, {}, {"error": {"message": f"no such thing, your key is {KEY} or sk-abcdef123"}})
    with pytest.raises(UsageError, match="takes no call to 'tiny'") as caught:
        ask(model(server))
    assert len(server.requests) == 1
    assert KEY not in str(caught.value)
    assert "abcdef123" not in str(caught.value)


def test_a_forbidden_prompt_concerns_that_call_alone(server: Loopback) -> None:
    server.usual = (400, {}, {"error": {"message": "content policy"}})
    with pytest.raises(CallFailed, match="refused by the server: 400"):
        ask(model(server))
    assert len(server.requests) == 1


def test_it_learns_the_other_name_of_the_length_limit(server: Loopback) -> None:
    server.plan = [(400, {}, {"error": {"message": "unsupported", "param": "max_tokens", "code": "x", "type": "y"}})]
    lm = model(server)
    assert ask(lm)[0].text == ask(lm)[0].text == "hola amigo"
    assert [sorted({"max_tokens", "max_completion_tokens"} & set(r)) for r in server.requests] == [
        ["max_tokens"],
        ["max_completion_tokens"],
        ["max_completion_tokens"],
    ]


def test_calls_that_are_open_together_all_learn_it(server: Loopback) -> None:
    refused = (400, {}, {"error": {"message": "unsupported", "param": "max_tokens", "code": "x", "type": "y"}})
    server.plan, server.slow = [refused] * 4, 0.02
    assert [reply.text for reply in ask(model(server), times=4)] == ["hola amigo"] * 4


def test_an_empty_purse_ends_the_run(server: Loopback) -> None:
    server.usual = (429, {}, {"error": {"message": "no quota", "code": "insufficient_quota", "param": None}})
    with pytest.raises(UsageError, match="no quota"):
        ask(model(server))
    assert len(server.requests) == 1


def test_settings_can_be_left_out_and_refusals_are_seen(server: Loopback) -> None:
    server.usual = (200, {}, completion(None, refusal="I cannot do that."))
    reply = ask(model(server, leave_out=("temperature", "seed")))[0]
    assert (reply.text, reply.finish) == ("I cannot do that.", "refusal")
    assert not {"temperature", "seed"} & set(server.requests[0])


def test_log_probabilities(server: Loopback) -> None:
    answer = completion("hola")
    answer["choices"][0]["logprobs"] = {"content": [{"token": "hola", "logprob": -0.5, "top_logprobs": []}]}
    server.usual = (200, {}, answer)
    assert ask(model(server, logprobs=True))[0].logprobs == (-0.5,)
    assert server.requests[0]["logprobs"] is True


def test_no_more_calls_are_open_than_allowed(server: Loopback) -> None:
    server.slow = 0.03
    assert len(ask(model(server, concurrency=2), times=8)) == 8
    assert server.most_open == 2


def test_the_key_shows_nowhere(server: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    lm = model(server)
    with caplog.at_level(logging.DEBUG):
        reply = ask(lm)[0]
    assert KEY not in caplog.text + repr(lm) + str(vars(lm)) + repr(reply)


def test_key_and_address_come_from_the_environment(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(UsageError, match="OPENAI_API_KEY"):
        Server("tiny")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    assert ask(Server("tiny"))[0].text == "hola amigo"
    monkeypatch.setenv("OPENAI_API_KEY", "from-the-environment")
    ask(Server("tiny"))
    assert server.keys == ["Bearer none", "Bearer from-the-environment"]


def test_hidden_leaves_other_words_alone() -> None:
    assert hidden("none of the models is here", "none") == "none of the models is here"
