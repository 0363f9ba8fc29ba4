"""References: what they are made of, and each format read back by the tools that people use."""

import csv
import datetime
import io
import json

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from openpyxl import load_workbook

from cases_of import cases_of
from index.references import apa, exported, merged, references
from index.references.names import alphabetical, bodies, name
from index.references.record import Quote, Reference, address, of_json

CASES = cases_of("references")
TODAY = datetime.date(2025, 5, 3)

HARD = "Økonomi & «ærlighet»: 100 % {av alt} for $5, #1 under_strek ~ \\ \"sitat\" -- ``to'' KS og R&D – Ås"
NOTE = "Linje 1 med 5 % og {x}\nTY  - JOUR\nER  - \n\nSlutten."
FULL = Reference(
    key="plan-1a2b3c",
    title=HARD,
    authors=("Kari von Ek", "Ola Jan-Erik Li", "Å. Ås"),
    year=2019,
    body="Fürst og Høverstad, Oslo",
    commissioner="KS",
    number="3/2019",
    isbn="978-82-999999-2-2",
    url="https://example.org/r%C3%A5d?a=1&b=2_3#s",
    language="nn",
    themes=("Helse", "Barn, unge & eldre"),
    quotes=(Quote(NOTE, 3, 4, "viktig"), Quote("To.", 7, 7)),
    comment="Les denne først",
)
BARE = Reference(key="bar.x-9", title="Uten noe")
CORPORATE = Reference(key="kun-utforer", title="Eldre", year=2020, body="Fafo, i samarbeid med NIFU")
PART = Reference(
    key="plan-1a2b3c.natur",
    title="Naturregnskap",
    year=2025,
    body="Fafo",
    isbn="82-1",
    number="4",
    container="FoU-plan 2025",
    pages=(4, 6),
)
ALL = (FULL, BARE, CORPORATE, PART)


def ris(*found: Reference) -> list[dict]:
    return rispy.loads(exported(found, "ris").decode("utf-8"))


def bibtex(*found: Reference) -> dict[str, dict]:
    """The entries by key, their fields as LaTeX sets them; the address as it is written."""
    text = exported(found, "bibtex").decode("utf-8")
    raw = bibtexparser.parse_string(text)
    set_ = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not raw.failed_blocks and not set_.failed_blocks
    return {
        one.key: {f.key: f.value for f in one.fields} | {"kind": one.entry_type, "url": plain.fields_dict.get("url", None)}
        for one, plain in zip(set_.entries, raw.entries, strict=True)
    }


def test_ris_keeps_all_of_a_report():
    (one,) = ris(FULL)
    assert one["type_of_reference"] == "RPRT" and one["id"] == FULL.key
    assert one["title"] == HARD
    assert one["authors"] == ["von Ek, Kari", "Li, Ola Jan-Erik", "Ås, Å."]
    assert (one["year"], one["publisher"], one["language"]) == ("2019", FULL.body, "nn")
    assert one["issn"] == "3/2019", "Zotero and EndNote take SN of a report as its number"
    assert one["note"] == "ISBN: 978-82-999999-2-2"
    assert one["keywords"] == list(FULL.themes) and one["urls"] == [FULL.url]
    assert one["notes"] == [
        "Oppdragsgiver: KS",
        "Les denne først",
        "s. 3–4: Linje 1 med 5 % og {x} TY - JOUR ER - Slutten. [viktig]",
        "s. 7: To.",
    ]


def test_ris_of_what_is_hardly_known_and_of_a_body_and_a_part():
    bare, corporate, part = ris(BARE, CORPORATE, PART)
    assert bare == {"type_of_reference": "RPRT", "id": "bar.x-9", "title": "Uten noe"}
    assert corporate["authors"] == ["Fafo", "NIFU"] and corporate["publisher"] == CORPORATE.body
    assert part["type_of_reference"] == "CHAP" and part["secondary_title"] == "FoU-plan 2025"
    assert (part["start_page"], part["end_page"], part["issn"]) == ("4", "6", "82-1")
    assert part["notes"] == ["Rapportnummer: 4"]


def test_a_comma_in_the_name_of_a_body_does_not_make_it_a_person():
    (one,) = ris(Reference(key="a", title="A", body="Universitetet i Oslo, Institutt for statsvitenskap"))
    assert "," not in one["authors"][0] and one["publisher"] == "Universitetet i Oslo, Institutt for statsvitenskap"


