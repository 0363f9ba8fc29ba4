"""Bytes in, pages of positioned lines out: PDF, DOCX, HTML and plain text, one module for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from errors import UnreadableDocument
from ingest.extract.pages import Extracted, within_limit

if TYPE_CHECKING:
    from settings import Settings

SUFFIXES = {".pdf": "pdf", ".docx": "docx", ".html": "html", ".htm": "html", ".txt": "text"}

VERSION = 2
"""Raised when pages come out otherwise than before, so that stored documents are read again."""


def extract(path: Path, settings: Settings) -> Extracted:
    """The pages of a document as its text stands in the file, and the properties that it states of itself.

    Raises UnreadableDocument with the reason.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise UnreadableDocument(f"filtypen «{path.suffix}» kan ikke leses; bruk {', '.join(SUFFIXES)}")
    size = path.stat().st_size
    if size == 0:
        raise UnreadableDocument("filen er tom")
    if size > settings.limits.file_mb * 2**20:
        raise UnreadableDocument(f"filen er over grensen på {settings.limits.file_mb} MB (limits.file_mb i config.toml)")
    if kind == "pdf":
        from ingest.extract import pdf

        found = pdf.read(path, settings)
    elif kind == "docx":
        from ingest.extract import docx

        found = docx.read(path)
    elif kind == "html":
        from ingest.extract import html

        found = html.read(path)
    else:
        from ingest.extract import text

        found = text.read(path)
    within_limit(len(found.pages), settings.limits.pages)
    return found
