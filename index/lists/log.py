"""The search log for a method chapter: what was asked, with which filters, when, how many hits, and what was kept of them.

It is written only when someone asks for it: a question may say more of who asks than they wish to leave behind.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from index import tables
from index.filtering import described
from index.layout import Layout
from index.lists.file import now, opened
from index.records import Filters

HEADS = {
    "Tidspunkt": 19,
    "Spørsmål": 50,
    "Filtre": 40,
    "Treff": 8,
    "Rapporter i basen": 10,
    "Beholdt": 9,
    "Beholdte rapporter": 80,
}
"""The columns, with their widths."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it was logged. `reports` is how many the base had, `kept` the titles of those put in a list from it."""

    id: int
    at: str
    question: str
    filters: Filters
    hits: int
    reports: int
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Log:
    """The search log of one store. It can be shared between threads."""

    path: Path

    @classmethod
    def of(cls, layout: Layout) -> Log:
        return cls(layout.lists)

    def write(self, question: str, filters: Filters, hits: int, reports: int) -> int:
        """Logs a search; gives its id, by which `Lists.add` tells what was kept of it."""
        told = json.dumps(asdict(filters), ensure_ascii=False)
        with opened(self.path) as db:
            sql = "INSERT INTO searches (at, question, filters, hits, reports) VALUES (?, ?, ?, ?, ?)"
            return db.execute(sql, (now(), " ".join(question.split()), told, hits, reports)).lastrowid

    def searches(self) -> list[Search]:
        """All that is logged, the first first."""
        with opened(self.path) as db:
            rows = db.execute("SELECT * FROM searches ORDER BY id").fetchall()
            items = db.execute("SELECT search, reference FROM items WHERE search IS NOT NULL ORDER BY list, place, id").fetchall()
        kept: dict[int, dict[str, str]] = {}
        for item in items:
            reference = json.loads(item["reference"])
            kept.setdefault(item["search"], {})[reference["key"]] = reference["title"]
        return [
            Search(
                id=row["id"],
                at=row["at"],
                question=row["question"],
                filters=_filters(row["filters"]),
                hits=row["hits"],
                reports=row["reports"],
                kept=tuple(kept.get(row["id"], {}).values()),
            )
            for row in rows
        ]

    def forget(self, search: int | None = None) -> None:
        """Takes one search out of the log, or all of them. What was kept of it stays in its list."""
        with opened(self.path) as db:
            db.execute("DELETE FROM searches WHERE id = ? OR ? IS NULL", (search, search))


def csv(searches: list[Search]) -> str:
    return tables.csv_text(list(HEADS), [_row(search) for search in searches])


def xlsx(searches: list[Search]) -> bytes:
    rows = [_row(search) for search in searches]
    return tables.xlsx([tables.Sheet("Søkelogg", list(HEADS), rows, list(HEADS.values()), wrapped=frozenset((1, 2, 6)))])


def _row(search: Search) -> list[tables.Cell]:
    kept = search.kept
    return [search.at, search.question, described(search.filters), search.hits, search.reports, len(kept), "; ".join(kept)]


def _filters(text: str) -> Filters:
    data = json.loads(text)
    known = {f.name: tuple(data[f.name]) for f in fields(Filters) if data.get(f.name)}
    return Filters(**known)
