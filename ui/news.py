"""What is new in the collection."""

from __future__ import annotations

from index.search import Index
from ui.session import Room


def panel(room: Room, index: Index | None) -> None:
    pass
