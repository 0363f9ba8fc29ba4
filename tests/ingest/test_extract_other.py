"""DOCX, HTML and plain text."""

import docx
import pytest

from ingest.extract import docx as word
from ingest.extract import html, text


def lines(extracted, page: int = 0) -> list[str]:
    found = extracted.pages[page]
    return [found.raw[line.start : line.end] for line in found.lines]


def test_docx_headings_lists_tables_and_page_breaks(tmp_path):
    document = docx.Document()
    document.core_properties.title = "Heltid i omsorgen"
    document.add_heading("1 Bakgrunn", 1)
    document.add_paragraph("Mange jobber deltid.")
    document.add_paragraph("Første tiltak", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, value in zip((c for row in table.rows for c in row.cells), ("Kommune", "Andel", "Granvik", "41 %"), strict=True):
        cell.text = value
    document.add_page_break()
    document.add_heading("2 Funn", 2)
    document.save(tmp_path / "a.docx")
    found = word.read(tmp_path / "a.docx")
    assert found.properties["title"] == "Heltid i omsorgen"
    assert lines(found) == ["1 Bakgrunn", "Mange jobber deltid.", "Første tiltak", "Kommune | Andel", "Granvik | 41 %"]
    assert [(line.level, line.kind) for line in found.pages[0].lines] == [(1, ""), (0, ""), (0, "item"), (0, "row"), (0, "row")]
    assert lines(found, 1) == ["2 Funn"] and found.pages[1].lines[0].level == 2


def test_docx_keeps_links_and_tracked_insertions_and_leaves_deletions_out(tmp_path):
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    paragraph = document.add_paragraph("Rapporten ")
    for part, tag in (("hyperlink", "t"), ("ins", "t"), ("del", "delText")):
        paragraph._p.append(parse_xml(f"<w:{part} {nsdecls('w')}><w:r><w:{tag}>{part} </w:{tag}></w:r></w:{part}>"))
    document.save(tmp_path / "a.docx")
    assert lines(word.read(tmp_path / "a.docx")) == ["Rapporten hyperlink ins"]


PAGE = """<!doctype html><html lang="nb"><head><title>Fravær i skolen - Etaten</title>
<meta name="author" content="Utredningsseksjonen"><script>var x = "ikke med";</script></head><body>
<a class="skip-link" href="#i">Gå direkte til innhold</a>
<nav><ul><li><a href="/">Forsiden</a></li><li><a href="/tema">Tema</a></li></ul></nav>
<main><h1>Fravær i skolen</h1><p>Fraværet har økt med <b>12 prosent</b> siden 2019.</p>
<h2>Tiltak</h2><ul><li>Ringe hjem samme dag</li><li>Fast kontaktlærer</li></ul>
<table><tr><th>År</th><th>Fravær</th></tr><tr><td>2019</td><td>4,1</td></tr></table>
<div class="related"><h2>Les også</h2><a href="/a">En annen sak</a></div>
<div><a href="/1">Lenke 1</a> <a href="/2">Lenke 2</a> <a href="/3">Lenke 3</a></div>
</main><footer>Postboks 1, Oslo</footer></body></html>"""


def test_html_keeps_the_text_and_leaves_the_web_page_out(tmp_path):
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    found = html.read(tmp_path / "a.html")
    assert lines(found) == [
        "Fravær i skolen",
        "Fraværet har økt med 12 prosent siden 2019.",
        "Tiltak",
        "Ringe hjem samme dag",
        "Fast kontaktlærer",
        "År | Fravær",
        "2019 | 4,1",
    ]
    assert [line.level for line in found.pages[0].lines][:3] == [1, 0, 2]
    assert found.properties["author"] == "Utredningsseksjonen"


def test_text_pages_by_form_feed(tmp_path):
    (tmp_path / "a.txt").write_text("side én\f\fside tre", encoding="utf-8")
    found = text.read(tmp_path / "a.txt")
    assert [(p.number, p.raw) for p in found.pages] == [(1, "side én"), (2, ""), (3, "side tre")]


def test_text_pages_where_form_feeds_were_lost(tmp_path):
    body = "Her står en linje om kommunene som går helt ut til kanten av siden og videre\n" * 20
    (tmp_path / "a.txt").write_text(f"{body}som fortsetter på\n\n\n\nneste side. {body}og så\n tredje {body}", encoding="utf-8")
    assert len(text.read(tmp_path / "a.txt").pages) == 3


def test_empty_lines_between_parts_are_no_page_breaks(tmp_path):
    (tmp_path / "a.txt").write_text(
        "Tema\n\nPunkt en er ferdig.\n\n \n\nTema to\n\nPunkt to.\n\n\n\nTema tre\n\nSlutt.", encoding="utf-8"
    )
    assert len(text.read(tmp_path / "a.txt").pages) == 1


def test_a_transcript_is_cut_at_its_running_footers_and_its_list_of_like_documents_goes(tmp_path):
    texts = ["Havnene slites.", "Fiskerne flytter.", "Skolen blir tom.", "Butikken stenger.", "Hva nå?"]
    pages = [f"{text} PLAN FOR KYSTEN 2016-2019 Side {n}" for n, text in enumerate(texts, 2)]
    (tmp_path / "a.txt").write_text("1 Innledning... 3\n\nLike dokumenter\nEn annen plan\n\nTranskript:\n\n" + "\n\n".join(pages))
    found = text.read(tmp_path / "a.txt")
    assert [p.number for p in found.pages] == [2, 3, 4, 5, 6]
    assert [p.raw for p in found.pages] == texts
    assert found.properties["title"] == "PLAN FOR KYSTEN 2016-2019"


@pytest.mark.parametrize(
    "line", ["Gå direkte til innhold", "Lenkeblokk Icon FoU-databasen", "Se alle FoU-rapporter fra KS", "Meny"]
)
def test_lines_of_web_pages_are_clutter(line):
    assert text.clutter(line)


@pytest.mark.parametrize(
    "line",
    [
        "Innhold i planen",
        "Søk støtte hos kommunen",
        "Del av planen",
        "Tilbake til arbeid etter sykefravær",
        "del på ansvaret mellom stat og kommune, slik at flere",
        "Del denne kunnskapen med alle ansatte",
        "Om informasjonskapsler i kommunens nettsider",
    ],
)
def test_lines_of_documents_are_not(line):
    assert not text.clutter(line)


def test_a_line_that_reads_like_a_button_stays_where_it_is_part_of_a_paragraph(tmp_path):
    (tmp_path / "a.txt").write_text("Del\n\nDe ansatte kan lett\nsøk\nom støtte.", encoding="utf-8")
    assert lines(text.read(tmp_path / "a.txt")) == ["De ansatte kan lett", "søk", "om støtte."]


def test_a_footer_named_within_the_text_cuts_no_page(tmp_path):
    footer = "PLAN FOR KYSTEN 2016-2019 Side"
    texts = ["Havna slites.", f"Fisken svinner, se {footer} 9 i planen.", "Skolen blir tom.", "Hva nå?"]
    (tmp_path / "a.txt").write_text("\n\n".join(f"{t} {footer} {n}" for n, t in enumerate(texts, 2)), encoding="utf-8")
    assert [(p.number, p.raw) for p in text.read(tmp_path / "a.txt").pages] == list(enumerate(texts, 2))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_in_the_usual_encodings(encoding):
    assert text.decode("Blåbærsyltetøy\r\npå brød".encode(encoding)) == "Blåbærsyltetøy\npå brød"
