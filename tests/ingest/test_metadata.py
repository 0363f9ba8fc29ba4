"""What a document says of itself, on covers, in report forms and in forewords of our own making."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cases_of import cases_of
from errors import FouError
from ingest.metadata import SUMMARY, metadata, override
from ingest.metadata.bodies import bodies_in, one_form
from ingest.metadata.facts import sound_isbn
from ingest.metadata.names import people
from ingest.report import Edit, Line, Metadata, Page, Paragraph, Section, Traced


ROOT = Path(__file__).resolve().parents[2]


def page(number, rows):
    lines, raw = [], ""
    block = 0
    for i, (text, size) in enumerate(rows):
        raw += "\n" if i else ""
        block += not text or bool(i and text[0].isupper() and rows[i - 1][0] and size)
        if text:
            box = (50.0, 80.0 + 40 * i, 500.0, 100.0 + 40 * i) if size else None
            lines.append(Line(len(raw), len(raw) + len(text), block, box, float(size)))
        raw += text
    return Page(number, raw, tuple(lines), width=595.0, height=842.0, traced=Traced.of_page(raw, number))


def section(path, *texts):
    return Section(path, 1, tuple(Paragraph(Traced.of_page(text, 1)) for text in texts))


@pytest.mark.parametrize("case", cases_of("metadata"), ids=lambda case: case["name"])
def test_cases(case):
    found = metadata([page(n, rows) for n, rows in enumerate(case["pages"], 1)], case["properties"], ())
    for key, expected in case["expected"].items():
        value = getattr(found, key)
        assert (list(value) if isinstance(value, tuple) else value) == expected, key


def test_who_a_programme_speaks_for():
    wants = [("Arbeiderpartiet vil at kommunene skal samarbeide.", 11)] * 4
    pages = [page(1, [("Trygghet", 26)]), *(page(n, wants) for n in range(2, 8))]
    assert metadata(pages, {}, ()).body == "Arbeiderpartiet"
    other = [("Senterpartiet vil det samme.", 11), *wants]
    assert metadata([*pages, *(page(n, other) for n in range(8, 20))], {}, ()).body == "Arbeiderpartiet"
    told = [page(n, [(f"I {1980 + n} var det slik at NAV skal følge opp dem, og at NAV har mange brukere.", 11)]) for n in range(3, 40)]
    pages = [page(1, [("Oppfølging", 26)]), page(2, [("Innledning", 16)]), *told]
    assert metadata(pages, {}, ()).body == "", "much spoken of, but it does not speak"


def test_the_repaired_text_is_read():
    raw = "Bl5 timer\nUtf0rt av: NIVI Analyse"
    edits = [Edit(2, 3, "5", "å", "ocr"), Edit(raw.index("0"), raw.index("0") + 1, "0", "ø", "ocr")]
    lines = (Line(0, 9, 0, (0, 0, 9, 9), 20.0), Line(10, len(raw), 1, (0, 9, 9, 19), 10.0))
    mended = Page(1, raw, lines, width=100, height=100, traced=Traced.of_page(raw, 1, edits))
    found = metadata([mended], {}, ())
    assert (found.title, found.body) == ("Blå timer", "NIVI Analyse")


def test_the_summary_is_whole_sentences_of_its_section():
    long = "Dette er en setning som sier noe om det rapporten fant. " * 60
    sections = [
        section(("Forord",), "Takk til alle. " * 20),
        section(("Summary",), "This is the English one. " * 20),
        section(("1. Sammendrag",), "Kommunene gjør mer enn før. " * 10),
        section(("1. Sammendrag", "1.1 Funn"), long),
        section(("2. Innledning",), long),
    ]
    summary = metadata([page(1, [("Tittel her", 20)])], {}, sections).summary
    assert summary.startswith("Kommunene gjør mer enn før.") and "rapporten fant" in summary
    assert summary.endswith(".") and 800 < len(summary) <= SUMMARY


def test_no_pages_and_empty_pages():
    assert metadata([], {}, ()) == Metadata()
    assert metadata([Page(1, "", method="none")], {}, ()) == Metadata()


def test_a_sidecar_overrides_only_what_it_says():
    meta = Metadata(title="Gammel", year=2011, themes=("Skole",))
    changed = override(meta, {"title": "Ny", "themes": ["Barn", "Helse"], "authors": ["Kari Ek"], "year": None})
    assert changed == Metadata(title="Ny", themes=("Barn", "Helse"), authors=("Kari Ek",))
    assert override(meta, {}) == meta


@pytest.mark.parametrize(
    ("sidecar", "says"),
    [
        ({"tittel": "Ny"}, ["tittel", "title", "commissioner"]),
        ({"year": "2019"}, ["year", "'2019'", "årstall"]),
        ({"year": True}, ["year", "True"]),
        ({"year": 19}, ["year", "19"]),
        ({"themes": "Barn"}, ["themes", "'Barn'", "liste"]),
        ({"authors": ["Kari", 3]}, ["authors", "liste"]),
        ({"language": "norsk"}, ["language", "norsk", '"nn"']),
        ({"title": ["a"]}, ["title", "tekst"]),
        ({"isbn": "978-82-999999-1-4"}, ["isbn", "kontrollsiffer"]),
        (["title"], ["objekt"]),
    ],
)
def test_a_wrong_sidecar_is_named(sidecar, says):
    with pytest.raises(FouError) as error:
        override(Metadata(), sidecar)
    assert all(part in str(error.value) for part in says)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Arbeidet er utført av NIBR og Telemarksforskning", ["By- og regionforskningsinstituttet NIBR", "Telemarksforsking"]),
        ("NTNU Samfunnsforskning AS", ["NTNU Samfunnsforskning"]),
        ("KS' medlemmer", ["KS"]),
        ("en opinion i endring", []),
        ("NOVA-rapport 3/2015", []),
        ("Menons tall", ["Menon Economics"]),
        ("kommunens mening", []),
    ],
)
def test_bodies_have_one_form(text, names):
    assert [hit.name for hit in bodies_in(text)] == names


def test_who_a_list_names_are_just_they():
    one = {"FAFO": "Fafo", "Telemarksforskning": "Telemarksforsking", "PricewaterhouseCoopers AS": "PwC", "Sintef": "SINTEF"}
    both = ["Civitas", "Rambøll Management Consulting, Holth & Winge", "Arbeidsforskningsinstituttet AFI og Oxford Research"]
    assert {name: one_form(name, 0.8) for name in (*one, *both)} == one | {name: name for name in both}


@pytest.mark.slow
def test_the_samples_are_read_as_a_reader_does():
    """The bars are those of a reader's patience: nine of ten titles and years, eight of ten bodies; without what sidecars say."""
    from bench.metadata import FIELDS, read, right

    truths = [json.loads(line) for line in (ROOT / "tests/cases/sample_metadata.jsonl").read_text("utf-8").splitlines()]
    marks = [right(read(ROOT / "corpus" / "sample" / truth["file"]), truth) for truth in truths]
    shares = {field: sum(mark[field] for mark in marks) / len(marks) for field in FIELDS}
    assert shares["title"] >= 0.9 and shares["year"] >= 0.9 and shares["publisher"] >= 0.8, shares


