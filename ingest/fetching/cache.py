"""Answers of searches and project pages, kept so that an unchanged one need not be sent again."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Body:
    """What an address gave: `url` is where it was in the end, after what it was sent on to."""

    url: str
    data: bytes
    etag: str = ""
    modified: str = ""


class Cache:
    """A file for each address, written whole or not at all. What is lost of it costs a transfer, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, url: str) -> Body | None:
        try:
            head, _, data = gzip.decompress(self._path(url).read_bytes()).partition(b"\n")
            return Body(data=data, **json.loads(head))
        except (OSError, EOFError, ValueError, TypeError):
            return None

    def put(self, url: str, body: Body) -> None:
        """Keeps an answer that can be asked for anew; one without a validator would never be used."""
        if not (body.etag or body.modified):
            return
        head = json.dumps({"url": body.url, "etag": body.etag, "modified": body.modified}).encode()
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(url)
        work = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        try:
            work.write_bytes(gzip.compress(head + b"\n" + body.data, compresslevel=6, mtime=0))
            os.replace(work, path)
        finally:
            with suppress(OSError):
                work.unlink(missing_ok=True)

    def _path(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.gz"
