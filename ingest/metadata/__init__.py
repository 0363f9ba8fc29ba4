"""What a document says of itself: title, commissioner, body, authors, year, number, ISBN, language, themes, summary.

Nothing is guessed: what is not stated stays empty. A sidecar NAME.json beside the file overrides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import shown
from errors import FouError
from ingest.language import language
from ingest.metadata import cover, facts
from ingest.metadata.front import front, labelled, labels
from ingest.report import Metadata, Page, Section
from ingest.sentences import sentences

VERSION = 2
"""Raised when other metadata come out than before, so that stored documents are read again."""

FORM = 5  # pages among which the report form or the colophon stands, besides the last ones
SUMMARY = 1200  # characters
SAMPLE = 20_000  # characters, to tell the language by
LANGUAGES = ("nb", "nn", "en")
LONGEST = 20_000  # characters that a sidecar may state of one thing


def metadata(pages: Sequence[Page], properties: Mapping[str, str], sections: Sequence[Section]) -> Metadata:
    """The facts that the pages state, with the file's own `properties` (title, author, created …) to check against."""
    rows = front(pages)
    near = [row for row in rows.first if row.page < rows.first[0].page + FORM]
    stated = labelled((*near, *rows.last))
    title = cover.title(rows, _first(stated, "title"), properties)
    ordered_by = facts.commissioner(rows, stated.get("commissioner", ()))
    number = facts.number(rows, stated.get("number", ()))
    told = language(_sample(pages))
    return Metadata(
        title=title,
        commissioner=ordered_by,
        body=facts.body(rows, stated.get("body", ()), ordered_by, title, properties) or ("" if ordered_by else facts.speaker(pages)),
        authors=cover.authors(rows, stated.get("authors", ()), title),
        year=facts.year(rows, stated.get("date", ()), number, properties),
        number=number,
        isbn=facts.isbn(rows),
        language=told if told in LANGUAGES else "",
        themes=_themes(stated.get("themes", ())),
        summary=_summary(sections),
    )


def override(meta: Metadata, sidecar: Mapping[str, Any]) -> Metadata:
    """`meta` with what the sidecar says; its keys are the fields of Metadata, and null stands for unknown.

    FouError names a key that is not one of them, or a value of the wrong kind.
    """
    if not isinstance(sidecar, Mapping):
        raise FouError('Sidefila skal være ett JSON-objekt, { "title": … }.')
    known = {f.name: f for f in fields(Metadata)}
    values: dict[str, Any] = {}
    for key, value in sidecar.items():
        if key not in known:
            raise FouError(f"Sidefila har ukjent nøkkel «{key}»; tillatt er {', '.join(known)}.")
        values[key] = _checked(key, value)
    return replace(meta, **values)


def _checked(key: str, value: Any) -> Any:
    default = getattr(Metadata(), key)
    if value is None:
        return default
    if key == "year":
        fits, allowed = type(value) is int and 1800 <= value <= 2100, "et årstall, for eksempel 2019"
    elif isinstance(default, tuple):
        fits, allowed = isinstance(value, list | tuple) and all(isinstance(v, str) for v in value), "en liste med tekster"
    elif key == "language":
        fits, allowed = value in ("", *LANGUAGES), "én av " + ", ".join(f'"{name}"' for name in LANGUAGES)
    else:
        fits, allowed = isinstance(value, str), "en tekst"
    if isinstance(value, str) and len(value) > LONGEST:
        raise FouError(f"Sidefila har {key} på {shown.number(len(value))} tegn; tillatt er høyst {shown.number(LONGEST)}.")
    if key == "isbn" and fits and value:
        fits, allowed = facts.sound_isbn(value), "et ISBN med rett kontrollsiffer"
    if not fits:
        raise FouError(f"Sidefila har {key} = {value!r}; tillatt er {allowed}.")
    return tuple(value) if isinstance(default, tuple) else value


def _first(stated: Mapping[str, list[list[str]]], kind: str) -> list[str]:
    values = stated.get(kind) or [[]]
    return values[0]


def _sample(pages: Sequence[Page]) -> str:
    """Text from after the cover on, where there is more than a cover."""
    texts: list[str] = []
    length = 0
    for page in pages[1:] if len(pages) > 2 else pages:
        texts.append(page.text or page.raw)
        length += len(texts[-1])
        if length >= SAMPLE:
            break
    return "\n".join(texts)


def _themes(stated: Sequence[Sequence[str]]) -> tuple[str, ...]:
    if not stated:
        return ()
    text = " ".join(stated[0])
    parts = re.split(r"\s*[,;•·|]\s*|\s+[–/]\s+", text) if re.search(r"[,;•·|]|\s[–/]\s", text) else list(stated[0])
    themes = [re.sub(r"^(?:og|and)\s+", "", part).strip(" .") for part in parts]
    return tuple(dict.fromkeys(theme for theme in themes if theme and len(theme) <= 60))


def _summary(sections: Sequence[Section]) -> str:
    """The text under «Sammendrag» or the like, whole sentences up to 1200 characters."""
    best: tuple[int, str] | None = None
    for i, section in enumerate(sections):
        rank = _rank(section)
        if rank is None or (best is not None and best[0] <= rank):
            continue
        depth = len(section.path)
        inner = [section]
        for following in sections[i + 1 :]:
            if following.path[:depth] != section.path:
                break
            inner.append(following)
        text = " ".join(p.text.text for part in inner for p in part.paragraphs if p.kind in ("text", "item"))
        if len(text.split()) >= 15:
            best = (rank, text)
    return _cut(" ".join(best[1].split())) if best else ""


def _rank(section: Section) -> int | None:
    heading = re.sub(r"^[\d.\s]+", "", section.path[-1]).casefold().strip(" :.") if section.path else ""
    names = labels()["summary"]
    return names.index(heading) if heading in names else None


def _cut(text: str) -> str:
    if len(text) <= SUMMARY:
        return text
    ends = [end for _, end in sentences(text[: SUMMARY + 300]) if end <= SUMMARY]
    return text[: ends[-1]] if ends else text[:SUMMARY].rsplit(" ", 1)[0] + " …"
