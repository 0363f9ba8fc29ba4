"""Headings: stated by the source, numbered, or told by type; where only text is known, by its shape."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from ingest.layout.paragraphs import starts_item
from ingest.layout.rows import Row, body_size
from ingest.report import Traced

NUMBER = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*)(?P<dot>\.?)(?P<space>\s*)(?=[A-ZÆØÅ«\"”(\d]|[a-zæøå])")
CHAPTER = re.compile(r"(?:kapittel|kap\.?|del|part|chapter|vedlegg)\s+(?:\d{1,2}|[ivxlc]+|[a-h])[.:]?", re.IGNORECASE)
CHAPTER_NAME = re.compile(
    r"(?:samm?endrag|samandrag|summary|abstract|forord|føreord|innledning|innleiing|litteratur(?:liste)?|referanser?"
    r"|referansar|kilder|kjelder|references|vedlegg|konklusjon|avslutning|anbefalinger|tilrådingar)",
    re.IGNORECASE,
)
LONGEST = 18  # words
BIGGER = 0.9  # points


@dataclass(slots=True)
class Heading:
    text: Traced
    page: int
    level: int = 0  # as stated or counted; 0 where only the look tells
    look: tuple[float, bool] = (0.0, False)
    stated: bool = False  # by the source itself


def mark_headings(rows: Sequence[Row]) -> list[tuple[tuple[str, ...], int, list[Row]]]:
    """Runs of rows with the heading path above them and the page where they begin.

    The first heading of a text that opens the document is its title and stands in no path.
    """
    blocks = [list(group) for _, group in groupby(rows, key=lambda row: row.block)]
    size = body_size(rows)
    parts = _by_type(blocks, size) if size else _by_shape(blocks)
    parts = _levelled(list(parts))
    out: list[tuple[tuple[str, ...], int, list[Row]]] = []
    stack: list[Heading] = []
    members: list[Row] = []
    page = rows[0].page if rows else 1

    def close() -> None:
        if members or stack:
            out.append((tuple(h.text.text for h in stack), page, members.copy()))
        members.clear()

    for part in parts:
        if isinstance(part, Heading):
            if members or stack:
                close()
            while stack and stack[-1].level >= part.level:
                stack.pop()
            stack.append(part)
            page = part.page
        else:
            members += part
    close()
    return _without_empty(out)


def _without_empty(sections: list[tuple[tuple[str, ...], int, list[Row]]]) -> list[tuple[tuple[str, ...], int, list[Row]]]:
    """Drops headings with nothing under them whose path is continued by the next section: they stand in its path."""
    return [
        section
        for section, after in zip(sections, [*sections[1:], ((), 0, [])], strict=False)
        if section[2] or after[0][: len(section[0])] != section[0]
    ]


def _by_type(blocks: list[list[Row]], size: float) -> Iterator[Heading | list[Row]]:
    """Larger or bold type in a short block of its own, or a number of several parts; else the source's word."""
    pending: Heading | None = None
    for block in chain.from_iterable(map(_at_numbers, blocks)):
        heading = _stated(block) or _set_apart(block, size)
        if heading and pending and CHAPTER.fullmatch(pending.text.text):  # «Kapittel 2» above its title
            pending.text = Traced.join([pending.text, heading.text])
            pending.look = max(pending.look, heading.look)
            continue
        if heading and pending and _goes_on(pending, heading):
            pending.text = Traced.join([pending.text, heading.text])
            continue
        if pending:
            yield pending
        pending = heading
        if not heading:
            yield block
    if pending:
        yield pending


def _goes_on(above: Heading, below: Heading) -> bool:
    """Are the two one heading of two lines: of one look, neither numbered, the first not ended?"""
    alike = above.look == below.look and above.page == below.page
    return alike and not above.level and not NUMBER.match(below.text.text) and not re.search(r"[.?!]$", above.text.text)


