"""Where ingest and index meet for what is handed over by hand: a file to its text."""

from __future__ import annotations

from pathlib import Path

from settings import Settings


def text_of(path: Path, settings: Settings) -> str:
    """The running text of a document, repaired and without running lines, a paragraph a line. UnreadableDocument with the reason."""
    from ingest import pipeline

    report = pipeline.read(path, settings)
    described = [paragraph for project in report.projects for paragraph in project.paragraphs]
    own = [paragraph for section in report.sections for paragraph in section.paragraphs]
    return "\n".join([report.metadata.title, *(paragraph.text.text for paragraph in [*own, *described])])
