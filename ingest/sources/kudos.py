"""Kudos, DFØ's base of knowledge documents of the state: a search in pages, each document with its files.

Known, from field notes and from clients of the API: GET …/documents/search with `query`, `filters` (a JSON object such as
{"type": ["Evaluering"]}) and `page`; the answer has `data` and `meta.last_page`; a document is also at …/documents/UUID, and
its page at /dokument/UUID. It has been seen from here in no other way than that. Assumed: the names of fields beyond those, which
stand in data/kudos.toml, and that an unknown document answers 404.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urljoin

from errors import UsageError
from ingest.fetching import names
from ingest.fetching.faults import Fault
from ingest.sources.entry import Details, Entry, Link, Listing, day, first, plain, texts, year

if TYPE_CHECKING:
    from ingest.fetching.web import Web

HELP = "hent dokumenter fra Kudos, etter ord eller filter"
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "--query": {"metavar": "TEXT", "help": "ord som det søkes etter"},
    "--filter": {"metavar": "JSON", "help": """filter som et JSON-objekt, for eksempel {"type": ["Evaluering"]}"""},
    "--most": {"metavar": "N", "help": "høyst så mange dokumenter (ellers alle treff)"},
}

PAGES = 10_000
"""Pages of an answer, at most."""


def listing(web: Web, ask: Mapping[str, str]) -> Listing:
    """The documents that a search finds. One that the same search found before, and Kudos no longer knows, is gone."""
    question = _question(ask)
    most = _most(ask.get("most") or "")
    asked = urlencode(question)
    state = {"whole": False}

    def entries() -> Iterator[Entry]:
        for number, record in enumerate(_records(web, question)):
            if number == most:
                return
            yield _entry(record, web.settings.kudos, asked)
        state["whole"] = True

    def still(known: Any) -> bool:
        if not state["whole"] or asked not in known.asked:
            return True
        return not web.missing(urljoin(web.settings.kudos, quote(known.id, safe="")))

    return Listing(entries(), still)


def details(web: Web, entry: Entry) -> Details:
    """Nothing more: the search tells all."""
    return Details()


def place(entry: Entry) -> tuple[str, ...]:
    """The year, and the title with some letters that tell it from others of that title."""
    return str(entry.year or "uten-ar"), f"{names.slug(entry.title, 50) or 'dokument'}-{names.short(entry.id)}"


def _question(ask: Mapping[str, str]) -> dict[str, str]:
    query, filters = (ask.get("query") or "").strip(), (ask.get("filter") or "").strip()
    if not query and not filters:
        raise UsageError("oppgi --query eller --filter; Kudos har for mange dokumenter til å hente alle")
    if not filters:
        return {"query": query}
    try:
        found = json.loads(filters)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UsageError(f"""--filter: «{filters}» er ikke et JSON-objekt; skriv for eksempel {{"type": ["Evaluering"]}}""")
    stated = {"filters": json.dumps(found, ensure_ascii=False, sort_keys=True)}
    return {"query": query, **stated} if query else stated


def _most(text: str) -> int | None:
    if text and not (text.isdecimal() and int(text)):
        raise UsageError(f"--most: «{text}» er ikke et antall; skriv et helt tall fra 1")
    return int(text) if text else None


def _records(web: Web, question: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """The documents of all pages of an answer."""
    names_of = _fields()["answer"]
    number, last = 1, 1
    while number <= last:
        answer = web.json(f"{web.settings.kudos}?{urlencode({**question, 'page': number})}")
        records = first(answer, names_of["records"]) if isinstance(answer, dict) else answer
        if records is None:
            return
        if not isinstance(records, list):
            raise Fault("svaret har ingen liste over dokumenter; se at kudos under [fetch] i config.toml er adressen til søket")
        yield from (record for record in records if isinstance(record, dict))
        meta = first(answer, names_of["meta"]) if isinstance(answer, dict) else None
        stated = first(meta, names_of["last_page"]) if isinstance(meta, dict) else None
        last = min(stated, PAGES) if records and isinstance(stated, int) else number
        number += 1


def _entry(record: Mapping[str, Any], address: str, asked: str) -> Entry:
    found = {name: first(record, names_of) for name, names_of in _fields()["document"].items()}
    date, own = day(found["date"]), plain(found["id"], 100)
    files = found["files"] if isinstance(found["files"], list) else []
    page = urljoin(address, f"/dokument/{quote(own, safe='')}") if own else plain(found["page"], 2000)
    return Entry(
        id=own or page or plain(found["title"]),
        title=plain(found["title"]),
        date=date,
        year=year(date) or year(found["year"]),
        body=_actor(found["body"]),
        themes=texts(found["themes"]),
        summary=plain(found["summary"], 2000),
        page=page,
        links=tuple(link for file in files if isinstance(file, dict) if (link := _link(file, address)).url),
        asked=asked,
    )


def _link(file: Mapping[str, Any], address: str) -> Link:
    found = {name: first(file, names_of) for name, names_of in _fields()["file"].items()}
    try:
        url = urljoin(address, found["url"]) if isinstance(found["url"], str) else ""
    except ValueError:
        url = plain(found["url"], 2000)
    return Link(url, plain(found["text"], 200), "report" if found["first"] is True else "", plain(found["name"], 200))


def _actor(value: Any) -> str:
    """The name of an actor, or of several, as people know them."""
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(filter(None, map(_actor, value))))
    if not isinstance(value, dict):
        return plain(value)
    others = first(value, _fields()["actor"]["others"])
    shown = (
        (o.get("name") for o in others if isinstance(o, dict) and o.get("type") == "display") if isinstance(others, list) else ()
    )
    return plain(next(shown, None) if shown else None) or plain(first(value, _fields()["actor"]["name"]))


@cache
def _fields() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "data" / "kudos.toml").read_text("utf-8"))
