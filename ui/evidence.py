"""What the report page asks of the catalog beside the index's own views: one passage, its raw characters, its file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from index import catalog, mark, words
from index.records import PassageHit, unpack_pieces
from index.search import Index
from ingest.report import RawSpan, Traced

_DOCUMENT = "SELECT id, path, sha256 FROM documents WHERE id = ?"


class Origin(NamedTuple):
    """The file that a report was read from: its stored path, and the hash of what was read."""

    path: str
    sha256: str


def passage(index: Index, key: str, number: int, query: str) -> PassageHit | None:
    """A passage of the report's document as a hit for the question; None where it is gone or of another document."""
    snapshot = index._snapshot
    document = snapshot.documents[snapshot.by_key[key]]
    with catalog.reading(snapshot.layout.catalog) as db:
        row = db.execute("SELECT * FROM passages WHERE id = ? AND document = ?", (number, document)).fetchone()
    if row is None:
        return None
    stems = words.stems(query)
    best = mark.best_sentence(row["text"], stems, snapshot.words.rarity) if stems else (0, 0)
    spans = mark.matches(row["text"], stems)
    return PassageHit(number, row["text"], row["first_page"], row["last_page"], row["section"], 0.0, best, spans)


def raw_spans(index: Index, number: int, start: int = 0, end: int | None = None) -> tuple[RawSpan, ...]:
    """The raw characters of the pages behind [start, end) of a passage."""
    with catalog.reading(index._snapshot.layout.catalog) as db:
        row = db.execute("SELECT text, pieces FROM passages WHERE id = ?", (number,)).fetchone()
    return Traced(row["text"], unpack_pieces(row["pieces"])).spans(start, end) if row else ()


def first_passage(index: Index, key: str) -> int | None:
    """Where a project stands in its document: its first passage; None for a document."""
    snapshot = index._snapshot
    report = snapshot.by_key[key]
    if snapshot.cards[report].kind == "document":
        return None
    with catalog.reading(snapshot.layout.catalog) as db:
        return db.execute("SELECT min(id) FROM passages WHERE report = ?", (report,)).fetchone()[0]


def origin(index: Index, key: str) -> Origin:
    snapshot = index._snapshot
    with catalog.reading(snapshot.layout.catalog) as db:
        row = db.execute(_DOCUMENT, (snapshot.documents[snapshot.by_key[key]],)).fetchone()
    return Origin(row["path"], row["sha256"]) if row else Origin("", "")


def original(root: Path, origin: Origin) -> Path | None:
    """The file itself, or None where it is gone. Stored paths count from the folder of the settings."""
    path = root / origin.path
    return path if origin.path and path.is_file() else None
