"""Running headers, footers and page numbers: what stands at the edge of page after page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ingest.layout.rows import Row
from ingest.report import Page

EDGE = 0.13  # share of the page's height
PAGE_NUMBER = re.compile(
    r"(?:(?:side|page|s\.)\s*)?[-–—|]?\s*(\d{1,4}|[ivxlc]{1,6})\s*[-–—|]?(?:\s*(?:av|of|/)\s*\d{1,4})?", re.IGNORECASE
)
NUMBER_AT_END = re.compile(r"\b(\d{1,4})(?:\s*(?:av|of|/)\s*\d{1,4})?$")
NUMBER_AT_START = re.compile(r"^(\d{1,4})\b(?!\.\d)")
LONGEST = 140  # characters


def furniture(rows: Sequence[Row], pages: Sequence[Page]) -> set[int]:
    """The ids of the rows that are running headers, footers or page numbers."""
    if len(pages) < 2:
        return set()
    by_page: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_page[row.page].append(row)
    edges = {number: list(_edge_rows(page_rows)) for number, page_rows in by_page.items()}
    found = _repeated(edges, len(pages)) | _numbered(edges)
    return found


def _edge_rows(rows: list[Row]) -> Iterator[tuple[str, Row]]:
    """Rows near the top and the bottom of a page; without a layout, its first and its last two lines."""
    if rows[0].top < 0:
        yield from (("top", row) for row in rows[:1])
        yield from (("bottom", row) for row in rows[-1:])
        return
    for row in rows:
        if len(row.text) <= LONGEST:
            if row.bottom <= EDGE:
                yield "top", row
            elif row.top >= 1 - EDGE:
                yield "bottom", row


def _repeated(edges: dict[int, list[tuple[str, Row]]], pages: int) -> set[int]:
    """Rows whose text, numbers aside, stands at the same edge of several pages."""
    where: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for found in edges.values():
        for edge, row in found:
            where[edge, _shape(row.text.text)].append(row)
    least = 2 if pages <= 5 else 3
    out: set[int] = set()
    for (_, shape), same in where.items():
        heights = [row.top for row in same]
        steady = max(heights) - min(heights) < 0.03 or len(same) >= 0.5 * pages
        if len({row.page for row in same}) >= least and steady and re.search(r"\w", shape):
            out.update(id(row) for row in same)
    return out


def _numbered(edges: dict[int, list[tuple[str, Row]]]) -> set[int]:
    """Page numbers, alone or with a running title, that keep step with the pages."""
    steps: Counter[tuple[str, int, int]] = Counter()
    candidates: list[tuple[tuple[str, int, int], Row]] = []
    for number, found in edges.items():
        for edge, row in found:
            for value in _numbers(row.text.text, edge if row.top >= 0 else ""):
                key = edge, value - number, round(row.top * 50)  # at one height: a footnote's number is not
                steps[key] += 1
                candidates.append((key, row))
    most = max(steps.values(), default=0)
    good = {key for key, count in steps.items() if count >= 3 and count >= 0.3 * most}
    out = {id(row) for key, row in candidates if key in good}
    roman = [row for found in edges.values() for _, row in found if re.fullmatch(r"[ivxl]{1,6}", row.text.text)]
    alone = [
        row
        for found in edges.values()
        for edge, row in found
        if edge == "bottom" and row.top >= 0 and PAGE_NUMBER.fullmatch(row.text.text) and row.text.text.strip("-– |").isdigit()
    ]
    if len(alone) >= 2:
        out.update(id(row) for row in alone)
    return out | {id(row) for row in roman}


def _numbers(text: str, edge: str) -> list[int]:
    """The page numbers that a line may hold; where nothing tells its place, it must hold nothing else.

    At the foot of a page a number before other text is a footnote's.
    """
    if match := PAGE_NUMBER.fullmatch(text):
        return [int(match[1])] if match[1].isdigit() else []
    places = {"top": (NUMBER_AT_START, NUMBER_AT_END), "bottom": (NUMBER_AT_END,)}.get(edge, ())
    return [int(match[1]) for place in places if (match := place.search(text))]


def _shape(text: str) -> str:
    return re.sub(r"\W+", " ", re.sub(r"\d+", "#", text.casefold())).strip()
