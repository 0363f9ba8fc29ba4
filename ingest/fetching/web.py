"""Pages and files from the web, within the limits of the settings."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import whole
from ingest.fetching.cache import Body, Cache
from ingest.fetching.client import Client
from ingest.fetching.faults import Fault, Missing, Wrong
from settings import Settings

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

BLOCK = 64 * 1024
HEAD = 4096
"""Bytes of a file by which its kind is told."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that came whole, still under a name of its own in the folder; `type` is what the server calls it."""

    path: Path
    bytes: int
    sha256: str
    etag: str
    modified: str
    type: str


class Web:
    """What a source may ask the web for. `settings` is the [fetch] section; safe for several threads at a time.

    Whatever fails is a Fault with the reason, or Cut where the network is gone.
    """

    def __init__(self, settings: Settings, cache: Cache) -> None:
        self.settings = settings.fetch
        self.received = 0  # bytes of all bodies
        self.files = 0  # that were transferred
        self._file_mb = settings.limits.file_mb
        self._cache = cache
        self._lock = threading.Lock()
        self._client = Client(settings.fetch, lambda url: self._body(url, robots=False).data)

    def __enter__(self) -> Web:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    @property
    def reached(self) -> bool:
        return self._client.reached

    def stop(self) -> None:
        self._client.stop()

    def page(self, url: str) -> tuple[str, str]:
        """The text of a page, and its address after what it was sent on to. An unchanged page is not transferred anew."""
        from errors import UnreadableDocument
        from ingest.extract.text import decode

        body = self._body(url)
        try:
            return decode(body.data), body.url
        except UnreadableDocument as error:
            raise Fault("siden er ikke tekst") from error

    def json(self, url: str) -> Any:
        """What an address answers in JSON. An unchanged answer is not transferred anew."""
        try:
            return json.loads(self._body(url).data)
        except (ValueError, RecursionError) as error:
            raise Fault("svaret er ikke gyldig JSON") from error

    def missing(self, url: str) -> bool:
        """Does the server say that there is no such thing any more?"""
        try:
            self._body(url)
        except Missing:
            return True
        except Fault:
            return False
        return False

    def download(
        self, url: str, folder: Path, check: Callable[[bytes, str], None], etag: str = "", modified: str = ""
    ) -> Download | None:
        """A file, laid in the folder under a name that is no document's; None where the validators still hold.

        `check(head, type)` is given its first bytes and what the server calls it, and raises Wrong to end the transfer.
        """
        self._within_the_run()

        def use(response: BaseHTTPResponse, _: str) -> Download | None:
            if response.status == 304:
                return None
            kind = (response.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
            stated = _validators(response)
            blocks = self._blocks(response, self._file_mb, "limits.file_mb", run=True)
            digest, size = hashlib.sha256(), 0
            with self._one_more(), whole.part(folder) as (path, file):
                head = b""
                for block in blocks:
                    if size < HEAD:
                        before, head = len(head), (head + block)[:HEAD]
                        if before < HEAD <= len(head):
                            _checked(check, head, kind, stated)
                    digest.update(block)
                    size += len(block)
                    file.write(block)
                if len(head) < HEAD:
                    _checked(check, head, kind, stated)
            return Download(path, size, digest.hexdigest(), *stated, kind)

        headers = {"Accept-Encoding": "identity", **_conditions(etag, modified)}
        return self._client.get(url, use, headers)

    def _body(self, url: str, robots: bool = True) -> Body:
        kept = self._cache.get(url)

        def use(response: BaseHTTPResponse, at: str) -> Body:
            if response.status == 304 and kept:
                return kept
            limit = self.settings.page_mb
            return Body(at, b"".join(self._blocks(response, limit, "fetch.page_mb")), *_validators(response))

        headers = {"Accept-Encoding": "gzip, deflate"}
        body = self._client.get(url, use, headers | (_conditions(kept.etag, kept.modified) if kept else {}), robots)
        if body is not kept:
            self._cache.put(url, body)
        return body

    def _blocks(self, response: BaseHTTPResponse, limit_mb: int, setting: str, run: bool = False) -> Iterator[bytes]:
        """The body, unpacked where the server packed it; never more than the limit of it, nor of the whole run."""
        large = Fault(f"over grensen på {limit_mb} MB ({setting} i config.toml)")
        length = response.headers.get("Content-Length") or ""
        if length.isdecimal() and int(length) > limit_mb * 2**20:
            raise large
        size = 0
        for block in response.stream(BLOCK):
            size += len(block)
            with self._lock:
                self.received += len(block)
            if size > limit_mb * 2**20:
                raise large
            if run:
                self._within_the_run(files=False)
            yield block

    @contextmanager
    def _one_more(self) -> Iterator[None]:
        """Counts a file before it comes, so that those that come side by side don't go over the limit together."""
        with self._lock:
            self._within_the_run()
            self.files += 1
        try:
            yield
        except BaseException:
            with self._lock:
                self.files -= 1
            raise

    def _within_the_run(self, files: bool = True) -> None:
        if files and self.files >= self.settings.files:
            raise Fault(f"en kjøring henter høyst {self.settings.files} filer (fetch.files i config.toml); den neste fortsetter")
        if self.received > self.settings.total_mb * 2**20:
            raise Fault(
                f"en kjøring henter høyst {self.settings.total_mb} MB (fetch.total_mb i config.toml); den neste fortsetter"
            )


def _checked(check: Callable[[bytes, str], None], head: bytes, kind: str, stated: tuple[str, str]) -> None:
    try:
        check(head, kind)
    except Wrong as wrong:
        wrong.etag, wrong.modified = stated
        raise


def _validators(response: BaseHTTPResponse) -> tuple[str, str]:
    """ETag and Last-Modified, where they are such as can be sent back."""
    found = (response.headers.get("ETag") or "", response.headers.get("Last-Modified") or "")
    return tuple(value if value.isascii() and value.isprintable() and len(value) <= 200 else "" for value in found)  # type: ignore[return-value]


def _conditions(etag: str, modified: str) -> dict[str, str]:
    stated = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in stated.items() if value and value.isascii() and value.isprintable()}
