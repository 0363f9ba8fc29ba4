"""The reading order of a page: columns found by the gutters between them, side numbers left out.

Running text in columns fills its column; the cells of a table do not. That tells the two apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from statistics import median

from ingest.extract.pages import union
from ingest.report import Box

MIN_GUTTER = 8.0  # points
WIDEST = 14_400.0  # points; no sheet is wider, by the PDF standard


@dataclass(frozen=True)
class Segment:
    """Words on one base line without a wide gap between them."""

    words: list[tuple[str, Box]]
    size: float
    bold: bool

    @cached_property
    def box(self) -> Box:
        return union(box for _, box in self.words)  # type: ignore[return-value]

    @cached_property
    def text(self) -> str:
        return " ".join(word for word, _ in self.words)


def margin_numbers(segments: list[Segment]) -> list[Segment]:
    """The segments without the line numbers that some documents print beside the text."""
    numbers = [s for s in segments if s.text.isdigit() and len(s.words) == 1]
    others = [s for s in segments if not (s.text.isdigit() and len(s.words) == 1)]
    if len(numbers) < 3 or not others:
        return segments
    left = sorted(s.box[0] for s in others)[len(others) // 10]
    right = sorted(s.box[2] for s in others)[-1 - len(others) // 10]
    beside = [s for s in numbers if s.box[2] <= left + 1 or s.box[0] >= right - 1]
    beside.sort(key=lambda s: s.box[1])
    for step in (1, 2, 5, 10):
        run = {id(s) for a, b in pairwise(beside) if int(b.text) - int(a.text) == step for s in (a, b)}
        if len(run) >= 3 and len(run) >= 0.6 * len(beside):
            return [s for s in segments if id(s) not in run]
    return segments


def reading_order(segments: list[Segment]) -> list[list[Segment]]:
    """The segments in groups that are read one after the other, each from top to bottom."""
    if not segments:
        return []
    gutter = _gutter(segments)
    if gutter is None:
        return [sorted(segments, key=lambda s: (round(s.box[3], 1), s.box[0]))]
    groups: list[list[Segment]] = []
    left: list[Segment] = []
    right: list[Segment] = []

    def flush() -> None:
        for side in (left, right):
            if side:
                groups.extend(reading_order(side.copy()))
                side.clear()

    for segment in sorted(segments, key=lambda s: s.box[3]):
        x0, _, x1, _ = segment.box
        if x0 < gutter[0] - 1 and x1 > gutter[1] + 1:  # spans both columns: all above it is read first
            flush()
            if groups and groups[-1] and groups[-1][0].box[2] > gutter[1] and groups[-1][0].box[0] < gutter[0]:
                groups[-1].append(segment)
            else:
                groups.append([segment])
        elif (x0 + x1) / 2 < (gutter[0] + gutter[1]) / 2:
            left.append(segment)
        else:
            right.append(segment)
    flush()
    return groups


def _gutter(segments: list[Segment]) -> tuple[float, float] | None:
    """The widest upright strip that hardly a line crosses, with running text on both sides, or None."""
    x_min, x_max = min(s.box[0] for s in segments), max(s.box[2] for s in segments)
    inner = [s for s in segments if s.box[2] - s.box[0] < 0.62 * (x_max - x_min)]
    if len(inner) < 8 or not 200 <= x_max - x_min <= WIDEST:
        return None
    crossed = [0] * (int(x_max - x_min) + 2)  # by how many lines, point for point
    for segment in inner:
        for x in range(int(segment.box[0] - x_min), int(segment.box[2] - x_min) + 1):
            crossed[x] += 1
    few = len(inner) // 12  # titles, running lines and notes may lie across
    best: tuple[float, float] | None = None
    x = 0
    for open_, run in groupby(crossed, key=lambda count: count <= few):
        width = len(list(run))
        left, right = x_min + x, x_min + x + width
        x += width
        if open_ and width >= MIN_GUTTER and (best is None or width > best[1] - best[0]):
            sides = [s for s in inner if s.box[2] <= left + 2], [s for s in inner if s.box[0] >= right - 2]
            if all(_running_text(side) for side in sides) and _side_by_side(*sides):
                best = left, right
    return best


def _running_text(side: list[Segment]) -> bool:
    """Is most of the column covered by ink, line for line? Cells of a table and lists of names leave it empty."""
    x0, x1 = min((s.box[0] for s in side), default=0.0), max((s.box[2] for s in side), default=0.0)
    lines: dict[int, list[Segment]] = {}
    for segment in side:
        lines.setdefault(round(segment.box[3] / 4), []).append(segment)
    if len(lines) < 4 or x1 - x0 < 90:
        return False
    ink = [sum(s.box[2] - s.box[0] for s in line) / (x1 - x0) for line in lines.values()]
    return median(ink) > 0.6 and sum(len(s.words) for s in side) / len(lines) > 3


def _side_by_side(left: list[Segment], right: list[Segment]) -> bool:
    top = max(min(s.box[1] for s in left), min(s.box[1] for s in right))
    bottom = min(max(s.box[3] for s in left), max(s.box[3] for s in right))
    return bottom - top > 40
