"""What went wrong, in store/log/fou-sok.log: the type and the lines of code, under a short id that the user is told.

Never a message, a value or the name of a file: those may hold a question, a text, or who someone is. Of an error of the
machine the number and its standard words are kept ("errno 28, No space left on device"), for they hold nothing of anyone.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import time
import traceback
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

from settings import ROOT

LARGEST, KEPT = 1_000_000, 5  # bytes of a file, and how many older ones are kept
NAME = "fou-sok.log"


def path(store: Path) -> Path:
    return store / "log" / NAME


def keep(error: BaseException, store: Path | None, where: str) -> tuple[str, bool]:
    """Keeps what went wrong; gives its id, and whether it could be kept. `where`: a command or a page, never what was asked.

    A log that can't be written stops nothing.
    """
    number = secrets.token_hex(3)
    if store is None:
        return number, False
    told = f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {number} {where} [{os.getpid()}]\n{explained(error)}"
    try:
        path(store).parent.mkdir(parents=True, exist_ok=True)
        _write(path(store), told)
    except OSError:
        return number, False
    return number, True


def explained(error: BaseException) -> str:
    """The error, and those that it came of, the first first: each by its type and the lines of code that it passed."""
    return "".join(_one(each) for each in reversed([*_chain(error)]))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _one(error: BaseException) -> str:
    kind = type(error)
    said = f" (errno {error.errno}, {os.strerror(error.errno)})" if isinstance(error, OSError) and error.errno else ""
    lines = [f"  {kind.__module__}.{kind.__qualname__}{said}\n"]
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"    {_place(frame.filename)}:{frame.lineno} {frame.name}: {frame.line or ''}\n")
    return "".join(lines)


def _place(file: str) -> str:
    """A module's file from the project's folder, or from where packages lie: no names of this machine."""
    at = Path(file)
    for folder in (ROOT, *(parent for parent in at.parents if parent.name in ("site-packages", "dist-packages"))):
        if at.is_relative_to(folder) and not (folder == ROOT and "site-packages" in at.parts):
            return at.relative_to(folder).as_posix()
    return at.name


def _write(file: Path, told: str) -> None:
    """Adds to the log, which begins anew where it is full. Several processes may: each opens it for itself, one at a time, or one
    would go on in a file that another has put aside."""
    with (file.parent / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        handler = _Strict(file, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", delay=True)
        try:
            handler.emit(logging.makeLogRecord({"msg": told.rstrip("\n")}))
        finally:
            handler.close()


class _Strict(RotatingFileHandler):
    """It raises where it can't write, instead of telling of it on standard error."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        raise
