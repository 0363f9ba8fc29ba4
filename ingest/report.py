"""The types that the whole house shares: what a document becomes on its way to a Report.

Everything that is shown can be traced: a `Traced` text knows, for each of its characters, the page and the
characters of the page's raw text that it came from, through repair, joined hyphens and joined lines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points (1/72 inch), origin at the top left corner of the page."""


DOUBTFUL = 0.9
"""An edit of less confidence is doubtful: it is shown so, and its word is found both as it was read and as repaired."""


def percent(confidence: float) -> int:
    """A confidence in per cent, rounded down: 100 is said of nothing less, nor 90 of what is doubtful."""
    return int(100 * confidence + 1e-6)


class RawSpan(NamedTuple):
    """Characters [start, end) of the raw text of one page (pages count from 1)."""

    page: int
    start: int
    end: int


class Edit(NamedTuple):
    """One change that repair made to a page: `raw[start:end] == before` reads `after` in the repaired text."""

    start: int
    end: int
    before: str
    after: str
    why: str  # the kind of damage: "encoding", "codepage", "ocr"
    confidence: float = 1.0  # 0..1

    @property
    def doubtful(self) -> bool:
        return self.confidence < DOUBTFUL


class Piece(NamedTuple):
    """Characters from `start` of a traced text, up to the next piece, stand for `raw_start:raw_end` on `page`.

    Where both are of the same length they map one to one; otherwise the piece is mapped as a whole.
    """

    start: int
    page: int
    raw_start: int
    raw_end: int


@dataclass(frozen=True, slots=True)
class Traced:
    """A text whose characters know where they stood in the raw pages.

    `pieces` are ordered by `start`; the first begins at 0. An empty text has no pieces.
    """

    text: str = ""
    pieces: tuple[Piece, ...] = ()

    @classmethod
    def of_page(cls, raw: str, page: int, edits: Iterable[Edit] = ()) -> Traced:
        """The repaired text of one page. `edits` must be ordered and must not overlap."""
        out: list[str] = []
        pieces: list[Piece] = []
        at = length = 0

        def add(text: str, raw_start: int, raw_end: int) -> None:
            nonlocal length
            if text:
                pieces.append(Piece(length, page, raw_start, raw_end))
                out.append(text)
                length += len(text)

        for edit in edits:
            if edit.start < at or raw[edit.start : edit.end] != edit.before:
                raise ValueError(f"edit {edit} does not fit the raw text of page {page}")
            add(raw[at : edit.start], at, edit.start)
            add(edit.after, edit.start, edit.end)
            at = edit.end
        add(raw[at:], at, len(raw))
        return cls("".join(out), tuple(pieces))

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    def __getitem__(self, part: slice) -> Traced:
        start, end, step = part.indices(len(self.text))
        if step != 1:
            raise ValueError("a traced text can only be cut into runs of characters")
        if end <= start:
            return Traced()
        pieces = []
        for i in range(self._piece_at(start), len(self.pieces)):
            piece = self.pieces[i]
            stop = self._piece_end(i)
            if piece.start >= end:
                break
            raw_start, raw_end = piece.raw_start, piece.raw_end
            if raw_end - raw_start == stop - piece.start:  # one to one: cut the raw side too
                raw_end = raw_start + min(end, stop) - piece.start
                raw_start += max(start, piece.start) - piece.start
            pieces.append(Piece(max(piece.start, start) - start, piece.page, raw_start, raw_end))
        return Traced(self.text[start:end], tuple(pieces))

    def strip(self) -> Traced:
        """Without white space at either end."""
        left = len(self.text) - len(self.text.lstrip())
        return self[left : max(left, len(self.text.rstrip()))]

    @staticmethod
    def join(parts: Iterable[Traced], glue: str = " ") -> Traced:
        """The parts in a row with `glue` between them; empty parts are left out.

        Glue stands for the white space between two parts on the page (a line break, with the hyphen before it), and
        for nothing where a page break, a footnote or anything else lies between: that is not part of the text.
        """
        texts: list[str] = []
        pieces: list[Piece] = []
        length = 0
        for part in parts:
            if not part:
                continue
            if texts and glue:
                before, after = pieces[-1], part.pieces[0]
                gap = (before.raw_end, after.raw_start)
                if before.page != after.page or not 0 <= gap[1] - gap[0] <= 2:
                    gap = (before.raw_end, before.raw_end)
                pieces.append(Piece(length, before.page, *gap))
                texts.append(glue)
                length += len(glue)
            pieces += (p._replace(start=p.start + length) for p in part.pieces)
            texts.append(part.text)
            length += len(part.text)
        return Traced("".join(texts), _merged(pieces, length))

    def spans(self, start: int = 0, end: int | None = None) -> tuple[RawSpan, ...]:
        """The raw characters behind [start, end): touching runs merged, in the order of the text."""
        found: list[RawSpan] = []
        for piece in self[start:end].pieces:
            last = found[-1] if found else None
            if last and last.page == piece.page and last.start <= piece.raw_start <= last.end:
                found[-1] = last._replace(end=max(last.end, piece.raw_end))
            elif piece.raw_end > piece.raw_start:
                found.append(RawSpan(piece.page, piece.raw_start, piece.raw_end))
        return tuple(found)

    @property
    def first_page(self) -> int:
        return min(p.page for p in self.pieces)

    @property
    def last_page(self) -> int:
        return max(p.page for p in self.pieces)

    def _piece_at(self, index: int) -> int:
        return max(0, bisect_right(self.pieces, index, key=lambda p: p.start) - 1)

    def _piece_end(self, i: int) -> int:
        return self.pieces[i + 1].start if i + 1 < len(self.pieces) else len(self.text)