def test_bibtex_keeps_all_of_a_report():
    one = bibtex(FULL)[FULL.key]
    assert one["kind"] == "techreport" and one["title"] == HARD
    assert one["author"] == "von Ek, Kari and Li, Ola Jan-Erik and Ås, Å."
    assert (one["year"], one["institution"], one["number"], one["isbn"]) == ("2019", FULL.body, "3/2019", FULL.isbn)
    assert (one["langid"], one["commissioner"], one["url"].value) == ("nynorsk", "KS", FULL.url)
    assert one["keywords"] == "Helse; Barn, unge & eldre"
    assert one["annote"] == f"Les denne først\n\ns. 3–4: {NOTE} [viktig]\n\ns. 7: To."


def test_bibtex_keys_are_the_reports_own_and_never_the_same_twice():
    found = [Reference(key=key, title="T", body="B") for key in ("a b", "a,b", "A-B", "plan-1.natur")]
    assert list(bibtex(*found)) == ["a-b", "a-b-2", "A-B-3", "plan-1.natur"]
    assert list(bibtex(found[3], PART)) == ["plan-1.natur", PART.key]


def test_bibtex_protects_capitals_and_bodies():
    text = exported([Reference(key="a", title="Norge og KS i EU", body="Ek and Li, Oslo")], "bibtex").decode()
    assert "title = {Norge og {KS} i {EU}}" in text and "author = {{Ek and Li, Oslo}}" in text


def test_bibtex_of_a_part_names_its_document():
    one = bibtex(PART)[PART.key]
    assert (one["kind"], one["booktitle"], one["pages"]) == ("incollection", "FoU-plan 2025", "4–6")


def test_csl_keeps_all_of_a_report():
    (one,) = json.loads(exported([FULL], "csl"))
    assert (one["type"], one["id"], one["title"]) == ("report", FULL.key, HARD)
    assert one["author"][0] == {"family": "von Ek", "given": "Kari"} and len(one["author"]) == 3
    assert one["issued"] == {"date-parts": [[2019]]}
    assert (one["publisher"], one["number"], one["ISBN"], one["URL"]) == (FULL.body, "3/2019", FULL.isbn, FULL.url)
    assert (one["language"], one["keyword"], one["custom"]) == ("nn", "Helse; Barn, unge & eldre", {"commissioner": "KS"})
    assert NOTE in one["note"] and one["note"].endswith("s. 7: To.")
    assert json.loads(exported([BARE], "csl")) == [{"id": "bar.x-9", "type": "report", "title": "Uten noe"}]


@pytest.mark.filterwarnings("ignore")  # citeproc-py warns of variables that its style leaves out
def test_csl_is_set_by_a_processor():
    source = CiteProcJSON(json.loads(exported(ALL, "csl")))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False, locale="nb-NO")
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    for one in ALL:
        bibliography.register(Citation([CitationItem(one.key)]))
    entries = ["".join(entry) for entry in bibliography.bibliography()]
    said = " ".join(entries)
    assert len(entries) == 4
    assert "von Ek, K." in said and "Økonomi & «ærlighet»: 100 % {av alt}" in said and "2019" in said
    assert any("Naturregnskap" in entry and "FoU-plan 2025" in entry and "4–6" in entry for entry in entries)
    assert any(entry.startswith("Fafo") and "NIFU" in entry for entry in entries)


@pytest.mark.parametrize("case", CASES["apa"], ids=lambda case: case["what"])
def test_apa(case):
    one = of_json({"key": "x"} | case["reference"])
    assert apa.written([one], TODAY) == case["says"] + "\n"


def test_apa_is_in_the_order_of_the_alphabet_and_years_of_one_author_have_letters():
    found = [Reference(key=body, title="T", year=2020, body=body) for body in reversed(CASES["alphabet"])]
    lines = apa.written(found, TODAY).splitlines()
    assert [line.split(". (")[0] for line in lines] == CASES["alphabet"]
    dated = [("1", "Å", 2020), ("2", "B", 2020), ("3", "A", 2021), ("4", "D", None), ("5", "C", None)]
    lines = apa.written([Reference(key=k, title=t, year=y, body="Fafo") for k, t, y in dated], TODAY).splitlines()
    assert lines == [f"Fafo. {rest}." for rest in ("(u.å.-a). C", "(u.å.-b). D", "(2020a). B", "(2020b). Å", "(2021). A")]


