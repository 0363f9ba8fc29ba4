"""The file of the lists, the search log and the saved questions: SQLite beside the catalog, which no new reading of the
documents touches."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from errors import FouError

VERSION = 2

SAVED = """CREATE TABLE saved (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         question TEXT NOT NULL, filters TEXT NOT NULL, -- JSON
         at TEXT NOT NULL, checked TEXT NOT NULL, -- when it was saved, and last checked
         mark TEXT NOT NULL, -- a moment: reports first seen later have not been held against it
         UNIQUE (question, filters))"""

SCHEMA = (
    """CREATE TABLE lists (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE, -- names that differ only in their capitals are one name
         comment TEXT NOT NULL, changed TEXT NOT NULL)""",
    """CREATE TABLE items (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         list INTEGER NOT NULL REFERENCES lists ON DELETE CASCADE,
         place INTEGER NOT NULL,
         report TEXT NOT NULL,
         reference TEXT NOT NULL, -- JSON, as it was when it was kept
         quote TEXT NOT NULL, -- JSON, or empty where the whole report was kept
         comment TEXT NOT NULL, added TEXT NOT NULL,
         search INTEGER REFERENCES searches ON DELETE SET NULL)""",
    "CREATE INDEX items_list ON items (list, place)",
    "CREATE INDEX items_report ON items (list, report)",  # each new item is looked for first
    """CREATE TABLE searches (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         at TEXT NOT NULL, question TEXT NOT NULL, filters TEXT NOT NULL, hits INTEGER NOT NULL, reports INTEGER NOT NULL)""",
    SAVED,
)

RAISED = {1: (SAVED,)}
"""From each earlier version to the next: an older file is brought up where it stands."""


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file for one task, in the thread that asks: all of it is kept, or nothing. It is made where there is none."""
    with _begun(path, "BEGIN IMMEDIATE") as db:
        yield db


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as `opened` gives it, for a task that only reads: no other has to wait for it."""
    with _begun(path, "BEGIN") as db:
        yield db


@contextmanager
def _begun(path: Path, begin: str) -> Iterator[sqlite3.Connection]:
    """The file in a transaction begun so, of this version."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=30, isolation_level=None)
    except (OSError, sqlite3.OperationalError) as error:
        raise _closed(path, error) from error
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(begin)
        if _version(db) < VERSION:
            db.execute("ROLLBACK")  # the right to write can't be had while others may read along
            db.execute("BEGIN IMMEDIATE")
            _raise(db)
        if _version(db) != VERSION:
            raise FouError(f"Listene i {path} er skrevet av en annen utgave av FoU-søk; oppdater programmet.")
        yield db
        db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise _closed(path, error) from error
    except sqlite3.DatabaseError as error:
        raise FouError(f"Listene i {path} kan ikke leses ({error}); flytt fila vekk, så begynnes det på en ny.") from error
    finally:
        db.close()  # undoes what was not committed


def _version(db: sqlite3.Connection) -> int:
    return db.execute("PRAGMA user_version").fetchone()[0]


def _raise(db: sqlite3.Connection) -> None:
    """Makes the file, or brings it up; nothing where another has done so meanwhile."""
    version = _version(db)
    steps = SCHEMA if version == 0 else [step for older in range(version, VERSION) for step in RAISED[older]]
    for statement in steps:
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {max(version, VERSION)}")


def now() -> str:
    """The time as it is kept: local, to the second."""
    return datetime.now().isoformat(" ", "seconds")


def _closed(path: Path, error: Exception) -> FouError:
    return FouError(f"Listene i {path} kan ikke åpnes eller skrives ({error}); se til at mappa kan skrives, og prøv igjen.")
