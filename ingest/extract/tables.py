"""Rows of a page: what stands on one base line joined, and the cells of a table's row kept together.

In a table with rules a row is what stands between two of them, so wrapped cells stay whole; without rules, what
stands on one base line is one row. Cells are joined by " | ".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from ingest.extract.order import Segment
from ingest.extract.pages import RawLine
from ingest.report import Box

BAR = "|"
MARK = re.compile(r"[•●▪■◦○·–—\-*§✓➢►»→‣⁃]|[^\W\d_][.)]|\(?[a-zæøå\d]{1,2}[.)]|\d+(\.\d+)*\.?")
MAX_DRAWINGS = 4000  # a page with more is a map or a chart


class Rule(NamedTuple):
    """A straight line: `at` is its y (or x), from `start` to `end` along the other axis."""

    at: float
    start: float
    end: float


class Grid(NamedTuple):
    box: Box
    rows: list[float]  # y of the rules from top to bottom
    columns: list[float]  # x of the upright rules, may be empty


def table_rows(column: list[Segment], page: Any) -> Iterator[list[RawLine]]:
    """The lines of a column from top to bottom, in runs of text and tables."""
    base_lines = _base_lines(column)
    grids = _grids(page) if sum(len(row) > 1 for row in base_lines) >= 2 else []
    rest = column
    lines: list[RawLine] = []
    for grid in grids:
        inside = [s for s in rest if _within(s.box, grid.box)]
        if len(inside) < 4:
            continue
        rest = [s for s in rest if not _within(s.box, grid.box)]
        lines += _ruled_rows(grid, inside)
    if rest is not column:
        base_lines = _base_lines(rest)
    for above, row, below in zip([[], *base_lines], base_lines, [*base_lines[1:], []], strict=False):
        lines.append(_line(row, [*above[1:], *below[1:]]))
    lines.sort(key=lambda line: line.box[1])
    for _, run in groupby(lines, key=lambda line: line.kind == "row"):
        yield list(run)


def _base_lines(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Segments grouped by base line, each from left to right."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: (s.box[3], s.box[0])):
        if rows:
            last, box = rows[-1][-1].box, segment.box
            overlap = min(last[3], box[3]) - max(last[1], box[1])
            apart = all(box[0] >= s.box[2] - 1 or box[2] <= s.box[0] + 1 for s in rows[-1])
            if apart and overlap > 0.6 * min(last[3] - last[1], box[3] - box[1]):
                rows[-1].append(segment)
                continue
        rows.append([segment])
    for row in rows:
        row.sort(key=lambda s: s.box[0])
    return rows


def _line(row: list[Segment], near: list[Segment]) -> RawLine:
    """One line: cells are set apart by a bar where they stand far apart, or as the cells above or below do.

    A list mark or a heading's number is joined to its text, and so are words that justified lines drew apart.
    """
    words = list(row[0].words)
    cells = 1
    for left, right in pairwise(row):
        gap = (right.box[0] - left.box[2]) / max(left.size, right.size)
        aligned = any(min(abs(right.box[0] - s.box[0]), abs(right.box[2] - s.box[2])) < 2 for s in near)
        mark = left is row[0] and MARK.fullmatch(left.text)
        if not mark and (gap > 3 or (gap > 0.9 and aligned)):
            words.append(_bar(words, right.words))
            cells += 1
        words += right.words
    largest = max(row, key=lambda s: len(s.text))
    return RawLine(words, 0, largest.size, all(s.bold for s in row), kind="row" if cells > 1 else "")


def _ruled_rows(grid: Grid, segments: list[Segment]) -> Iterator[RawLine]:
    bands: dict[int, list[Segment]] = defaultdict(list)
    for segment in segments:
        middle = (segment.box[1] + segment.box[3]) / 2
        bands[sum(y <= middle for y in grid.rows)].append(segment)
    for _, band in sorted(bands.items()):
        cells: dict[int, list[Segment]] = defaultdict(list)
        starts = _starts(band) if len(grid.columns) < 3 else grid.columns
        for segment in band:
            cells[sum(x <= segment.box[0] + 2 for x in starts)].append(segment)
        words: list[tuple[str, Box]] = []
        for _, cell in sorted(cells.items()):
            inside = [word for row in _base_lines(cell) for s in row for word in s.words]
            if words:
                words.append(_bar(words, inside))
            words += inside
        sizes = sorted(s.size for s in band)
        yield RawLine(words, 0, sizes[len(sizes) // 2], all(s.bold for s in band), kind="row" if len(cells) > 1 else "")


def _starts(band: list[Segment]) -> list[float]:
    """Where the columns of a row without upright rules begin: x that no segment of another column covers."""
    starts: list[float] = []
    reach = float("-inf")
    for segment in sorted(band, key=lambda s: s.box[0]):
        if segment.box[0] > reach + 4:
            starts.append(segment.box[0])
        reach = max(reach, segment.box[2])
    return starts


def _bar(left: list[tuple[str, Box]], right: list[tuple[str, Box]]) -> tuple[str, Box]:
    x, y0, y1 = left[-1][1][2], left[-1][1][1], left[-1][1][3]
    return BAR, (x, y0, max(x, right[0][1][0]), y1)


def _grids(page: Any) -> list[Grid]:
    """Tables of the page: runs of three or more level rules of like width, close to each other."""
    level, upright = _rules(page)
    grids: list[Grid] = []
    for _, same in groupby(sorted(level, key=lambda r: (round(r.start / 4), round(r.end / 4), r.at)), key=_extent):
        rules = sorted(same)
        run = [rules[0]]
        for rule in [*rules[1:], Rule(float("inf"), 0, 0)]:
            if rule.at - run[-1].at <= 250:
                run.append(rule)
                continue
            if len(run) >= 3:
                top, bottom = run[0].at, run[-1].at
                box = run[0].start, top, run[0].end, bottom
                columns = sorted(
                    {round(u.at) for u in upright if box[0] - 3 <= u.at <= box[2] + 3 and u.start < bottom and u.end > top}
                )
                if not any(_within(box, grid.box) for grid in grids):
                    grids.append(Grid(box, [r.at for r in run], [float(x) for x in columns]))
            run = [rule]
    return grids


def _extent(rule: Rule) -> tuple[int, int]:
    return round(rule.start / 4), round(rule.end / 4)


def _rules(page: Any) -> tuple[list[Rule], list[Rule]]:
    """Level and upright rules, pieces on one line joined; thin boxes and the sides of boxes count."""
    import pymupdf

    turn = page.rotation_matrix if page.rotation else None  # drawings stand where they stood before /Rotate
    drawings = page.get_cdrawings()
    if len(drawings) > MAX_DRAWINGS:
        return [], []
    level: dict[int, list[tuple[float, float]]] = defaultdict(list)
    upright: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for drawing in drawings:
        for item in drawing["items"]:
            if item[0] == "l":
                x0, y0, x1, y1 = *item[1], *item[2]
            elif item[0] == "re":
                x0, y0, x1, y1 = item[1]
            else:
                continue
            if turn:
                x0, y0, x1, y1 = *(pymupdf.Point(x0, y0) * turn), *(pymupdf.Point(x1, y1) * turn)
            if abs(x1 - x0) > 4 and (item[0] == "re" or abs(y1 - y0) < 2):
                for y in {round(y0), round(y1)} if abs(y1 - y0) > 3 else {round(y0)}:
                    level[y].append((min(x0, x1), max(x0, x1)))
            if abs(y1 - y0) > 4 and (item[0] == "re" or abs(x1 - x0) < 2):
                for x in {round(x0), round(x1)} if abs(x1 - x0) > 3 else {round(x0)}:
                    upright[x].append((min(y0, y1), max(y0, y1)))
    return list(_joined(level, 60)), list(_joined(upright, 6))


def _joined(rules: dict[int, list[tuple[float, float]]], least: float) -> Iterator[Rule]:
    for at, pieces in rules.items():
        pieces.sort()
        start, end = pieces[0]
        for a, b in [*pieces[1:], (float("inf"), 0.0)]:
            if a <= end + 3:
                end = max(end, b)
                continue
            if end - start >= least:
                yield Rule(float(at), start, end)
            start, end = a, b


def _within(box: Box, outer: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] - 1 <= x <= outer[2] + 1 and outer[1] - 1 <= y <= outer[3] + 1
