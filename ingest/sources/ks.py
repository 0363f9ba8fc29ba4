"""KS' FoU database: one search that lists all projects, and a page for each with its files."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from cli import years
from errors import UsageError
from ingest.fetching.faults import Fault
from ingest.sources import page
from ingest.sources.entry import Details, Entry, Listing, day, plain, texts, year

if TYPE_CHECKING:
    from ingest.fetching.web import Web

HELP = "hent rapportene i KS' FoU-database"
OPTIONS: Mapping[str, Mapping[str, Any]] = {"--year": {"metavar": "2015-2024", "help": "bare rapporter fra disse årene"}}


def listing(web: Web, ask: Mapping[str, str]) -> Listing:
    """All projects that the search knows. Years are told by the date on which a project ended."""
    first, last = _years(ask.get("year") or "")
    answer = web.json(web.settings.ks)
    records = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(records, list) or not records:
        raise Fault("svaret har ingen rapporter; se at ks under [fetch] i config.toml er adressen til søket")
    entries = [_entry(record, web.settings.ks) for record in records if isinstance(record, dict)]
    within = [entry for entry in entries if not ask.get("year") or (entry.year and first <= entry.year <= last)]
    ids = {entry.id for entry in entries}
    return Listing(within, still=lambda known: known.id in ids)


def details(web: Web, entry: Entry) -> Details:
    if not entry.page:
        return Details()
    text, url = web.page(entry.page)
    return page.read(text, url)


def place(entry: Entry) -> tuple[str, ...]:
    """The year and the project's number; where it has none, what its page is called."""
    name = entry.number or urlsplit(entry.page).path.rstrip("/").rpartition("/")[2] or entry.title
    return str(entry.year or "uten-ar"), name


def _entry(record: Mapping[str, Any], address: str) -> Entry:
    number = plain(record.get("projectNumber"), 40)
    number = number if re.search(r"\d", number) else ""  # some say N/A
    link = record.get("pageLink") if isinstance(record.get("pageLink"), str) else ""
    date = day(record.get("projectEndDate"))
    title = plain(record.get("title"))
    return Entry(
        id=plain(link) or number or " ".join(filter(None, (title, date))),
        title=title,
        number=number,
        date=date,
        year=year(date),
        body=plain(record.get("executiveEnvironment")),
        themes=texts(record.get("themeTags")),
        summary=plain(record.get("excerp")),
        page=_joined(address, link.strip()),
    )


def _joined(address: str, link: str) -> str:
    try:
        return urljoin(address, link) if link else ""
    except ValueError:
        return ""


def _years(text: str) -> tuple[int, int]:
    """The first and last year that a span means; "" is every year. UsageError for what is no span."""
    try:
        first, last = years(text) if text else (None, None)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"--year: {error}") from error
    return first or 0, last or 9999
