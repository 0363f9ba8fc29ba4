"""Documents that describe several projects (a portfolio page, an annual plan): an entry for each project.

Two shapes are known: sections that each tell what a project is to do, under headings that are themes; and lists
of project titles after a line that announces them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.report import Paragraph, Project, Section, Traced

VERSION = 1
AIM = re.compile(
    r"(?:(?:fou-)?prosjektet|oppdraget|studien|utredningen|utgreiinga) "
    r"(?:skal|vil|har|bygger|er|tar|tek|dokumenterer|undersøker)\b"
    r"|(?:hoved)?(?:formålet?|føremålet?|målet|hensikten|målsetning(?:en)?|intensjonen) (?:med|for|er|i)\b"
    r"|prosjektets (?:mål|formål|hensikt)|i (?:dette )?prosjektet (?:skal|vil|blir|utvik)"
    r"|the (?:project|study) (?:will|shall|aims)|(?:dette )?(?:fou-)?prosjekt(?:et)? (?:skal|vil)",
    re.IGNORECASE,
)
ANNOUNCED = re.compile(r"\bprosjekt(?:er|ene|a|)?\b.{0,80}:\s*$", re.IGNORECASE | re.DOTALL)
RESEARCH = re.compile(r"\bfou\b|forsking|forskning", re.IGNORECASE)
FEWEST = 3


def projects(sections: Sequence[Section]) -> tuple[tuple[Section, ...], tuple[Project, ...]]:
    """The sections that are not projects, and the projects, in the order of the document.

    Listed projects stay in their section too, since the list is part of its text.
    """
    described = _described(sections)
    rest = tuple(section for section in sections if id(section) not in described)
    found = [
        Project(_title(section.path[-1]), _theme(section), section.paragraphs, section.path[:-1])
        for section in sections
        if id(section) in described
    ]
    return rest, (*found, *_listed(rest))


def _described(sections: Sequence[Section]) -> set[int]:
    """Sections of one depth of which most begin by telling the aim of a project."""
    by_depth: dict[int, list[Section]] = {}
    for section in sections:
        if section.path and section.paragraphs:
            by_depth.setdefault(len(section.path), []).append(section)
    found: set[int] = set()
    for depth, group in by_depth.items():
        parents = {section.path[:-1] for section in group}
        for parent in parents:
            siblings = [s for s in group if s.path[:-1] == parent and not _general(s)]
            telling = [s for s in siblings if _tells_aim(s)]
            if siblings and len(telling) >= 0.6 * len(siblings):
                found.update(id(s) for s in siblings if depth > 1 or s in telling)
    return found if len(found) >= FEWEST else set()


def _general(section: Section) -> bool:
    """Introductions and the like stand beside projects without being one."""
    return bool(
        re.fullmatch(
            r"(?:\d[\d.]*\s*)?(?:innledning|innleiing|bakgrunn|om (?:prosjekta?(?:ene)?|planen|porteføljen).*|forord|føreord"
            r"|sammendrag|samandrag|fotnoter|metode|litteratur)",
            section.path[-1],
            re.IGNORECASE,
        )
    )


def _tells_aim(section: Section) -> bool:
    """Does a sentence of the first two paragraphs begin as one that tells a project's aim?"""
    found = (re.split(r"(?<=[.?!])\s", paragraph.text.text) for paragraph in section.paragraphs[:2])
    return any(AIM.match(sentence) for sentences in found for sentence in sentences[:5])


def _title(heading: str) -> str:
    return re.sub(r"^\d+(?:\.\d+)*\.?\s+", "", heading).strip()


def _theme(section: Section) -> str:
    return _title(section.path[-2]) if len(section.path) > 1 else ""


def _listed(sections: Sequence[Section]) -> Iterator[Project]:
    for section in sections:
        lead: Traced | None = None
        for paragraph in section.paragraphs:
            if paragraph.kind != "item":
                text = paragraph.text.text
                announced = ANNOUNCED.search(_last_sentence(text))
                research = announced and (RESEARCH.search(text) or any(RESEARCH.search(h) for h in section.path))
                lead = paragraph.text if research else None
            elif lead is not None and (title := _item_title(paragraph.text.text)):
                both = (Paragraph(lead), Paragraph(paragraph.text, "item"))
                yield Project(title, _title(section.path[-1]) if section.path else "", both, section.path)


def _last_sentence(text: str) -> str:
    return re.split(r"(?<=[.?!])\s", text)[-1]


def _item_title(text: str) -> str:
    """A list item as a title: without its mark, without quotes around it."""
    title = re.sub(r"^\W*(?:\d{1,2}[.)]|[a-z]\))?\s*", "", text).strip()
    quoted = re.match(r"([^”»\"“]+)[”»\"“]", title)
    if quoted and re.match(r"^\W*[”«\"“]", text):
        title = quoted[1]
    title = title.strip(' .;,”“»«"')
    return title if 2 <= len(title.split()) <= 25 else ""
