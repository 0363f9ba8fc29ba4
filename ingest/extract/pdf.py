"""PDF pages with PyMuPDF: words with boxes, in reading order, tables as rows; and which pages are pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from errors import UnreadableDocument
from ingest.extract.order import Segment, margin_numbers, reading_order
from ingest.extract.pages import UNREADABLE, Extracted, RawLine, page_of_lines, within_limit
from ingest.extract.tables import table_rows
from ingest.report import Box, Page
from shown import HALVES

if TYPE_CHECKING:
    from settings import Settings

BOLD = 16  # MuPDF's span flag
COVERED = 0.6  # share of the page that a scan covers; the rest is its margin
UNREAD = 0.2  # share of unreadable signs from which a text layer may be ruined
NO_MEMORY = re.compile(r"\b(?:m|c|re)alloc\b.*failed|out of memory", re.IGNORECASE)  # as MuPDF says it
REMEDY = "åpne den i en PDF-leser, lagre den på nytt, og prøv igjen"
CELLS = 20  # along each side of a page, to measure what images cover


def read(path: Path, settings: Settings) -> Extracted:
    """All pages of a PDF. Raises UnreadableDocument for locked or broken files."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    try:
        document = pymupdf.open(path, filetype="pdf")
    except Exception as error:
        raise _unreadable(error, "den kan ikke åpnes som PDF") from error
    with document:
        if not document.is_pdf:  # MuPDF goes by what is in the file, and has readers for much
            raise UnreadableDocument(f"skadet fil: den er ikke en PDF; {REMEDY}")
        if document.needs_pass:
            raise UnreadableDocument("passordbeskyttet: lagre den uten passord og prøv igjen")
        try:
            count, properties = document.page_count, _properties(document.metadata or {})
        except Exception as error:
            raise _unreadable(error, "oversikten over sidene kan ikke leses") from error
        if count <= 0:
            raise UnreadableDocument(f"skadet fil: den har ingen sider; {REMEDY}")
        within_limit(count, settings.limits.pages)  # before any page is read
        pages: list[Page] = []
        scans: set[int] = set()
        damaged: set[int] = set()
        for number in range(1, count + 1):
            try:
                page = document[number - 1]
                found = read_page(page, number)
                if _is_picture(page, found):
                    scans.add(number)
            except Exception as error:  # one page, whatever is wrong with it, does not cost the others
                failure = _unreadable(error, "ingen av sidene kan leses")
                damaged.add(number)
                found = page_of_lines(number, [], method="none")
            pages.append(found)
        if len(damaged) == count:
            raise failure
        return Extracted(tuple(pages), properties, frozenset(scans), frozenset(damaged))


def _unreadable(error: Exception, what: str) -> UnreadableDocument:
    """What is said of a broken file. Raises MemoryError where it was memory that lacked."""
    if isinstance(error, MemoryError) or NO_MEMORY.search(str(error)):
        raise MemoryError from error
    return UnreadableDocument(f"skadet fil: {what}; {REMEDY}")


def _is_picture(page: Any, found: Page) -> bool:
    """May a picture of the page tell more than its text? An image covers it, it has no words, or unreadable ones."""
    signs = "".join(found.raw.split())
    if len(UNREADABLE.findall(signs)) > UNREAD * len(signs):
        return True
    images = page.get_images()  # at no cost, unlike where they stand
    return bool(images) and (not found.words or _covered(page) >= COVERED)


def _covered(page: Any) -> float:
    """The share (0..1) of a page that images cover; a scan may be cut in strips, or lie in layers."""
    inside = page.rect * page.derotation_matrix  # as the places of images are told
    boxes = [image["bbox"] for image in page.get_image_info()]
    steps = [(n + 0.5) / CELLS for n in range(CELLS)]
    points = [(inside.x0 + x * inside.width, inside.y0 + y * inside.height) for x in steps for y in steps]
    return sum(any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in boxes) for x, y in points) / CELLS**2


def read_page(page: Any, number: int, method: str = "text") -> Page:
    """One page of a pymupdf document, as it is shown; `method` is "ocr" where its text is what OCR made of an image."""
    import pymupdf

    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
    turn = page.rotation_matrix  # without it, text stands where it stood before /Rotate
    text = page.get_textpage(flags=flags, matrix=turn, clip=page.rect if page.rotation else None)
    segments = list(_segments(text.extractRAWDICT(), steady=method != "ocr"))
    segments = _without_specks(segments) if method == "ocr" else margin_numbers(segments)
    lines: list[RawLine] = []
    block = 0
    for column in reading_order(segments):
        for rows in table_rows(column, page):
            lines += _blocks(rows, block)
            block = lines[-1].block + 1 if lines else 0
    if not lines:
        method = "none"
    return page_of_lines(number, lines, page.rect.width, page.rect.height, method)


