"""What is new in the base: the reports first seen since some moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from index import catalog
from index.layout import Layout
from index.records import ReportCard
from index.snapshot import cards_of

if TYPE_CHECKING:
    from index.search import Index

AT_ONCE = 500  # reports read with one question to the catalog


class Told(NamedTuple):
    """What a card doesn't have: the address of the report at its source, and its summary; each may be empty."""

    url: str = ""
    summary: str = ""


def since(where: Index | Layout, moment: str = "") -> list[ReportCard]:
    """The reports that were first seen at a moment (see moments) or later, the newest first; all whose moment is known for "".

    Each counts once: not a second copy of it, nor the files beside it, nor the projects that came with their document.
    FouError with the remedy where there is no index.
    """
    cards = cards_of(where) if isinstance(where, Layout) else where.cards()
    fresh = {card.id: card for card in cards if card.seen and card.seen >= moment and not card.role}
    copies: set[tuple[str, str]] = set()  # of those found, by path, and of projects by title
    found = []
    for card in fresh.values():
        came_with, title = fresh.get(card.parent), card.title if card.parent else ""
        if (came_with and card.seen <= came_with.seen) or (card.path, title) in copies:
            continue
        copies |= {(path, title) for path in card.copies}
        found.append(card)
    return sorted(found, key=lambda card: (card.seen, card.year or 0, card.id), reverse=True)


def newest(where: Index | Layout) -> str:
    """The last moment at which a report was first seen; "" where none is known. Whoever has seen all up to then asks for
    what is later."""
    cards = cards_of(where) if isinstance(where, Layout) else where.cards()
    return max((card.seen for card in cards), default="")


def told(layout: Layout, cards: Sequence[ReportCard]) -> dict[str, Told]:
    """What the base in use knows of the reports, by their keys."""
    found: dict[str, Told] = {}
    with catalog.reading(layout.catalog) as db:
        generation = layout.current()
        for at in range(0, len(cards), AT_ONCE):
            keys = [card.id for card in cards[at : at + AT_ONCE]]
            rows = db.execute(
                "SELECT r.key, r.url, r.summary FROM reports r JOIN documents d ON d.id = r.document "
                f"WHERE {catalog.VISIBLE} AND r.key IN ({','.join(f':k{n}' for n in range(len(keys)))})",
                {"g": generation} | {f"k{n}": key for n, key in enumerate(keys)},
            )
            found |= {row["key"]: Told(row["url"], row["summary"]) for row in rows}
    return found


def as_json(layout: Layout, cards: Sequence[ReportCard]) -> list[dict[str, Any]]:
    """A row for each report, as `index new --json` prints it."""
    known = told(layout, cards)
    return [
        card.as_json()
        | {"source": card.source, "seen": card.seen, "fulltext": card.fulltext, "url": known.get(card.id, Told()).url}
        for card in cards
    ]
