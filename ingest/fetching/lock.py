"""One fetch at a time into a folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from errors import FouError

NAME = ".lock"


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Held while a run fetches into the folder; gives whether the run before it was killed. FouError where one is going on.

    A process that is dead holds no lock, but leaves the file. A run that ends takes it away, and the folder too where it
    brought nothing.
    """
    path = folder / NAME
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        left = path.exists()
        try:
            file = path.open("a")
        except FileNotFoundError:  # the folder was taken away again by a run that ended
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise FouError(f"En annen henting til {folder} er i gang; vent til den er ferdig.") from error
        with suppress(FileNotFoundError):
            if os.fstat(file.fileno()).st_ino == path.stat().st_ino:
                break
        file.close()  # the file was taken away between our opening and our locking
    try:
        yield left
    finally:
        path.unlink(missing_ok=True)
        file.close()
        with suppress(OSError):
            folder.rmdir()  # which only an empty one lets happen
