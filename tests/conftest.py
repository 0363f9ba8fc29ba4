"""What all tests share: the folder of evaluation data, settings on a store of their own, and no network."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first, then slow ones, then the browser: what breaks shows early."""
    items.sort(key=lambda item: bool(item.get_closest_marker("slow")) + 2 * bool(item.get_closest_marker("browser")))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of evaluation data beside the repository; the test is skipped where it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "eval").is_dir():
        pytest.skip("needs the evaluation data in ../shared, which is not part of the repository")
    return folder


@pytest.fixture
def settings(tmp_path: Path):
    """The project's own settings, with an empty store."""
    from settings import load_settings

    return load_settings(store=tmp_path / "store")


@pytest.fixture
def site() -> Iterator:
    """A site on this machine that plays the sources on the web."""
    from fou_server import FouServer, Site

    site = Site()
    server = FouServer(site)
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing outside this machine may be reached by the code under test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address):
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"a test tried to reach {host}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
