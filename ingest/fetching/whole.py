"""Files written whole or not at all: first under a name that is no document's, then, when all is on the disk, moved."""

from __future__ import annotations

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


def write(path: Path, text: str) -> None:
    """A small text file, whole or not at all; with it all that was moved into its folder before is on the disk."""
    with part(path.parent) as (work, file):
        file.write(text.encode("utf-8"))
    move(work, path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Removes what runs that were killed had not finished."""
    for path in folder.rglob(f"{PART}*"):
        path.unlink(missing_ok=True)
