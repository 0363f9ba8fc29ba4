"""The search log for a method chapter: what was asked, with which filters, when, how many hits, and what was kept of them.

It is written only when someone asks for it: a question may say more of who asks than they wish to leave behind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import audit
from index import tables
from index.filtering import described
from index.layout import Layout
from index.lists.file import now, opened, reading
from index.records import Filters

HEADS = {
    "Tidspunkt": 19,
    "Spørsmål": 50,
    "Filtre": 40,
    "Viste rapporter": 8,
    "Rapporter i basen": 10,
    "Beholdt": 9,
    "Beholdte rapporter": 80,
}
"""The columns, with their widths."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it was logged. `hits` is how many reports were shown, `reports` how many the base had, `kept` the titles of those put in a list from it."""

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

    def write(self, question: str, filters: Filters, hits: int, reports: int, kept: Sequence[int] = ()) -> int:
        """Logs a search; gives its id, by which `Lists.add` tells what was kept of it. `kept`: the items kept of it already."""
        told = json.dumps(asdict(filters), ensure_ascii=False)
        with audit.change(self.path.parent, "search.log"), opened(self.path) as db:
            sql = "INSERT INTO searches (at, question, filters, hits, reports) VALUES (?, ?, ?, ?, ?)"
            number = db.execute(sql, (now(), " ".join(question.split()), told, hits, reports)).lastrowid
            db.executemany("UPDATE items SET search = ? WHERE id = ? AND search IS NULL", ((number, item) for item in kept))
            return number

    def latest(self, question: str, filters: Filters) -> int | None:
        """The id of the last search for that with those filters; None where it was not logged."""
        asked = (" ".join(question.split()), json.dumps(asdict(filters), ensure_ascii=False))
        with reading(self.path) as db:
            row = db.execute("SELECT max(id) FROM searches WHERE question = ? AND filters = ?", asked).fetchone()
        return row[0]

    def searches(self) -> list[Search]:
        """All that is logged, the first first."""
        with reading(self.path) as db:
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
                filters=filters_of(row["filters"]),
                hits=row["hits"],
                reports=row["reports"],
                kept=tuple(kept.get(row["id"], {}).values()),
            )
            for row in rows
        ]

    def forget(self, search: int | None = None) -> None:
        """Takes one search out of the log, or all of them. What was kept of it stays in its list."""
        with audit.change(self.path.parent, "search.forget"), opened(self.path) as db:
            db.execute("DELETE FROM searches WHERE id = ? OR ? IS NULL", (search, search))


def csv(searches: Sequence[Search], titles: Mapping[str, str]) -> str:
    """`titles`: of reports by their keys, for the filters."""
    return tables.csv_text(list(HEADS), [_row(search, titles) for search in searches])


def xlsx(searches: Sequence[Search], titles: Mapping[str, str]) -> bytes:
    rows = [_row(search, titles) for search in searches]
    return tables.xlsx([tables.Sheet("Søkelogg", list(HEADS), rows, list(HEADS.values()), wrapped=frozenset((1, 2, 6)))])


def _row(search: Search, titles: Mapping[str, str]) -> list[tables.Cell]:
    kept = search.kept
    return [search.at, search.question, described(search.filters, titles), search.hits, search.reports, len(kept), "; ".join(kept)]


def filters_of(text: str) -> Filters:
    """The filters that were kept as JSON."""
    data = json.loads(text)
    known = {f.name: tuple(data[f.name]) for f in fields(Filters) if data.get(f.name)}
    return Filters(**known)
