"""The note of a checked draft, opened again as Word would."""

import datetime
import io
from dataclasses import replace

import docx
from indexed import DRAFT

from index import note
from index.references import references


def test_the_note_holds_questions_coverage_sources_date_and_base(index):
    found = index.overlap(DRAFT)
    sources = references(index.snapshot, note.named(found))
    sources = [replace(one, title=f"{one.title}\x02", body=f"{one.body}\x0b") for one in sources]
    draft = f"{DRAFT}\n\x07Med et tegn som Word ikke tåler, og 10\xa0000\u2009kr."
    made = note.note(found, draft, sources, (5, 9), datetime.date(2026, 3, 1))
    document = docx.Document(io.BytesIO(made))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "1. mars 2026. Holdt opp mot 5 rapporter og prosjekter (9 tekststykker)" in text
    assert note.SAYS[found.label] in text and "Sjekken gir råd" in text
    assert "NIFU. (2022). Skole." in text, "the reference list"
    assert "\nMed et tegn som Word ikke tåler, og 10\xa0000 kr." in text
    same = [replace(one, authors=(), body="KS", year=2020) for one in sources]
    document = docx.Document(io.BytesIO(note.note(found, DRAFT, same, (5, 9))))
    every = "\n".join([*(p.text for p in document.paragraphs), *(c.text for row in document.tables[0].rows for c in row.cells)])
    assert "(KS, 2020a" in every and "(KS, 2020b" in every and "(KS, 2020)" not in every, "cited as the list has it"
    document = docx.Document(io.BytesIO(made))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0] == list(note.HEADS) and len(rows) == 1 + len(found.questions)
    assert rows[1][0] == found.questions[0].text and "s. 1" in rows[1][2] and "Skolefravær" in rows[1][2]
