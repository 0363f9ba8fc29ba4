"""What can be saved of a damaged file. Nothing is removed: it is set aside under a name that tells when."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from index import catalog

DEAR = ("vectors", "first_seen")
"""The tables that take long to make again, or never can be."""


def set_aside(path: Path) -> Path | None:
    """Renames a file or a folder, and what SQLite has beside it; gives its new place, None where it isn't there."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    moved = None
    for tail in ("", "-wal", "-shm"):
        old = path.with_name(path.name + tail)
        with suppress(FileNotFoundError):
            new = path.with_name(f"{path.name}.skadet-{stamp}{tail}")
            os.replace(old, new)
            moved = moved or new
    return moved


def rescue(path: Path) -> list[str]:
    """Sets a damaged catalog aside and makes a new one with what can still be read of its dear tables.

    Gives the documents that the damaged one names, as far as it can be read: all of them must be read again.
    """
    aside = set_aside(path)
    with closing(catalog.open_writer(path)) as db:
        if aside is None:
            return []
        with closing(catalog.read_only(aside)) as old:
            old.row_factory = sqlite3.Row
            for table in DEAR:
                with catalog.transaction(db):
                    _copy(old, db, table)
            return [row["path"] for row in _rows(old, "documents")]


def _copy(old: sqlite3.Connection, db: sqlite3.Connection, table: str) -> None:
    for row in _rows(old, table):
        names, marks = ", ".join(row.keys()), ", ".join("?" * len(row.keys()))
        with suppress(sqlite3.IntegrityError):  # a row that damage has made to no row
            db.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", tuple(row))


def _rows(db: sqlite3.Connection, table: str) -> Iterator[sqlite3.Row]:
    """The rows up to the first damage from either end; some may come twice."""
    for way in ("ASC", "DESC"):
        with suppress(sqlite3.DatabaseError):
            key = ", ".join(f"{row[1]} {way}" for row in db.execute(f"PRAGMA table_info({table})") if row[5])
            yield from db.execute(f"SELECT * FROM {table} ORDER BY {key}")
            return


def drop_strays(db: sqlite3.Connection) -> None:
    """Removes the rows that belong to none."""
    for table in ("reports", "pages", "edits", "sections", "passages"):
        db.execute(f"DELETE FROM {table} WHERE document NOT IN (SELECT id FROM documents)")
    db.execute("DELETE FROM passages WHERE report NOT IN (SELECT id FROM reports)")
