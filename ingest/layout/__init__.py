"""Pages in, sections out: running lines and footnotes taken out of the body, headings, whole paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.layout.contents import split_at_contents, without_contents
from ingest.layout.furniture import furniture
from ingest.layout.headings import mark_headings
from ingest.layout.notes import notes
from ingest.layout.paragraphs import paragraphs_of
from ingest.layout.rows import rows_of
from ingest.report import Page, Paragraph, Section

VERSION = 1
NOTES = "Fotnoter"


def layout(pages: Sequence[Page]) -> tuple[Section, ...]:
    """The sections of a document in reading order; footnotes come as sections of their own, last in path «Fotnoter»."""
    rows = [row for page in pages for row in rows_of(page)]
    running = furniture(rows, pages)
    body = [row for row in rows if id(row) not in running]
    body, contents = without_contents(body)
    body = split_at_contents(body, contents)
    footnotes = notes(body)
    body = [row for row in body if id(row) not in footnotes]
    sections: list[Section] = []
    kept_notes = [row for row in rows if id(row) in footnotes]
    for path, first_page, members in mark_headings(body):
        found = paragraphs_of(members)
        if found or path:
            sections.append(Section(path, first_page, tuple(found)))
    if kept_notes:
        sections += _note_sections(sections, paragraphs_of(kept_notes))
    return tuple(sections)


def _note_sections(sections: Sequence[Section], found: Sequence[Paragraph]) -> list[Section]:
    """Footnotes gathered under the last section that begins on or before their page."""
    under: dict[tuple[str, ...], list[Paragraph]] = {}
    for note in found:
        page = note.text.first_page
        path = next((s.path for s in reversed(sections) if s.first_page <= page), ())
        under.setdefault((*path, NOTES), []).append(Paragraph(note.text, "note"))
    return [Section(path, group[0].text.first_page, tuple(group)) for path, group in under.items()]
