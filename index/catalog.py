"""The catalog: SQLite with documents, reports, pages, edits, passages and vectors. The one truth.

A document row is never changed. It carries the generation that it was `added` with and, once replaced or gone,
the one that it was `retired` with; a reader of generation g sees `added <= g AND (retired IS NULL OR retired > g)`.
So a reader keeps what it opened while the next generation is being written, and a run that is stopped leaves
only rows that nobody sees yet.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from errors import FouError, StoreError

SCHEMA_VERSION = 3

SCHEMA = """
CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  source TEXT NOT NULL,               -- where it came from: a folder of the corpus
  notices TEXT NOT NULL,              -- JSON list
  entry TEXT NOT NULL DEFAULT '',     -- folder of the source's entry that it is a file of
  role TEXT NOT NULL DEFAULT '',      -- what it is to the report there: "report", "appendix" …
  fulltext INTEGER NOT NULL DEFAULT 1, -- 0: known before its text, by what the source says
  conflicts TEXT NOT NULL DEFAULT '[]', -- JSON list of [field, what the document itself says]
  added INTEGER NOT NULL,
  retired INTEGER);
CREATE INDEX documents_path ON documents (path);
CREATE INDEX documents_sha256 ON documents (sha256);

CREATE TABLE reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  key TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('document', 'project')),
  title TEXT NOT NULL, commissioner TEXT NOT NULL, body TEXT NOT NULL, authors TEXT NOT NULL, year INTEGER,
  number TEXT NOT NULL, isbn TEXT NOT NULL, language TEXT NOT NULL, themes TEXT NOT NULL, summary TEXT NOT NULL,
  url TEXT NOT NULL,
  UNIQUE (document, key));
CREATE INDEX reports_key ON reports (key);

CREATE TABLE pages (
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  number INTEGER NOT NULL,
  raw TEXT NOT NULL, text TEXT NOT NULL, method TEXT NOT NULL, quality REAL NOT NULL,
  width REAL NOT NULL, height REAL NOT NULL,
  words BLOB NOT NULL,                -- see records.pack_words
  PRIMARY KEY (document, number)) WITHOUT ROWID;

CREATE TABLE edits (
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  page INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
  before TEXT NOT NULL, after TEXT NOT NULL, why TEXT NOT NULL, confidence REAL NOT NULL);
CREATE INDEX edits_document ON edits (document, page);

CREATE TABLE sections (
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  ordinal INTEGER NOT NULL, path TEXT NOT NULL, first_page INTEGER NOT NULL,
  PRIMARY KEY (document, ordinal)) WITHOUT ROWID;

CREATE TABLE passages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  report INTEGER NOT NULL REFERENCES reports ON DELETE CASCADE,
  text TEXT NOT NULL, section TEXT NOT NULL, first_page INTEGER NOT NULL, last_page INTEGER NOT NULL,
  pieces BLOB NOT NULL);              -- see records.pack_pieces
CREATE INDEX passages_document ON passages (document);
CREATE INDEX passages_report ON passages (report);

CREATE TABLE vectors (
  model TEXT NOT NULL, hash BLOB NOT NULL, vector BLOB NOT NULL,
  PRIMARY KEY (model, hash)) WITHOUT ROWID;

CREATE TABLE first_seen (             -- of each report that ever was, so one that comes back is not new
  key TEXT PRIMARY KEY,
  at TEXT NOT NULL                    -- see moments; empty: before such dates were kept
) WITHOUT ROWID;

CREATE TABLE state (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
"""

RAISED = {
    1: (
        "ALTER TABLE documents ADD COLUMN entry TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE documents ADD COLUMN role TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE documents ADD COLUMN fulltext INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE documents ADD COLUMN conflicts TEXT NOT NULL DEFAULT '[]'",
    ),
    2: (  # when the reports that are there came is not known, and they are not new
        "CREATE TABLE IF NOT EXISTS first_seen (key TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID",
        "CREATE INDEX IF NOT EXISTS documents_sha256 ON documents (sha256)",
        "INSERT OR IGNORE INTO first_seen SELECT DISTINCT key, '' FROM reports",
    ),
}
"""From each earlier version of the schema to the next: an older catalog is brought up where it stands."""

VISIBLE = "d.added <= :g AND (d.retired IS NULL OR d.retired > :g)"
"""The condition under which a reader of generation :g sees the document row d."""


class Older(FouError):
    """The catalog is of an earlier version, which a writer brings up."""


class Damaged(FouError):
    """What lies there is no sound catalog."""


class Replaced(FouError):
    """Another catalog lies here than the one that the reader's generation was made of."""


@contextmanager
def reading(path: Path, store: str = "") -> Iterator[sqlite3.Connection]:
    """A connection for one question, in the thread that asks. It can't write.

    `store`: the identity that the catalog must have, so that row ids of one are never looked up in another. Replaced where it
    has not.
    """
    db = None
    try:
        db = _open(path)
        db.row_factory = sqlite3.Row
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version < SCHEMA_VERSION:
            raise Older(f"Katalogen {path} er fra en eldre utgave; kjør python -m ingest run, som bringer den opp.")
        if store and identity(db) != store:
            raise Replaced("Basen ble nettopp byttet ut med en annen; prøv igjen.")
        yield db
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):
            raise FouError(f"Katalogen {path} kan ikke leses nå ({error}); sjekk disken, og prøv igjen.") from error
        raise Damaged(f"Katalogen {path} er skadet ({error}); kjør python -m index doctor --repair.") from error
    finally:
        if db is not None:
            db.close()


