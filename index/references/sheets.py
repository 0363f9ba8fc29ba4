"""References as a table: the same columns in CSV and XLSX, a row for each report."""

from __future__ import annotations

from collections.abc import Sequence

from index import tables
from index.references.record import Reference, span

HEADS = {
    "Tittel": 60,
    "Forfattere": 30,
    "År": 7,
    "Utfører": 28,
    "Oppdragsgiver": 20,
    "Rapportnummer": 14,
    "ISBN": 20,
    "Del av": 40,
    "Sider": 9,
    "Temaer": 30,
    "Språk": 7,
    "Lenke": 36,
    "Utdrag": 80,
    "Kommentar": 40,
    "Offentlig": 10,
    "Nøkkel": 30,
}
"""The columns, with their widths."""


def csv(found: Sequence[Reference]) -> str:
    return tables.csv_text(list(HEADS), [_row(one) for one in found])


def xlsx(found: Sequence[Reference]) -> bytes:
    return tables.xlsx([sheet(found)])


def sheet(found: Sequence[Reference]) -> tables.Sheet:
    wrapped = frozenset(i for i, head in enumerate(HEADS) if head in ("Tittel", "Forfattere", "Temaer", "Utdrag", "Kommentar"))
    return tables.Sheet("Litteratur", list(HEADS), [_row(one) for one in found], list(HEADS.values()), wrapped=wrapped)


def _row(one: Reference) -> list[tables.Cell]:
    return [
        one.title,
        "; ".join(one.authors),
        one.year,
        one.body,
        one.commissioner,
        one.number,
        one.isbn,
        one.container,
        span(*one.pages) if one.pages else "",
        "; ".join(one.themes),
        one.language,
        tables.Link(one.url, one.url) if one.url else "",
        "\n\n".join(f"s. {quote.pages}: {quote.text}{f' [{quote.comment}]' if quote.comment else ''}" for quote in one.quotes),
        one.comment,
        "ja" if one.public else "nei",
        one.key,
    ]
