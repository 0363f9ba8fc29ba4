"""The first and last pages of a document as rows with their look, and the facts that are labelled there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ingest.report import Page

DATA = Path(__file__).parent / "data"
LONG, SCRAPS = 5, 3.5  # letters of one word of a row at least, and of a word on average, for it to be no noise
FIRST, LAST = 8, 3  # pages on which a report tells of itself

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\u00ad]")
_PARTED = re.compile(
    r"\s+[·•●]\s+|\s+[-–]\s+(?=[A-ZÆØÅ][\w ]{2,20}: |[Rr]apport(?: nr\.?)? \d|ISBN\b|(?:19|20)\d\d$)"
    r"|(?<=\d)\s*[-–]\s+(?=(?:19|20)\d\d$)"
    r"|\s+(?=(?:Oppdragsgiv[ea]r|Utført av|Utførar|Utgiv[ea]r|Forfattere?|Forfattar(?:ar)?|Prosjektled(?:er|ar)): )"  # a mark that was not read
)
_NUMBERED = re.compile(r"\s+(?=[Rr]apport(?: nr\.?)? \d)")
_GAP = re.compile(r"\s*[:|\t]\s*|\s{2,}")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a page: repaired text on one line, type size in points (0 where unknown), place from the top 0..1."""

    text: str
    page: int
    size: float = 0.0
    bold: bool = False
    level: int = 0
    top: float = 0.0
    block: int = 0


@dataclass(frozen=True, slots=True)
class Front:
    """Rows of the first pages, of the last ones, and how large the running text is set."""

    first: tuple[Row, ...]
    last: tuple[Row, ...]
    body_size: float

    @property
    def cover(self) -> tuple[Row, ...]:
        """The rows of the first page that has any text."""
        return tuple(row for row in self.first if row.page == self.first[0].page) if self.first else ()


def front(pages: Sequence[Page]) -> Front:
    """Rows of the first eight and the last three pages. Of a picture that was read for letters only those that may be words."""
    first = [row for page in pages[:FIRST] for row in _legible(page)]
    last = [row for page in pages[max(FIRST, len(pages) - LAST) :] for row in rows(page)]
    sizes = sorted((row.size, len(row.text)) for page in pages[1:30] or pages for row in rows(page) if row.size)
    half = sum(length for _, length in sizes) / 2
    body = 0.0
    for size, length in sizes:
        body = size
        half -= length
        if half <= 0:
            break
    return Front(tuple(first), tuple(last), body)


def _legible(page: Page) -> list[Row]:
    """The rows of a page; where it was read from a picture and most of them are noise, those that are not."""
    found = list(rows(page))
    if page.method != "ocr":
        return found
    words = [row for row in found if _like_words(row.text)]
    return words if len(words) < len(found) / 2 else found


def _like_words(text: str) -> bool:
    """Noise comes in scraps: words are longer, and one of them at least is of five letters."""
    runs = re.findall(r"[^\W\d_]+", text)
    return bool(runs) and max(map(len, runs)) >= LONG and sum(map(len, runs)) / len(runs) >= SCRAPS


def rows(page: Page) -> Iterator[Row]:
    """The lines of a page that hold text, repaired where the page has been repaired."""
    raw = page.raw.split("\n")
    repaired = page.text.split("\n") if page.text else raw
    if len(repaired) != len(raw):
        repaired = raw
    looks = {line.start: line for line in page.lines}
    start = 0
    for before, text in zip(raw, repaired, strict=True):
        line = looks.get(start)
        start += len(before) + 1
        text = re.sub(r"\t| {3,}", " | ", _CONTROL.sub("", text).strip())
        for part in _parts(" ".join(text.split())):
            if line is None:
                yield Row(part, page.number)
            else:
                top = line.box[1] / page.height if line.box and page.height else 0.0
                yield Row(part, page.number, line.size, line.bold, line.level, top, line.block)