def _open(path: Path) -> sqlite3.Connection:
    """Opened for reading, also where the disk is read-only: SQLite can then read only what is left of no writer's log."""
    log = path.with_name(f"{path.name}-wal")
    logged = log.is_file() and log.stat().st_size > 0
    last = None
    for way in ("", "&immutable=1"):
        db = None
        try:
            db = read_only(path, way)
            db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
            return db
        except sqlite3.OperationalError as error:
            last = error
            if db is not None:
                db.close()
            if logged or not path.is_file():
                break
    if logged:
        raise FouError(f"Katalogen {path} har endringer som ikke er ført inn, og disken kan ikke skrives til; gi skrivetilgang.") from last
    raise FouError(f"Katalogen {path} finnes ikke eller kan ikke leses; kjør python -m ingest run.") from last


def read_only(path: Path, more: str = "") -> sqlite3.Connection:
    """A connection to a database file that can't write, and makes none where there is none."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{more}", timeout=30, uri=True)


def identity(db: sqlite3.Connection) -> str:
    """What tells this catalog from every other; "" in one that was made before there was such a thing."""
    row = db.execute("SELECT value FROM state WHERE key = 'store'").fetchone()
    return row[0] if row else ""


def open_writer(path: Path) -> sqlite3.Connection:
    """The writer's connection; makes the catalog where there is none. FouError for one of another version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")  # with NORMAL, a power cut could take back what a generation was made of
        db.execute("PRAGMA foreign_keys = ON")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version == 0:
            db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
        elif version > SCHEMA_VERSION:
            raise FouError(
                f"Katalogen {path} har versjon {version}, og programmet leser {SCHEMA_VERSION}; oppdater programmet."
            )
        elif version < SCHEMA_VERSION:
            with transaction(db):
                for statement in (s for v in range(version, SCHEMA_VERSION) for s in RAISED[v]):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        db.execute("INSERT OR IGNORE INTO state VALUES ('store', ?)", (secrets.token_hex(8),))
    except sqlite3.OperationalError as error:
        db.close()
        raise StoreError(f"Katalogen {path} kan ikke skrives ({error}); se til at disken har plass og kan skrives til.") from error
    except sqlite3.DatabaseError as error:
        db.close()
        raise StoreError(f"Katalogen {path} er skadet ({error}); kjør python -m index doctor --repair.") from error
    except FouError:
        db.close()
        raise
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All of the block, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has ended it already
            db.execute("ROLLBACK")
        raise


def insert(db: sqlite3.Connection, table: str, rows: Iterable[dict]) -> None:
    """Adds rows with the same keys to a table."""
    rows = list(rows)
    if rows:
        names = ", ".join(rows[0])
        marks = ", ".join(f":{name}" for name in rows[0])
        db.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def known_vectors(db: sqlite3.Connection, model: str) -> set[bytes]:
    """The hashes of the texts that have a vector of `model`."""
    return {row[0] for row in db.execute("SELECT hash FROM vectors WHERE model = ?", (model,))}


def stored_vectors(db: sqlite3.Connection, model: str, hashes: Iterable[bytes]) -> dict[bytes, bytes]:
    """The vectors of `model` that are there, as float32 bytes by hash."""
    found: dict[bytes, bytes] = {}
    hashes = list(hashes)
    for i in range(0, len(hashes), 500):
        part = hashes[i : i + 500]
        marks = ",".join("?" * len(part))
        found.update(
            tuple(row)
            for row in db.execute(f"SELECT hash, vector FROM vectors WHERE model = ? AND hash IN ({marks})", (model, *part))
        )
    return found
