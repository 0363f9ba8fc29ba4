"""PDF pages: reading order, columns, tables, what stands in the margin, files that can't be read."""

from itertools import pairwise
from pathlib import Path

import pymupdf
import pytest
from making import pdf, running, scan

from errors import UnreadableDocument
from ingest.extract import extract
from settings import Settings, load_settings

LEFT = [f"venstre spalte linje {n} med ord nok til å fylle den" for n in range(1, 15)]
RIGHT = [f"høyre spalte linje {n} med ord nok til å fylle den" for n in range(1, 15)]


@pytest.fixture(scope="module")
def plain() -> Settings:
    return load_settings()


def lines(path: Path, settings: Settings, page: int = 0) -> list[str]:
    found = extract(path, settings).pages[page]
    return [found.raw[line.start : line.end] for line in found.lines]


def test_two_columns_are_read_one_after_the_other_and_what_spans_them_between(tmp_path, plain):
    title = [(50, 60, "En tittel som går tvers over begge spaltene på siden", 18)]
    path = pdf(tmp_path / "a.pdf", [title + running(50, 100, LEFT) + running(310, 100, RIGHT)])
    assert lines(path, plain) == [title[0][2], *LEFT, *RIGHT]


def test_a_table_without_rules_becomes_rows_not_columns(tmp_path, plain):
    cells = [("Kommune", "2019", "2022"), ("Granvik", "12", "15"), ("Storelv", "7", "31"), ("Lia", "3", "4")]
    placed = [(x, 100 + 15 * n, cell, 10) for n, row in enumerate(cells) for x, cell in zip((60, 250, 400), row, strict=True)]
    assert lines(pdf(tmp_path / "a.pdf", [placed]), plain) == [" | ".join(row) for row in cells]


def test_wrapped_cells_of_a_ruled_table_stay_in_their_row(tmp_path, plain):
    placed = [
        (60, 112, "Tiltak", 10), (250, 112, "Beskrivelse", 10),
        (60, 142, "Veiledning", 10), (250, 142, "Råd hjemme hos familien", 10), (250, 155, "gjennom et halvt år", 10),
        (60, 182, "Avlastning", 10), (250, 182, "To helger i måneden", 10),
    ]  # fmt: skip
    rules = [(50, y, 450, y) for y in (100, 125, 165, 195)]
    assert lines(pdf(tmp_path / "a.pdf", [placed], rules), plain) == [
        "Tiltak | Beskrivelse",
        "Veiledning | Råd hjemme hos familien gjennom et halvt år",
        "Avlastning | To helger i måneden",
    ]


def test_line_numbers_in_the_margin_are_left_out_and_other_numbers_stay(tmp_path, plain):
    text = running(80, 100, [f"linje {n} i programmet handler om skole" for n in range(8)])
    numbers = [(40, 100 + 13 * n, str(211 + n), 10) for n in range(8)]
    table = [(80, 300, "Antall", 10), (300, 300, "17", 10)]
    found = lines(pdf(tmp_path / "a.pdf", [text + numbers + table]), plain)
    assert found[:8] == [line for _, _, line, _ in text]
    assert found[8] == "Antall | 17"


def test_each_word_has_its_characters_and_its_box(tmp_path, plain):
    page = extract(pdf(tmp_path / "a.pdf", [running(72, 100, ["Kommunen ønsker flere lærlinger"])]), plain).pages[0]
    assert [page.raw[w.start : w.end] for w in page.words] == ["Kommunen", "ønsker", "flere", "lærlinger"]
    for before, after in pairwise(page.words):
        assert before.box[2] < after.box[0] and before.box[1] == pytest.approx(after.box[1], abs=1)
    assert page.words[0].box[0] == pytest.approx(72, abs=1.5)


def test_a_small_raised_number_in_the_text_is_no_part_of_the_word(tmp_path, plain):
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((72, 100), "Det sier loven", fontsize=11)
    page.insert_text((72 + pymupdf.get_text_length("Det sier loven", fontsize=11), 96), "12", fontsize=6)
    page.insert_text((160, 100), "tydelig.", fontsize=11)
    document.save(tmp_path / "a.pdf")
    assert lines(tmp_path / "a.pdf", plain) == ["Det sier loven tydelig."]


