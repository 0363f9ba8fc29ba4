"""A line of a page with its repaired, traced text: what the rest of layout works on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.report import Line, Page, Traced


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    page: int
    line: Line
    text: Traced
    top: float  # share of the page's height, 0..1; -1 where the page has no layout
    bottom: float

    @property
    def block(self) -> tuple[int, int]:
        return self.page, self.line.block


def rows_of(page: Page) -> list[Row]:
    """The rows of a page. Repair keeps line breaks, so line n of the raw text is line n of the repaired one."""
    rows = []
    at = 0
    for line, text in zip(page.lines, page.text.split("\n") if page.lines else (), strict=True):
        placed = line.box is not None and page.height > 0
        top, bottom = (line.box[1] / page.height, line.box[3] / page.height) if placed else (-1.0, -1.0)
        if text.strip():
            rows.append(Row(page.number, line, page.traced[at : at + len(text)].strip(), top, bottom))
        at += len(text) + 1
    return rows


def body_size(rows: Iterable[Row]) -> float:
    """The type size that most letters are set in; 0 where the source knows no sizes."""
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[round(row.line.size * 2) / 2] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0
