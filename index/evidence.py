"""One passage and its evidence: as a hit for a question, its raw characters on the pages, the file it was read from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index import doubtful, mark
from index.records import Origin, PassageHit, unpack_pieces
from index.snapshot import Snapshot
from ingest.report import RawSpan, Traced

if TYPE_CHECKING:
    import numpy as np

_DOCUMENT = "SELECT id, path, sha256 FROM documents WHERE id = ?"


def passage(snapshot: Snapshot, key: str, number: int, stems: Sequence[str], vector: np.ndarray | None) -> PassageHit | None:
    """A passage of the report's document as a hit for the stems of a question; None where it is gone or of another document.

    Without the question's vector the best sentence is told by its words, and is empty where none is held.
    """
    import numpy as np

    document = snapshot.documents[snapshot.by_key[key]]
    with snapshot.reading() as db:
        row = db.execute("SELECT * FROM passages WHERE id = ? AND document = ?", (number, document)).fetchone()
        read = doubtful.of_passages(db, [number]).get(number, ())
    if row is None:
        return None
    spans = mark.matches(row["text"], stems, read)
    rows = np.flatnonzero(snapshot.passages == number)
    near = snapshot.sentences.of(vector, int(rows[0])) if vector is not None and len(rows) else {}
    best = mark.best_sentence(row["text"], stems, snapshot.words.rarity, near, read) if spans or near else (0, 0)
    return PassageHit(number, row["text"], row["first_page"], row["last_page"], row["section"], 0.0, best, spans)


def raw_spans(snapshot: Snapshot, number: int, start: int = 0, end: int | None = None) -> tuple[RawSpan, ...]:
    """The raw characters of the pages behind [start, end) of a passage."""
    with snapshot.reading() as db:
        row = db.execute("SELECT text, pieces FROM passages WHERE id = ?", (number,)).fetchone()
    return Traced(row["text"], unpack_pieces(row["pieces"])).spans(start, end) if row else ()


def first_passage(snapshot: Snapshot, key: str) -> int | None:
    """Where a project stands in its document: its first passage; None for a document."""
    report = snapshot.by_key[key]
    if snapshot.cards[report].kind == "document":
        return None
    with snapshot.reading() as db:
        return db.execute("SELECT min(id) FROM passages WHERE report = ?", (report,)).fetchone()[0]


def origin(snapshot: Snapshot, key: str) -> Origin:
    """The file of the report's document; empty where the generation was swept away."""
    with snapshot.reading() as db:
        row = db.execute(_DOCUMENT, (snapshot.documents[snapshot.by_key[key]],)).fetchone()
    return Origin(row["path"], row["sha256"]) if row else Origin("", "")