def test_files_that_cannot_be_read_say_why(tmp_path, plain):
    def reason(path: Path) -> str:
        with pytest.raises(UnreadableDocument) as error:
            extract(path, plain)
        return str(error.value)

    (tmp_path / "tom.pdf").touch()
    assert "tom" in reason(tmp_path / "tom.pdf")
    (tmp_path / "skadet.pdf").write_bytes(b"%PDF-1.7 her er det ikke mer")
    assert "skadet" in reason(tmp_path / "skadet.pdf")
    document = pymupdf.open()
    document.new_page()
    document.save(tmp_path / "laast.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y")
    assert "passordbeskyttet" in reason(tmp_path / "laast.pdf")
    (tmp_path / "ark.xlsx").write_bytes(b"PK")
    assert ".xlsx" in reason(tmp_path / "ark.xlsx")


def test_limits_are_held_and_named(tmp_path):
    (tmp_path / "c.toml").write_text("[limits]\npages = 2\n")
    path = pdf(tmp_path / "a.pdf", [running(72, 100, ["en linje tekst"])] * 3)
    with pytest.raises(UnreadableDocument, match=r"over grensen på 2 sider.*limits\.pages"):
        extract(path, load_settings(tmp_path / "c.toml"))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_with_a_rotate_key_is_read_as_it_is_shown(tmp_path, plain, turn):
    title, table = "En tittel over tabellen på siden", [("Kommune", "2022"), ("Granvik", "15"), ("Storelv", "31")]
    shown = [(60, 60, title, 10)]
    shown += [(x, 112 + 30 * n, cell, 10) for n, row in enumerate(table) for x, cell in zip((60, 250), row, strict=True)]
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    page.set_rotation(turn)
    for x, y, text, size in shown:
        page.insert_text(pymupdf.Point(x, y) * page.derotation_matrix, text, fontsize=size, rotate=turn)
    for y in (95, 125, 155, 185):
        page.draw_line(*(pymupdf.Point(x, y) * page.derotation_matrix for x in (50, 400)))
    document.save(tmp_path / "a.pdf")
    assert lines(tmp_path / "a.pdf", plain) == [title, *(" | ".join(row) for row in table)]
    (found,) = extract(tmp_path / "a.pdf", plain).pages
    assert (found.width, found.height) == ((595, 842) if turn == 180 else (842, 595))
    x0, y0, x1, y1 = next(word.box for word in found.words if found.raw[word.start : word.end] == "Storelv")
    assert x0 == pytest.approx(60, abs=1.5) and y0 < 168 < y1 and x1 - x0 > y1 - y0


def test_pages_that_a_picture_covers_are_named_as_scans(tmp_path, plain):
    def scans(*boxes: tuple[float, float, float, float], text: str = "Noen ord", rotate: int = 0) -> frozenset[int]:
        document = pymupdf.open()
        page = document.new_page(width=400, height=600)
        for box in boxes:
            page.insert_image(box, pixmap=pymupdf.Pixmap(pymupdf.csGRAY, (0, 0, 50, 70)), keep_proportion=False)
        page.insert_text((50, 50), text)
        page.set_rotation(rotate)
        document.save(tmp_path / "a.pdf")
        return extract(tmp_path / "a.pdf", plain).scans

    whole, logo = (0, 0, 400, 600), (300, 20, 380, 60)
    strips = [(10, y, 390, y + 100) for y in range(0, 600, 100)]
    assert scans(whole) == scans(*strips) == scans(whole, rotate=90) == {1}
    assert scans() == scans(logo) == scans(*[logo] * 30) == scans((0, 0, 400, 300)) == scans(text="") == frozenset()
    assert scans(logo, text="") == {1}


def test_pages_without_text_are_not_read_from_their_picture_here(tmp_path, plain):
    found = extract(scan(tmp_path / "a.pdf", [running(72, 120, ["Lærlinger lønner seg"], 16)] * 2, dpi=50), plain)
    assert [page.method for page in found.pages] == ["none", "none"] and found.scans == {1, 2}
