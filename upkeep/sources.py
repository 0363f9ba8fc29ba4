"""What the sources came to when they were last fetched, and which documents could not be had or read, each with the reason."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from errors import UsageError
from ingest import entry, sources
from ingest.fetching import sidecar
from settings import OWN, Settings
from shown import one_line

NEEDED = {"at", "entries", "files", "failed", "gone"}
WEB = sources.WEB
"""The sources on the web."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that gave nothing: what it is called, the address of its source or "", and the reason as a sentence."""

    name: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the last fetch from a source came to: when it ended (ISO, UTC), the entries it looked at and those the source has no
    longer, and how many files came, were the same, and could not be had."""

    at: str
    entries: int
    gone: int
    fetched: int
    unchanged: int
    failed: int


def fetching(settings: Settings) -> list[tuple[str, ...]]:
    """The steps of a job that fetch what the settings say: [watch] sources, each written as after `ingest fetch`. UsageError."""
    try:
        return [("fetch", *shlex.split(text)) for text in settings.watch.sources]
    except ValueError as error:
        raise UsageError("sources under [watch] i config.toml kan ikke leses; se at hvert anførselstegn har sin make.") from error


def names(settings: Settings) -> list[str]:
    """The sources that anything has been fetched from or laid by hand for, by the names of their folders."""
    corpus = settings.folders.corpus
    there = (
        {path.name for path in corpus.iterdir() if path.is_dir() and not path.name.startswith(".")} if corpus.is_dir() else set()
    )
    return [name for name in (*sources.WEB, OWN) if name in there] + sorted(there - {*sources.WEB, OWN})


def last(name: str, settings: Settings) -> Fetched | None:
    """The last fetch from a source; None where it is none on the web, or has never been fetched."""
    told = _told(name, settings)
    return Fetched(told["at"], told["entries"], len(told["gone"]), **told["files"]) if told else None


def failures(name: str, settings: Settings) -> list[Failure]:
    """What the last fetch from a source could not have."""
    corpus, told = settings.folders.corpus, _told(name, settings) or {"failed": ()}
    return [_failure(_title(corpus / one["entry"]) or one["entry"], one["url"], one["reason"]) for one in told["failed"]]


def unread(settings: Settings) -> list[Failure]:
    """The documents of the corpus that could not be read."""
    from ingest import refused

    return [_unread(one["path"], one["reason"], settings) for one in refused.read(settings)]


def unread_count(settings: Settings) -> int:
    from ingest import refused

    return len(refused.read(settings))


def _told(name: str, settings: Settings) -> dict[str, Any] | None:
    from ingest.fetching import run

    told = run.last(name, settings) if name in sources.WEB else None
    return told if told and told.keys() >= NEEDED else None


def _title(folder: Path) -> str:
    known = sidecar.read(folder)
    return known.title if known else ""


def _unread(path: str, reason: str, settings: Settings) -> Failure:
    """By the title that its source gives it, else by its place in the corpus."""
    at = (settings.root / path).resolve()
    listed = entry.beside(at) or (sidecar.read(at.parent) if at.name == entry.NAME else None)
    corpus = settings.folders.corpus
    name = at.relative_to(corpus).as_posix() if at.is_relative_to(corpus) else PurePosixPath(path).name
    return _failure(listed.title or name, listed.page, reason) if listed else _failure(name, "", reason)


def _failure(*told: str) -> Failure:
    return Failure(*(one_line(text) for text in told))  # names of files may hold what can't be shown
