"""The server as a process of its own: its link, TLS, a proxy in front, too large a body, an end by a signal."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from macaronic.annotate.web.accounts import Accounts

pytest.importorskip("uvicorn")
httpx = pytest.importorskip("httpx")

SECRET = "long enough"


class Started:
    """A server that runs: where, how the first person comes in, and its process."""

    def __init__(self, *words: object) -> None:
        command = [sys.executable, "-m", "macaronic", "annotate", *map(str, words), "--json", "--no-browser"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()  # type: ignore[union-attr]
        assert line, self.process.stderr.read()  # type: ignore[union-attr]
        told = json.loads(line)
        self.url, self.enter = told["url"], told["enter"]

    def stop(self, how: int = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(how)
        err = self.process.communicate(timeout=20)[1]
        return self.process.returncode, err


@pytest.fixture
def start(project: Path) -> Iterator[Callable[..., Started]]:
    """`start("--no-learn")` serves the project on a free port."""
    running: list[Started] = []

    def begin(*words: object, target: Path = project) -> Started:
        running.append(Started("serve", target, "--port", 0, "--no-learn", *words))
        return running[-1]

    yield begin
    for one in running:
        one.process.kill()
        one.process.communicate()


def come_in(client: Any, enter: str) -> dict[str, Any]:
    """Use the terminal's link; the page's token stays with the client."""
    answer = client.post("/api/enter", json={"token": enter.partition("#")[2]})
    assert answer.status_code == 200, answer.text
    client.headers["x-csrf-token"] = answer.json()["csrf"]
    return {**answer.json(), "cookie": answer.headers["set-cookie"]}


def test_the_terminals_link_lets_one_in_once_and_the_end_is_clean(start: Callable[..., Started]) -> None:
    server = start("--who", "mina")
    with httpx.Client(base_url=server.url) as client:
        assert come_in(client, server.enter)["person"] == "mina"
        assert client.get("/api/project").json()["role"] == "admin"
        assert client.post("/api/enter", json={"token": server.enter.partition("#")[2]}).status_code == 401
        token = next(iter(client.cookies.values()))
    code, err = server.stop()
    assert code == 0
    assert token not in err
    assert "Traceback" not in err


def test_ctrl_c_says_that_it_was_interrupted(start: Callable[..., Started]) -> None:
    code, err = start().stop(signal.SIGINT)
    assert code == 130
    assert "Traceback" not in err


def test_a_session_outlives_a_kill(start: Callable[..., Started]) -> None:
    first = start("--who", "mina")
    with httpx.Client(base_url=first.url) as client:
        come_in(client, first.enter)
        item = client.post("/api/next", json={"count": 1}).json()["items"][0]["number"]
        row = {"client": "c1", "item": item, "action": "accept"}
        kept = client.post("/api/events", json={"events": [row]}).json()["kept"]
        first.stop(signal.SIGKILL)
        second = start("--who", "mina")
        client.base_url = httpx.URL(second.url)
        assert client.post("/api/events", json={"events": [row]}).json()["kept"] == kept


def test_a_file_is_labelled_at_once(tmp_path: Path) -> None:
    file = tmp_path / "tweets.txt"
    file.write_text("yaar kal meeting\nso chill\n", "utf-8")
    for _ in range(2):
        server = Started(file, "--port", 0, "--no-learn", "--who", "mina", "--languages", "hi,en")
        try:
            with httpx.Client(base_url=server.url) as client:
                come_in(client, server.enter)
                assert client.get("/api/project").json()["counts"]["left"] == 2
        finally:
            server.stop()
    assert (tmp_path / "tweets.annotate").is_file()


def test_an_open_address_needs_tls(project: Path) -> None:
    command = [sys.executable, "-m", "macaronic", "annotate", "serve", str(project), "--host", "0.0.0.0", "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "--tls" in done.stderr


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate of this test")
def test_tls(start: Callable[..., Started], tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    make += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(make, check=True, capture_output=True)
    server = start("--who", "mina", "--tls", certificate, key)
    assert server.url.startswith("https://")
    with httpx.Client(base_url=server.url, verify=ssl.create_default_context(cafile=str(certificate))) as client:
        assert "Secure" in come_in(client, server.enter)["cookie"].split("; ")
        made = client.post("/api/admin/invite", json={"role": "viewer"}, headers={"origin": server.url})
        assert made.json()["url"].startswith(f"{server.url}/join#")


@pytest.fixture
def proxy() -> Iterator[Callable[[str], str]]:
    """`proxy(url)` starts a small reverse proxy, as one with TLS would be; gives its address."""
    running: list[ThreadingHTTPServer] = []

    def begin(behind: str) -> str:
        class Passing(BaseHTTPRequestHandler):
            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                onward = http.client.HTTPConnection(urlsplit(behind).netloc)
                head = {name: value for name, value in self.headers.items() if name.lower() != "x-forwarded-for"}
                head |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": self.headers.get("x-from", "10.1.1.1")}
                onward.request(self.command, self.path, body, head)
                answer = onward.getresponse()
                content = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("date", "server", "connection"):
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
                onward.close()

            do_GET = do_POST = _pass

            def log_message(self, format: str, *args: object) -> None:
                return None

        running.append(ThreadingHTTPServer(("127.0.0.1", 0), Passing))
        threading.Thread(target=running[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{running[-1].server_port}"

    yield begin
    for one in running:
        one.shutdown()
        one.server_close()


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def test_behind_a_proxy(start: Callable[..., Started], proxy: Callable[[str], str], project: Path) -> None:
    with Accounts(project) as accounts:
        accounts.set_password("asha", SECRET)
    port, host = free_port(), "https://label.example"
    server = start("--who", "mina", "--trust-proxy", "--public-url", host, "--port", port)
    assert server.enter.startswith(f"{host}/enter#")
    front = proxy(f"http://127.0.0.1:{port}")
    with httpx.Client(base_url=front, headers={"host": "label.example", "origin": host}) as client:
        found = come_in(client, server.enter)
        assert "Secure" in found["cookie"].split("; ")
        assert found["needs_password"]
        session = found["cookie"].partition(";")[0]
        client.headers["cookie"] = session
        made = client.post("/api/admin/invite", json={"role": "viewer"})
        assert made.json()["url"].startswith("https://label.example/join#")
        assert client.post("/api/admin/refit", json={}, headers={"origin": "https://evil.example"}).status_code == 403
        assert client.get("/api/project", headers={"host": "evil.example"}).status_code == 400
        wrong = {"name": "nobody", "password": "a guess"}
        for n in range(20):
            client.post("/api/login", json={**wrong, "name": f"nobody{n}"}, headers={"x-from": "10.2.2.2"})
        right = {"name": "asha", "password": SECRET}
        assert client.post("/api/login", json=right, headers={"x-from": "10.2.2.2"}).status_code == 429
        assert client.post("/api/login", json=right, headers={"x-from": "10.3.3.3"}).status_code == 200


def test_two_hundred_megabytes_are_not_kept(start: Callable[..., Started]) -> None:
    server = start("--who", "mina")
    there = urlsplit(server.url)
    before = memory(server)
    with socket.create_connection((there.hostname, there.port), timeout=20) as line:
        head = f"POST /api/login HTTP/1.1\r\nHost: {there.netloc}\r\nContent-Type: application/json\r\n"
        line.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        piece = b"10000\r\n" + b" " * (1 << 16) + b"\r\n"
        sent = 0
        try:
            for _ in range(3200):
                line.sendall(piece)
                sent += len(piece)
        except OSError:
            pass
        try:
            answer = line.recv(1000)
        except ConnectionError:
            answer = b""
    assert answer == b"" or b" 413 " in answer.split(b"\r\n")[0]
    assert memory(server) - before < 50 << 20
    assert httpx.get(f"{server.url}/login").status_code == 200


def memory(server: Started) -> int:
    """The most bytes that the server has held."""
    told = Path(f"/proc/{server.process.pid}/status")
    if not told.exists():
        pytest.skip("this system does not tell how much memory a process has held")
    line = next(line for line in told.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) << 10
