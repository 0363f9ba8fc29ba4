"""The file of the lists and of the search log: SQLite beside the catalog, which no new reading of the documents touches."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from errors import FouError

VERSION = 1

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
)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file for one task, in the thread that asks: all of it is kept, or nothing. It is made where there is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=30, isolation_level=None)
    except (OSError, sqlite3.OperationalError) as error:
        raise _closed(path, error) from error
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("BEGIN IMMEDIATE")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version == 0:
            for statement in SCHEMA:
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {VERSION}")
        elif version != VERSION:
            raise FouError(f"Listene i {path} er skrevet av en annen utgave av FoU-søk; oppdater programmet.")
        yield db
        db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise _closed(path, error) from error
    except sqlite3.DatabaseError as error:
        raise FouError(f"Listene i {path} kan ikke leses ({error}); flytt fila vekk, så begynnes det på en ny.") from error
    finally:
        db.close()  # undoes what was not committed


def now() -> str:
    """The time as it is kept: local, to the second."""
    return datetime.now().isoformat(" ", "seconds")


def _closed(path: Path, error: Exception) -> FouError:
    return FouError(f"Listene i {path} kan ikke åpnes eller skrives ({error}); se til at mappa kan skrives, og prøv igjen.")
