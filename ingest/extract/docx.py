"""DOCX with python-docx: paragraphs with their heading styles, lists, table rows; pages where Word broke them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shown
from errors import UnreadableDocument
from ingest.extract.pages import USUAL, Extracted, RawLine, page_of_lines

if TYPE_CHECKING:
    from settings import Limits

PAGE_BREAK = object()
PARTS = 20_000  # that a file may have; a large document has hundreds
BROKEN = "skadet fil: den kan ikke leses som DOCX; åpne den i Word, lagre den på nytt, og prøv igjen"


def read(path: Path, limits: Limits = USUAL) -> Extracted:
    """The pages of a DOCX file as Word last laid them out (one page if it never did). Nothing that it refers to is fetched.

    Raises UnreadableDocument for a broken one, and for one that unpacks to more than limits.unpacked_mb.
    """
    import docx

    _checked(path, limits.unpacked_mb)
    try:
        document = docx.Document(str(path))
        found = list(_lines(document))
        properties = _properties(document)
    except MemoryError:
        raise
    except Exception as error:  # python-docx meets a broken file with errors of many kinds
        raise UnreadableDocument(BROKEN) from error
    pages: list[list[RawLine]] = [[]]
    for block, line in enumerate(found):
        if line is not PAGE_BREAK:
            line.block = block
            pages[-1].append(line)
        elif pages[-1]:
            pages.append([])
    return Extracted(
        tuple(page_of_lines(n, lines, method="text" if lines else "none") for n, lines in enumerate(pages, 1)),
        properties,
    )


def _checked(path: Path, unpacked_mb: int) -> None:
    """By what the file states of its parts: python-docx unpacks no more than that, and all of it."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except Exception as error:  # zipfile meets a broken file with errors of many kinds
        raise UnreadableDocument(BROKEN) from error
    if len(parts) > PARTS or sum(part.file_size for part in parts) > unpacked_mb * 2**20:
        most = shown.number(unpacked_mb)
        raise UnreadableDocument(
            f"pakker ut til mer enn {most} MB (limits.unpacked_mb i config.toml); lagre den på nytt uten bilder"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableDocument("passordbeskyttet: lagre den uten passord og prøv igjen")


def _properties(document: Any) -> dict[str, str]:
    core = document.core_properties
    properties = {
        "title": core.title,
        "author": core.author,
        "subject": core.subject,
        "keywords": core.keywords,
        "created": core.created.date().isoformat() if core.created else "",
    }
    return {key: value.strip() for key, value in properties.items() if value and value.strip()}


def _lines(document: Any) -> Iterator[Any]:
    from docx.table import Table

    for part in document.iter_inner_content():
        if isinstance(part, Table):
            for row in part.rows:
                cells: list[str] = []
                seen = None
                for cell in row.cells:  # a merged cell comes once for each of its columns
                    if cell._tc is not seen:
                        cells.append(" ".join(cell.text.split()))
                    seen = cell._tc
                if any(cells):
                    yield _line(" | ".join(cell for cell in cells if cell), kind="row")
            continue
        yield from _paragraph(part)


def _paragraph(paragraph: Any) -> Iterator[Any]:
    from docx.oxml.ns import qn

    style = paragraph.style.name or "" if paragraph.style is not None else ""
    heading = re.match(r"(?:Heading|Overskrift)\s*(\d)", style)
    level = int(heading[1]) if heading else 1 if style in ("Title", "Tittel") else 0
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    kind = "item" if not level and ("List" in style or "Liste" in style or numbered) else ""
    bold = bool(paragraph.runs) and all(run.bold for run in paragraph.runs if run.text.strip())
    text = ""
    for part in paragraph._p.iter():  # not its runs, which leave out links and tracked insertions
        tag = part.tag.rpartition("}")[2] if isinstance(part.tag, str) else ""
        if tag == "t":
            text += part.text or ""
        elif tag == "lastRenderedPageBreak" or (tag == "br" and part.get(qn("w:type")) == "page"):
            if text.strip():
                yield _line(text, kind=kind, level=level, bold=bold)
            yield PAGE_BREAK
            text = ""
        elif tag in ("tab", "br", "cr", "noBreakHyphen"):
            text += "-" if tag == "noBreakHyphen" else " "
    if text.strip():
        yield _line(text, kind=kind, level=level, bold=bold)


def _line(text: str, **look: Any) -> RawLine:
    return RawLine([(word, None) for word in text.split()], 0, **look)
