"""One attempt at a completion with the `openai` client: the reply, or why there is none and whether to try again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from macaronic.core.protocols import Reply
from macaronic.lm.failed import Cause

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_RETRIED = {408, 409, 425, 429}
_USAGE = ("prompt_tokens", "completion_tokens", "total_tokens")


@dataclass
class Again(Exception):
    """One attempt failed: why, and whether another may help.

    Args:
        cause: why, to count by.
        detail: the same in words; may hold a key, see `http.hidden`.
        worth_it: whether another attempt may do better.
        fatal: whether no call at all can succeed.
        status: the HTTP status.
        after: seconds that the server asks one to wait.
        other_limit_name: whether the model wants `max_completion_tokens` in place of `max_tokens`.
    """

    cause: Cause
    detail: str
    worth_it: bool = True
    fatal: bool = False
    status: int | None = None
    after: float | None = None
    other_limit_name: bool = False


async def once(client: AsyncOpenAI, model: str, messages: list[dict[str, str]], settings: dict[str, Any]) -> Reply:
    """Ask once, without retries.

    Raises:
        Again: there is no reply.
    """
    import openai

    create: Any = client.chat.completions.create
    try:
        answer = await create(model=model, messages=messages, **settings)
    except openai.APITimeoutError as error:
        raise Again("timeout", error.message) from None
    except openai.APIConnectionError as error:
        raise Again("connection", str(error.__cause__ or error.message)) from None
    except openai.APIStatusError as error:
        raise _from_status(error) from None
    except (openai.OpenAIError, ValueError) as error:
        raise Again("malformed answer", f"{type(error).__name__}: {error}") from None
    return _read(answer)


def _from_status(error: Any) -> Again:
    status = int(error.status_code)
    detail = f"{status} {_first_line(error.message)}"
    if status == 429 and error.code == "insufficient_quota":
        return Again("rate limit", detail, fatal=True, status=status)
    if status in _RETRIED or status >= 500:
        cause: Cause = "rate limit" if status == 429 else "server error"
        return Again(cause, detail, status=status, after=_seconds(error.response.headers.get("retry-after")))
    return Again(
        "refused by the server",
        detail,
        worth_it=False,
        fatal=status in (401, 404),
        status=status,
        other_limit_name=status == 400 and error.param == "max_tokens",
    )


def _seconds(header: str | None) -> float | None:
    try:
        seconds = float(header or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[0][:300]


def _read(answer: Any) -> Reply:
    """The reply in a completion object; servers differ, so every field is looked at before it is used."""
    try:
        choice = answer.choices[0]
        message = choice.message
        refusal = getattr(message, "refusal", None)
        text = message.content if message.content is not None else refusal or ""
        finish = "refusal" if refusal and message.content is None else choice.finish_reason or "stop"
        if not isinstance(text, str) or not isinstance(finish, str):
            raise TypeError("the content is no text")
        usage = {name: int(value) for name in _USAGE if (value := getattr(answer.usage, name, None)) is not None}
        rows = getattr(choice.logprobs, "content", None)
        logprobs = tuple(float(row.logprob) for row in rows) if rows else None
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise Again("malformed answer", f"no completion in the answer ({error})") from None
    return Reply(text, finish, usage, logprobs)
