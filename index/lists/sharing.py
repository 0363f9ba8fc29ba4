"""A list as a file: JSON that another's FoU-søk can take in, whatever its base holds."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from errors import FouError
from index.lists.file import now
from index.lists.records import Item, Kept
from index.references.record import of_json, quote_of_json

FORM = "fou-sok liste 1"


def written(kept: Kept) -> str:
    """The list as JSON: its name and comment, and of each item the reference, the passage and the comment."""
    items = [
        {
            "report": asdict(item.reference),
            "passage": asdict(item.quote) if item.quote else None,
            "comment": item.comment,
            "added": item.added,
        }
        for item in kept.items
    ]
    data = {"form": FORM, "name": kept.name, "comment": kept.comment, "items": items}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def read(text: str | bytes) -> Kept:
    """The list that a file holds, to be put in by `Lists.insert`. FouError where it isn't one that `written` gave."""
    try:
        data = json.loads(text)
        json.dumps(data, ensure_ascii=False).encode()  # half a sign can't be kept
        if data["form"] != FORM:
            raise ValueError(data["form"])
        return Kept(_text(data["name"]), _text(data["comment"]), now(), tuple(_item(item) for item in data["items"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:  # JSON and Unicode errors are ValueErrors
        raise FouError("Fila er ikke en liste fra FoU-søk; velg en fil som er lastet ned med «Del».") from error


def _item(data: dict[str, Any]) -> Item:
    quote = quote_of_json(data["passage"]) if data["passage"] else None
    return Item(0, of_json(data["report"]), quote, _text(data["comment"]), _text(data["added"]))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value
