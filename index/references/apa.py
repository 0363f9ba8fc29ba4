"""A reference list in APA 7, as the Norwegian manual writes it: «s.», «(u.å.)», «I» before a document, & without a comma."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from index.references.names import Name, alphabetical
from index.references.record import Reference, span

MOST = 20  # authors that are named; of more, the first 19 and the last
MONTHS = ["januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"]

Piece = tuple[str, bool]
"""A run of text, and whether it is in italics."""


def written(found: Sequence[Reference], today: datetime.date | None = None) -> str:
    """The list as plain text, an entry on each line. `today` is when what has no year was read."""
    return "".join("".join(text for text, _ in entry) + "\n" for entry in entries(found, today))


def html(found: Sequence[Reference], today: datetime.date | None = None) -> str:
    """The list with its italics, a paragraph for each entry: to be copied into a document."""

    def marked(entry: list[Piece]) -> str:
        return "".join(f"<i>{escape(text)}</i>" if italic else escape(text) for text, italic in entry)

    return "".join(f"<p>{marked(entry)}</p>\n" for entry in entries(found, today))


def entries(found: Sequence[Reference], today: datetime.date | None = None) -> list[list[Piece]]:
    """The entries in their order: by author, then year (none first), then title."""
    today = today or datetime.date.today()
    return [_entry(one, year, today) for one, year in _dated(found)]


def years(found: Sequence[Reference]) -> dict[str, str]:
    """The year of each as the list of them has it, by key: 2019a and 2019b where they must be told apart."""
    return {one.key: year for one, year in _dated(found)}


def cited(one: Reference, pages: str = "", year: str = "") -> str:
    """How the text refers to it: (Ek & Li, 2019, s. 4). `year`: as in the list that it stands in."""
    names = [creator.family for creator in one.creators]
    who = f"«{one.title}»" if not names else f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
    year = year or ("u.å." if one.year is None else str(one.year))
    return f"({who}, {year}{f', s. {pages}' if pages else ''})"


def _dated(found: Sequence[Reference]) -> Iterator[tuple[Reference, str]]:
    """The references in order, each with its year: 2019a and 2019b where one author has several of a year."""

    def who_when(one: Reference) -> tuple[str, int]:
        return alphabetical(_authors(one.creators) or one.title), -1 if one.year is None else one.year

    for _, group in groupby(sorted(found, key=lambda one: (who_when(one), alphabetical(one.title), one.key)), who_when):
        same = list(group)
        for number, one in enumerate(same):
            letter = _letters(number) if len(same) > 1 and one.creators else ""
            yield one, f"{one.year}{letter}" if one.year is not None else f"u.å.{f'-{letter}' if letter else ''}"


def _letters(number: int) -> str:
    """a, b, …, z, aa, ab, …"""
    return (_letters(number // 26 - 1) if number >= 26 else "") + "abcdefghijklmnopqrstuvwxyz"[number % 26]


def _entry(one: Reference, year: str, today: datetime.date) -> list[Piece]:
    """Author. (Year). Title (Number). Publisher. Address – each ended by a full stop where it has no end of its own."""
    who, number = _authors(one.creators), _number(one.number)
    when: list[Piece] = [(f"({year})", False)]
    work: list[Piece] = [(one.title, not one.container)]
    sentences = [[(who, False)], when, work] if who else [work, when]
    if one.container:
        pages = f"s. {span(*one.pages)}" if one.pages else ""
        sentences.append([("I ", False), (one.container, True), *_inside(number, pages)])
    else:
        work += _inside(number)
    if one.authors or not one.creators:  # a body isn't named twice
        sentences.append([(one.publisher, False)])
    if one.url and one.year is None:
        sentences.append([(f"Hentet {today.day}. {MONTHS[today.month - 1]} {today.year} fra {one.url}", False)])
    elif one.url:
        sentences.append([(one.url, False)])
    pieces: list[Piece] = []
    for sentence in sentences:
        if text := sentence[-1][0]:
            end = "" if text.endswith((".", "?", "!")) or text.endswith(one.url or ".") else "."
            pieces += [*([(" ", False)] if pieces else []), *sentence, *([(end, False)] if end else [])]
    return pieces


def _inside(*parts: str) -> list[Piece]:
    said = ", ".join(filter(None, parts))
    return [(f" ({said})", False)] if said else []


def _number(number: str) -> str:
    """3/2023 is «Rapport 3/2023», 12 is «Rapport nr. 12»; a number that says what it is stays as it is."""
    if not number or number[0].isalpha():
        return number
    return f"Rapport nr. {number}" if number.isdecimal() else f"Rapport {number}"


def _authors(creators: Sequence[Name]) -> str:
    names = [f"{c.family}, {c.initials}" if c.given else c.family for c in creators]
    if len(names) > MOST:
        return f"{', '.join(names[: MOST - 1])}, . . . {names[-1]}"
    return " & ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