def test_apa_has_its_italics_and_its_reference_in_the_text():
    one = Reference(key="a", title="A & B", year=2020, body="Fafo")
    assert apa.html([one], TODAY) == "<p>Fafo. (2020). <i>A &amp; B</i>.</p>\n"
    assert "Naturregnskap. I <i>FoU-plan 2025</i> (" in apa.html([PART], TODAY)
    assert apa.cited(FULL, "3–4") == "(von Ek et al., 2019, s. 3–4)" and apa.cited(CORPORATE) == "(Fafo & NIFU, 2020)"
    assert apa.cited(BARE) == "(«Uten noe», u.å.)"


def in_text(*works: tuple[str, int]) -> list[str]:
    """What the text calls works, each of its authors (parted by semicolons) and year."""
    found = [
        Reference(key=str(i), title=f"T{i}", year=year, authors=tuple(a for a in authors.split("; ") if a), body="Fafo")
        for i, (authors, year) in enumerate(works)
    ]
    called = apa.in_text(found)
    return [apa.cited(one, called=called[one.key]) for one in found]


@pytest.mark.parametrize(
    ("works", "says"),
    [
        ([("A Ek; B Li; C Dal", 2020), ("A Ek; D Moe; C Dal", 2020)], ["(Ek, Li & Dal, 2020)", "(Ek, Moe & Dal, 2020)"]),
        (
            [("A Ek; B Li; C Dal; D Bø", 2020), ("A Ek; D Moe; C Dal; D Bø", 2020)],
            ["(Ek, Li et al., 2020)", "(Ek, Moe et al., 2020)"],
        ),
        ([("A Ek; B Li; C Dal", 2020), ("A Ek; B Li; C Dal; D Bø", 2020)], ["(Ek, Li & Dal, 2020)", "(Ek, Li, Dal & Bø, 2020)"]),
        ([("A Ek; B Li; C Dal", 2020), ("A Ek; D Moe; C Dal", 2021)], ["(Ek et al., 2020)", "(Ek et al., 2021)"]),
        ([("A Ek; B Li; C Dal", 2020), ("A Ek; B Li; C Dal", 2020)], ["(Ek et al., 2020a)", "(Ek et al., 2020b)"]),
        ([("A Ek; B Li", 2020), ("A Ek; B Li; C Dal", 2020)], ["(Ek & Li, 2020)", "(Ek et al., 2020)"]),
        ([("Kari Ek", 2020), ("Ola Ek", 2020), ("Ola Ek; B Li", 2020)], ["(K. Ek, 2020)", "(O. Ek, 2020)", "(O. Ek & Li, 2020)"]),
        ([("Kari Ek", 2019), ("K. M. Ek", 2020)], ["(Ek, 2019)", "(Ek, 2020)"]),
        ([("Agenda Kaupang", 2020), ("", 2020)], ["(Agenda Kaupang, 2020)", "(Fafo, 2020)"]),
    ],
)
def test_the_text_calls_two_works_by_two_names(works, says):
    assert in_text(*works) == says


def test_a_body_among_the_authors_is_a_body_in_every_format():
    one = Reference(key="a", title="T", year=2020, authors=("Kari Ek", "Agenda Kaupang"), body="KS")
    assert ris(one)[0]["authors"] == ["Ek, Kari", "Agenda Kaupang"]
    assert "author = {Ek, Kari and {Agenda Kaupang}}" in exported([one], "bibtex").decode()
    assert json.loads(exported([one], "csl"))[0]["author"] == [{"family": "Ek", "given": "Kari"}, {"literal": "Agenda Kaupang"}]


def test_junior_is_no_surname_in_any_format():
    one = Reference(key="a", title="T", year=2020, authors=("Kari Nordmann Jr.",))
    assert ris(one)[0]["authors"] == ["Nordmann, Kari, Jr."]
    assert "author = {Nordmann, Jr., Kari}" in exported([one], "bibtex").decode()
    assert json.loads(exported([one], "csl"))[0]["author"] == [{"family": "Nordmann", "given": "Kari", "suffix": "Jr."}]
    assert apa.written([one], TODAY) == "Nordmann, K., Jr. (2020). T.\n" and apa.cited(one) == "(Nordmann, 2020)"