def _merged(pieces: list[Piece], length: int) -> tuple[Piece, ...]:
    """Neighbours that map one to one and continue each other, as one piece."""
    out: list[Piece] = []
    for i, piece in enumerate(pieces):
        end = pieces[i + 1].start if i + 1 < len(pieces) else length
        if out:
            last = out[-1]
            if (
                last.page == piece.page
                and last.raw_end == piece.raw_start
                and last.raw_end - last.raw_start == piece.start - last.start
                and piece.raw_end - piece.raw_start == end - piece.start
            ):
                out[-1] = last._replace(raw_end=piece.raw_end)
                continue
        out.append(piece)
    return tuple(out)


class Word(NamedTuple):
    """A word of a page: characters [start, end) of the raw text, and where it stands."""

    start: int
    end: int
    box: Box


class Line(NamedTuple):
    """A line of a page: characters [start, end) of the raw text (no line break inside), with its look.

    Pages without a layout of their own (plain text, HTML, DOCX) have `box` None. `level` is the heading level
    that the source itself states (HTML h1-h6, DOCX heading styles), else 0. `block` numbers the blocks of a page.
    """

    start: int
    end: int
    block: int
    box: Box | None = None
    size: float = 0.0
    bold: bool = False
    level: int = 0
    kind: str = ""  # "", "item" (list item), "row" (table row: cells separated by " | ")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was read: raw text whose lines are `lines` joined by line breaks, in reading order."""

    number: int
    raw: str
    lines: tuple[Line, ...] = ()
    words: tuple[Word, ...] = ()
    width: float = 0.0
    height: float = 0.0
    method: str = "text"  # "text", "ocr" (read anew from the image), "none" (no text and no way to read it)
    traced: Traced = field(default_factory=Traced)  # the repaired text; same line breaks as raw
    edits: tuple[Edit, ...] = ()
    quality: float = 1.0  # share of sound words in the raw text, 0..1

    @property
    def text(self) -> str:
        return self.traced.text


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Traced
    kind: str = "text"  # "text", "item", "row", "note" (footnote)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading path (outermost first; empty before the first heading) and what stands under it."""

    path: tuple[str, ...]
    first_page: int
    paragraphs: tuple[Paragraph, ...]

    @property
    def title(self) -> str:
        return " › ".join(self.path)


@dataclass(frozen=True, slots=True)
class Project:
    """One of several projects that a document describes. `text` holds its paragraphs."""

    title: str
    theme: str
    paragraphs: tuple[Paragraph, ...]
    section: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one section. `project` is the index in `Report.projects`, or None."""

    text: Traced
    section: str
    project: int | None = None

    @property
    def first_page(self) -> int:
        return self.text.first_page

    @property
    def last_page(self) -> int:
        return self.text.last_page


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself. What was not found is empty."""

    title: str = ""
    commissioner: str = ""  # oppdragsgiver
    body: str = ""  # utfører
    authors: tuple[str, ...] = ()
    year: int | None = None
    number: str = ""
    isbn: str = ""
    language: str = ""  # "nb", "nn", "en" or empty
    themes: tuple[str, ...] = ()
    summary: str = ""
    url: str = ""


MAIN = "report"
"""The role of the file that is the report itself, among the files of a source's entry."""


class Conflict(NamedTuple):
    """A field of Metadata in which the document says something else than its source, which is believed; and what it says."""

    field: str
    said: str


@dataclass(frozen=True, slots=True)
class Report:
    """A document, read and put right. Pages keep the raw text; all else points into it.

    `entry`: the folder of the source's entry that it is a file of, and `role` what it is to the report there (ingest/entry.py);
    both empty for a document that stands alone. `fulltext` is false for a report that is known before its text.
    """

    path: Path
    sha256: str
    metadata: Metadata
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    projects: tuple[Project, ...]
    passages: tuple[Passage, ...]
    notices: tuple[str, ...] = ()  # what the user should know, e.g. pages that could not be read
    entry: str = ""
    role: str = ""
    fulltext: bool = True
    conflicts: tuple[Conflict, ...] = ()
