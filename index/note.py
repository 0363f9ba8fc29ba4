"""The check of a draft as a note in Word: the questions, what covers them, the sources, the date and the base it was held against."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from index.overlap import LABELS, Asked, Overlap
from index.references import Reference, apa, references
from index.references.record import span
from index.search import Index

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell

SAYS = {
    "duplicate": "Ser ut til å være gjort før",
    "partial": "Noe av dette er gjort før",
    "new": "Ser ut til å være nytt",
}
SHORT = {"duplicate": "gjort før", "partial": "delvis gjort før", "new": "nytt"}
HEADS = ("Utkastet spør om", "Status", "Det som finnes")
WIDTHS = (5.2, 2.2, 9.6)  # cm
STATES = {"covered": "Trolig besvart", "touched": "Berørt", "open": "Ikke funnet; nærmest er", "none": "Ikke funnet"}
READ_FIRST = 5  # reports


def percent(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"


def note(
    found: Overlap, draft: str, references: Sequence[Reference], base: tuple[int, int], today: datetime.date | None = None
) -> bytes:
    """A .docx file. `references`: of every report that `found` names; `base`: the reports and passages of the base."""
    import docx
    from docx.shared import Cm, Pt

    today = today or datetime.date.today()
    document = docx.Document()
    for edge in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(document.sections[0], edge, Cm(2))
    document.styles["Normal"].font.size = Pt(10.5)
    document.core_properties.title = "Sjekk av utkast mot tidligere FoU"
    document.core_properties.language = "nb-NO"
    by_key, called = {one.key: one for one in references}, apa.in_text(references)

    def cited(key: str, pages: str = "") -> str:
        return apa.cited(by_key[key], pages, called[key])

    document.add_heading("Sjekk av utkast mot tidligere FoU", 0)
    document.add_paragraph(f"{today.day}. {apa.MONTHS[today.month - 1]} {today.year}. Holdt opp mot {base[0]} rapporter og prosjekter "
                           f"({base[1]} tekststykker) i FoU-søk.")  # fmt: skip
    _verdict(document, found, cited)
    document.add_heading("Spørsmålene", 1)
    _table(document, found.questions, cited)
    if found.left_out:
        document.add_paragraph(f"Utkastet spør om {found.left_out} ting til, som ikke er sjekket.")
    if references:
        document.add_heading("Kilder", 1)
    for entry in apa.entries(references, today):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Cm(1), Cm(-1)
        for text, italic in entry:
            paragraph.add_run(_printable(text)).italic = italic
    document.add_heading("Utkastet", 1)
    for line in draft.splitlines():
        if line.strip():
            document.add_paragraph(_printable(line))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def of_check(index: Index, found: Overlap, draft: str) -> bytes:
    """The note of a draft that was just checked in `index`."""
    manifest = index.snapshot.manifest
    return note(found, draft, references(index.snapshot, named(found)), (manifest.reports, manifest.passages))


def named(found: Overlap) -> list[str]:
    """The keys of the reports that a note names, each once: those to read first, and those of the evidence."""
    keys = [card.id for card, _ in found.reports[:READ_FIRST]]
    keys += [item.report.id for asked in found.questions for item in asked.evidence]
    return list(dict.fromkeys(keys))


def _verdict(document: Document, found: Overlap, cited: Callable[[str], str]) -> None:
    document.add_heading(SAYS[found.label], 1)
    told = ", ".join(f"{SHORT[label]} {percent(found.probability[label])}" for label in LABELS)
    covered = sum(asked.covered for asked in found.questions)
    document.add_paragraph(f"Sannsynlighet: {told}. {covered} av {len(found.questions)} spørsmål ser ut til å være besvart. "
                           "Sjekken gir råd; les rapportene før noe avgjøres.")  # fmt: skip
    if found.reports:
        document.add_paragraph("Les disse først:" if found.label != "new" else "Nærmest, men neppe det samme:")
    for card, _ in found.reports[:READ_FIRST]:
        told = cited(card.id).replace(f"«{card.title}», ", "")  # where no one is known to have written it, its title stands for who
        document.add_paragraph(_printable(f"{card.title} {told}"), style="List Number")


def _table(document: Document, questions: Sequence[Asked], cited: Callable[[str, str], str]) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=1, cols=len(HEADS), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):  # LibreOffice goes by the columns, Word by the cells
        column.width = Cm(width)
    for cell, head in zip(table.rows[0].cells, HEADS, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    for asked in questions:
        cells = table.add_row().cells
        cells[0].text = _printable(asked.text)
        cells[1].text = STATES[asked.state]
        _evidence(cells[2], asked, cited)
    for row in table.rows:
        for cell, width in zip(row.cells, WIDTHS, strict=True):
            cell.width = Cm(width)


def _evidence(cell: _Cell, asked: Asked, cited: Callable[[str, str], str]) -> None:
    for number, item in enumerate(asked.evidence):
        paragraph = cell.paragraphs[0] if not number else cell.add_paragraph()
        hit = item.passage
        paragraph.add_run(_printable(f"«{hit.sentence or ' '.join(hit.text.split()[:40])}» "))
        source = cited(item.report.id, span(hit.page, hit.last_page))
        paragraph.add_run(_printable(f"{source}, styrke {percent(item.score)}")).italic = True


def _printable(text: str) -> str:
    """On one line, without the control characters that a Word file can't hold."""
    return "".join(sign if sign.isprintable() or sign == "\xa0" else " " if sign.isspace() else "" for sign in text)