def test_csv_is_what_norwegian_excel_opens():
    data = exported(ALL, "csv")
    assert data.startswith(b"\xef\xbb\xbf") and b";" in data.splitlines()[0]
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0]["Tittel"] == HARD and rows[0]["Forfattere"] == "Kari von Ek; Ola Jan-Erik Li; Å. Ås"
    assert NOTE in rows[0]["Utdrag"] and rows[0]["Temaer"] == "Helse; Barn, unge & eldre" and rows[0]["ISBN"] == FULL.isbn
    assert (rows[3]["Del av"], rows[3]["Sider"], rows[1]["År"]) == ("FoU-plan 2025", "4–6", "")


def test_xlsx_opens_with_the_same_columns():
    page = load_workbook(io.BytesIO(exported(ALL, "xlsx"))).active
    heads = [cell.value for cell in page[1]]
    row = dict(zip(heads, page[2], strict=True))
    assert row["Tittel"].value == HARD and row["År"].value == 2019 and NOTE in row["Utdrag"].value
    assert row["Lenke"].hyperlink.target == FULL.url and page.freeze_panes and page.max_row == 5


@pytest.mark.parametrize("text", CASES["injection"])
def test_no_cell_runs_as_a_formula(text):
    one = Reference(key="a", title=text, body=text, quotes=(Quote("x", 1, 1),), comment=text)
    row = next(csv.DictReader(io.StringIO(exported([one], "csv").decode("utf-8-sig"), newline=""), delimiter=";"))
    told = f"'{text}".replace("\t=", "\t'=").replace("\r=", "\r'=").replace("\n=", "\n'=")  # where a tab or a line parts cells
    assert row["Tittel"] == row["Kommentar"] == told
    for row in load_workbook(io.BytesIO(exported([one], "xlsx"))).active.iter_rows():
        assert all(cell.data_type != "f" and not str(cell.value).startswith(tuple("=+-@\t\r")) for cell in row)


def test_a_report_that_comes_twice_is_exported_once_with_all_that_was_kept_of_it():
    one, two = Quote("1", 1, 1), Quote("2", 2, 2)
    found = merged([Reference("a", "A", quotes=(one,)), BARE, Reference("a", "A", quotes=(two, one))])
    assert [(one.key, [q.text for q in one.quotes]) for one in found] == [("a", ["1", "2"]), ("bar.x-9", [])]


@pytest.mark.parametrize("case", CASES["names"], ids=lambda case: case["text"])
def test_names(case):
    found = name(case["text"])
    assert (found.family, found.given, found.initials) == (case["family"], case["given"], case["initials"])


@pytest.mark.parametrize("case", CASES["bodies"], ids=lambda case: case["text"])
def test_bodies(case):
    assert list(bodies(case["text"])) == case["bodies"]


def test_the_alphabet_is_the_norwegian_one():
    assert sorted(sorted(CASES["alphabet"]), key=alphabetical) == CASES["alphabet"]
    assert alphabetical("A\u030as") == alphabetical("Ås") > alphabetical("Øy"), "an A and a ring is the letter Å"
    assert name("A\u030ase A\u030as") == ("Ås", "Åse", "") and name("A\u030ase Ek").initials == "Å."


@pytest.mark.parametrize(
    ("text", "kept"),
    [("https://a.no/x y;z", "https://a.no/x%20y%3Bz"), ("javascript:alert(1)", ""), ("www.a.no", ""), ("", "")],
)
def test_an_address_is_one_of_the_web(text, kept):
    assert address(text) == kept


def test_a_reference_survives_its_json():
    assert all(of_json(json.loads(json.dumps(one.as_json()))) == one for one in ALL)
    for broken in ({"key": ""}, {"key": 1}, {"quotes": [{"text": 1}]}, {"pages": [1]}, {"year": "2019"}, {"authors": "Ek"}):
        with pytest.raises(ValueError):
            of_json({"key": "a"} | broken)


def test_references_of_the_index(index):
    plan = index.resolve("plan.pdf")
    project = next(card for card in index.cards() if card.title == "Naturregnskap")
    whole, part, eldre = references(index.snapshot, [plan, project.id, index.resolve("eldre"), plan])
    assert (whole.title, whole.container, whole.pages) == ("Plan", "", None)
    assert (part.title, part.container, part.pages, part.year, part.body) == ("Naturregnskap", "Plan", (2, 2), 2024, "Fafo")
    assert (eldre.number, eldre.themes, eldre.body) == ("R-12", ("Helse",), "Fafo")
    assert apa.written([part], TODAY) == "Fafo. (2024). Naturregnskap. I Plan (s. 2).\n"
