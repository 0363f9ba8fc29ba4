"""Tables of contents: left out of the body, and used to find headings where a transcript lost its line breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import NamedTuple

from ingest.layout.rows import Row

LEADER = re.compile(r"(?:\.\s?){3,}|…|(?:\s\|\s)")
ENTRY_END = re.compile(r"(?:[.…\s|·]{2,}|\s)(\d{1,3}|[ivxl]{1,5})$")
INLINE_ENTRY = re.compile(r"(?P<number>\d+(?:\.\d+)*)\s+(?P<title>\D[^.…]*?)\s*(?:\.{2,}|…)\s*(?P<page>\d{1,3})(?=\s|$)")


class Entry(NamedTuple):
    number: str
    title: str
    page: int


def without_contents(rows: Sequence[Row]) -> tuple[list[Row], list[Entry]]:
    """The rows that are not lines of a table of contents, and the entries of one that stood within a line."""
    if not rows:
        return [], []
    entries: list[Entry] = []
    dropped: set[int] = set()
    for row in rows:
        inline = list(INLINE_ENTRY.finditer(row.text.text))
        if len(inline) >= 3:
            entries += (Entry(m["number"], m["title"].strip(), int(m["page"])) for m in inline)
            dropped.add(id(row))
        elif re.search(r"(?:\.\s?){4,}\s*(?:\d{1,3}|[ivxl]+)?$", row.text.text):
            dropped.add(id(row))
    for _, group in groupby(rows, key=lambda row: row.page):
        page = list(group)
        ends = [(row, int(m[1])) for row in page if (m := ENTRY_END.search(row.text.text)) and m[1].isdigit()]
        led = sum(bool(LEADER.search(row.text.text)) for row, _ in ends)
        climbing = sum(b >= a for (_, a), (_, b) in pairwise(ends))
        if len(ends) >= 5 and len(ends) >= 0.6 * len(page) and climbing >= 0.85 * (len(ends) - 1) and led >= len(ends) / 2:
            dropped.update(id(row) for row in page)
    title = re.compile(r"(?:innhold(?:sfortegnelse|sliste)?|innhald(?:sliste)?|contents|table of contents)", re.IGNORECASE)
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        if title.fullmatch(row.text.text) and (after is None or id(after) in dropped):
            dropped.add(id(row))
    return [row for row in rows if id(row) not in dropped], entries


def split_at_contents(rows: Sequence[Row], entries: Sequence[Entry]) -> list[Row]:
    """Rows cut where a heading of the table of contents begins and ends, the heading marked with its level."""
    out: list[Row] = []
    for row in rows:
        cuts = []
        for entry in entries:
            if entry.page == row.page:
                pattern = rf"(?:^|(?<=\s)){re.escape(entry.number)} {re.escape(entry.title)}(?=\s|$)"
                if match := re.search(pattern, row.text.text):
                    cuts.append((match.start(), match.end(), entry.number.count(".") + 1))
        at = 0
        for n, (start, end, level) in enumerate(sorted(cuts)):
            out.append(_part(row, at, start, 2 * n, 0))
            out.append(_part(row, start, end, 2 * n + 1, level))
            at = end
        out.append(_part(row, at, len(row.text), 2 * len(cuts), 0) if cuts else row)
    return [row for row in out if row.text]


def _part(row: Row, start: int, end: int, n: int, level: int) -> Row:
    line = row.line._replace(block=row.line.block * 1000 + n, level=level)
    return replace(row, text=row.text[start:end].strip(), line=line)
