"""A server on the loopback interface that speaks the OpenAI protocol and misbehaves as it is told to.

It knows `chat/completions`, `completions` and `responses`. Every answer begins with the number that the prompt's first
digits give, so that answers can be laid beside prompts.
"""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RIGHT = "Das ist eine ganz normale Antwort auf diese Frage."
WRONG = "This is an answer in quite another language, I am afraid."


@dataclass
class Script:
    """What goes wrong: every so many requests; 0 never. Refusals and wrong languages depend on the prompt's number."""

    too_many: int = 0  # 429, try again at once
    broken: int = 0  # 500
    malformed: int = 0  # half a JSON object
    refusals: int = 0
    wrong: int = 0
    slow: float = 0.0  # seconds an answer
    down: bool = False
    url: str = ""
    requests: list[str] = field(default_factory=list)  # prompts, as they came
    served: Counter[str] = field(default_factory=Counter)  # prompt -> good answers sent
    misbehaved: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, prompt: str) -> tuple[int, str]:
        """(status, what) of the next answer."""
        with self.lock:
            self.requests.append(prompt)
            n = len(self.requests)
            what, status = "good", 200
            if self.down or (self.broken and n % self.broken == 0):
                what, status = "broken", 500
            elif self.too_many and n % self.too_many == 0:
                what, status = "too many", 429
            elif self.malformed and n % self.malformed == 0:
                what = "malformed"
            if what == "good":
                self.served[prompt] += 1
            else:
                self.misbehaved[what] += 1
            return status, what


def _prompt(body: dict[str, Any]) -> str:
    held = body.get("messages") or body.get("input") or body.get("prompt") or ""
    while isinstance(held, list):
        held = held[-1]
    content = held.get("content", "") if isinstance(held, dict) else held
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _answer(path: str, prompt: str, script: Script) -> dict[str, Any]:
    number = int(found[0]) if (found := re.findall(r"\d+", prompt)) else 0
    refused = script.refusals and number % script.refusals == 1
    text = f"{number}: {WRONG if script.wrong and number % script.wrong == 1 else RIGHT}"
    usage = {"prompt_tokens": 7, "completion_tokens": 11, "total_tokens": 18}
    shared = {"id": "1", "model": "tiny", "created": 0, "usage": usage}
    if path.endswith("/chat/completions"):
        message = {"role": "assistant", "content": None, "refusal": f"{number}: no"} if refused else {
            "role": "assistant", "content": text
        }  # fmt: skip
        return {**shared, "object": "chat.completion", "choices": [_choice(message=message)]}
    if path.endswith("/completions"):
        return {**shared, "object": "text_completion", "choices": [_choice(text=text)]}
    part = {"type": "output_text", "text": text, "annotations": []}
    output = {"id": "m", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    return {
        "id": "1", "object": "response", "created_at": 0, "model": "tiny", "status": "completed", "output": [output],
        "usage": {"input_tokens": 7, "output_tokens": 11, "total_tokens": 18}, "parallel_tool_calls": False,
        "tool_choice": "auto", "tools": [],
    }  # fmt: skip


def _choice(**said: Any) -> dict[str, Any]:
    return {"index": 0, "finish_reason": "stop", "logprobs": None, **said}


@contextmanager
def serving(script: Script) -> Iterator[Script]:
    """Serve in threads of this process; `script.url` is where."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # head and body in one piece

        def do_GET(self) -> None:
            self._send(200, json.dumps({"object": "list", "data": [{"id": "tiny", "object": "model"}]}))

        def do_POST(self) -> None:
            prompt = _prompt(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, what = script.plan(prompt)
            time.sleep(script.slow)
            text = json.dumps(_answer(self.path, prompt, script)) if what == "good" else '{"error": {"message": "bad"'
            self._send(status, text if what in ("good", "malformed") else text + "}}")

        def _send(self, status: int, text: str) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text.encode())))
                if status == 429:
                    self.send_header("Retry-After", "0")
                self.end_headers()
                self.wfile.write(text.encode())
                self.wfile.flush()
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that was killed breaks its connections; that is what is tested."""

    http = Quiet(("127.0.0.1", 0), Handler)
    script.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
