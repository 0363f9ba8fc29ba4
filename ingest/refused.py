"""The documents that could not be read, kept in the store: none is tried again before it, a limit or the program has changed.

A document that hangs costs its whole time, and would in every run. A catalog that is built anew does not touch the list.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import moments
import whole
from settings import Settings

NAME = "refused.json"
VERSION = 1
"""Raised when documents can be read that could not be before."""
READERS = ("pymupdf", "python-docx", "lxml")
OFTEN = 5.0  # seconds between two writings in a run


def read(settings: Settings, folder: Path | None = None) -> list[dict[str, str]]:
    """What could not be read at the last run: "path" as the catalog has it, "reason", and "at", the UTC time it was first told.

    `folder` is the store's, where it isn't that of the settings.
    """
    rows = _rows(folder or settings.folders.store)
    return [{name: rows[path][name] for name in ("path", "reason", "at")} for path in sorted(rows)]


def fingerprint(document: str, settings: Settings) -> str:
    """Changes with the document's own fingerprint, with the limits, and with what reads it."""
    state = [document, asdict(settings.limits), VERSION, _versions()]
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()[:32]


@cache
def _versions() -> list[str]:
    return [version(name) for name in READERS]


@dataclass(slots=True)
class Refused:
    """The list while documents are being read."""

    folder: Path
    rows: dict[str, dict[str, str]]
    _written: float = field(default_factory=time.monotonic)

    def reason(self, path: str, fingerprint: str) -> str:
        """Why a document that is as it was could not be read; "" for one to be tried."""
        row = self.rows.get(path)
        return row["reason"] if row and fingerprint and row["fingerprint"] == fingerprint else ""

    def add(self, path: str, reason: str, fingerprint: str = "") -> None:
        """A document without a fingerprint is tried again at every run."""
        row = self.rows.get(path)
        if row and (row["reason"], row["fingerprint"]) == (reason, fingerprint):
            return
        self.rows[path] = {"path": path, "reason": reason, "at": moments.now(), "fingerprint": fingerprint}
        if time.monotonic() - self._written > OFTEN:
            self.write()

    def drop(self, path: str) -> None:
        """A document that was read, or is gone."""
        self.rows.pop(path, None)

    def write(self) -> None:
        whole.write(self.folder / NAME, json.dumps([self.rows[path] for path in sorted(self.rows)], ensure_ascii=True, indent=1))
        self._written = time.monotonic()


@contextmanager
def keeping(folder: Path) -> Iterator[Refused]:
    """The list of a store, written when the block is left, however it is, if it has changed."""
    found = Refused(folder, _rows(folder))
    before = dict(found.rows)
    try:
        yield found
    finally:
        if found.rows != before:
            found.write()


def _rows(folder: Path) -> dict[str, dict[str, str]]:
    """By path. A list that can't be understood is none: all is tried anew."""
    try:
        rows: Any = json.loads((folder / NAME).read_text("utf-8"))
        found = {row["path"]: {name: str(row[name]) for name in ("path", "reason", "at", "fingerprint")} for row in rows}
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return found
