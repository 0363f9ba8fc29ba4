"""An entry of a source (ingest/fetching/sidecar.py) as ingest takes it: what it states of each of its files, and a report of its own.

A report is known before its text: where its file could not be had or read, the entry stands for it, found by its title and
summary. The source is believed before the file; where the report's own file says otherwise, that is told.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import whole
from errors import UnreadableDocument
from ingest.fetching import sidecar
from ingest.fetching.sidecar import NAME, Sidecar
from ingest.report import MAIN, Conflict, Metadata, Report
from settings import Passages

VERSION = 3
LABELS = {"part": "delrapport", "summary": "sammendrag", "presentation": "presentasjon", "appendix": "vedlegg", "other": "tillegg"}
PART = "part"
SURE = 0.8  # of the name of a body in a source's list, how much a known body's name must be, to be given its one form
NO_PAGE = 0  # what the source says stands on no page
CHECKED = ("year", "number", "body", "title")  # where a document that says otherwise than the source is told of
ALIKE = 0.5  # of a title's words, those that the other must have to be the same title


def main(entry: Sidecar) -> str:
    """The name of the file that is the report itself: the one of that role, else the first that is there; "" without files."""
    there = [file for file in entry.files if file.sha256]
    return next((file.name for file in there if file.role == MAIN), there[0].name if there else "")


def role(entry: Sidecar, name: str) -> str:
    """What the file of that name is to the report: one of sources.roles.ROLES, or PART for a report beside the one that is
    the report itself; "" where the entry has none of that name."""
    found = next((file.role for file in entry.files if file.sha256 and file.name == name), "")
    if found and name == main(entry):
        return MAIN
    return PART if found == MAIN else found


def stated(entry: Sidecar, name: str = "") -> dict[str, Any]:
    """What the source states of the document in that file, or of the report where no file is named: fields of Metadata."""
    from ingest.metadata.bodies import one_form

    what = role(entry, name)
    facts = {"year": entry.year, "body": one_form(entry.body, SURE), "themes": list(entry.themes), "number": entry.number, "title": entry.title}
    facts["url"] = entry.page or next((file.url for file in entry.files if file.name == name), "")
    if what not in ("", MAIN) and entry.title:
        same = list(dict.fromkeys(file.name for file in entry.files if file.sha256 and role(entry, file.name) == what))
        facts["title"] += f" – {LABELS[what]}{f' {same.index(name) + 1}' if len(same) > 1 else ''}"
    elif what in ("", MAIN):
        facts["summary"] = entry.summary
    return {key: value for key, value in facts.items() if value not in ("", None, [])}


def beside(document: Path) -> Sidecar | None:
    """The entry that the file belongs to; None for a file that stands alone."""
    entry = sidecar.read(document.parent) if document.name != NAME else None
    return entry if entry and role(entry, document.name) else None


def document(path: Path) -> Path | None:
    """The file that is the report itself, of the entry in that file; None where it has none, or is no entry."""
    entry = sidecar.read(path.parent)
    return path.parent / main(entry) if entry and main(entry) else None


def report(path: Path, size: Passages) -> Report:
    """A report known before its text: of its title and its summary, on no page that could be opened.

    UnreadableDocument where the file is no entry, or one of a single address that could not be had, of which nothing is known.
    """
    from ingest.passages import of_text

    entry = _read(path)
    page, section, passages = of_text(entry.summary.strip() or entry.title, size.min_words, size.max_words, NO_PAGE)
    values = stated(entry)
    return Report(
        path=path,
        sha256=whole.sha256(path),
        metadata=Metadata(**{**values, "themes": tuple(values.get("themes", ()))}),
        pages=(page,),
        sections=(section,),
        projects=(),
        passages=passages,
        entry=path.parent.as_posix(),
        role=MAIN,
        fulltext=False,
    )


def fingerprint(path: Path) -> list[Any]:
    """What of its entry shapes a document, or entry.json itself as a report; [] for a document that stands alone."""
    entry = _read(path) if path.name == NAME else beside(path)
    name = "" if path.name == NAME else path.name
    return [VERSION, stated(entry, name), role(entry, name)] if entry else []


def conflicts(found: Metadata, entry: Sidecar, name: str) -> tuple[Conflict, ...]:
    """Where the report's own file says otherwise than the source, which is the one that is believed."""
    if role(entry, name) != MAIN:
        return ()
    said = stated(entry, name)
    pairs = [(field, str(getattr(found, field) or ""), str(said.get(field) or "")) for field in CHECKED]
    return tuple(Conflict(field, own) for field, own, source in pairs if own and source and not _same(field, own, source))


def _same(field: str, one: str, other: str) -> bool:
    words = [set(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())) for text in (one, other)]
    if field in ("title", "body"):
        return len(words[0] & words[1]) >= ALIKE * min(map(len, words))
    return words[0] == words[1]


def _read(path: Path) -> Sidecar:
    entry = sidecar.read(path.parent)
    if entry is None:
        raise UnreadableDocument(f"«{path.name}» er ikke en oppføring som hentingen har skrevet; hent den på nytt")
    if not entry.title.strip():
        why = next((file.failed for file in entry.files if file.failed), "kilden sier ikke hva den heter")
        raise UnreadableDocument(f"{entry.page or entry.id}: {why}")
    return entry
