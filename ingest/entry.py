"""An entry of a source: what the source says of a report, and which files it has (entry.json in a folder of the entry's own).

A report is known before its text: where no file can be read, the entry stands for it, found by its title and summary.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from errors import UnreadableDocument
from ingest.report import MAIN, Conflict, Metadata, Report
from settings import Passages

VERSION = 1
NAME = "entry.json"
ROLES = (MAIN, "summary", "presentation", "appendix", "other")
LABELS = {"summary": "sammendrag", "presentation": "presentasjon", "appendix": "vedlegg", "other": "tillegg"}
NO_PAGE = 0  # what the source says stands on no page
CHECKED = ("year", "number", "body", "title")  # where a document that says otherwise than the source is told of
ALIKE = 0.5  # of a title's words, those that the other must have to be the same title


@dataclass(frozen=True, slots=True)
class File:
    """A file of an entry as it lies beside entry.json; `name` is "" and `failed` says why where it could not be had."""

    url: str
    name: str
    role: str
    failed: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What is not known is empty. `gone`: the day from which the source no longer had it, or ""."""

    source: str
    id: str
    title: str
    number: str = ""
    date: str = ""
    year: int | None = None
    body: str = ""
    themes: tuple[str, ...] = ()
    summary: str = ""
    page: str = ""
    files: tuple[File, ...] = ()
    gone: str = ""

    @property
    def main(self) -> str:
        """The name of the file that is the report itself: the one of that role, else the first that is there; "" without files."""
        there = [file for file in self.files if file.name]
        return next((file.name for file in there if file.role == MAIN), there[0].name if there else "")

    def role(self, name: str) -> str:
        """What the file of that name is to the report: one of ROLES, or "" where the entry has none of that name."""
        found = next((file.role for file in self.files if file.name == name), "")
        return MAIN if found and name == self.main else found

    def stated(self, name: str = "") -> dict[str, Any]:
        """What the source states of the document in that file, or of the report where no file is named: fields of Metadata."""
        facts = {"year": self.year, "body": self.body, "themes": list(self.themes), "url": self.page}
        facts |= {"title": self._title(name), "number": self.number}
        if self.role(name) in ("", MAIN):
            facts["summary"] = self.summary
        return {key: value for key, value in facts.items() if value not in ("", None, [])}

    def _title(self, name: str) -> str:
        role = self.role(name)
        if role in ("", MAIN):
            return self.title
        same = [file.name for file in self.files if file.name and self.role(file.name) == role]
        number = f" {same.index(name) + 1}" if len(same) > 1 else ""
        return f"{self.title} – {LABELS[role]}{number}"


def read(path: Path) -> Entry:
    """The entry in a file. UnreadableDocument where it is none."""
    try:
        row = json.loads(path.read_text("utf-8"))
        entry = _entry(row)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableDocument(f"«{path.name}» er ikke en oppføring som hentingen har skrevet ({error}); hent den på nytt") from error
    if not entry.title.strip():
        raise UnreadableDocument(f"«{path.name}» har ingen tittel")
    return entry


def beside(document: Path) -> Entry | None:
    """The entry that the file belongs to; None for a file that stands alone."""
    path = document.parent / NAME
    entry = read(path) if document.name != NAME and path.is_file() else None
    return entry if entry and entry.role(document.name) else None


def document(path: Path) -> Path | None:
    """The file that is the report itself, of the entry in that file; None where it has none, or is no entry."""
    try:
        main = read(path).main
    except UnreadableDocument:
        return None
    return path.parent / main if main else None


def report(path: Path, size: Passages) -> Report:
    """A report known before its text: of its title and its summary, on no page that could be opened."""
    from ingest.passages import of_text

    entry = read(path)
    page, section, passages = of_text(entry.summary.strip() or entry.title, size.min_words, size.max_words, NO_PAGE)
    values = entry.stated()
    return Report(
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        metadata=Metadata(**{**values, "themes": tuple(values.get("themes", ()))}),
        pages=(page,),
        sections=(section,),
        projects=(),
        passages=passages,
        entry=path.parent.as_posix(),
        role=MAIN,
        fulltext=False,
    )


def fingerprint(entry: Entry, name: str = "") -> list[Any]:
    """What of an entry shapes the document in that file, or the report where no file is named."""
    return [VERSION, entry.stated(name), entry.role(name)]


def conflicts(found: Metadata, entry: Entry, name: str) -> tuple[Conflict, ...]:
    """Where the report's own file says otherwise than the source, which is the one that is believed."""
    if entry.role(name) != MAIN:
        return ()
    stated = entry.stated(name)
    pairs = [(field, str(getattr(found, field) or ""), str(stated.get(field) or "")) for field in CHECKED]
    return tuple(Conflict(field, said) for field, said, source in pairs if said and source and not _same(field, said, source))


def _same(field: str, one: str, other: str) -> bool:
    words = [set(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())) for text in (one, other)]
    if field in ("title", "body"):
        return len(words[0] & words[1]) >= ALIKE * min(map(len, words))
    return words[0] == words[1]


def _entry(row: Mapping[str, Any]) -> Entry:
    def text(name: str, of: Mapping[str, Any] = row) -> str:
        value = of.get(name)
        return " ".join(str(value).split()) if value is not None and name != "summary" else str(value or "").strip()

    year = row.get("year")
    files = tuple(
        File(text("url", file), text("name", file) if not file.get("failed") else "", text("role", file), text("failed", file))
        for file in row.get("files") or ()
    )
    if any(file.role not in ROLES for file in files):
        raise ValueError("ukjent rolle")
    return Entry(
        source=text("source"),
        id=text("id"),
        title=text("title"),
        number=text("number"),
        date=text("date"),
        year=year if type(year) is int and 1800 <= year <= 2100 else None,
        body=text("body"),
        themes=tuple(dict.fromkeys(" ".join(str(theme).split()) for theme in row.get("themes") or () if str(theme).strip())),
        summary=text("summary"),
        page=text("page"),
        files=files,
        gone=text("gone"),
    )
