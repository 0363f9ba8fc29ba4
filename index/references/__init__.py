"""References to take home: reports, projects and kept passages as RIS, BibTeX, CSL-JSON, an APA list, CSV and XLSX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from index.references import apa, bibtex, csl, ris, sheets
from index.references.record import Quote, Reference, merged, references

__all__ = ["FORMATS", "Format", "Quote", "Reference", "exported", "merged", "references"]


class Format(NamedTuple):
    """How a format is written, the ending of its files, and their media type."""

    write: Callable[[Sequence[Reference]], str | bytes]
    ending: str
    media: str


FORMATS = {
    "ris": Format(ris.written, ".ris", "application/x-research-info-systems"),
    "bibtex": Format(bibtex.written, ".bib", "application/x-bibtex"),
    "csl": Format(csl.written, ".json", "application/vnd.citationstyles.csl+json"),
    "apa": Format(apa.written, ".txt", "text/plain"),
    "csv": Format(sheets.csv, ".csv", "text/csv"),
    "xlsx": Format(sheets.xlsx, ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def exported(found: Sequence[Reference], kind: str) -> bytes:
    """The references in one of FORMATS, each report once, as the bytes of a file."""
    written = FORMATS[kind].write(merged(found))
    return written if isinstance(written, bytes) else written.encode("utf-8")