def test_the_picture_on_a_cover_is_no_title():
    noise = ["et", "4 Se ANN", "NS Ne å", "om Å ET SEE VE INge krf Fag", "GEAR", "N", "NG Ra", "Nn"]
    rows = [(text, 30 if text.startswith("om") else 12) for text in noise]
    cover = replace(page(1, [*rows[:5], ("Partiets stortingsprogram", 16), *rows[5:]]), method="ocr")
    assert metadata([cover, page(2, [("Alle skal med i arbeidet, og alle skal ha et sted å bo.", 11)])], {}, ()).title == "Partiets stortingsprogram"


def test_an_unknown_body_keeps_its_name():
    assert one_form(" Fjelltoppens Råd. ") == "Fjelltoppens Råd"
    assert one_form("SNF AS") == "Samfunns- og næringslivsforskning (SNF)"
    assert one_form("Arbeidsgruppen for samarbeid mellom kommunene i Nordre Dal og NAV") == (
        "Arbeidsgruppen for samarbeid mellom kommunene i Nordre Dal og NAV"
    )


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (["Kari Nordmann"], ("Kari Nordmann",)),
        (["KARI NORDMANN OG OLA LI"], ("Kari Nordmann", "Ola Li")),
        (["Anne-Grete Bø, Per Moe (red.)"], ("Anne-Grete Bø", "Per Moe")),
        (["Norsk Arkivstandard"], ()),
        (["Kari Nordmann og kommunen"], ()),
        (["Universitetet i Oslo"], ()),
        ([], ()),
    ],
)
def test_people(rows, names):
    assert people(rows) == names


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("82-05-00001-1", False),
        ("978-82-999999-1-5", True),
        ("978-82-999999-1-4", False),
        ("0-306-40615-2", True),
        ("080442957X", True),
        ("12", False),
    ],
)
def test_isbn_check_digits(text, sound):
    assert sound_isbn(text) is sound


@pytest.mark.slow
def test_real_covers(shared):
    """A reader's facts of real documents; a fall in these is a fault in the reading of covers."""
    import json

    from bench.metadata import FIELDS, read, right

    truths = [json.loads(line) for line in (shared / "eval/pages/metadata.jsonl").read_text("utf-8").splitlines()]
    truths = [truth for truth in truths if truth["pages"] <= 60]  # quick to read
    marks = [right(read(shared / "pdf" / truth["file"]), truth) for truth in truths]
    shares = {field: sum(mark[field] for mark in marks) / len(marks) for field in FIELDS}
    assert shares["title"] >= 0.9 and shares["authors"] >= 0.9 and shares["language"] == 1
    assert shares["year"] >= 0.75


@pytest.mark.parametrize("title", ["Evaluering av kommuneloven av 1992", "Evaluering av opplæringslova 1998", "Plan- og bygningsloven av 2008"])
def test_the_year_of_a_law_is_not_that_of_the_report(title):
    from ingest.metadata import facts

    assert facts._CITED.search(title)
    assert not facts._CITED.search("Samlet vurdering av tiltakene 2019")
