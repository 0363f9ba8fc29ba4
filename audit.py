"""Every change of what all share, a line each in store/log/audit.jsonl: when, who, what, and how it ended.

    with audit.change(store, "fetch", source="ks") as facts:
        facts["fetched"] = 3

It is only ever added to, and each line is on the disk before the next step. What it says of who: "cli" for the command lines, "local"
for someone at the machine itself, and for who has signed in the role with a code that can't be turned back into an address;
whoever may read the store can ask for the code of an address (`code`). Documents stand by their names, lists and saved questions by
their numbers alone, for what people call them, or ask, may be nobody else's.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import failures

CLI = "cli"
WHO = "FOU_SOK_WHO"
"""In the environment of what the app begins: on whose behalf."""

_asked: Callable[[], str | None] = lambda: None  # noqa: E731


def told_by(who: Callable[[], str | None]) -> None:
    """Has `who` asked for who is behind a change; None leaves it to the environment."""
    global _asked
    _asked = who


def who() -> str:
    return _asked() or os.environ.get(WHO) or CLI


def path(store: Path) -> Path:
    return store / "log" / "audit.jsonl"


@contextmanager
def change(store: Path, what: str, **facts: Any) -> Iterator[dict[str, Any]]:
    """One line when the block ends, well or not. What is put into the dictionary that it gives stands in the line too."""
    ended = "ok"
    try:
        yield facts
    except BaseException as error:
        ended = "stopped" if isinstance(error, KeyboardInterrupt) else f"failed: {type(error).__name__}"
        raise
    finally:
        _write(store, {"what": what, "ended": ended, **facts})


def lines(store: Path, since: str = "", by: str = "") -> Iterator[dict[str, Any]]:
    """What was changed since a moment (ISO, in UTC) by someone (an address, or what stands as "who"), the first first.

    A line that isn't whole, of a machine that lost power, is passed over.
    """
    wanted = {by, f"editor:{code(store, by)}", f"reader:{code(store, by)}"} if by else set()
    with suppress(FileNotFoundError), path(store).open(encoding="utf-8", errors="replace") as file:
        for text in file:
            with suppress(ValueError):
                line = json.loads(text)
                if isinstance(line, dict) and str(line.get("at", "")) >= since and (not by or line.get("who") in wanted):
                    yield line


def code(store: Path, person: str) -> str:
    """What stands for someone who has signed in: the same in all lines of this store, and of no use without its key."""
    return hmac.new(_key(store), person.strip().casefold().encode("utf-8", "replace"), "sha256").hexdigest()[:12]


def _key(store: Path) -> bytes:
    file = path(store).with_name(".key")
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        work = file.with_name(f".key.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(work, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(secrets.token_bytes(32))
        with suppress(FileExistsError):
            os.link(work, file)  # whole or not at all, and the first one's stays
        work.unlink()
    return file.read_bytes()


def _write(store: Path, told: dict[str, Any]) -> None:
    try:
        line = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "who": who(), **told}
        path(store).parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path(store), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            end = os.fstat(file.fileno()).st_size
            whole = not end or os.pread(file.fileno(), 1, end - 1) == b"\n"  # or a power cut left half a line
            file.write(f"{'' if whole else chr(10)}{json.dumps(line, ensure_ascii=False)}\n".encode("utf-8", "backslashreplace"))
            os.fsync(file.fileno())
    except OSError as error:  # what can't be told of is done all the same
        failures.keep(error, store, "audit")