def _at_numbers(block: list[Row]) -> Iterator[list[Row]]:
    """A short block cut before each line that is a numbered heading: «3. Metode» with «3.1 Design» right under it."""
    start = 0
    if len(block) <= 4:
        for i in range(1, len(block)):
            if re.match(r"\d{1,2}(?:\.\d{1,2})+\.? [A-ZÆØÅ]", block[i].text.text) and _depth(block[i - 1].text.text):
                yield block[start:i]
                start = i
    yield block[start:]


def _stated(block: list[Row]) -> Heading | None:
    if block[0].line.level:
        return Heading(_joined(block), block[0].page, block[0].line.level, stated=True)
    return None


def _set_apart(block: list[Row], size: float) -> Heading | None:
    first = block[0].line
    text = _joined(block)
    words = text.text.split()
    if first.kind or len(words) > LONGEST or len(block) > 4 or not re.search(r"[^\W\d_]{2}", text.text):
        return None
    number = NUMBER.match(text.text)
    bigger = first.size >= size + BIGGER
    bold = first.bold and first.size >= size - 0.6
    deep = bool(number and "." in number["number"] and number["space"]) and len(block) == 1 and first.size >= size - 0.1
    if not (bigger or bold or deep):
        return None
    if re.search(r"[,;]$", text.text) or (
        re.search(r"[.:]$", text.text) and not bigger and not (number and text.text.endswith(":"))
    ):
        return None
    if starts_item(text.text) and not number:
        return None
    if re.match(r"(?:figur|tabell|table|figure)\s+\d", text.text, re.IGNORECASE):
        return None
    return Heading(text, block[0].page, _depth(text.text), (round(first.size * 2) / 2, first.bold))


def _depth(text: str) -> int:
    """The parts of a heading's number («3.1» has two), 0 without one."""
    match = NUMBER.match(text)
    if not match or not (match["space"] or "." in match["number"]) or re.match(r"\d{1,2}\.\s[a-zæøå]", text):
        return 0
    return match["number"].count(".") + 1


def _by_shape(blocks: list[list[Row]]) -> Iterator[Heading | list[Row]]:
    """Short lines of their own with a text under them, and numbers of several parts at the start of a block."""
    shapes = [_shape(blocks, i) for i in range(len(blocks))]
    for i in range(len(blocks) - 1, 0, -1):  # a run of short lines is a list or a figure; its last two may be headings
        run = shapes[i : i + 3]
        if len(run) == 3 and all(run) and not run[0][1]:
            shapes[i] = None
    for i, block in enumerate(blocks):
        shape = shapes[i]
        if shape is None:
            yield block
            continue
        lines, level = shape
        head, rest = block[:lines], block[lines:]
        after = rest or (blocks[i + 1] if i + 1 < len(blocks) else [])
        if level > 1 and after and _continues(head[-1], after[0]):
            head = [*head, after[0]]
            if rest:
                rest = rest[1:]
            else:
                blocks[i + 1] = after[1:]
                if not blocks[i + 1]:
                    shapes[i + 1] = None
        yield Heading(_without_colon(_joined(head)), head[0].page, level, stated=bool(head[0].line.level))
        if rest:
            yield rest


def _shape(blocks: list[list[Row]], i: int) -> tuple[int, int] | None:
    """(lines of the heading, level or 0) where block i begins with a heading, else None."""
    block = blocks[i]
    if not block:
        return None
    first = block[0].text.text
    if block[0].line.level:
        return len(block), block[0].line.level
    if block[0].line.kind:
        return None
    depth = _depth(first)
    if depth > 1 and len(first.split()) <= LONGEST and not first.endswith("."):
        lines = 2 if len(block) > 1 and _continues(block[0], block[1]) else 1
        return lines, depth
    if depth == 1 and len(block) > 1 and _head_line(block):
        return 1, 1
    text = _joined(block).text
    words = text.split()
    below = _joined(blocks[i + 1]).text if i + 1 < len(blocks) and blocks[i + 1] else ""
    if not below or len(words) > LONGEST or len(block) > 2 or not re.match(r"[\dA-ZÆØÅ«\"”]", text):
        return None
    if depth == 1:
        number = int(re.match(r"\d+", text)[0])
        neighbours = [_joined(b).text for b in (blocks[i - 1] if i else [], blocks[i + 1]) if b]
        listed = any(re.match(rf"(?:{number - 1}|{number + 1})[.)] ", other) for other in neighbours)
        return None if listed or blocks[i + 1][0].line.kind == "item" else (len(block), 1)
    if re.match(r"\d", text) or starts_item(text) or len(words) > 14:
        return None
    if re.search(r"[.,;]$", text) or (len(block) > 1 and len(first) < 45):
        return None
    if text.endswith(":") and (len(words) > 6 or blocks[i + 1][0].line.kind or len(below.split()) < 15):
        return None
    if len(words) < 2 and not re.search(r"[a-zæøå]{3}", text) and len(below.split()) < 6:
        return None
    if re.match(r"\W*[a-zæøå]", below) or re.search(r"https?://|@|\d{2}\.\d{2}\.\d{4}", text):
        return None
    return len(block), 0


