"""The items of a list in the base of today: the report by its key, or by its title; the passage by its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.lists.records import Item
from index.records import ReportCard
from index.references.record import Quote, Reference, merged, references
from index.snapshot import Snapshot

LIKE = 60  # of 100: how much of the kept text a passage must have, in order, to be the same one; two others share a third
NEAR = 2  # pages a passage may have moved and still be looked for first

Facts = tuple[str, int | None, str]


@dataclass(frozen=True, slots=True)
class Again:
    """An item and where it is now: its report, or None where the base no longer has it; its passage and page, or None."""

    item: Item
    report: ReportCard | None
    passage: int | None = None
    page: int | None = None


def found_again(snapshot: Snapshot, items: Sequence[Item]) -> list[Again]:
    """The items, each with what it is in this base."""
    found, titles = [], _titles(snapshot)
    with snapshot.reading() as db:
        for item in items:
            card = _report(snapshot, item.reference, titles)
            if card is None or item.quote is None:
                found.append(Again(item, card))
                continue
            document = snapshot.documents[snapshot.by_key[card.id]]
            sql = "SELECT id, text, first_page FROM passages WHERE document = ?"
            row = db.execute(f"{sql} AND text = ?", (document, item.quote.text)).fetchone()
            row = row or _passage(item.quote, db.execute(sql, (document,)).fetchall())
            found.append(Again(item, card, row["id"], row["first_page"]) if row else Again(item, card))
    return found


def as_references(snapshot: Snapshot, items: Sequence[Item]) -> list[Reference]:
    """Each report of the items once, as the base has it today or else as it was kept, with the passages and comments."""
    titles = _titles(snapshot)
    again = [(item, _report(snapshot, item.reference, titles)) for item in items]
    now = {one.key: one for one in references(snapshot, [card.id for _, card in again if card])}
    return merged([item.as_reference(now[card.id] if card else None) for item, card in again])


def _report(snapshot: Snapshot, kept: Reference, titles: Mapping[Facts, Sequence[ReportCard]]) -> ReportCard | None:
    """By its key; where that is gone (a moved file, another's base), by title, year and document, if only one has them."""
    if kept.key in snapshot.by_key:
        return snapshot.cards[snapshot.by_key[kept.key]]
    same = titles.get(_folded(kept.title, kept.year, kept.container), ())
    return same[0] if len(same) == 1 else None


def _titles(snapshot: Snapshot) -> dict[Facts, list[ReportCard]]:
    """The reports by title, year and the title of their document."""
    found: dict[Facts, list[ReportCard]] = {}
    for card in snapshot.cards.values():
        container = snapshot.cards[snapshot.by_key[card.parent]].title if card.parent else ""
        found.setdefault(_folded(card.title, card.year, container), []).append(card)
    return found


def _folded(title: str, year: int | None, container: str) -> Facts:
    return " ".join(title.casefold().split()), year, " ".join(container.casefold().split())


def _passage(quote: Quote, rows: Sequence) -> object | None:  # rows: sqlite3.Row
    """The passage with the same text; else the likest one near its page, for it may have been cut or repaired otherwise."""
    from rapidfuzz import fuzz

    wanted = " ".join(quote.text.split())
    texts = [(row, " ".join(row["text"].split())) for row in rows]
    for row, text in texts:
        if text == wanted:
            return row

    def likeness(pair: tuple) -> tuple[float, int]:
        row, text = pair
        return fuzz.partial_ratio(wanted, text), -abs(row["first_page"] - quote.page)

    near = [pair for pair in texts if abs(pair[0]["first_page"] - quote.page) <= NEAR]
    for some in (near, texts):
        if some and likeness(best := max(some, key=likeness))[0] >= LIKE:
            return best[0]
    return None
