"""Named lists of reports and passages: put together, named, sorted, commented, and there again after a restart.

A report is remembered by its key and a passage by its page and its text, with the reference as it was when it was kept: so
lists outlast every new reading of the documents (lists/again.py finds the items in the base of today), and what the base no
longer has can still be cited.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import audit
from errors import FouError, UsageError
from index.layout import Layout
from index.lists.file import now, opened, reading
from index.lists.records import ORDERS, Item, Kept
from index.references.record import Quote, Reference, of_json, quote_of_json

LONGEST = 120  # letters of a name


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of one store. They can be shared between threads; every change is kept at once."""

    path: Path

    @classmethod
    def of(cls, layout: Layout) -> Lists:
        return cls(layout.lists)

    def names(self) -> list[tuple[str, int]]:
        """The lists by name, each with its number of items; the last changed first."""
        sql = "SELECT name, (SELECT count(*) FROM items WHERE list = lists.id) FROM lists ORDER BY changed DESC, id DESC"
        with reading(self.path) as db:
            return [tuple(row) for row in db.execute(sql)]

    def get(self, name: str) -> Kept:
        """The list of that name. FouError names near ones."""
        with reading(self.path) as db:
            row = _row(db, name)
            items = db.execute("SELECT * FROM items WHERE list = ? ORDER BY place, id", (row["id"],)).fetchall()
        return Kept(row["name"], row["comment"], row["changed"], tuple(_item(item) for item in items))

    def create(self, name: str, comment: str = "") -> None:
        """UsageError for a name that is empty, too long or taken."""
        with self._told("create") as (db, told):
            told["list"] = _create(db, checked(name), comment)

    def rename(self, name: str, new: str) -> None:
        """UsageError for a new name that is empty, too long or taken by another list."""
        new = checked(new)
        with self._changing("rename", name) as (db, number):
            taken = db.execute("SELECT 1 FROM lists WHERE folded = ? AND id <> ?", (new.casefold(), number)).fetchone()
            if taken:
                raise _taken(new)
            db.execute("UPDATE lists SET name = ?, folded = ? WHERE id = ?", (new, new.casefold(), number))

    def describe(self, name: str, comment: str) -> None:
        """Sets what is said of the list as a whole."""
        with self._changing("describe", name) as (db, number):
            db.execute("UPDATE lists SET comment = ? WHERE id = ?", (comment.strip(), number))

    def delete(self, name: str) -> None:
        with self._changing("delete", name) as (db, number):
            db.execute("DELETE FROM lists WHERE id = ?", (number,))

    def add(self, name: str, reference: Reference, quote: Quote | None = None, search: int | None = None) -> int:
        """Puts a report, or one passage of it, last in a list, which is made where there is none. Gives the item's id.

        What is there already stays as it is. `search` is the search of the log that it was found by.
        """
        return self._put(name, [Item(0, reference, quote, "", now(), search)])[0]

    def add_all(self, name: str, references: Sequence[Reference], search: int | None = None) -> list[int]:
        """Puts many reports last in a list with one write, as `add` does with each. Gives the items' ids."""
        return self._put(name, [Item(0, reference, None, "", now(), search) for reference in references])

    def _put(self, name: str, items: Sequence[Item]) -> list[int]:
        name = checked(name)
        with self._told("add", items=len(items)) as (db, told):
            row = db.execute("SELECT id FROM lists WHERE folded = ?", (name.casefold(),)).fetchone()
            number = told["list"] = row["id"] if row else _create(db, name, "")
            db.execute("UPDATE lists SET changed = ? WHERE id = ?", (now(), number))
            return [_add(db, number, item) for item in items]

    def comment(self, name: str, item: int, text: str) -> None:
        """Sets what is said of an item. FouError where the list has no such item."""
        with self._changing("comment", name, item) as (db, _):
            db.execute("UPDATE items SET comment = ? WHERE id = ?", (text.strip(), item))

    def remove(self, name: str, item: int) -> None:
        with self._changing("remove", name, item) as (db, _):
            db.execute("DELETE FROM items WHERE id = ?", (item,))

    def move(self, name: str, item: int, place: int) -> None:
        """Puts an item at a place, counted from 0; those after it move on."""
        with self._changing("move", name, item) as (db, number):
            rows = db.execute("SELECT id FROM items WHERE list = ? AND id <> ? ORDER BY place, id", (number, item))
            ids = [row["id"] for row in rows]
            ids.insert(max(0, place), item)
            _order(db, ids)

    def sort(self, name: str, by: str) -> None:
        """Puts the items in one of ORDERS; they stay so until they are moved."""
        if by not in ORDERS:
            raise UsageError(f"Kan ikke sortere etter «{by}»; velg {', '.join(ORDERS)}.")
        with self._changing("sort", name) as (db, number):
            rows = db.execute("SELECT * FROM items WHERE list = ? ORDER BY place, id", (number,)).fetchall()
            _order(db, [item.id for item in sorted(map(_item, rows), key=ORDERS[by])])

    def insert(self, kept: Kept) -> str:
        """Adds a whole list, with a number after its name where that is taken; gives the name that it got."""
        plain = name = checked(kept.name)
        with self._told("take_in", items=len(kept.items)) as (db, told):
            taken = {row["folded"] for row in db.execute("SELECT folded FROM lists")}
            number = 1
            while name.casefold() in taken:
                number += 1
                end = f" ({number})"
                name = plain[: LONGEST - len(end)].rstrip() + end
            new = told["list"] = _create(db, name, kept.comment)
            for item in kept.items:
                _add(db, new, replace(item, search=None))  # the log stays where it was written
        return name

    @contextmanager
    def _told(self, what: str, **facts: Any) -> Iterator[tuple[sqlite3.Connection, dict[str, Any]]]:
        """The file for a change, and what the audit says of it."""
        with audit.change(self.path.parent, f"list.{what}", **facts) as told, opened(self.path) as db:
            yield db, told

    @contextmanager
    def _changing(self, what: str, name: str, item: int | None = None) -> Iterator[tuple[sqlite3.Connection, int]]:
        """The file and the list's row id. FouError where there is no such list, or it has no such item."""
        with self._told(what) as (db, told):
            row = _row(db, name)
            number = told["list"] = row["id"]
            if item is not None and not db.execute("SELECT 1 FROM items WHERE id = ? AND list = ?", (item, number)).fetchone():
                raise FouError(f"Lista «{row['name']}» har ikke dette elementet lenger; last lista på nytt.")
            yield db, number
            db.execute("UPDATE lists SET changed = ? WHERE id = ?", (now(), number))


