"""A report as a reference: what the formats are made from, with the passages that were kept of it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from index.references.names import Name, bodies, name
from index.snapshot import Snapshot

_FACTS = """
SELECT r.id, r.authors, r.number, r.isbn, r.url,
  (SELECT min(first_page) FROM passages WHERE report = r.id) AS first_page,
  (SELECT max(last_page) FROM passages WHERE report = r.id) AS last_page
FROM reports r WHERE r.id IN ({})
"""
PRIVATE = "Ikke offentlig"
AT_ONCE = 500  # ids in one question to the catalog


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage that was kept, with the pages it stands on and what was said of it."""

    text: str
    page: int
    last_page: int
    comment: str = ""

    @property
    def pages(self) -> str:
        return span(self.page, self.last_page)


@dataclass(frozen=True, slots=True)
class Reference:
    """A report, or a project within a document: then `container` is the document's title and `pages` where it stands."""

    key: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    body: str = ""
    commissioner: str = ""
    number: str = ""
    isbn: str = ""
    url: str = ""
    language: str = ""
    themes: tuple[str, ...] = ()
    container: str = ""
    pages: tuple[int, int] | None = None
    quotes: tuple[Quote, ...] = ()
    comment: str = ""
    public: bool = True  # not so a document that was added by hand

    @property
    def people(self) -> tuple[Name, ...]:
        """The authors, each with surname and given names."""
        return tuple(name(author) for author in self.authors)

    @property
    def creators(self) -> tuple[Name, ...]:
        """Who is cited: the authors; where none are known, the bodies that did the work."""
        return self.people or tuple(Name(body) for body in bodies(self.body))

    @property
    def publisher(self) -> str:
        """The body; where none is known, the commissioner."""
        return self.body or self.commissioner

    @property
    def notes(self) -> tuple[str, ...]:
        """That it isn't public, what was said of it, and each kept passage with its page."""
        said = [f"{f's. {q.pages}: ' if q.pages else ''}{q.text}{f' [{q.comment}]' if q.comment else ''}" for q in self.quotes]
        return (*([] if self.public else [PRIVATE]), *filter(None, [self.comment]), *said)

    def with_quotes(self, *quotes: Quote) -> Reference:
        return replace(self, quotes=tuple(dict.fromkeys((*self.quotes, *quotes))))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def span(first: int, last: int, dash: str = "–") -> str:
    """Pages as they are written: 4, or 4–6; "" for what stands on none (0)."""
    if not first:
        return ""
    return str(first) if first == last else f"{first}{dash}{last}"


def of_json(data: Mapping[str, Any]) -> Reference:
    """The reference that `as_json` wrote. ValueError where it isn't one."""
    text = {f.name: data.get(f.name, "") for f in fields(Reference) if f.type == "str"}
    lists = {name: data.get(name) or () for name in ("authors", "themes", "quotes")}
    year, pages = data.get("year"), data.get("pages")
    sound = (
        all(isinstance(value, str) for value in text.values())
        and text["key"]
        and all(isinstance(value, list | tuple) for value in lists.values())
        and all(isinstance(value, str) for name in ("authors", "themes") for value in lists[name])
        and all(isinstance(quote, Mapping) for quote in lists["quotes"])
        and (year is None or type(year) is int)
        and (pages is None or (isinstance(pages, list | tuple) and [type(n) for n in pages] == [int, int]))
    )
    if not sound:
        raise ValueError("not a reference")
    text["url"] = address(" ".join(text["url"].split()))  # a list from another may hold anything
    return Reference(
        **text,
        authors=tuple(lists["authors"]),
        themes=tuple(lists["themes"]),
        quotes=tuple(quote_of_json(quote) for quote in lists["quotes"]),
        year=year,
        pages=tuple(pages) if pages else None,
        public=data.get("public") is not False,
    )


def quote_of_json(data: Mapping[str, Any]) -> Quote:
    """A quote of its dictionary. ValueError where it isn't one."""
    text, page, comment = data.get("text"), data.get("page"), data.get("comment", "")
    last = data.get("last_page", page)
    if not (isinstance(text, str) and isinstance(comment, str) and type(page) is int and type(last) is int):
        raise ValueError("not a quote")
    return Quote(text, page, last, comment)


def references(snapshot: Snapshot, keys: Sequence[str]) -> list[Reference]:
    """The references of reports by their keys, in that order, each once. KeyError for a key that isn't there."""
    numbers = [snapshot.by_key[key] for key in dict.fromkeys(keys)]
    parents = {snapshot.by_key[card.parent] for n in numbers if (card := snapshot.cards[n]).parent}
    with snapshot.reading() as db:
        facts = _facts(db, sorted({*numbers, *parents}))
    return [_reference(snapshot, number, facts) for number in numbers]


def merged(found: Sequence[Reference]) -> list[Reference]:
    """Each report once, in the order in which it first comes, with all that was kept of it."""
    first: dict[str, Reference] = {}
    for one in found:
        if there := first.get(one.key):
            said = dict.fromkeys(filter(None, (there.comment, one.comment)))
            one = replace(there.with_quotes(*one.quotes), comment="\n\n".join(said))
        first[one.key] = one
    return list(first.values())


def _facts(db: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, sqlite3.Row]:
    found: dict[int, sqlite3.Row] = {}
    for at in range(0, len(numbers), AT_ONCE):
        part = numbers[at : at + AT_ONCE]
        found.update((row["id"], row) for row in db.execute(_FACTS.format(",".join("?" * len(part))), part))
    return found


def _reference(snapshot: Snapshot, number: int, facts: Mapping[int, sqlite3.Row]) -> Reference:
    card, own = snapshot.cards[number], facts.get(number)
    whole = snapshot.by_key[card.parent] if card.parent else number
    document, known = snapshot.cards[whole], facts.get(whole)  # a part is found by its document's number and address

    def fact(row: sqlite3.Row | None, name: str) -> str:
        return " ".join((row[name] if row else "").split())

    pages = (own["first_page"], own["last_page"]) if card.parent and own and own["first_page"] else None
    authors = json.loads(own["authors"]) if own else []
    return Reference(
        key=card.id,
        title=card.title,
        authors=tuple(" ".join(author.split()) for author in authors if author.strip()),
        year=card.year,
        body=" ".join(card.body.split()),
        commissioner=" ".join(card.commissioner.split()),
        number=fact(known, "number"),
        isbn=fact(known, "isbn"),
        url=address(fact(known, "url")),
        language=card.language,
        themes=card.themes,
        container=document.title if card.parent else "",
        pages=pages,
        public=card.public,
    )


def address(text: str) -> str:
    """An address as it may stand in any of the formats, or "" where it is none of the web."""
    if not re.match(r"https?://[^\s/]", text):
        return ""
    return "".join(c if c not in ' <>"{}|\\^`;' else f"%{ord(c):02X}" for c in text)
