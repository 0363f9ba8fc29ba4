"""Layout: what is not body, where sections begin, how lines become paragraphs."""

from making import pdf, running, sound

from ingest import layout
from ingest.extract import extract
from ingest.extract.text import _page
from ingest.report import Page


def text_pages(*texts: str) -> tuple[Page, ...]:
    return sound(tuple(_page(n, text) for n, text in enumerate(texts, 1)))


def outline(pages) -> list[tuple[str, ...]]:
    return [section.path for section in layout.layout(pages)]


def body(pages) -> str:
    return "\n".join(p.text.text for s in layout.layout(pages) if s.path[-1:] != (layout.NOTES,) for p in s.paragraphs)


LONG = "Kommunene har ansvar for tjenestene, og de som arbeider der, kjenner dem best av alle som er med."


SOURCES = ["Se kommuneloven.", "Tall fra SSB.", "Intervju med rådmannen.", "Jf. kapittel to.", "Egen beregning."]


def test_running_lines_page_numbers_and_footnotes_leave_the_body(tmp_path, settings):
    pages = []
    for n in range(1, 6):
        page = running(72, 100, [f"{LONG[:60]} {n}.", "Andre linje i avsnittet her."], 11)
        page += [(72, 40, "Fjordforskning, rapport 3/2019", 8), (290, 815, str(n), 8)]
        page += [(72, 760, f"{n} {SOURCES[n - 1]}", 8)]
        pages.append(page)
    found = sound(extract(pdf(tmp_path / "a.pdf", pages), settings).pages)
    text = body(found)
    assert "Fjordforskning" not in text and not any(source in text for source in SOURCES)
    assert text.count("Andre linje") == 5
    notes = [s for s in layout.layout(found) if s.path[-1:] == (layout.NOTES,)]
    assert [p.text.text for s in notes for p in s.paragraphs] == [f"{n} {source}" for n, source in enumerate(SOURCES, 1)]
    assert {p.kind for s in notes for p in s.paragraphs} == {"note"}


def test_numbered_and_larger_headings_make_the_section_path(tmp_path, settings):
    lines = [
        (72, 80, "3 Mål", 16), (72, 110, LONG[:70], 10), (72, 140, "3.1 Hovedmål", 13), (72, 165, LONG[:70], 10),
        (72, 195, "3.2 Delmål", 13), (72, 220, LONG[:70], 10), (72, 260, "4 Tiltak", 16), (72, 290, LONG[:70], 10),
    ]  # fmt: skip
    found = sound(extract(pdf(tmp_path / "a.pdf", [lines]), settings).pages)
    assert outline(found) == [("3 Mål",), ("3 Mål", "3.1 Hovedmål"), ("3 Mål", "3.2 Delmål"), ("4 Tiltak",)]
    assert layout.layout(found)[1].title == "3 Mål › 3.1 Hovedmål"


def test_headings_of_plain_text_and_lists_that_only_look_like_them():
    pages = text_pages(
        f"Tittel på planen\n\n1. Sammendrag\n\n{LONG}\n\n2. Bakgrunn\n\n{LONG}\n\nEn ny tid\n\n{LONG}\n\n"
        f"Programmet skal\n\n1. styrke samarbeidet mellom partene\n2. spre kunnskap om det som virker\n\n{LONG}"
    )
    assert outline(pages)[:3] == [("1. Sammendrag",), ("2. Bakgrunn",), ("2. Bakgrunn", "En ny tid")]
    assert not any("styrke" in heading for path in outline(pages) for heading in path)
    assert "1. styrke samarbeidet mellom partene" in body(pages)


def test_a_heading_directly_above_another_is_the_higher_one():
    pages = text_pages(f"Plan\n\nOppvekst\n\nFlere lærere\n\n{LONG}\n\nMindre fravær\n\n{LONG}\n\nKlima\n\nRene elver\n\n{LONG}")
    assert outline(pages) == [("Oppvekst", "Flere lærere"), ("Oppvekst", "Mindre fravær"), ("Klima", "Rene elver")]


