"""Keeping current: fetch from the sources, take in what came, and ask the saved questions of it, round after round."""

from __future__ import annotations

import argparse
import re
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cli
from errors import FouError, UsageError
from ingest.fetching import command
from ingest.fetching.command import Asked
from settings import ROUNDS, Settings

Ingest = Callable[[Sequence[Path], Settings], dict[str, Any]]
"""ingest.__main__.ingest: it is handed over, since that module is the one that is being run."""

HOURS = {"m": 1 / 60, "t": 1, "h": 1, "d": 24}
WAKE = 60  # seconds at most between two looks at the clock, which runs on while the machine sleeps


def every(text: str) -> float:
    """The hours that 6h, 6t, 90m or 2d means: the value of an option. Else ArgumentTypeError."""
    match = re.fullmatch(r"(\d{1,6}(?:[.,]\d{1,3})?)\s*(m|t|h|d)(?:in|ime|imer|ag|ager)?", text.strip().casefold())
    hours = float(match[1].replace(",", ".")) * HOURS[match[2]] if match else 0.0
    if not ROUNDS[0] <= hours <= ROUNDS[1]:
        raise argparse.ArgumentTypeError(
            f"«{text}» er ingen pause; skriv timer, minutter eller dager som 6h, 90m eller 2d, fra 6m"
        )
    return hours


@dataclass(slots=True)
class Round:
    """What happened in a round: the parts of its line, and what went wrong, a sentence each."""

    done: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def watch(sources: Sequence[str], settings: Settings, ingest: Ingest, hours: float, once: bool = False) -> int:
    """Rounds without end, with so many hours between them, until Ctrl-C or SIGTERM; or one of them. Gives the exit code: 1
    where the one round had faults.

    `sources` are written as after `ingest fetch`. What can't be fetched, or read while another process writes, is told, and left
    to the next round; wrong use that shows in the first round ends it (UsageError). Whatever stops it, what is written is whole:
    a file that was fetched, a document, a generation are each there or not.
    """
    asked = [command.asked(text) for text in sources]
    with _stoppable():
        try:
            strict = True
            while True:
                found = one_round(asked, settings, ingest, strict)
                strict = False
                pause = "" if once else f" Neste runde {datetime.now() + timedelta(hours=hours):%Y-%m-%d %H:%M}."
                _tell(found, pause)
                if once:
                    return int(bool(found.faults))
                _wait(hours * 3600)
        except KeyboardInterrupt:
            if once:
                raise
            print("Stanset; alt som var skrevet, er helt, og neste kjøring tar det opp.", flush=True)
            return 0


def one_round(asked: Sequence[Asked], settings: Settings, ingest: Ingest, strict: bool = False) -> Round:
    """Fetches, takes in, and asks the saved questions; each as far as it can be done. `strict` lets wrong use of a source by."""
    found = Round()
    for one in asked:
        with _going_on(found, f"{one.source}: ikke hentet", strict):
            found.done.append(_fetched(one, settings, found))
    with _going_on(found, "Basen: ikke oppdatert"):
        found.done.append(_taken(ingest([settings.folders.corpus], settings)))
        with _going_on(found, "Lagrede spørsmål: ikke sjekket"):
            found.done += _answered(settings)
    return found


def _fetched(one: Asked, settings: Settings, found: Round) -> str:
    from ingest.fetching.run import fetch

    answer = fetch(one.source, one.ask, settings, cli.progress, one.limit)
    if command.nothing(answer):
        first = answer["failed"][0]
        found.faults.append(f"Ingen av filene fra {one.source} var å få; den første, {first['url']}: {first['reason']}")
    files = answer["files"]
    return f"{one.source}: {files['fetched']} hentet, {files['unchanged']} uendret, {files['failed']} ikke å få"


def _taken(answer: dict[str, Any]) -> str:
    unread = f", {len(answer['failed'])} ikke lest" if answer["failed"] else ""
    return (
        f"Basen: {answer['added']} nye, {answer['updated']} oppdatert, {answer['removed']} fjernet{unread}, "
        f"{answer['reports']} rapporter og prosjekter i alt"
    )


def _answered(settings: Settings) -> list[str]:
    """Of the saved questions, if any, how many have new answers. They are not marked: that is for those who read them."""
    from index.layout import Layout
    from index.lists.saved import Saved
    from index.search import open_index

    saved = Saved.of(Layout.of(settings))
    if not saved.questions():
        return []
    count = sum(bool(one.found) for one in saved.check(open_index(settings)))
    return [f"Lagrede spørsmål med nye svar: {count}{' (se dem med python -m index saved check)' if count else ''}"]


@contextmanager
def _going_on(found: Round, undone: str, strict: bool = False) -> Iterator[None]:
    """What fails in the block is told, and the round goes on."""
    try:
        yield
    except (FouError, OSError, sqlite3.Error) as error:
        if strict and isinstance(error, UsageError):
            raise
        found.done.append(undone)
        found.faults.append(cli.told(error) if isinstance(error, OSError) else str(error))


def _tell(found: Round, pause: str) -> None:
    at = f"{datetime.now():%Y-%m-%d %H:%M}"
    for fault in found.faults:
        print(f"ingest: {at}  {' '.join(fault.split())}", file=sys.stderr, flush=True)
    print(f"{at}  {'. '.join(found.done)}.{pause}", flush=True)


def _wait(seconds: float) -> None:
    due = time.time() + seconds
    end = time.monotonic() + seconds  # should the clock be set back
    while (left := min(due - time.time(), end - time.monotonic())) > 0:
        time.sleep(min(WAKE, left))


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM stops as Ctrl-C does."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
