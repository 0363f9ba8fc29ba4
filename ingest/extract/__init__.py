"""Bytes in, pages of positioned lines out: PDF, DOCX, HTML and plain text, one module for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import shown
from errors import UnreadableDocument
from ingest.extract.pages import Extracted, within_limit
from ingest.fetching import kinds

if TYPE_CHECKING:
    from settings import Settings

SUFFIXES = {".pdf": "pdf", ".docx": "docx", ".html": "html", ".htm": "html", ".txt": "text"}

HEAD = 4096  # bytes that tell what a file is
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the part of a Word file with a password

VERSION = 2
"""Raised when pages come out otherwise than before, so that stored documents are read again."""


def extract(path: Path, settings: Settings) -> Extracted:
    """The pages of a document as its text stands in the file, and the properties that it states of itself.

    Raises UnreadableDocument with the reason.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise UnreadableDocument(f"filtypen «{path.suffix}» kan ikke leses; bruk {', '.join(SUFFIXES)}")
    limits, size = settings.limits, path.stat().st_size
    if size == 0:
        raise UnreadableDocument("filen er tom; hent den på nytt, eller ta den bort")
    if size > limits.file_mb * 2**20:
        most = shown.number(limits.file_mb)
        raise UnreadableDocument(
            f"filen er over grensen på {most} MB (limits.file_mb i config.toml); del den opp, eller hev grensen"
        )
    with path.open("rb") as file:
        head = file.read(HEAD)
    differs(path, head)
    if kind == "pdf":
        from ingest.extract import pdf

        found = pdf.read(path, settings)
    elif kind == "docx":
        from ingest.extract import docx

        found = docx.read(path, limits)
    elif kind == "html":
        from ingest.extract import html

        found = html.read(path, limits)
    else:
        from ingest.extract import text

        found = text.read(path, limits)
    within_limit(len(found.pages), limits.pages)
    return found


def differs(path: Path, head: bytes) -> None:
    """Raises UnreadableDocument for a file that by its first bytes is something else than its name says."""
    from ingest.fetching.faults import Fault

    found = kinds.kind(head)
    if found == "ole" and ENCRYPTED in path.read_bytes():
        raise UnreadableDocument("passordbeskyttet: lagre den uten passord og prøv igjen")
    if found in ("unknown", "text"):
        return
    suffix = path.suffix.lower()
    try:
        kinds.check(head, suffix)
    except Fault as error:
        raise UnreadableDocument(f"{error}; gi den rett endelse, eller lagre den på nytt som {suffix[1:].upper()}") from error
