"""Plain text: pages by form feeds or by what is left of them, running footers of transcripts, web clutter."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import shown
from errors import UnreadableDocument
from ingest.extract.pages import USUAL, Extracted, RawLine, page_of_lines
from ingest.report import Page

if TYPE_CHECKING:
    from settings import Limits

DATA = Path(__file__).parents[1] / "data"
FOOTER = re.compile(r"(?P<text>\S.{0,160}?)\s*\b(?:Side|Page|s\.)\s+(?P<number>\d{1,4})(?:\s+av\s+\d+)?\s*$")
ITEM = re.compile(r"\s*(?:[•●▪■◦○·\-–*]|e(?= [A-ZÆØÅ]))\s+\S")
MIN_FOOTERS = 3
LAST = 400  # letters of a line in which a footer is sought; it has half of them


def read(path: Path, limits: Limits = USUAL) -> Extracted:
    """The pages of a text file (UTF-8, else Windows-1252); a transcript's running footer states its title.

    Raises UnreadableDocument for what is no text, and for more of it than limits.output_mb.
    """
    within_text(path.stat().st_size, limits.output_mb)
    text = _after_transcript_mark(decode(path.read_bytes()))
    numbered, footer = _by_footers(text)
    if not numbered:
        numbered = list(enumerate(_by_breaks(text), 1))
    return Extracted(tuple(_page(number, part) for number, part in numbered), {"title": footer} if footer else {})


def decode(data: bytes) -> str:
    for encoding in ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UnreadableDocument("filen er ikke tekst; gi den rett endelse, eller lagre den på nytt som ren tekst")


def within_text(length: int, text_mb: int) -> None:
    """Raises UnreadableDocument for more text than a document may give."""
    if length > text_mb * 2**20:
        most = shown.number(text_mb)
        raise UnreadableDocument(f"over grensen på {most} MB tekst (limits.output_mb i config.toml); del den opp")


def clutter(line: str) -> bool:
    """Is this line a part of a web page around the document: menus, links, buttons?"""
    return bool(_clutter().fullmatch(line.strip()))


@cache
def _clutter() -> re.Pattern[str]:
    patterns = tomllib.loads((DATA / "clutter.toml").read_text(encoding="utf-8"))["lines"]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def _after_transcript_mark(text: str) -> str:
    """Sites that show a document as text put a list of like documents before it and say where it begins."""
    match = re.search(r"^(?:Transkript(?:sjon)?|Transcript(?:ion)?):\s*$", text, re.MULTILINE)
    return text[match.end() :] if match else text


def _by_footers(text: str) -> tuple[list[tuple[int, str]], str]:
    """Pages that end in a running footer with a number («… 2016-2019 Side 3»), and the footer; none where none is."""
    ends = [(m, int(m["number"])) for m in (FOOTER.search(line[-LAST:]) for line in text.split("\n")) if m]
    if len(ends) < MIN_FOOTERS or any(b <= a for (_, a), (_, b) in pairwise(ends)):
        return [], ""
    footer = _common_ending([m.group()[: m.start("number") - m.start()] for m, _ in ends])
    if len(footer.split()) < 2:
        return [], ""
    pages = []
    at = 0
    for match in re.finditer(re.escape(footer) + r"(\d{1,4})(?:\s+av\s+\d+)?[^\S\n]*$", text, re.MULTILINE):
        pages.append((int(match[1]), text[at : match.start()]))
        at = match.end()
    if text[at:].strip():
        pages.append((pages[-1][0] + 1, text[at:]))
    return pages, re.sub(r"\W*\b(?:side|page|s\.)\W*$", "", footer, flags=re.IGNORECASE).strip()


def _common_ending(texts: list[str]) -> str:
    """The longest ending, in whole words, that most of the texts share."""
    counts: Counter[str] = Counter()
    for text in texts:
        words = list(re.finditer(r"\S+", text))
        counts.update({text[word.start() :] for word in words})
    shared = [ending for ending, count in counts.items() if count >= max(MIN_FOOTERS, 0.6 * len(texts))]
    return max(shared, key=len, default="")


def _by_breaks(text: str) -> list[str]:
    """Form feeds; where they were lost, what stands for them: three empty lines, a line moved in by one space."""
    if "\f" in text:
        return text.split("\f")
    lines = text.split("\n")
    inset = [i for i, line in enumerate(lines) if i and re.match(r" \S", line)]
    if sum(line.startswith("  ") for line in lines) > len(inset) or len(inset) > len(lines) / 20:
        inset = []
    gaps = [m.end() for m in re.finditer(r"\n(?:[^\S\n]*\n){3,}", text)]
    starts = set(gaps)
    at = 0
    for i, line in enumerate(lines):
        if i in inset:
            starts.add(at)
        at += len(line) + 1
    cuts = [0, *sorted(s for s in starts if s > 0), len(text)]
    pages = [page for page in (text[a:b] for a, b in pairwise(cuts)) if page.strip()]
    broken = sum(bool(re.search(r"[\w,]\s*$", a) and re.match(r"\s*[a-zæøå]", b)) for a, b in pairwise(pages))
    if len(pages) < 3 or broken < len(pages) / 5:  # a page ends in the midst of a sentence now and then
        return [text]
    return pages


def _page(number: int, text: str) -> Page:
    lines: list[RawLine] = []
    block = 0
    fresh = True
    written = text.split("\n")
    for line, after in zip(written, [*written[1:], ""], strict=True):
        words = line.split()
        if not words:
            fresh = True
            continue
        if fresh and not after.strip() and clutter(line):  # a paragraph of its own: a broken line may read like a button
            continue
        item = bool(ITEM.match(line))
        if lines and (fresh or item):
            block += 1
        lines.append(RawLine([(word, None) for word in words], block, kind="item" if item else ""))
        fresh = False
    return page_of_lines(number, lines, method="text" if lines else "none")
