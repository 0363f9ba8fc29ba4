"""References as RIS, in the dialect that Zotero and EndNote read: a report is RPRT, a project within a document CHAP.

Of a report both take SN as its number, not its ISBN; that goes to M1, which becomes «extra» in Zotero. Only a chapter is
cited as part of something.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.references.record import Reference


def written(found: Sequence[Reference]) -> str:
    """The references, one record each. A line break in a value becomes a space, for the format knows none."""
    return "".join("".join(f"{tag}  - {_line(value)}\r\n" for tag, value in _fields(one)) + "ER  - \r\n\r\n" for one in found)


def _fields(one: Reference) -> Iterator[tuple[str, str]]:
    part = bool(one.container)
    yield "TY", "CHAP" if part else "RPRT"
    yield "ID", one.key
    yield "TI", one.title
    if part:
        yield "T2", one.container
    for creator in one.creators:
        # A comma parts surname and given names, in the name of a body too
        yield "AU", creator.inverted if creator.given else creator.family.replace(", ", " – ").replace(",", " ")
    if one.year is not None:
        yield "PY", str(one.year)
    if one.publisher:
        yield "PB", one.publisher
    if part and one.isbn:
        yield "SN", one.isbn
    elif one.isbn:
        yield "M1", f"ISBN: {one.isbn}"
    if one.number and not part:
        yield "SN", one.number
    if one.pages:
        yield "SP", str(one.pages[0])
        yield "EP", str(one.pages[1])
    if one.language:
        yield "LA", one.language
    for theme in one.themes:
        yield "KW", theme
    if one.url:
        yield "UR", one.url
    if one.number and part:
        yield "N1", f"Rapportnummer: {one.number}"
    if one.commissioner:
        yield "N1", f"Oppdragsgiver: {one.commissioner}"
    for note in one.notes:
        yield "N1", note


def _line(value: str) -> str:
    return " ".join(value.split())
