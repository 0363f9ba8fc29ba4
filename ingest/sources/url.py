"""Documents whose addresses stand in a file, one on a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urlsplit

from errors import UsageError
from ingest.fetching import names
from ingest.sources.entry import Details, Entry, Link, Listing

if TYPE_CHECKING:
    from ingest.fetching.web import Web

HELP = "hent dokumentene på adressene i en fil"
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "list": {"metavar": "LIST", "help": "fil med en adresse på hver linje; # er kommentar"}
}


def listing(web: Web, ask: Mapping[str, str]) -> Listing:
    """An entry for each address. One that is taken out of the list is not gone: it may stand in another."""
    try:
        lines = Path(ask["list"]).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"«{ask['list']}» kan ikke leses; oppgi en tekstfil i UTF-8 med en adresse på hver linje") from error
    found = (re.sub(r"(^|\s)#.*", "", line).strip() for line in lines)  # a # within an address is not a comment
    return Listing([Entry(id=address, page=address) for address in dict.fromkeys(_whole(line) for line in found if line)])


def details(web: Web, entry: Entry) -> Details:
    """The address is the document, be it a PDF or a page."""
    return Details((Link(entry.id, role="report"),))


def place(entry: Entry) -> tuple[str, ...]:
    """The server, and what the address calls the file; told from others of that name by some letters of its own."""
    return _host(entry.id), f"{names.stem(Link(entry.id).file)[:50]}-{names.short(entry.id)}"


def _whole(line: str) -> str:
    try:
        return urldefrag(line)[0]
    except ValueError:
        return line


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "uten-tjener"
    except ValueError:
        return "uten-tjener"
