"""Tables to take home, as Excel opens them."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from index import tables
from index.tables import FORMULA, LONGEST_LINK, Link, Sheet, csv_text, xlsx


def test_a_link_longer_than_excel_can_hold_is_left_out_and_its_text_kept():
    short, long = "https://fou.no/a", "https://fou.no/" + "å" * LONGEST_LINK
    page = load_workbook(io.BytesIO(xlsx([Sheet("Ark", ["Side"], [[Link("s. 1", short)], [Link("s. 2", long)]])]))).active
    assert [cell.value for cell in page["A"]] == ["Side", "s. 1", "s. 2"]
    assert page["A2"].hyperlink.target == short and page["A3"].hyperlink is None


def test_after_as_many_links_as_a_sheet_can_hold_the_text_stands_alone(monkeypatch):
    assert tables.MOST_LINKS == 65_530, "Excel's limit"
    monkeypatch.setattr(tables, "MOST_LINKS", 2)
    rows = [[Link(f"s. {i}", f"https://fou.no/{i}")] for i in range(4)]
    book = load_workbook(io.BytesIO(xlsx([Sheet("En", ["Side"], rows), Sheet("To", ["Side"], rows)])))
    for page in book:
        assert [cell.value for cell in page["A"]] == ["Side", "s. 0", "s. 1", "s. 2", "s. 3"]
        assert [bool(cell.hyperlink) for cell in page["A"]] == [False, True, True, False, False]


def test_a_text_that_looks_like_an_error_is_a_text():
    texts = ["#REF!", "#N/A", "#DIV/0!", "#NAME?"]
    rows = [*([text] for text in texts), [Link("#NUM!", "https://fou.no/a")]]
    page = load_workbook(io.BytesIO(xlsx([Sheet("Ark", ["#NULL!"], rows)]))).active
    assert [cell.value for cell in page["A"]] == ["#NULL!", *texts, "#NUM!"]
    assert {cell.data_type for cell in page["A"]} == {"s"}


@pytest.mark.parametrize("sign", FORMULA)
def test_no_cell_begins_a_formula_wherever_a_spreadsheet_parts_it(sign):
    bad = f"{sign}HYPERLINK(1)"
    values = [bad, f"\x00{bad}", f"a,{bad}", f"a\t{bad}", f"a\n{bad}", f'"a",{bad}']
    text = csv_text(["Tittel", bad], [[value, value] for value in values])
    for delimiter in ";,\t":  # Norwegian Excel, English Excel, and what is pasted
        cells = [cell for row in csv.reader(io.StringIO(text, newline=None), delimiter=delimiter) for cell in row]
        assert cells and not [cell for cell in cells if cell.lstrip('"\ufeff').startswith(FORMULA[:4])]
    assert [len(row) for row in csv.reader(io.StringIO(text), delimiter=";")] == [2] * (1 + len(values))
    page = load_workbook(io.BytesIO(xlsx([Sheet("Ark", [bad], [[value] for value in values])]))).active
    assert {cell.data_type for row in page for cell in row} == {"s"}
    assert not [cell.value for row in page for cell in row if cell.value.startswith(FORMULA)]


def test_what_is_no_formula_stands_as_it_is():
    text = csv_text(["Tittel"], [["Skole, -hjem og e-post: 1 - 2, a+b = c"], [-5]])
    assert text == "\ufeffTittel\r\nSkole, -hjem og e-post: 1 - 2, a+b = c\r\n-5\r\n"