def test_a_long_heading_that_goes_on_in_the_next_line_is_whole():
    pages = text_pages(
        f"Tittel\n\n1. Bakgrunn\n\n{LONG}\n\n1.1 Forskningen i og for kommunesektoren må styrkes og bli mer\n\nanvendelig\n{LONG}"
    )
    assert outline(pages)[-1] == ("1. Bakgrunn", "1.1 Forskningen i og for kommunesektoren må styrkes og bli mer anvendelig")


def test_a_part_numbered_within_a_chapter_stands_under_it():
    pages = text_pages(
        "Tittel\n\n" + "\n\n".join(f"{h}\n\n{LONG}" for h in ("3. Mål", "4. Faglig", "1. Innovasjon", "2. Læring", "5. Slutt"))
    )
    assert outline(pages) == [
        ("3. Mål",),
        ("4. Faglig",),
        ("4. Faglig", "1. Innovasjon"),
        ("4. Faglig", "2. Læring"),
        ("5. Slutt",),
    ]


def test_contents_go_and_mark_headings_in_a_transcript_without_line_breaks():
    pages = text_pages(
        "INNHOLD 1 Innledning... 2 1.1 Mål for arbeidet... 2 2 Tiltak... 3",
        "1 Innledning Her begynner teksten. 1.1 Mål for arbeidet Målet er klart nok.",
        "2 Tiltak Her er tiltakene.",
    )
    assert outline(pages) == [("1 Innledning",), ("1 Innledning", "1.1 Mål for arbeidet"), ("2 Tiltak",)]
    assert body(pages) == "Her begynner teksten.\nMålet er klart nok.\nHer er tiltakene."


def test_numbered_notes_that_end_a_page_of_plain_text_are_no_body():
    fill = "\n\n".join([LONG] * 4)
    pages = text_pages(
        f"Først. {fill}\n\n1 Kilde: SSB 2016, http://www.ssb.no/tall\n\n2 Bloch, C. 2011. Measuring Public Innovation.",
        f"Så. {fill}\n\n3 Et brukerstyrt program er et program som skal styrke forskning.",
        f"Sist. {fill}\n\n4 kommuner deltok i arbeidet.",
    )
    text = body(pages)
    assert "Bloch" not in text and "brukerstyrt" not in text and "4 kommuner deltok" in text


def joined(*lines: str) -> str:
    return body(text_pages("\n".join(lines)))


def test_words_broken_at_a_line_end_are_made_whole():
    assert joined("Dette er samfunns-", "oppgavene som kommunen har.") == "Dette er samfunnsoppgavene som kommunen har."
    assert joined("En rapport om inno-", "vasjon i sektoren.") == "En rapport om innovasjon i sektoren."


def test_hyphens_that_belong_to_the_words_stay():
    assert joined("Vi trenger barne- ", "og ungdomstjenester.") == "Vi trenger barne- og ungdomstjenester."
    assert joined("Det nye IKT-", "systemet er på plass.") == "Det nye IKT-systemet er på plass."
    assert joined("Samarbeidet Nord-", "Norge er stort.") == "Samarbeidet Nord-Norge er stort."


def test_list_items_stay_items_and_keep_their_continued_lines():
    pages = text_pages("Tiltakene er:\n• ringe samme dag\nsom eleven er borte\n• fast lærer")
    (section,) = layout.layout(pages)
    assert [(p.kind, p.text.text) for p in section.paragraphs] == [
        ("text", "Tiltakene er:"),
        ("item", "• ringe samme dag som eleven er borte"),
        ("item", "• fast lærer"),
    ]


def test_a_sentence_carried_over_a_page_break_is_one_paragraph_on_both_pages():
    (section,) = layout.layout(text_pages("Kommunen skal vise hva", "innbyggerne kan vente seg."))
    (paragraph,) = section.paragraphs
    assert paragraph.text.text == "Kommunen skal vise hva innbyggerne kan vente seg."
    assert (paragraph.text.first_page, paragraph.text.last_page) == (1, 2)
