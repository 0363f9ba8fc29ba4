"""A reference list in APA 7, as the Norwegian manual writes it: «s.», «(u.å.)», «I» before a document, & without a comma."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby, takewhile
from typing import NamedTuple

from index.references.names import Name, alphabetical, bodies
from index.references.record import PRIVATE, Reference, span

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


class InText(NamedTuple):
    """What the text calls a work: who has written it, and its year."""

    who: str
    year: str


def in_text(found: Sequence[Reference]) -> dict[str, InText]:
    """What the text calls each, by key, so that all are told apart: by 2019a and 2019b where the authors are the same; by as many
    names as it takes where «et al.» would stand for different ones; by initials where two first authors have one surname."""
    initials: dict[str, set[str]] = {}  # of first authors, by surname
    for first in (creators[0] for one in found if (creators := one.creators)):
        initials.setdefault(first.family, set()).add(first.initials[:1])
    shown = {one.key: _surnames(one.creators, initials) for one in found}
    alike: dict[tuple[str, int | None], list[list[str]]] = {}
    for one in found:
        if len(names := shown[one.key]) > 2:
            alike.setdefault((names[0], one.year), []).append(names)
    return {one.key: InText(_who(one, shown[one.key], alike), year) for one, year in _dated(found)}


def cited(one: Reference, pages: str = "", called: InText | None = None) -> str:
    """How the text refers to it: (Ek & Li, 2019, s. 4). `called`: as among the others of its list."""
    who, year = called or in_text([one])[one.key]
    return f"({who}, {year}{f', s. {pages}' if pages else ''})"


def _surnames(creators: Sequence[Name], initials: Mapping[str, Collection[str]]) -> list[str]:
    """The surnames of those who are cited; the first with initials where others of the surname are first authors too."""
    names = [creator.family for creator in creators]
    if names and len(initials[names[0]]) > 1:
        names[0] = f"{creators[0].initials} {names[0]}".strip()
    return names


def _who(one: Reference, names: Sequence[str], alike: Mapping[tuple[str, int | None], Sequence[Sequence[str]]]) -> str:
    """`alike`: the names of works of three authors and more, by the first of them and the year."""
    if not names:
        return f"«{one.title}»"
    others = [other for other in alike.get((names[0], one.year), ()) if list(other) != list(names)]
    needed = 1 + max((_shared(names, other) for other in others), default=0)
    if len(names) > 2 and needed < len(names) - 1:  # «et al.» stands for two at least
        return f"{', '.join(names[:needed])} et al."
    return " & ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many names two works have in common from the first on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


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
    if not one.public:
        work.append((f" [{PRIVATE.lower()}]", False))
    sentences = [[(who, False)], when, work] if who else [work, when]
    if one.container:
        pages = f"s. {span(*one.pages)}" if one.pages else ""
        sentences.append([("I ", False), (one.container, True), *_inside(number, pages)])
    else:
        work += _inside(number)
    if [creator.family for creator in one.creators] != list(bodies(one.publisher)):  # a body isn't named twice
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
    names = [", ".join(filter(None, (c.family, c.initials, c.suffix))) for c in creators]
    if len(names) > MOST:
        return f"{', '.join(names[: MOST - 1])}, . . . {names[-1]}"
    return " & ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
