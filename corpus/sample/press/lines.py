"""Words and lines: inline marks, widths, line breaking, and hyphens where Norwegian words may be divided."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

FACES = {
    "serif": {"": "tiro", "b": "tibo", "i": "tiit"},
    "sans": {"": "helv", "b": "hebo", "i": "heit"},
}
# One consonant goes with the vowel of a plain ending: plasse-ringer, utgif-tene; but not n-g, s-k, which sound as one.
_ENDING = re.compile(r"(?<=\w{3}[^\W\d])(?<![ns])(?=[bdfgklmnprstv](?:ene|er|en|et|inger|ingen|ing|elig|elige)\W*$)")
_MARK = re.compile(r"(\*\*.+?\*\*|\*.+?\*|\[\^\w+\])")


class Run(NamedTuple):
    text: str
    font: str
    size: float
    rise: float = 0.0
    note: str = ""  # label of the footnote that this run calls

    @property
    def width(self) -> float:
        return font(self.font).text_length(self.text, self.size)


Word = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Line:
    words: tuple[Word, ...]
    last: bool  # ends its paragraph: never stretched

    @property
    def notes(self) -> list[str]:
        return [run.note for word in self.words for run in word if run.note]


@cache
def font(name: str):
    """The font that PyMuPDF itself carries under `name`."""
    import pymupdf

    return pymupdf.Font(name)


def width(word: Word) -> float:
    return sum(run.width for run in word)


def words(text: str, face: str, size: float, shade: str = "", numbers: dict[str, int] | None = None) -> list[Word]:
    """`text` with **bold**, *italic* and [^notes], as words of runs. `numbers` gives the printed note numbers."""
    found: list[list[Run]] = [[]]
    for part in filter(None, _MARK.split(text)):
        if part.startswith("[^"):
            label = part[2:-1]
            number = str((numbers or {}).get(label, label))
            found[-1].append(Run(number, FACES[face][""], size * 0.62, size * 0.36, label))
            continue
        weight = "b" if part.startswith("**") else "i" if part.startswith("*") else shade
        for i, piece in enumerate(re.split(r"\s+", part.strip("*") if weight != shade or part[0] == "*" else part)):
            if i:
                found.append([])
            if piece:
                found[-1].append(Run(piece, FACES[face][weight], size))
    return [tuple(word) for word in found if word]


def broken(items: list[Word], measure: float, gap: float, divide: Callable[[str], list[int]] | None) -> Iterator[Line]:
    """`items` filled into lines of `measure` points; `divide` says where a word may take a hyphen (None: never)."""
    line: list[Word] = []
    used, hyphens = 0.0, 0
    queue = list(reversed(items))
    while queue:
        word = queue.pop()
        room = measure - used - (gap if line else 0)
        if width(word) <= room:
            used += width(word) + (gap if line else 0)
            line.append(word)
            continue
        cut = _cut(word, room, divide) if divide and hyphens < 2 and queue else None
        if cut:
            line.append(cut[0])
            queue.append(cut[1])
        else:
            queue.append(word)
            if not line:  # wider than the column: let it stand out rather than hang
                line.append(queue.pop())
        hyphens = hyphens + 1 if cut else 0
        yield Line(tuple(line), last=not queue)
        line, used = [], 0.0
    if line:
        yield Line(tuple(line), last=True)


def _cut(word: Word, room: float, divide: Callable[[str], list[int]]) -> tuple[Word, Word] | None:
    run = word[0]
    for at in reversed(divide(run.text)):
        head = run._replace(text=run.text[:at] + "-")
        if head.width <= room:
            return (head,), (run._replace(text=run.text[at:]), *word[1:])
    return None


def divider(firsts: list[str], tails: list[str]) -> Callable[[str], list[int]]:
    """Where a word may be divided: after a known first part of a compound, or before a known ending."""
    first = re.compile(rf"^({'|'.join(sorted(firsts, key=len, reverse=True))})(?=\w{{4}})", re.I)
    tail = re.compile(rf"(?<=\w{{4}})({'|'.join(sorted(tails, key=len, reverse=True))})(?=\W*$)")

    @cache
    def points(word: str) -> list[int]:
        if len(word) < 9 or "-" in word:
            return []
        found = {m.end() for m in [first.match(word)] if m} | {m.start() for m in [tail.search(word)] if m}
        found |= {m.start() for m in [_ENDING.search(word)] if m and len(word) - m.start() > 2}
        return sorted(found)

    return points
