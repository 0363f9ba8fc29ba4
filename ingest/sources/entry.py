"""What a source on the web says of a report, in the form that all sources share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Link:
    """A file of an entry. `text` is what the link says; `name` and `role` (roles.py) are given where the source states them."""

    url: str
    text: str = ""
    role: str = ""
    name: str = ""

    @property
    def file(self) -> PurePosixPath:
        """What the file is called: as it is stated, else as its address ends."""
        try:
            return PurePosixPath(self.name.replace("/", "-") or unquote(urlsplit(self.url).path, errors="replace"))
        except ValueError:  # no address; that is told when it is to be fetched
            return PurePosixPath()


@dataclass(frozen=True, slots=True)
class Entry:
    """A report as a source lists it. `id` is the source's own name for it, the same in every run; what is unknown is empty.

    `links` are files that the list itself names, `asked` is the question that brought it, where only a part of the source is
    asked for.
    """

    id: str
    title: str = ""
    number: str = ""
    date: str = ""  # 2024-05-31
    year: int | None = None
    body: str = ""
    themes: tuple[str, ...] = ()
    summary: str = ""
    page: str = ""
    links: tuple[Link, ...] = ()
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What the page of an entry adds: its files, in the order of the page, and its summary."""

    links: tuple[Link, ...] = ()
    summary: str = ""


def _always(_: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source has. `still` is asked of an entry that was fetched before and isn't listed now (its sidecar): has the
    source still got it? It is asked when all entries have been taken out, and not where they are cut short."""

    entries: Iterable[Entry]
    still: Callable[[Any], bool] = _always


def plain(value: Any, longest: int = 500) -> str:
    """A text or a number from outside as one line, without control characters and such as turn the direction of writing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = unicodedata.normalize("NFC", str(value))
    kept = (c if unicodedata.category(c)[0] != "C" else " " if c.isspace() else "" for c in text)
    line = " ".join("".join(kept).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def texts(value: Any) -> tuple[str, ...]:
    """The texts of a list from outside, each once; none where it is no list."""
    found = (plain(item, 100) for item in value) if isinstance(value, list) else ()
    return tuple(dict.fromkeys(text for text in found if text))


def day(value: Any) -> str:
    """The date that a text begins with, as 2024-05-31; empty where it has none that can be."""
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})", value) if isinstance(value, str) else None
    try:
        return date(*map(int, match.groups())).isoformat() if match and int(match[1]) in YEARS else ""
    except ValueError:
        return ""


def year(value: Any) -> int | None:
    """The year that a number or the beginning of a text is."""
    match = re.match(r"\d{4}(?!\d)", str(value)) if isinstance(value, str | int) else None
    return int(match[0]) if match and int(match[0]) in YEARS else None


def first(record: Mapping[str, Any], names: Iterable[str]) -> Any:
    """The first of the fields that has something in it."""
    return next((record[name] for name in names if record.get(name) not in (None, "", [], {})), None)
