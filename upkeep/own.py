"""Documents of one's own, handed over by hand: into a folder of the corpus and out of it again. They are not public."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path, PurePosixPath

import audit
import whole
from errors import FouError, UsageError
from ingest.extract import SUFFIXES
from ingest.fetching import kinds, lock, names
from ingest.fetching.faults import Fault
from settings import OWN, Settings
from shown import HALVES

LONGEST = 300  # characters of a title or a body
YEARS = (1800, 2100)
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Stated:
    """What is said of a document that it may not say itself; "" and None leave it to the document."""

    title: str = ""
    year: int | None = None
    body: str = ""


def folder(settings: Settings) -> Path:
    return settings.folders.corpus / OWN


def documents(settings: Settings) -> list[Path]:
    """The documents that are there, by name."""
    return sorted(_documents(folder(settings)), key=lambda path: path.name)


def add(name: str, data: bytes, stated: Stated, settings: Settings) -> Path:
    """Lays a document in the folder, whole or not at all, under a safe name like the one it has. Gives where it lies.

    UsageError with the reason where it is none that can be read, is there already, or what is stated can't be so.
    """
    with audit.change(settings.folders.store, "document.add") as told:
        path = _added(name, data, stated, settings)
        told["document"] = path.name
    return path


def _added(name: str, data: bytes, stated: Stated, settings: Settings) -> Path:
    suffix = _suffix(name, data, settings)
    said = _sidecar(stated)
    at = folder(settings)
    with _ONE_AT_A_TIME, lock.alone(at):
        whole.sweep(at)
        if twin := _same(at, data):
            raise UsageError(f"«{name}» er lagt til før, som «{twin.name}».")
        with whole.part(at) as (work, file):
            file.write(data)
        try:
            settled = kinds.settle(work, suffix, "", settings.fetch.unpacked_mb)
            path = at / f"{_free_stem(at, name)}{settled}"
            _placed(work, path, said)
        except Fault as fault:
            raise UsageError(f"«{name}» kan ikke legges til: {fault}.") from fault
        finally:
            work.unlink(missing_ok=True)
    return path


def remove(name: str, settings: Settings) -> Path:
    """Moves a document, with what is stated of it, out of the collection; gives the folder where it can be had back from.

    UsageError where there is none of that name.
    """
    with audit.change(settings.folders.store, "document.remove", document=name):
        return _removed(name, settings)


def _removed(name: str, settings: Settings) -> Path:
    path = next((path for path in documents(settings) if path.name == name), None)
    if path is None:
        raise UsageError(f"«{name}» er ikke blant dine egne dokumenter lenger.")
    away = settings.folders.store / "removed" / f"{time.strftime('%Y%m%d-%H%M%S')}-{path.stem}"
    away.mkdir(parents=True, exist_ok=True)
    try:
        for file in (path, path.with_suffix(".json")):
            if file.is_file():
                shutil.move(file, away / file.name)
    except OSError as error:
        raise FouError(f"«{name}» kan ikke flyttes ({error.strerror}); sjekk disken og tilgangen.") from error
    return away


def _suffix(name: str, data: bytes, settings: Settings) -> str:
    suffix = PurePosixPath(name.lower()).suffix
    if suffix not in SUFFIXES:
        raise UsageError(f"«{name}» er ikke av en type som kan leses ({', '.join(SUFFIXES)}).")
    if len(data) > settings.limits.file_mb * 2**20:
        raise UsageError(f"«{name}» er over grensen på {settings.limits.file_mb} MB (limits.file_mb i config.toml).")
    if not data:
        raise UsageError(f"«{name}» kan ikke legges til: filen er tom.")
    return suffix


def _sidecar(stated: Stated) -> str:
    """NAME.json of what is stated; "" where nothing is."""
    clean = {key: " ".join(value.split())[:LONGEST] if isinstance(value, str) else value for key, value in asdict(stated).items()}
    given = {key: value for key, value in clean.items() if value not in ("", None)}
    if stated.year is not None and not YEARS[0] <= stated.year <= YEARS[1]:
        raise UsageError(f"Året {stated.year} kan ikke være; skriv et årstall fra {YEARS[0]} til {YEARS[1]}.")
    if HALVES.search("".join(map(str, given.values()))):
        raise UsageError("Feltene har halve tegn, som ikke kan skrives; skriv dem på nytt.")
    return json.dumps(given, ensure_ascii=False, indent=2) + "\n" if given else ""


def _free_stem(at: Path, name: str) -> str:
    """The first name like the one it has that nothing there has; by stem, for NAME.json tells of one document."""
    stem, taken = names.stem(PurePosixPath(re.split(r"[/\\]", name)[-1])), {path.stem for path in at.iterdir()}
    return next(tried for n in count(1) if (tried := stem if n == 1 else f"{stem}-{n}") not in taken)


def _placed(work: Path, path: Path, said: str) -> None:
    beside = path.with_suffix(".json")
    try:
        if said:  # first, so that the document is never read without it
            whole.write(beside, said)
        whole.move(work, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _same(at: Path, data: bytes) -> Path | None:
    """The document that has these very bytes, if any."""
    wanted = hashlib.sha256(data).hexdigest()
    for path in _documents(at):
        with suppress(OSError):
            if path.stat().st_size == len(data) and whole.sha256(path) == wanted:
                return path
    return None


def _documents(at: Path) -> Iterator[Path]:
    if at.is_dir():
        yield from (p for p in at.iterdir() if p.is_file() and p.suffix.lower() in SUFFIXES and not p.name.startswith((".", "~")))
