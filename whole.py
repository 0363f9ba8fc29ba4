"""Whole files: written whole or not at all, first under a name that is no document's and moved when all is on the disk; and their sums."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

PART = ".part-"
"""What the names of unfinished files begin with. Nothing that begins with a dot is read as a document."""


@contextmanager
def part(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """An unfinished file in the folder, on the disk when the block is left; gone again where that raises."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{PART}{secrets.token_hex(8)}"
    try:
        with path.open("xb") as file:
            yield path, file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def move(path: Path, to: Path) -> None:
    """Puts a finished file in its place; whoever reads it sees the old one or the new."""
    os.replace(path, to)


def put_away(path: Path) -> Path:
    """Gives a file the name of an unfinished one, which the next run takes away if this one does not."""
    away = path.with_name(f"{PART}{secrets.token_hex(8)}")
    with suppress(FileNotFoundError):
        os.replace(path, away)
    return away


def write(path: Path, content: str | bytes) -> None:
    """A small file, whole or not at all; with it all that was moved into its folder before is on the disk."""
    with part(path.parent) as (work, file):
        file.write(content.encode("utf-8") if isinstance(content, str) else content)
    move(work, path)
    to_disk(path.parent)


def to_disk(path: Path) -> None:
    """Waits until a file, or the names in a folder, would outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sweep(folder: Path) -> None:
    """Removes what runs that were killed had not finished."""
    for path in folder.rglob(f"{PART}*"):
        path.unlink(missing_ok=True)
