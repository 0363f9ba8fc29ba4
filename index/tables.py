"""Tables to take home: CSV that Norwegian Excel opens at a double click, and XLSX. No cell of either can run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What makes a spreadsheet take a text for a formula, where it comes first; the wide signs are read as the narrow ones."""

LONGEST = 32_000  # characters; Excel holds 32,767 in a cell
LONGEST_LINK = 2_079  # and opens no link that is longer; it would call the file damaged
MOST_LINKS = 65_530  # of a sheet; a file with more is called damaged too
_INNER = re.compile("([,\t\r\n])(?=[=+\\-@＝＋－＠])")
"""Where another Excel than the Norwegian would part a cell, or go on in a new row, with a formula behind it."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # not allowed in XML, and no one can see them
_PART = re.compile(r"[\[\]:*?/\\']")  # not allowed in the name of a sheet


class Link(NamedTuple):
    """A cell that opens something: http(s) or a file."""

    value: str | int
    href: str


Cell = str | int | float | None | Link


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the heads of its columns, its rows. `widths` in characters; `groups` are (head, columns) above
    the heads. Columns in `wrapped` (counted from 0) break their lines."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = ()
    groups: Sequence[tuple[str, int]] = ()
    wrapped: frozenset[int] = field(default=frozenset())
    fixed: int = 1  # columns that stand still when the sheet is moved sideways


def safe(value: Any) -> Any:
    """A text as no spreadsheet can run it: with ' in front where it would be a formula. Numbers are left alone.

    In XLSX a text is a text; but it is soon saved as CSV, where it no longer is.
    """
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("", value)
    text = f"'{text}" if text.startswith(FORMULA) else text
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


def csv_text(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """The table as CSV with semicolons and a byte order mark.

    In Norway the comma is the decimal sign, and Excel parts columns at semicolons; without the mark it takes æøå for Latin-1.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in (heads, *rows):
        writer.writerow([_safe_in_csv(_shown(cell)) for cell in row])
    return "\ufeff" + out.getvalue()


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as an Excel file, with heads that stay in sight and can be filtered by."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _fill(book.create_sheet(_PART.sub(" ", sheet.name)[:31]), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _safe_in_csv(value: Any) -> Any:
    return _INNER.sub(r"\1'", safe(value)) if isinstance(value, str) else value


def _shown(cell: Cell) -> Any:
    """Of a cell, what CSV has: a number with the decimal comma, the text of a link."""
    cell = cell.value if isinstance(cell, Link) else cell
    return f"{cell:g}".replace(".", ",") if isinstance(cell, float) else cell


def _fill(page: Any, sheet: Sheet) -> None:  # page: openpyxl's worksheet
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    bold, grey = Font(bold=True), PatternFill("solid", fgColor="FFE9EEF2")
    linked = Font(color="FF0B4F8A", underline="single")
    top = Alignment(vertical="top")
    wrapped = Alignment(vertical="top", wrap_text=True)
    at = 1
    if sheet.groups:
        column = 1
        for head, width in sheet.groups:
            _write(page.cell(1, column), head, bold, wrapped, grey)
            if width > 1:
                page.merge_cells(start_row=1, end_row=1, start_column=column, end_column=column + width - 1)
            column += width
        at = 2
    for column, head in enumerate(sheet.heads, 1):
        _write(page.cell(at, column), head, bold, wrapped, grey)
    links = 0
    for number, row in enumerate(sheet.rows, at + 1):
        for column, value in enumerate(row, 1):
            cell = page.cell(number, column)
            place = wrapped if column - 1 in sheet.wrapped else top
            _write(cell, value.value if isinstance(value, Link) else value, alignment=place)
            if isinstance(value, Link) and len(value.href) <= LONGEST_LINK and links < MOST_LINKS:
                links += 1
                cell.hyperlink = value.href
                cell.font = linked  # after the link, which sets a style of its own
    for column, width in enumerate(sheet.widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = page.cell(at + 1, sheet.fixed + 1)
    if sheet.rows:
        page.auto_filter.ref = f"A{at}:{get_column_letter(len(sheet.heads))}{at + len(sheet.rows)}"


def _write(cell: Any, value: Cell, font: Any = None, alignment: Any = None, fill: Any = None) -> None:
    cell.value = safe(value)
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl takes «#REF!» for an error
    if isinstance(value, float):
        cell.number_format = "0.00"
    for name, style in (("font", font), ("alignment", alignment), ("fill", fill)):
        if style is not None:
            setattr(cell, name, style)
