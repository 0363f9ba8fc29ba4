"""What every extractor builds: lines and words laid into the raw text of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import shown
from errors import UnreadableDocument
from ingest.report import Box, Line, Page, Word
from settings import Limits

UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
"""Signs that say nothing: where the file doesn't tell which letter, and those for private use."""


USUAL = Limits()
"""What is allowed where no settings are given."""


@dataclass(frozen=True, slots=True)
class Extracted:
    pages: tuple[Page, ...]
    properties: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the file says of itself: "title", "author", "created" (ISO date), "subject", "keywords"."""
    scans: frozenset[int] = frozenset()
    """Numbers of the pages of which a picture may tell more than the text: scans, and pages of unreadable signs."""
    damaged: frozenset[int] = frozenset()
    """Numbers of the pages that could not be read, and are empty."""


def within_limit(pages: int, limit: int) -> None:
    """Raises UnreadableDocument for a document of more pages than the settings let through."""
    if pages > limit:
        most = shown.number(limit)
        raise UnreadableDocument(f"over grensen på {most} sider (limits.pages i config.toml); del den opp, eller hev grensen")


@dataclass
class RawLine:
    """A line on its way into a page: its words with their boxes (None where the source has no layout)."""

    words: list[tuple[str, Box | None]]
    block: int
    size: float = 0.0
    bold: bool = False
    level: int = 0
    kind: str = ""

    @cached_property
    def box(self) -> Box | None:
        return union(box for _, box in self.words)

    @cached_property
    def text(self) -> str:
        return " ".join(word for word, _ in self.words)


def union(boxes: Iterable[Box | None]) -> Box | None:
    """The smallest box around all of them, or None if one of them is unknown."""
    found = list(boxes)
    if not found or None in found:
        return None
    x0, y0, x1, y1 = zip(*found, strict=True)  # type: ignore[arg-type]
    return min(x0), min(y0), max(x1), max(y1)


def page_of_lines(number: int, lines: Iterable[RawLine], width: float = 0.0, height: float = 0.0, method: str = "text") -> Page:
    """A page whose raw text is the lines, words joined by single spaces, each line knowing its characters."""
    out: list[Line] = []
    words: list[Word] = []
    texts: list[str] = []
    at = 0
    for line in lines:
        start = at
        for word, box in line.words:
            if at > start:
                at += 1
            if box is not None:
                words.append(Word(at, at + len(word), box))
            at += len(word)
        texts.append(line.text)
        out.append(Line(start, at, line.block, line.box, line.size, line.bold, line.level, line.kind))
        at += 1  # the line break
    return Page(number, "\n".join(texts), tuple(out), tuple(words), width, height, method)
