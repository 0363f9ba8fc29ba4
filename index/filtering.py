"""Filters as options of the command line, and in words for those who read what was searched."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from cli import years
from errors import UsageError
from index.records import Filters

if TYPE_CHECKING:
    from index.search import Index

NAMED = 12  # values named where one is unknown
NAMED_LANGUAGES = ("nb", "nn", "en")
BOKMAAL = {
    "years": "år {values}",
    "years_from": "år fra {values}",
    "years_to": "år til {values}",
    "themes": "tema {values}",
    "bodies": "utfører {values}",
    "languages": "språk {values}",
    "sources": "kilde {values}",
    "reports": "bare rapport {values}",
    "exclude": "uten rapport {values}",
    "exclude_bodies": "uten utfører {values}",
    "language_nb": "bokmål",
    "language_nn": "nynorsk",
    "language_en": "engelsk",
    "or": " eller ",
    "and": " og ",
}


def in_bokmaal(name: str, **values: str) -> str:
    return BOKMAAL[name].format(**values)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The filters that search and matrix share."""
    parser.add_argument("--year", type=years, metavar="2015-2024", help="bare rapporter fra disse årene")
    parser.add_argument("--theme", action="append", default=[], metavar="T", help="bare dette temaet (kan gjentas)")
    parser.add_argument("--body", action="append", default=[], metavar="B", help="bare denne utføreren (kan gjentas)")
    parser.add_argument("--lang", action="append", default=[], metavar="nb|nn|en", help="bare dette språket (kan gjentas)")
    parser.add_argument("--source", action="append", default=[], metavar="S", help="bare denne kilden (kan gjentas)")
    parser.add_argument("--report", action="append", default=[], metavar="R", help="bare i denne rapporten (kan gjentas)")
    parser.add_argument("--not-report", action="append", default=[], metavar="R", help="uten denne rapporten (kan gjentas)")
    parser.add_argument("--not-body", action="append", default=[], metavar="B", help="uten denne utføreren (kan gjentas)")


def of_options(args: argparse.Namespace, index: Index) -> Filters:
    """The filters that the options name. UsageError for a theme, body, language or source that no report has."""
    filters = Filters(
        years=args.year,
        themes=tuple(args.theme),
        bodies=tuple(args.body),
        languages=tuple(args.lang),
        sources=tuple(args.source),
        reports=tuple(index.resolve(name) for name in args.report),
        exclude=tuple(index.resolve(name) for name in args.not_report),
        exclude_bodies=tuple(args.not_body),
    )
    facets = index.facets()
    for name, values, what in (
        ("themes", filters.themes, "tema"),
        ("bodies", (*filters.bodies, *filters.exclude_bodies), "utfører"),
        ("languages", filters.languages, "språk"),
        ("sources", filters.sources, "kilde"),
    ):
        known = {value.casefold() for value in facets[name]}
        for value in values:
            if value.casefold() not in known:
                near = get_close_matches(value.casefold(), known, n=3)
                first = sorted(facets[name], key=lambda k: k.casefold() not in near)  # stable: else the commonest first
                more = f" og {len(first) - NAMED} til" if len(first) > NAMED else ""
                some = ", ".join(f"«{k}»" for k in first[:NAMED]) + more or "ingen"
                raise UsageError(f"Ingen rapport har «{value}» som {what}; i basen finnes {some}.")
    return filters


def described(filters: Filters, titles: Mapping[str, str] | None = None, said: Callable[..., str] = in_bokmaal) -> str:
    """What the filters let through: «år 2015–2024; tema Helse eller Skole»; "" where they let all through.

    `titles`: of reports by their keys, where they are known. `said(name, values=…)` puts it in another language than bokmål.
    """
    named = titles or {}
    parts = []
    if filters.years:
        first, last = filters.years
        name = "years_from" if first and not last else "years_to" if last and not first else "years"
        parts.append(said(name, values="–".join(dict.fromkeys(str(year) for year in filters.years if year))))
    for name in ("themes", "bodies", "languages", "sources", "reports", "exclude", "exclude_bodies"):
        if values := getattr(filters, name):
            shown = [said(f"language_{v}") if name == "languages" and v in NAMED_LANGUAGES else named.get(v, v) for v in values]
            parts.append(said(name, values=said("and" if name.startswith("exclude") else "or").join(shown)))
    return "; ".join(parts)