def checked(name: str) -> str:
    """A name as it is kept. UsageError for one that can't be."""
    name = " ".join(name.split())
    if not name:
        raise UsageError("Lista må ha et navn; skriv ett.")
    if len(name) > LONGEST:
        raise UsageError(f"Navnet på lista er på {len(name)} tegn; skriv et på høyst {LONGEST}.")
    return name


def _row(db: sqlite3.Connection, name: str) -> sqlite3.Row:
    folded = " ".join(name.split()).casefold()
    row = db.execute("SELECT * FROM lists WHERE folded = ?", (folded,)).fetchone()
    if row is None:
        names = {other["folded"]: other["name"] for other in db.execute("SELECT name, folded FROM lists")}
        near = get_close_matches(folded, names, n=3, cutoff=0.4) or list(names)[:5]
        hint = f"Det finnes {', '.join(f'«{names[n]}»' for n in near)}." if near else "Det er ingen lister ennå."
        raise FouError(f"Fant ingen liste som heter «{name}». {hint}")
    return row


def _taken(name: str) -> UsageError:
    return UsageError(f"Det finnes alt en liste som heter «{name}»; velg et annet navn.")


def _create(db: sqlite3.Connection, name: str, comment: str) -> int:
    try:
        sql = "INSERT INTO lists (name, folded, comment, changed) VALUES (?, ?, ?, ?)"
        return db.execute(sql, (name, name.casefold(), comment.strip(), now())).lastrowid
    except sqlite3.IntegrityError as error:
        raise _taken(name) from error


def _add(db: sqlite3.Connection, number: int, item: Item) -> int:
    reference = replace(item.reference, quotes=(), comment="")
    quote = json.dumps(asdict(replace(item.quote, comment="")), ensure_ascii=False) if item.quote else ""
    there = db.execute(
        "SELECT id FROM items WHERE list = ? AND report = ? AND quote = ?", (number, reference.key, quote)
    ).fetchone()
    if there:
        return there["id"]
    values = (number, number, reference.key, json.dumps(asdict(reference), ensure_ascii=False), quote)
    return db.execute(
        "INSERT INTO items (list, place, report, reference, quote, comment, added, search) "
        "VALUES (?, (SELECT coalesce(max(place), -1) + 1 FROM items WHERE list = ?), ?, ?, ?, ?, ?, "
        "(SELECT id FROM searches WHERE id = ?))",  # another may have emptied the log meanwhile
        (*values, item.comment, item.added, item.search),
    ).lastrowid


def _item(row: sqlite3.Row) -> Item:
    quote = quote_of_json(json.loads(row["quote"])) if row["quote"] else None
    return Item(row["id"], of_json(json.loads(row["reference"])), quote, row["comment"], row["added"], row["search"])


def _order(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    db.executemany("UPDATE items SET place = ? WHERE id = ?", enumerate(ids))
