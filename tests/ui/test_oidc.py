"""Sign-in from end to end: a browser, the app, and a provider of OpenID Connect that vouches for whom it is told to."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import browsing
import pytest
from browsing import see

from settings import ROOT

pytestmark = pytest.mark.browser
APP = "fou"


class Provider(BaseHTTPRequestHandler):
    """It asks nobody for a password; `email` is who comes."""

    email, nonce, key = "", "", None

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        here = f"http://{self.headers['Host']}"
        if parts.path == "/authorize":
            Provider.nonce = asked.get("nonce", "")
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': 'x', 'state': asked['state']})}")
            self.end_headers()
        elif parts.path == "/jwks":
            self._say({"keys": [Provider.key.as_dict(private=False)]})
        else:
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
            self._say({"issuer": here, **{name: f"{here}/{end}" for name, end in ends.items()}})

    def do_POST(self) -> None:
        from joserfc import jwt

        self.rfile.read(int(self.headers["Content-Length"]))
        now, here = int(time.time()), f"http://{self.headers['Host']}"
        claims = {
            "iss": here,
            "aud": APP,
            "sub": "7",
            "iat": now,
            "exp": now + 600,
            "nonce": Provider.nonce,
            "email": Provider.email,
        }
        token = jwt.encode({"alg": "RS256", "kid": Provider.key.as_dict()["kid"]}, claims, Provider.key)
        self._say({"access_token": "x", "token_type": "Bearer", "expires_in": 600, "id_token": token})

    def _say(self, told: dict) -> None:
        data = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def guarded(config: Path, tmp_path: Path, monkeypatch) -> Iterator[str]:
    """The app with sign-in, as README sets it up."""
    jwk = pytest.importorskip("joserfc.jwk", reason="needs requirements-signin.txt")
    Provider.key = jwk.RSAKey.generate_key(2048, {"kid": "1"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secrets = tmp_path / "home" / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir(parents=True)
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{"s" * 40}"\nclient_id = "{APP}"\n'
        f'client_secret = "t"\nserver_metadata_url = "http://127.0.0.1:{server.server_port}/.well-known/openid-configuration"\n'
    )
    shutil.copytree(config.parent, tmp_path / "base")
    file = tmp_path / "base" / "config.toml"
    file.write_text(file.read_text() + '[access]\nreaders = ["@kommune.no"]\neditors = ["red@kommune.no"]\n')
    monkeypatch.setenv("HOME", str(secrets.parent.parent))
    try:
        with browsing.serving(file, tmp_path, port) as address:
            yield address
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("email", "told", "edits"),
    [("red@kommune.no", "dokumenter", True), ("x@kommune.no", "dokumenter", False), ("x@ond.example", "", False)],
)
def test_who_is_vouched_for_comes_in(guarded: str, browser, email: str, told: str, edits: bool):
    Provider.email = email
    browser.get(f"{guarded}/samlingen")
    see(browser, ".fou-notice", "Logg inn for å lese")
    assert not browser.find_elements("css selector", ".fou-table, [data-testid=stSidebar] input")
    see(browser, ".st-key-sign_in button").click()
    if not told:
        see(browser, ".fou-notice", "Du har ikke tilgang")
        assert email in see(browser, ".fou-notice").text and not browser.find_elements("css selector", ".fou-inside, input")
        return
    see(browser, ".st-key-signed_in", email)
    browser.get(f"{guarded}/samlingen")
    see(browser, ".fou-table")
    see(browser, "[data-test-script-state=notRunning]")
    assert bool(browser.find_elements("css selector", ".st-key-fetch button")) == edits
    see(browser, ".st-key-sign_out button").click()
    see(browser, ".fou-notice", "Logg inn for å lese")


def test_what_sign_in_needs_is_pinned():
    lines = [line.split("#")[0].strip() for line in (ROOT / "requirements-signin.txt").read_text().splitlines()]
    assert [line.split("==")[0] for line in lines if line] == ["Authlib", "httpx"] and all("==" in line for line in lines if line)
