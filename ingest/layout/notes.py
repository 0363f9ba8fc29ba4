"""Footnotes: small type at the foot of a page, or, without type sizes, numbered notes that end a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from ingest.layout.rows import Row, body_size

MARK = re.compile(r"(?:\d{1,3}|[*†‡])[\s.)]\s*(?=[^\W\d_]{2}|https?:)")
SMALLER = 0.8  # points
SOURCE = re.compile(r"https?://|www\.|\b(?:19|20)\d\d\b|^\W*\w?\W*(?:jf|jfr|kilde|kjelde|ibid|sst)\b", re.IGNORECASE)
TEXT_MARK = re.compile(r"(?P<number>\d{1,3})? ?(?P<sign>[*†‡®©°]|[>LlI!](?= ))? ?(?=[A-ZÆØÅ])")


def notes(rows: Sequence[Row]) -> set[int]:
    """The ids of the rows that belong to footnotes."""
    size = body_size(rows)
    out: set[int] = set()
    last = 0
    pages = [list(group) for _, group in groupby(rows, key=lambda row: row.page)]
    for page in pages:
        if size:
            found = _small_foot(page, size)
        elif len(pages) > 1:
            found, last = _numbered_foot(page, last)
        else:
            found = []
        out.update(id(row) for row in found)
    return out


def _small_foot(page: list[Row], size: float) -> list[Row]:
    """Runs of small rows that begin with a mark and end the page or a column."""
    out: list[Row] = []
    run: list[Row] = []
    for row, after in zip(page, [*page[1:], None], strict=True):
        small = row.line.size < size - SMALLER and row.top > 0.35 and row.line.kind != "row"
        if not small:
            run = []
        elif run or MARK.match(row.text.text):
            run.append(row)
            if after is None or after.top < row.top:
                out += run
                run = []
    return out


def _numbered_foot(page: list[Row], last: int) -> tuple[list[Row], int]:
    """The rows from the first note to the end of the page, and the number of its last note.

    A note stands low on the page, begins a block with the number that follows on the notes before (or with a sign
    that OCR made of one, and then names a source), and is followed by nothing but notes and their continued lines.
    """
    for i in range(max(1, len(page) // 3), len(page)):
        row = page[i]
        match = TEXT_MARK.match(row.text.text)
        begins = row.block != page[i - 1].block or i >= len(page) - 2
        if not match or not match.group().strip() or not begins or row.line.kind or row.line.level:
            continue
        block = " ".join(r.text.text for r in page[i:] if r.block == row.block)
        number = int(match["number"]) if match["number"] else last + 1
        follows = number == last + 1 and (match["number"] or match["sign"] in "*†‡®©°")
        if (follows and len(page) - i <= 8) or (last < number <= last + 3 and SOURCE.search(block)):
            numbers = [int(m["number"]) for r in page[i:] if (m := TEXT_MARK.match(r.text.text)) and m["number"]]
            return page[i:], max([number, *numbers])
    return [], last
