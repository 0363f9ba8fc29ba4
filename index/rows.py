"""A Report as rows of the catalog: what is kept of it, and the public keys by which it is asked for."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any

from index.catalog import insert
from index.records import pack_pieces, pack_words
from ingest.report import Metadata, Report

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ð": "d", "þ": "th", "ß": "ss", "đ": "d", "ŋ": "ng"})


def slug(text: str, length: int = 40) -> str:
    """Lower case letters a-z, digits and hyphens; at most `length` of them, "x" where nothing is left."""
    text = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    text = re.sub(r"[^a-z0-9]+", "-", re.sub(r"[\u0300-\u036f]", "", text)).strip("-")
    return text[:length].rstrip("-") or "x"


def key_of(name: str) -> str:
    """The key of the document stored under `name`: readable, and the same on every run."""
    return f"{slug(Path(name).stem)}-{hashlib.sha1(name.encode()).hexdigest()[:6]}"


def add_report(db: sqlite3.Connection, report: Report, document: dict[str, Any], key: str, seen: str) -> None:
    """Adds the document row and all that belongs to it, within the caller's transaction. `seen`: the moment that its reports
    were first seen, where the store never had them."""
    own = {"sha256": report.sha256, "notices": _json(report.notices), "role": report.role}
    own |= {"fulltext": report.fulltext, "conflicts": _json(report.conflicts)}
    insert(db, "documents", [document | own])
    (number,) = db.execute("SELECT last_insert_rowid()").fetchone()
    of = {"document": number}
    insert(
        db,
        "pages",
        (
            of
            | {"number": p.number, "raw": p.raw, "text": p.text, "method": p.method, "quality": p.quality}
            | {"width": p.width, "height": p.height, "words": pack_words(p.words)}
            for p in report.pages
        ),
    )
    insert(
        db,
        "edits",
        (
            of
            | {"page": p.number, "start": e.start, "stop": e.end, "before": e.before, "after": e.after}
            | {"why": e.why, "confidence": e.confidence}
            for p in report.pages
            for e in p.edits
        ),
    )
    sections = ((i, s) for i, s in enumerate(report.sections))
    insert(db, "sections", (of | {"ordinal": i, "path": _json(s.path), "first_page": s.first_page} for i, s in sections))
    reports = _add_reports(db, report, number, key)
    db.execute("INSERT OR IGNORE INTO first_seen SELECT key, ? FROM reports WHERE document = ?", (seen, number))
    insert(
        db,
        "passages",
        (
            of
            | {"report": reports[p.project], "text": p.text.text, "section": p.section}
            | {"first_page": p.first_page, "last_page": p.last_page, "pieces": pack_pieces(p.text.pieces)}
            for p in report.passages
            if p.text
        ),
    )


def _add_reports(db: sqlite3.Connection, report: Report, document: int, key: str) -> dict[int | None, int]:
    """Adds the document and its projects as reports; the row ids by project number, None for the document."""
    meta = report.metadata
    found = {None: _add(db, document, key, "document", meta)}
    taken: set[str] = set()
    for i, project in enumerate(report.projects):
        numbered = (f"{slug(project.title, 36)}-{n}" for n in count(2))  # for projects of one title
        name = next(name for name in chain([slug(project.title)], numbered) if name not in taken)
        taken.add(name)
        # A project has its document's year, bodies and language; number, ISBN and summary are the document's alone
        own = Metadata(
            title=project.title,
            commissioner=meta.commissioner,
            body=meta.body,
            year=meta.year,
            language=meta.language,
            themes=(project.theme,) if project.theme else (),
        )
        found[i] = _add(db, document, f"{key}.{name}", "project", own)
    return found


def _add(db: sqlite3.Connection, document: int, key: str, kind: str, meta: Metadata) -> int:
    row = {name: getattr(meta, name) for name in Metadata.__dataclass_fields__}
    row |= {"authors": _json(meta.authors), "themes": _json(meta.themes)}
    insert(db, "reports", [{"document": document, "key": key, "kind": kind} | row])
    return db.execute("SELECT last_insert_rowid()").fetchone()[0]


def _json(values: Sequence[Any]) -> str:
    return json.dumps(values, ensure_ascii=False)
