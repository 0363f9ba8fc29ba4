"""References as CSL-JSON, which citation processors and Zotero read: a report, or a chapter for a project in a document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from index.references.names import Name
from index.references.record import Reference, span


def written(found: Sequence[Reference]) -> str:
    """The references as a JSON list."""
    return json.dumps([item(one) for one in found], ensure_ascii=False, indent=2) + "\n"


def item(one: Reference) -> dict[str, Any]:
    """One reference by CSL's variables; what is not known is left out. What CSL has no word for is under `custom`."""
    fields: dict[str, Any] = {
        "id": one.key,
        "type": "chapter" if one.container else "report",
        "title": one.title,
        "container-title": one.container,
        "author": [_name(creator) for creator in one.creators],
        "issued": {"date-parts": [[one.year]]} if one.year is not None else None,
        "publisher": one.publisher,
        "number": one.number,
        "page": span(*one.pages, dash="-") if one.pages else "",
        "ISBN": one.isbn,
        "URL": one.url,
        "language": one.language,
        "keyword": "; ".join(one.themes),
        "note": "\n\n".join(one.notes),
        "custom": {"commissioner": one.commissioner} if one.commissioner else None,
    }
    return {name: value for name, value in fields.items() if value}


def _name(creator: Name) -> dict[str, str]:
    if not creator.given:
        return {"literal": creator.family}
    return {part: value for part, value in creator._asdict().items() if value}
