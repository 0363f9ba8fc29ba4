"""The stages in their order: a path in, a Report out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from errors import UnreadableDocument
from ingest import extract, layout, metadata, ocr, passages, projects, repair
from ingest.report import Page, Report, Section, Traced

if TYPE_CHECKING:
    from settings import Settings


def read(path: Path, settings: Settings) -> Report:
    """Reads one document through all stages. Raises UnreadableDocument with the reason."""
    notices: list[str] = []
    found = extract.extract(path, settings, notices.append)
    pages = put_right(found.pages)
    sections = layout.layout(pages)
    meta = metadata.metadata(pages, found.properties, sections)
    meta = metadata.override(meta, sidecar(path))
    sections = _without_title(sections, meta.title)
    sections, described = projects.projects(sections)
    size = settings.passages
    return Report(
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        metadata=meta,
        pages=pages,
        sections=sections,
        projects=described,
        passages=tuple(passages.passages(sections, described, size.min_words, size.max_words)),
        notices=tuple(notices),
    )


def put_right(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages with their letters repaired, each edit recorded, and the quality of each raw page."""
    repaired = repair.repair([page.raw for page in pages])
    return tuple(
        replace(page, traced=Traced.of_page(page.raw, page.number, found.edits), edits=found.edits, quality=found.quality)
        for page, found in zip(pages, repaired, strict=True)
    )


def sidecar(path: Path) -> Mapping[str, Any]:
    """What NAME.json beside the document states, or nothing. Raises UnreadableDocument if it is no JSON object."""
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return {}
    try:
        stated = json.loads(beside.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnreadableDocument(f"«{beside.name}» er ikke gyldig JSON: {error}") from error
    if any("\ud800" <= letter <= "\udfff" for letter in json.dumps(stated, ensure_ascii=False)):
        raise UnreadableDocument(f"«{beside.name}» har halve tegn (\\ud800 og lignende); skriv teksten med hele tegn")
    if not isinstance(stated, dict):
        raise UnreadableDocument(f"«{beside.name}» må være et JSON-objekt med metadata")
    return stated


def fingerprint(path: Path, settings: Settings) -> str:
    """Changes with the file, its sidecar, the stages and the settings that shape a Report; cheap to make."""
    state: list[Any] = [
        [file.stat().st_size, file.stat().st_mtime_ns] for file in (path, path.with_suffix(".json")) if file.is_file()
    ]
    versions = [stage.VERSION for stage in (extract, repair, layout, metadata, projects, passages)]
    reader = str(ocr.tessdata(settings.ocr.tessdata)) if settings.ocr.enabled else ""  # installing it reads scans anew
    shape = [settings.passages.min_words, settings.passages.max_words, reader, settings.ocr.dpi]
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
