"""Connections of urllib3 that go only to addresses that may be asked, and that end when their time is out."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from ingest.fetching import addresses

if TYPE_CHECKING:
    import urllib3

_here = threading.local()  # the clock that this thread works under


class Clock:
    """The seconds that an address may take, whatever it takes them for. When they are out its connection is cut.

    A limit on each read would not do: a server that sends a byte now and then keeps every one of them.
    """

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self.out = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()

    @contextmanager
    def running(self) -> Iterator[None]:
        timer = threading.Timer(max(self.left, 0), self.cut)
        timer.daemon = True
        began = time.monotonic()
        timer.start()
        _here.clock = self
        try:
            yield
        finally:
            _here.clock = None
            timer.cancel()
            self.left -= time.monotonic() - began
            with self._lock:
                while self._sockets:
                    self._sockets.pop().close()

    def watch(self, sock: socket.socket) -> None:
        """Takes a connection in charge, by a handle of its own: the connection may be closed while its answer is still read."""
        with self._lock:
            self._sockets.append(sock.dup())
        if self.out:
            self.cut()

    def cut(self) -> None:
        """Ends what is waited for, also from another thread."""
        self.out = True
        with self._lock:
            for sock in self._sockets:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)


class _Watched:
    """What plain and secure connections share here."""

    allow_private = False
    _handle: socket.socket | None = None  # to the same connection; TLS takes the first one away

    def _new_conn(self) -> socket.socket:
        sock = addresses.connect(self._dns_host, self.port, self.timeout, self.allow_private)  # type: ignore[attr-defined]
        self._handle = sock.dup()
        self._watch()
        return sock

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._watch()  # a connection that was kept open from an earlier address
        super().request(*args, **kwargs)  # type: ignore[misc]

    def close(self) -> None:
        handle, self._handle = self._handle, None
        super().close()  # type: ignore[misc]
        if handle is not None:
            handle.close()

    def _watch(self) -> None:
        clock = getattr(_here, "clock", None)
        if clock is not None and self._handle is not None:
            clock.watch(self._handle)


def pool(allow_private: bool, at_once: int) -> urllib3.PoolManager:
    """A pool that keeps connections open between requests; no proxy and no password file of the machine is used."""
    import urllib3
    from urllib3.connection import HTTPConnection, HTTPSConnection

    private = {"allow_private": allow_private}
    plain = type("Plain", (_Watched, HTTPConnection), private)
    secure = type("Secure", (_Watched, HTTPSConnection), private)
    found = urllib3.PoolManager(num_pools=20, maxsize=at_once)
    found.pool_classes_by_scheme = {
        "http": type("PlainPool", (urllib3.HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (urllib3.HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }
    return found
