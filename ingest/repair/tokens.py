"""The words of a page as repair sees them: where each stands, what lies before it, and what is left in peace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ingest.repair.figures import FIGURE, is_number, leads

WORD = re.compile(r"[^\W_][\w@&|¢€£{]*|[@&|¢€£{][^\W_]*[\w@&|¢€£{]*")
ADDRESS = re.compile(r"://|www\.|\w@[\w-]+\.\w|\w\.(?:no|com|org|net|eu|pdf|html?)\b|\w/\w*[?=]|/\w+/")  # a part of one
UNBROKEN = re.compile(r"\S*")
BREAK = re.compile(r"[!?:;•]|\n\s*\n")
NAMES = re.compile(r"(?:[A-ZÆØÅ0-9][\w.-]*|[A-ZÆØÅ]\.) & [A-ZÆØÅ]")  # Hanson & Berg, not «for & Igse»
EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*")
MARKED = re.compile(r"[^.!?:;]*?[,()]")  # a comma or a bracket before any stop
LINES = 8  # a block has at most so many lines: damage is judged block by block
FULL = 0.8  # of the longest line of a block, what another must have for a sentence to run on over its end
MARK = re.compile(r"\s*(?:\d+(?:\.\d+)*\.?|[a-zæøå]\)?|[-–•*«»+¢©°])\s+")  # what a line may begin with before its first word
SHORT = re.compile(r"[A-ZÆØÅ]&[A-ZÆØÅ]")  # R&D; but «M&L» on a line of capitals is MÅL
LINKS = frozenset(("og", "eller", "samt", "til", "i", "men"))  # after a hyphen at a line end that is no cut word
ENDING = re.compile(r"(?<=\w{3})(?:enes?|anes?|ens?|ets?|ers?|ars?|ne|[eastn])$")


class Token(NamedTuple):
    """A word as it was read. `parts` are its characters in the text: several spans where line ends cut it."""

    text: str
    parts: tuple[tuple[int, int], ...]
    opens: bool  # first in a sentence
    stop: bool  # a full stop or the like before it, if only that of a short form
    alone: bool  # white space (or an opening quote) before it, white space after
    peace: bool  # part of an address and the like: never touched
    comma: bool  # a comma or a bracket between it and the next word
    leads: bool  # a figure, first on its line
    fresh: bool  # begins something new for all that is seen: after a line that was not full, a section number, a bullet


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs of a page, or runs of LINES lines where it does not part its paragraphs."""
    start = 0
    for end in [m.end() for m in EMPTY_LINE.finditer(text)] + [len(text)]:
        while start < end:
            stop, count = start, 0
            while stop < end and count < LINES:
                stop = text.find("\n", stop, end) + 1 or end
                count += 1
            yield start, stop
            start = stop


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of text[start:end]; a lower-case rest of a word cut at a line end belongs to its first part."""
    quiet = list(_addresses(text, start, end))
    found: list[Token] = []
    full = FULL * max(map(len, text[start:end].split("\n")), default=0)
    at = start
    for match in WORD.finditer(text, start, end):
        a, b = match.span()
        word = match.group()
        gap = text[at:a]
        before = text[a - 1] if a else "\n"
        after = text[b] if b < len(text) else "\n"
        alone = (before.isspace() or before in '«“"(') and after.isspace()
        peace = bool(quiet) and any(x <= a < y for x, y in quiet)
        if len(word) == 1 or "|" in word:
            peace = (
                peace
                or _is_row(text, a)
                or (word == "&" and any(m.start() < a < m.end() for m in NAMES.finditer(text, max(0, a - 40), b + 3)))
            )
        if SHORT.fullmatch(word) and not _line(text, a).isupper():
            peace = True
        if found and MARKED.match(gap):
            found[-1] = found[-1]._replace(comma=True)
        last = found[-1] if found else None
        if last and gap == "-\n" and word[0].islower() and word not in LINKS and last.text.isalpha() and not last.text.isupper():
            found[-1] = last._replace(text=last.text + word, parts=(*last.parts, (a, b)), alone=False)
        else:
            figure = alone and bool(FIGURE.fullmatch(word))
            peace = peace or (figure and is_number(text, a, b))
            opens = not last or bool(BREAK.search(gap)) or ("." in gap and not word[0].islower())
            stop, first = opens or "." in gap, figure and leads(text, a)
            fresh = _fresh(text, a, full)
            found.append(Token(word, ((a, b),), opens, stop, alone, peace, comma=False, leads=first, fresh=fresh))
        at = b
    if found and MARKED.match(text[at:end]):
        found[-1] = found[-1]._replace(comma=True)
    return found


def _addresses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where addresses, file names and the like stand in text[start:end]."""
    at = start
    while found := ADDRESS.search(text, at, end):
        first = found.start()
        while first > at and not text[first - 1].isspace():
            first -= 1
        at = UNBROKEN.match(text, found.end(), end).end()
        yield first, at


def stem(word: str) -> str:
    """A lower-case word without its ending, roughly: forms of one word have one stem."""
    return ENDING.sub("", word)


def parted(token: Token) -> list[Token]:
    """The words of a token that was joined over line ends."""
    out: list[Token] = []
    done = 0
    for start, end in token.parts:
        word = token._replace(text=token.text[done : done + end - start], parts=((start, end),), comma=False)
        out.append(word._replace(opens=False, stop=False) if out else word)
        done += end - start
    out[-1] = out[-1]._replace(comma=token.comma)
    return out


def _line(text: str, at: int) -> str:
    """The line that `at` stands on."""
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]


def _fresh(text: str, at: int, full: float) -> bool:
    """Does the word at `at` stand first on its line, or after no more than a number or a bullet there, and was the line before
    it not `full` (characters) or is there such a mark? A bullet is often read as a letter («e», «o»)."""
    line = text.rfind("\n", 0, at) + 1
    before = text[line:at]
    if before.strip():
        return bool(MARK.fullmatch(before))
    return line > 0 and line - 1 - (text.rfind("\n", 0, line - 1) + 1) < full


def _is_row(text: str, at: int) -> bool:
    """Does the line around `at` have more than one upright stroke, as the row of a table?"""
    return _line(text, at).count("|") > 1
