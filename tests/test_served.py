"""The server as it stands in .streamlit/config.toml: at this machine, for its own pages, telling nobody."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request

import pytest

from settings import ROOT

HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture(scope="module")
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(number)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while status(number, "/_stcore/health") != 200:
            assert time.monotonic() < until and process.poll() is None
            time.sleep(0.2)
        yield number
    finally:
        process.terminate()
        process.wait(20)


def status(port: int, path: str, method: str = "GET", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=named, method=method)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def connected(port: int, host: str, origin: str) -> bool:
    """Whether a page of that origin, by that name of the server, may open the connection that pages are drawn over."""
    lines = {"Host": host, "Origin": origin, **HANDSHAKE}
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(("GET /_stcore/stream HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in lines.items()) + "\r\n").encode())
        return line.recv(200).startswith(b"HTTP/1.1 101")


def test_only_this_machine_is_served(port):
    assert status(port, "/") == 200
    listening = [
        line.split()[1] for line in open("/proc/net/tcp") if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]
    assert listening == [f"0100007F:{port:04X}"]


@pytest.mark.parametrize(
    ("host", "origin", "open_to"),
    [
        ("127.0.0.1", "http://127.0.0.1", True),
        ("localhost", "http://localhost", True),
        ("127.0.0.1", "https://ond.example", False),  # a page of another site
        ("ond.example", "http://ond.example", False),  # and one whose name was made to lead here
        ("ond.example", "http://127.0.0.1", False),
    ],
)
def test_only_our_own_pages_may_connect(port, host, origin, open_to):
    assert connected(port, f"{host}:{port}", origin if origin.startswith("https") else f"{origin}:{port}") == open_to


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/config.toml",
        "/config.toml",
        "/media/../config.toml",
        "/media/%2e%2e/config.toml",
        "/store/lists.sqlite",
        "//etc/passwd",
    ],
)
def test_no_file_is_had_by_its_path(port, path):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    assert b"[folders]" not in body and b"SQLite format" not in body and b"root:" not in body


def test_an_upload_needs_a_session_and_its_token(port):
    assert status(port, "/_stcore/upload_file/x/y", "PUT") in (400, 403)


def test_what_is_off_stays_off():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    server, browser = config["server"], config["browser"]
    assert server["enableXsrfProtection"] and server["enableCORS"] and server["address"] == "127.0.0.1"
    assert not browser["gatherUsageStats"] and config["client"]["showErrorDetails"] == "none"
    assert not server.get("enableStaticServing") and not server.get("enableAgentApi") and not server.get("trustedUserHeaders")
