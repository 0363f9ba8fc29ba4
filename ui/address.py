"""The address is the state: the question, the filters, the report and the page stand in the URL, so it can be shared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from index.records import Filters

Params = dict[str, list[str]]
FILTERS = {
    "themes": "tema",
    "bodies": "utforer",
    "languages": "sprak",
    "sources": "kilde",
    "exclude": "uten",
    "exclude_bodies": "utenutforer",
}
"""The filters that take a list, and their names in the address."""
YEARS = ("fra", "til")
UNMEANT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # controls, and halves of signs, which no address can hold
LONGEST, MOST = 3000, 100  # characters of a value, and values of a name
KEPT = ("lang", "liste", "q", "ordrett", *YEARS, *FILTERS.values())
"""What goes along from one page of the app to another."""


def clean(params: Mapping[str, Sequence[str]]) -> Params:
    """What an address says, as far as it can be meant: anyone can write one, of any length and with any sign in it."""
    return {name: [UNMEANT.sub(" ", value)[:LONGEST] for value in values[-MOST:]] for name, values in params.items()}


def one(params: Params, name: str, default: str = "") -> str:
    values = params.get(name)
    return values[-1] if values else default


def number(params: Params, name: str, default: int | None = None) -> int | None:
    """A whole number from 1 up; `default` for anything else, since anyone can write an address."""
    text = one(params, name)
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 and int(text) else default


def filters(params: Params, **others: Any) -> Filters:
    """The filters that an address names."""
    years = tuple(number(params, name) for name in YEARS)
    lists = {field: tuple(dict.fromkeys(v for v in params.get(name, ()) if v)) for field, name in FILTERS.items()}
    return Filters(years=years if any(years) else None, **lists, **others)


def of_filters(filters: Filters) -> dict[str, object]:
    """The parameters that name these filters."""
    years = dict(zip(YEARS, filters.years or (None, None), strict=True))
    return years | {name: list(getattr(filters, field)) for field, name in FILTERS.items()}


def changed(params: Params, **changes: object) -> Params:
    """The parameters with some set anew; None, "" and an empty list take one away."""
    new = {name: list(values) for name, values in params.items()}
    for name, value in changes.items():
        values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        new[name] = [str(v) for v in values if v not in (None, "")]
    return {name: values for name, values in new.items() if values}


def link(page: str, params: Mapping[str, Sequence[str]], **changes: object) -> str:
    """The address of a page of the app ("" is the search), relative so that it holds wherever the app is served."""
    query = urlencode(changed(dict(params), **changes), doseq=True)
    return f"./{page}?{query}" if query else f"./{page}"


def kept(params: Params) -> Params:
    return {name: values for name, values in params.items() if name in KEPT}


def lasting(params: Params) -> Params:
    """What goes along even to a page that has nothing to do with this one: the language, and the list that is filled."""
    return {name: params[name] for name in ("lang", "liste") if name in params}


def of_report(params: Params, key: str, **changes: object) -> str:
    """The address of a report's page, or of a place in it; the question and the filters go along."""
    return link("rapport", kept(params), **{"rapport": key, **changes})