def _parts(text: str) -> Iterator[str]:
    """The facts that share a line («Oppdragsgiver: KS · Rapport 3/2020», «Dato | 1.2.2020»), one by one."""
    cells = [cell.strip() for part in _PARTED.split(text) for cell in part.split(" | ")]
    cells = [part for cell in cells for part in (_NUMBERED.split(cell) if label_of(cell)[1] else [cell])]
    cells = [cell for cell in cells if cell and cell != "|"]
    skip = False
    for cell, after in zip(cells, [*cells[1:], ""], strict=False):
        if skip:
            skip = False
            continue
        skip = bool(after and len(cells) > 1 and is_label(cell) and not label_of(after)[0])
        yield f"{cell.rstrip(': ')}: {after}" if skip else cell


@lru_cache(maxsize=1)
def labels() -> dict[str, list[str]]:
    """What reports call their facts: data/labels.toml."""
    return tomllib.loads((DATA / "labels.toml").read_text("utf-8"))


FACTS = ("title", "authors", "commissioner", "body", "number", "date", "themes")


@lru_cache(maxsize=1)
def _kinds() -> dict[str, tuple[str, ...]]:
    kinds: dict[str, tuple[str, ...]] = {}
    for kind in (*FACTS, "other"):
        for label in labels()[kind]:
            kinds[label] = (*kinds.get(label, ()), kind)
    return kinds


def label_of(text: str) -> tuple[tuple[str, ...], str]:
    """The kinds of fact that a row opens with a label for, and the value beside it; nothing where it has none.

    "Oppdragsgiver: KS" -> (("commissioner",), "KS"); "TITTEL:" -> (("title",), ""); a label without a colon counts
    only where it stands alone on its row.
    """
    head, mark, value = _split(text)
    name = head.lower().strip(" .")
    kinds = _kinds().get(name) or _kinds().get(name + ".") or ()
    if not kinds or (not mark and value):
        return (), ""
    if not mark and not value and name in ("av", "år", "versjon", "subject", "land", "serie", "emne", "prosjekt"):
        return (), ""  # too common to be a label without a colon
    return kinds, value


def is_label(text: str) -> bool:
    """Whether a cell is a label with nothing beside it."""
    return text.lower().strip(" .:") in _kinds()


def _split(text: str) -> tuple[str, str, str]:
    match = _GAP.search(text)
    if match is None or match.start() > 40:
        return (text, "", "") if len(text) <= 40 else ("", "", text)
    return text[: match.start()], match[0].strip() or " ", text[match.end() :].strip(" |")


def labelled(rows: Sequence[Row]) -> dict[str, list[list[str]]]:
    """Kind -> the values that follow its labels, each as its rows of text, in the order of the document.

    Where the value stands beside the label, rows are added to it while it is plainly unfinished; where it stands
    below, up to eight rows count, until the next label, a gap in the look, or a sentence.
    """
    found: dict[str, list[list[str]]] = {}
    for i, row in enumerate(rows):
        kinds, value = label_of(row.text)
        if not kinds or kinds == ("other",):
            continue
        values = list(_beside(rows, i, value)) if value else list(_below(rows, i))
        for kind in kinds:
            if values:
                found.setdefault(kind, []).append(values)
    return found


def _beside(rows: Sequence[Row], i: int, value: str) -> Iterator[str]:
    yield value
    for row in rows[i + 1 : i + 5]:
        unfinished = re.search(r"(?:[,;&–-]|\b(?:og|and|for|i|av|på|med))$", value) or re.match(r"[a-zæøå]", row.text)
        if not unfinished or row.page != rows[i].page or label_of(row.text)[0]:
            return
        value = row.text
        yield value


def _below(rows: Sequence[Row], i: int) -> Iterator[str]:
    size = None
    for row in rows[i + 1 : i + 9]:
        if row.page != rows[i].page or label_of(row.text)[0] or len(row.text) > 140 or re.fullmatch(r"\d{1,3}", row.text):
            return
        if size is not None and row.size and abs(row.size - size) > 0.6:
            return
        size = row.size or None
        yield row.text
