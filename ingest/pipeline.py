"""The stages in their order: a path in, a Report out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import whole
from errors import UnreadableDocument
from ingest import entry, extract, layout, metadata, ocr, passages, projects, repair, reread
from ingest.fetching.sidecar import LARGEST
from ingest.report import Page, Report, Section, Traced
from shown import HALVES

if TYPE_CHECKING:
    from ingest.extract.pages import Extracted
    from settings import Settings

ReadAnew = Callable[[Path, Sequence[int], "Settings", Callable[[int], None]], Mapping[int, Any]]
"""As ocr.read_pages, which it is where no other is given."""
Progress = Callable[[int, str], AbstractContextManager[Callable[[int], None]]]
"""progress(total, label) gives a context whose value is called with the number of pages just done."""


@contextmanager
def no_progress(total: int, label: str) -> Iterator[Callable[[int], None]]:
    yield lambda n: None


def read(path: Path, settings: Settings, progress: Progress = no_progress, read_anew: ReadAnew | None = None) -> Report:
    """Reads one document through all stages, in this process; ingest/reader.py does it in one of its own.

    Raises UnreadableDocument with the reason.
    """
    notices: list[str] = []
    if path.name == entry.NAME:
        return entry.report(path, settings.passages)
    stated, listed = sidecar(path), entry.beside(path)
    found = extracted(path, settings, notices.append, progress, str(stated.get("language") or ""), read_anew)
    pages = found.pages
    sections = layout.layout(pages)
    own = metadata.metadata(pages, found.properties, sections)
    meta = metadata.override(own, {**(entry.stated(listed, path.name) if listed else {}), **stated})
    sections = _without_title(sections, meta.title)
    sections, described = projects.projects(sections)
    size = settings.passages
    return Report(
        path=path,
        sha256=whole.sha256(path),
        metadata=meta,
        pages=pages,
        sections=sections,
        projects=described,
        passages=tuple(passages.passages(sections, described, size.min_words, size.max_words)),
        notices=tuple(notices),
        entry=path.parent.as_posix() if listed else "",
        role=entry.role(listed, path.name) if listed else "",
        conflicts=entry.conflicts(own, listed, path.name) if listed else (),
    )


def extracted(
    path: Path,
    settings: Settings,
    notify: Callable[[str], None] = lambda _: None,
    progress: Progress = no_progress,
    language: str = "",
    read_anew: ReadAnew | None = None,
) -> Extracted:
    """What extract gives, with the letters put right and with the pages read anew that only their picture can tell.

    `notify` is given what the user should know of pages that were not read; `language` is that of the document where it is
    stated. Raises UnreadableDocument with the reason.
    """
    found = extract.extract(path, settings)
    if found.damaged:
        first = min(found.damaged)
        which = f"side {first}" if len(found.damaged) == 1 else f"{len(found.damaged)} sider (første: {first})"
        notify(f"{which} er skadet og ble ikke lest; lagre filen på nytt fra programmet den er laget i")
    pages = put_right(found.pages, language)
    numbers = reread.wanted(pages, found.scans, settings.ocr.reread_below)
    if numbers:
        before = {page.number: page for page in pages if page.number in set(numbers)}
        shown = no_progress if ocr.lacking(settings) else progress
        with shown(len(numbers), "Leser skannede sider") as step:
            anew = (read_anew or ocr.read_pages)(path, numbers, settings, step)
        read_anew = put_right([page for page in anew.values() if isinstance(page, Page)], language)
        kept = {page.number: page for page in read_anew if reread.better(page, before[page.number])}
        if kept:  # the document's other pages are judged by what it says now
            pages = put_right([kept.get(page.number, page) for page in pages], language)
        for notice in reread.notices(before, anew, settings):
            notify(notice)
    return replace(found, pages=pages)


def put_right(pages: Sequence[Page], language: str = "") -> tuple[Page, ...]:
    """The pages with their letters repaired, each edit recorded, and the quality of each raw page."""
    repaired = repair.repair([page.raw for page in pages], language)
    return tuple(
        replace(page, traced=Traced.of_page(page.raw, page.number, found.edits), edits=found.edits, quality=found.quality)
        for page, found in zip(pages, repaired, strict=True)
    )


def sidecar(path: Path) -> Mapping[str, Any]:
    """What NAME.json beside the document states, or nothing. Raises UnreadableDocument if it is no JSON object."""
    beside = path.with_suffix(".json")
    if not beside.is_file() or beside.name == entry.NAME:
        return {}
    if beside.stat().st_size > LARGEST:
        raise UnreadableDocument(f"«{beside.name}» er for stor til å være metadata; rett den eller ta den bort")
    try:
        stated = json.loads(beside.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        where = f" (linje {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadableDocument(f"«{beside.name}» er ikke gyldig JSON i UTF-8{where}; rett den, eller ta den bort") from error
    if HALVES.search(json.dumps(stated, ensure_ascii=False)):
        raise UnreadableDocument(f"«{beside.name}» har halve tegn (\\ud800 og lignende); skriv teksten med hele tegn")
    if not isinstance(stated, dict):
        raise UnreadableDocument(f"«{beside.name}» må være et JSON-objekt med metadata")
    return stated


def fingerprint(path: Path, settings: Settings) -> str:
    """Changes with the file, its sidecar, the stages and the settings that shape a Report; cheap to make."""
    state: list[Any] = [
        [file.stat().st_size, file.stat().st_mtime_ns]
        for file in (path, path.with_suffix(".json"))
        if file.is_file() and file.name != entry.NAME  # of which only what it states counts, not when it was fetched
    ]
    versions = [stage.VERSION for stage in (extract, repair, reread, layout, metadata, projects, passages)]
    reader = str(ocr.tessdata(settings.ocr.tessdata)) if settings.ocr.enabled else ""  # installing it reads scans anew
    scans = [reader, settings.ocr.dpi, settings.ocr.reread_below, settings.ocr.seconds_per_page]
    shape = [settings.passages.min_words, settings.passages.max_words, *scans]
    if listed := entry.fingerprint(path):
        shape.append(listed)
    return hashlib.sha256(json.dumps([state, versions, shape]).encode()).hexdigest()[:32]


def _without_title(sections: Sequence[Section], title: str) -> tuple[Section, ...]:
    """The document's own title at the head of a section path says nothing, so it is left out."""

    def letters(text: str) -> str:
        return "".join(filter(str.isalnum, text.casefold()))

    heads = [section.path[0] for section in sections if section.path]
    over_all = heads[0] if len(heads) > 2 and len(set(heads)) == 1 else ""

    def strip(section: Section) -> Section:
        head = section.path[0] if section.path else ""
        named = head and (head == over_all or letters(head) == letters(title))
        return replace(section, path=section.path[1:]) if named else section

    return tuple(strip(section) for section in sections)
