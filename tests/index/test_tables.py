"""Tables to take home, as Excel opens them."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from index.tables import LONGEST_LINK, Link, Sheet, xlsx


def test_a_link_longer_than_excel_can_hold_is_left_out_and_its_text_kept():
    short, long = "https://fou.no/a", "https://fou.no/" + "å" * LONGEST_LINK
    page = load_workbook(io.BytesIO(xlsx([Sheet("Ark", ["Side"], [[Link("s. 1", short)], [Link("s. 2", long)]])]))).active
    assert [cell.value for cell in page["A"]] == ["Side", "s. 1", "s. 2"]
    assert page["A2"].hyperlink.target == short and page["A3"].hyperlink is None