def _segments(content: dict[str, Any], steady: bool) -> Iterator[Segment]:
    """Runs of words on one base line without a wide gap inside; footnote marks in the text left out.

    Where type sizes are `steady`, unlike those that OCR measures, another size begins another run.
    """
    blocks = [block for block in content["blocks"] if block["type"] == 0]
    turned = sum(abs(line["dir"][0]) < 0.9 for block in blocks for line in block["lines"])
    whole = sum(len(block["lines"]) for block in blocks)
    for block in blocks:
        for line in block["lines"]:
            if abs(line["dir"][0]) < 0.9 and turned * 2 < whole:
                continue  # text set sideways: a stamp, an axis of a figure
            words: list[tuple[str, Box]] = []
            sizes: list[float] = []
            bold = letters = 0
            for text, box, size, heavy in _words(line["spans"]):
                wide = words and box[0] - words[-1][1][2] > max(1.3 * size, 9)
                if wide or (steady and words and not 0.6 < size / sizes[-1] < 1.7):  # such as small line numbers
                    yield Segment(words, median(sizes), bold * 2 > letters)
                    words, sizes, bold, letters = [], [], 0, 0
                words.append((text, box))
                sizes += [size] * len(text)
                letters += len(text)
                bold += heavy * len(text)
            if words:
                yield Segment(words, median(sizes), bold * 2 > letters)


def _without_specks(segments: list[Segment]) -> list[Segment]:
    """What OCR read, without what it made of specks and edges, and with one type size for the running text."""
    sizes = [segment.size for segment in segments for word, _ in segment.words if len(word) > 3]
    if not sizes:
        return []
    usual = median(sizes)
    out = []
    for segment in segments:
        words = [
            (word, box)
            for i, (word, box) in enumerate(segment.words)
            if (any(c.isalnum() for c in word) or (word in "-–—·•&/+" and 0 < i < len(segment.words) - 1))
            and (len(word) > 2 or 0.4 < (box[3] - box[1]) / (1.3 * usual) < 1.6)
        ]
        letters = sum(c.isalnum() for word, _ in words for c in word)
        if letters > 2 or (letters and 0.6 < segment.size / usual < 1.6):
            large = segment.size > 1.3 * usual and letters > 4
            out.append(Segment(words, segment.size if large else usual, False))
    return out


def _words(spans: list[dict[str, Any]]) -> Iterator[tuple[str, Box, float, bool]]:
    """Words of a line with box, type size and boldness; small raised numbers in its midst are skipped."""
    largest = max(spans, key=lambda span: span["size"], default=None)
    text, box, size, heavy = "", None, 0.0, False
    began = False
    for span in spans:
        chars = span["chars"]
        content = "".join(char["c"] for char in chars).strip()
        if began and re.fullmatch(r"[\d*†,]{1,4}", content) and _raised(span, largest):
            continue
        for char in chars:
            letter = "\ufffd" if "\ud800" <= char["c"] <= "\udfff" else char["c"]
            if letter.isspace():
                if text:
                    yield text, box, size, heavy
                text, box = "", None
                continue
            if text and char["bbox"][0] < box[0] - 2 * size:  # a new run began without a space
                yield text, box, size, heavy
                text, box = "", None
            x0, y0, x1, y1 = char["bbox"]
            box = (x0, y0, x1, y1) if box is None else (min(box[0], x0), min(box[1], y0), max(box[2], x1), max(box[3], y1))
            text += letter
            size, heavy, began = span["size"], bool(span["flags"] & BOLD) or "bold" in span["font"].lower(), True
    if text:
        yield text, box, size, heavy


def _raised(span: dict[str, Any], largest: dict[str, Any]) -> bool:
    """Is it smaller than the line's type, and does it stand above its base line? Type sizes alone vary in OCR's layers."""
    lift = largest["chars"][0]["origin"][1] - span["chars"][0]["origin"][1]
    return span["size"] < 0.85 * largest["size"] and lift > 0.15 * largest["size"]


def _blocks(rows: list[RawLine], first: int) -> list[RawLine]:
    """Numbers the blocks of a column: a new one at a wide gap, another type size or weight, an indented line."""
    block = first
    pitches = [b.box[3] - a.box[3] for a, b in pairwise(rows) if a.box and b.box and 0 < b.box[3] - a.box[3] < 60]
    pitch = median(pitches) if pitches else 0.0
    left = min((row.box[0] for row in rows if row.box), default=0.0)
    for i, row in enumerate(rows):
        if i:
            above = rows[i - 1]
            gap = row.box[3] - above.box[3]
            indent = row.box[0] - above.box[0] > 0.8 * row.size and above.box[0] - left < 1 and row.kind == ""
            if (
                gap > 1.25 * max(pitch, 1.1 * row.size) + 0.5
                or gap < 0
                or abs(row.size - above.size) > 0.6
                or row.bold != above.bold
                or row.kind != above.kind
                or (indent and above.text.endswith((".", ":", "?", "!")))
            ):
                block += 1
        row.block = block
    return rows


def _properties(metadata: dict[str, str | None]) -> dict[str, str]:
    created = re.match(r"D:(\d{4})(\d\d)?(\d\d)?", metadata.get("creationDate") or "")
    found = {key: (metadata.get(key) or "").strip() for key in ("title", "author", "subject", "keywords")}
    found["created"] = "-".join(part for part in created.groups() if part) if created else ""
    return {key: HALVES.sub("\ufffd", value) for key, value in found.items() if value}
