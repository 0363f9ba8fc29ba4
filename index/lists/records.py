"""What a list holds: reports and passages with what was said of them, and the orders that they can be put in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from index.references.names import alphabetical
from index.references.record import Quote, Reference, merged


@dataclass(frozen=True, slots=True)
class Item:
    """A report, or one passage of it, in a list. `reference` is as it was when it was kept; `added` a time in ISO's form;
    `search` the search of the log that it was found by."""

    id: int
    reference: Reference
    quote: Quote | None
    comment: str
    added: str
    search: int | None = None

    def as_reference(self, reference: Reference | None = None) -> Reference:
        """The reference (as kept, or as given) with the passage and what was said of it."""
        reference = reference or self.reference
        if self.quote is None:
            return replace(reference, comment=self.comment)
        return reference.with_quotes(replace(self.quote, comment=self.comment))


@dataclass(frozen=True, slots=True)
class Kept:
    """A named list with its items in order."""

    name: str
    comment: str
    changed: str
    items: tuple[Item, ...] = ()

    def references(self) -> list[Reference]:
        """Each report once, as it was kept, with its passages."""
        return merged([item.as_reference() for item in self.items])


def _author(item: Item) -> str:
    return alphabetical(" ".join(creator.inverted for creator in item.reference.creators) or item.reference.title)


ORDERS = {
    "added": lambda item: (item.added, item.id),
    "title": lambda item: alphabetical(item.reference.title),
    "author": _author,
    "year": lambda item: -(item.reference.year or 0),
}
"""What a list can be sorted by; by year, the newest come first."""
