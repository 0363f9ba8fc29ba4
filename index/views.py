"""What the catalog tells of one report, one page, one passage, and of all reports by their facts."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any

from errors import FouError
from index.records import Filters, PageView, ReportView, SectionView, boxes_of_lines, unpack_pieces, unpack_words
from index.snapshot import Snapshot
from ingest.report import Box, Edit, Traced

_REPORT = """
SELECT r.*, d.notices, d.conflicts, (SELECT count(*) FROM edits WHERE document = d.id) AS edits,
  (SELECT count(*) FROM pages WHERE document = d.id) AS pages,
  (SELECT min(number) FROM pages WHERE document = d.id) AS first_page,
  (SELECT max(number) FROM pages WHERE document = d.id) AS last_page,
  (SELECT avg(quality) FROM pages WHERE document = d.id) AS quality,
  (SELECT count(*) FROM passages WHERE report = r.id) AS passages
FROM reports r JOIN documents d ON d.id = r.document WHERE r.id = ?
"""


def report(snapshot: Snapshot, key: str) -> ReportView:
    """All that is known of the report with that key."""
    number = snapshot.by_key[key]
    card = snapshot.cards[number]
    with snapshot.reading() as db:
        row = db.execute(_REPORT, (number,)).fetchone()
        if row is None:
            raise FouError(f"Rapporten {key} er byttet ut; last siden på nytt.")
        sections = db.execute(
            "SELECT path, first_page FROM sections WHERE document = ? ORDER BY ordinal", (row["document"],)
        ).fetchall()
    return ReportView(
        card=card,
        authors=tuple(json.loads(row["authors"])),
        number=row["number"],
        isbn=row["isbn"],
        summary=row["summary"],
        url=row["url"],
        notices=tuple(json.loads(row["notices"])),
        pages=row["pages"],
        first_page=row["first_page"] or 1,
        last_page=row["last_page"] or 1,
        passages=row["passages"],
        edits=row["edits"],
        quality=1.0 if row["quality"] is None else row["quality"],
        sections=tuple(SectionView(tuple(json.loads(s["path"])), s["first_page"]) for s in sections),
        projects=tuple(c for c in snapshot.cards.values() if c.parent == key),
        parent=snapshot.cards[snapshot.by_key[card.parent]] if card.parent else None,
        files=tuple(c for c in snapshot.cards.values() if c.kind == "document" and c.id != key and (card.main or key) in (c.id, c.main)),
        conflicts=tuple(tuple(pair) for pair in json.loads(row["conflicts"])),
    )


def page(snapshot: Snapshot, key: str, number: int) -> PageView:
    """Page `number` of the document that the report is, or is part of."""
    document = snapshot.documents[snapshot.by_key[key]]
    with snapshot.reading() as db:
        row = db.execute("SELECT * FROM pages WHERE document = ? AND number = ?", (document, number)).fetchone()
        if row is None:
            sql = "SELECT min(number), max(number) FROM pages WHERE document = ?"
            first, last = db.execute(sql, (document,)).fetchone()
            raise FouError(f"Rapporten {key} har ingen side {number}; den har side {first} til {last}.")
        edits = db.execute(
            "SELECT start, stop, before, after, why, confidence FROM edits WHERE document = ? AND page = ? ORDER BY start",
            (document, number),
        ).fetchall()
    facts = {name: row[name] for name in ("number", "raw", "text", "method", "quality", "width", "height")}
    return PageView(**facts, words=unpack_words(row["words"]), edits=tuple(Edit(*edit) for edit in edits))


def passages(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, sqlite3.Row]:
    """The rows of some passages by id; those that are gone are left out."""
    marks = ",".join("?" * len(ids))
    sql = f"SELECT id, text, section, first_page, last_page FROM passages WHERE id IN ({marks})"
    return {row["id"]: row for row in db.execute(sql, list(ids))}


def locate(snapshot: Snapshot, passage: int, start: int = 0, end: int | None = None) -> list[tuple[int, list[Box]]]:
    """Boxes, line by line, of characters [start, end) of a passage on its original pages.

    The way goes through the passage's pieces to the raw characters, and from these to the words of the page. All or
    nothing: where a raw letter lies in no word with a box, the answer is empty, for a wrong mark is worse than none.
    """
    with snapshot.reading() as db:
        row = db.execute("SELECT document, text, pieces FROM passages WHERE id = ?", (passage,)).fetchone()
        if row is None:
            return []
        found: dict[int, list[Box]] = {}
        pages: dict[int, tuple[str, Any]] = {}
        for span in Traced(row["text"], unpack_pieces(row["pieces"])).spans(start, end):
            if span.page not in pages:
                sql = "SELECT raw, words FROM pages WHERE document = ? AND number = ?"
                stored = db.execute(sql, (row["document"], span.page)).fetchone()
                pages[span.page] = (stored["raw"], unpack_words(stored["words"])) if stored else ("", ())
            raw, words = pages[span.page]
            covered = [w for w in words if w.start < span.end and w.end > span.start]
            inside = set().union(*(range(w.start, w.end) for w in covered))
            if any(not raw[i].isspace() and i not in inside for i in range(span.start, min(span.end, len(raw)))):
                return []
            boxes = found.setdefault(span.page, [])
            boxes += (w.box for w in covered if not boxes or w.box != boxes[-1])
    return [(number, boxes_of_lines(boxes)) for number, boxes in sorted(found.items()) if boxes]


def facets(snapshot: Snapshot, filters: Filters) -> dict[str, dict[Any, int]]:
    """Values and counts of each filter under the other filters: years falling, the rest by count."""
    cards = snapshot.cards.values()

    def count(leave_out: str, values: Any) -> Counter:
        rest = replace(filters, **{leave_out: None if leave_out == "years" else ()})
        return Counter(v for card in cards if rest.admits(card) for v in values(card) if v not in ("", None))

    def by_count(found: Counter) -> dict[str, int]:
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0].casefold())))

    return {
        "years": dict(sorted(count("years", lambda c: [c.year]).items(), reverse=True)),
        "themes": by_count(count("themes", lambda c: dict.fromkeys(c.themes))),
        "bodies": by_count(count("bodies", lambda c: [c.body])),
        "languages": by_count(count("languages", lambda c: [c.language])),
        "sources": by_count(count("sources", lambda c: [c.source])),
    }


def resolve(snapshot: Snapshot, text: str) -> str:
    """The key that `text` names: a key, the start of one key, a path, a file name, or the report's own number."""
    keys = snapshot.by_key
    text = text.strip()
    if text in keys:
        return text
    documents = [card for card in snapshot.cards.values() if card.kind == "document"]
    name = PurePath(text).as_posix().removeprefix("./")
    for candidates in (
        [card.id for card in documents if card.path == name],
        [card.id for card in documents if _ends(card.path, name) or _ends(name, card.path)],
        [key for key, number in snapshot.numbers.items() if number.casefold() == text.casefold()],
        [card.id for card in documents if text and card.id.startswith(text.casefold())],
        [key for key in keys if text and key.startswith(text.casefold())],
    ):
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            raise FouError(f"«{text}» kan være flere rapporter: {_listed(candidates)}. Skriv mer av nøkkelen.")
    names = {card.title.casefold(): card.id for card in snapshot.cards.values()} | {key: key for key in keys}
    near = dict.fromkeys(names[n] for n in get_close_matches(text.casefold(), names, n=5, cutoff=0.4))
    hint = f"Mente du {_listed(list(near))}?" if near else "Se nøklene («id») i et søk med --json."
    raise FouError(f"Fant ingen rapport «{text}». {hint}")


def _ends(path: str, end: str) -> bool:
    return bool(end) and f"/{path}".endswith(f"/{end}")


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(keys[:5]) + (f" og {len(keys) - 5} til" if len(keys) > 5 else "")
