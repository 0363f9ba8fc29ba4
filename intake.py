"""Where ingest and index meet for what is handed over by hand: a file, or what stands on standard input, to its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from settings import Settings

if TYPE_CHECKING:
    from ingest.report import Section


def text_of(path: Path, settings: Settings) -> str:
    """The running text of a document, repaired and without running lines: a heading or a paragraph a line. A text file keeps
    its lines. UnreadableDocument with the reason."""
    from ingest import reader

    if path.suffix.lower() == ".txt":
        return "\n".join(page.text for page in reader.pages(path, settings)[0])
    report = reader.report(path, settings)
    lines = [*_lines(report.sections)]
    for project in report.projects:
        lines += [project.title, *(paragraph.text.text for paragraph in project.paragraphs)]
    title = report.metadata.title
    return "\n".join(lines if title in lines else [title, *lines])


def decoded(data: bytes) -> str:
    """A text that was piped in, whatever it was written in. UnreadableDocument where it is none."""
    from ingest.extract.text import decode

    return decode(data)


def _lines(sections: Sequence[Section]) -> Iterator[str]:
    """Headings, each once, and what stands under them."""
    before: tuple[str, ...] = ()
    for section in sections:
        same = 0
        while same < min(len(before), len(section.path)) and before[same] == section.path[same]:
            same += 1
        yield from section.path[same:]
        before = section.path
        yield from (paragraph.text.text for paragraph in section.paragraphs)