def _head_line(block: list[Row]) -> bool:
    """Is the numbered first line of a block a heading: short, and a text with a capital under it, not a list?"""
    head, below = block[0].text.text, [row.text.text for row in block[1:]]
    if re.search(r"[.,;:]$", head) or len(head.split()) > 8 or not re.match(r"[A-ZÆØÅ]", below[0]):
        return False
    return not any(re.match(r"\d{1,2}[.)]? ", line) for line in below)


def _continues(head: Row, after: Row) -> bool:
    """Is the row the short last line of the heading above it?"""
    text = after.text.text
    return after.page == head.page and bool(re.match(r"[a-zæøå]", text)) and len(text.split()) <= 4 and len(head.text) > 45


def _levelled(parts: list[Heading | list[Row]]) -> list[Heading | list[Row]]:
    """Gives each heading its level: numbers by their parts, other headings by their look or their place."""
    headings = [part for part in parts if isinstance(part, Heading)]
    if len(headings) > 1 and parts[0] is headings[0] and headings[0].look == (0.0, False) and not headings[0].stated:
        parts = parts[1:]  # the title
        headings = headings[1:]
    _chapters_in_order(headings)
    for heading in headings:
        if not heading.level and CHAPTER_NAME.fullmatch(heading.text.text):
            heading.level = 1
    looks: dict[tuple[float, bool], Counter[int]] = defaultdict(Counter)
    for heading in headings:
        looks[heading.look][heading.level] += 1
    levels: dict[tuple[float, bool], int] = {}
    above = 0
    for look in sorted(looks, reverse=True):
        numbered = [level for level, _ in looks[look].most_common() if level]
        levels[look] = numbered[0] if numbered else above + 1
        above = max(above, levels[look])
    placed = headings and headings[0].look == (0.0, False)
    if placed and all(h.look == (0.0, False) for h in headings):
        _levels_by_place(parts)
    else:
        for heading in headings:
            heading.level = heading.level or levels[heading.look]
    return parts


def _chapters_in_order(headings: list[Heading]) -> None:
    """Chapters count upwards: a «1.» after chapter 4 numbers a part below the deepest numbered heading."""
    deepest = max((heading.level for heading in headings), default=0)
    chapter = 0
    for heading in headings:
        if heading.level == 1 and not heading.stated and (match := re.match(r"\d+", heading.text.text)):
            if int(match[0]) in (chapter + 1, chapter + 2) or not chapter:
                chapter = int(match[0])
            else:
                heading.level = deepest + 1


def _levels_by_place(parts: list[Heading | list[Row]]) -> None:
    """Headings of plain text: one directly above another is the higher one; the rest stand under the last such."""
    parent = 0
    for part, after in zip(parts, [*parts[1:], None], strict=False):
        if not isinstance(part, Heading):
            continue
        if part.level:
            parent = part.level
        elif isinstance(after, Heading) and not after.level:
            part.level = parent = 1
        else:
            part.level = parent + 1


def _without_colon(text: Traced) -> Traced:
    return text[: len(text) - 1].strip() if text.text.endswith(":") else text


def _joined(block: Sequence[Row]) -> Traced:
    return Traced.join(row.text for row in block)
