"""The newest reports as an Atom feed (RFC 4287): a file in the store, for whatever reads feeds."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from urllib.parse import quote
from uuid import UUID, uuid4, uuid5
from xml.etree import ElementTree

from index import news
from index.layout import Layout
from index.records import ReportCard
from whole import write as write_whole

MOST = 50
LONGEST = 1000  # letters of a summary
NEVER = "1970-01-01T00:00:00+00:00"  # a feed must say when it last changed, also where nothing has come yet

UNFIT = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
"""What XML can't hold, control characters, and those that turn the letters about."""


def write(layout: Layout, db: sqlite3.Connection) -> bool:
    """Writes the feed of the generation in use, where it says something else than the one that is there; says whether it did.

    `db`: the writer's connection, for what names the feed for good.
    """
    row = db.execute("SELECT value FROM state WHERE key = 'feed'").fetchone()
    name = UUID(row["value"]) if row else uuid4()
    if not row:
        db.execute("INSERT INTO state VALUES ('feed', ?)", (str(name),))
    cards = [card for card in news.since(layout) if card.public][:MOST]  # a feed is made to be passed on
    data = atom(name, cards, news.told(layout, cards))
    if layout.feed.is_file() and layout.feed.read_bytes() == data:
        return False
    write_whole(layout.feed, data)
    return True


def atom(name: UUID, cards: Sequence[ReportCard], told: Mapping[str, news.Told]) -> bytes:
    """The feed called `name` with an entry for each report: the same bytes for the same reports."""
    feed = ElementTree.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "nb"})
    _add(feed, "id", name.urn)
    _add(feed, "title", "Nye rapporter i FoU-søk")
    _add(feed, "updated", max((card.seen for card in cards), default=NEVER))
    _author(feed, "FoU-søk")
    for card in cards:
        _entry(feed, name, card, told.get(card.id, news.Told()))
    ElementTree.indent(feed)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def _entry(feed: ElementTree.Element, name: UUID, card: ReportCard, told: news.Told) -> None:
    entry = ElementTree.SubElement(feed, "entry", {"xml:lang": card.language} if card.language else {})
    title, summary = _clean(card.title) or card.id, _clean(told.summary)[:LONGEST]
    _add(entry, "id", uuid5(name, card.id).urn)
    _add(entry, "title", title)
    _add(entry, "published", card.seen)
    _add(entry, "updated", card.seen)
    if body := _clean(card.body):
        _author(entry, body)
    for theme in filter(None, map(_clean, card.themes)):
        ElementTree.SubElement(entry, "category", {"term": theme})
    if link := _link(told.url):
        ElementTree.SubElement(entry, "link", {"rel": "alternate", "href": link})
        _add(entry, "summary", summary or title)
    else:
        _add(entry, "content", summary or title)  # which an entry must have that leads nowhere


def _add(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text


def _author(parent: ElementTree.Element, name: str) -> None:
    _add(ElementTree.SubElement(parent, "author"), "name", name)


def _clean(text: str) -> str:
    return " ".join(UNFIT.sub(" ", text).split())


def _link(url: str) -> str:
    """An address on the web as it can stand in a feed; "" for anything else."""
    url = UNFIT.sub("", url).strip()
    return re.sub(r"[\s<>\"{}|\\^`]", lambda m: quote(m[0]), url) if re.match(r"https?://[^\s/?#]", url, re.IGNORECASE) else ""
