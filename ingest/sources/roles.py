"""Which of the files of a report is the report, its summary, a presentation, an appendix."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from ingest.sources.entry import Link

ROLES = ("report", "summary", "presentation", "appendix", "other")
"""In the order in which they are laid up."""
READABLE = (".pdf", ".docx", ".doc", ".html", ".htm")
SHORT = 6
"""A link text of more words than this is a title or a sentence, and its words say less than the name of the file."""


def told(links: Sequence[Link]) -> tuple[Link, ...]:
    """The links with their roles, the report first; where none is called a report, the first document of no other role is."""
    found = [link if link.role in ROLES else replace(link, role=role(link)) for link in links]
    if not any(link.role == "report" for link in found):
        for number, link in enumerate(found):
            if link.role == "other" and link.file.suffix.lower() in READABLE:
                found[number] = replace(link, role="report")
                break
    return tuple(sorted(found, key=lambda link: (ROLES.index(link.role), _rank(link) if link.role == "report" else 0)))


def role(link: Link) -> str:
    """The role that a link's own words tell."""
    for name, cues in _cues().items():
        if link.file.suffix.lower() in cues["suffixes"]:
            return name
    texts = [link.text, link.file.stem]
    if len(link.text.split()) > SHORT:
        texts.reverse()
    return next((name for text in texts for name in _cues() if _first(name, text) is not None), "other")


def _rank(link: Link) -> int:
    places = (_first("report", text) for text in (link.text, link.file.stem))
    return min((place for place in places if place is not None), default=99)


def _first(name: str, text: str) -> int | None:
    """Which of a role's cues, the first of them that is in the text."""
    text = _words(text)
    for other in _cues()[name]["but"]:
        text = text.replace(_words(other), "")
    found = (i for i, cue in enumerate(_cues()[name]["cues"]) if re.search(rf"(?<![^\W\d_]){re.escape(_words(cue))}", text))
    return next(found, None)


def _words(text: str) -> str:
    return re.sub(r"[\s_\-–]+", " ", text.casefold())


@cache
def _cues() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "data" / "roles.toml").read_text("utf-8"))
