"""A matrix as an Excel file: the passages with links to their pages, the counts by year and theme, and how it was made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index import evidence, tables
from index.filtering import described
from index.matrix import Matrix
from index.records import PassageHit, ReportCard
from index.references.record import PRIVATE
from index.search import Index

EXCERPT = 400  # letters of a passage in a cell

NO_PAGE = "fulltekst mangler"  # in place of the page of a report that is known before its text

Address = Callable[[ReportCard, int], str]
"""Where a page of a report can be opened, or "" where it can't."""


def xlsx(matrix: Matrix, index: Index, address: Address | None = None) -> bytes:
    """The file. `address` tells where pages are opened; else it is the documents' own files, where they are there."""
    return tables.xlsx([_passages(matrix, address or in_files(index)), _counts(matrix), _method(matrix, index)])


def in_files(index: Index) -> Address:
    """Pages in the documents that the reports were read from, on this machine."""
    files: dict[str, Path | None] = {}

    def address(card: ReportCard, page: int) -> str:
        if card.id not in files:
            files[card.id] = evidence.origin(index.snapshot, card.id).file(index.settings.root)
        path = files[card.id]
        if path is None:
            return ""
        return path.absolute().as_uri() + (f"#page={page}" if path.suffix.lower() == ".pdf" else "")

    return address


def excerpt(cell: PassageHit) -> str:
    """The best sentence of a passage, with as much of what stands about it as there is room for."""
    start, end = cell.best
    room = max(0, EXCERPT - (end - start))
    if len(cell.text) <= EXCERPT:
        start, end = 0, len(cell.text)
    else:
        start = max(0, start - room // 3)
        end = min(len(cell.text), start + max(EXCERPT, cell.best[1] - start))
        start = cell.text.rfind(" ", 0, start) + 1 if start else 0
        end = len(cell.text) if end == len(cell.text) else max(cell.best[1], cell.text.rfind(" ", start, end))
    shown = " ".join(cell.text[start:end].split())
    return f"{'… ' if start else ''}{shown}{' …' if end < len(cell.text) else ''}"


def _passages(matrix: Matrix, address: Address) -> tables.Sheet:
    """A row for each report; for each question an excerpt, its page and its strength, so that it can be sorted by any."""
    heads = ["Rapport", "År", "Utfører", "Temaer"]
    groups = [("", len(heads))]
    widths = [46, 7, 22, 26]
    for question in matrix.questions:
        heads += ["Utdrag", "Side", "Styrke"]
        groups.append((question, 3))
        widths += [60, 7, 8]
    rows = []
    for row in matrix.rows:
        card = row.report
        title = f"{card.title or card.id}{'' if card.public else f' [{PRIVATE.lower()}]'}"
        cells: list[tables.Cell] = [title, card.year, card.body, "; ".join(card.themes)]
        for cell in row.cells:
            if cell is None:
                cells += ["", None, None]
                continue
            href = address(card, cell.page) if cell.page else ""
            cells += [excerpt(cell), tables.Link(cell.page, href) if href else cell.page or NO_PAGE, round(cell.score, 2)]
        rows.append(cells)
    wrapped = frozenset(i for i, head in enumerate(heads) if head in ("Rapport", "Temaer", "Utdrag"))
    return tables.Sheet("Matrise", heads, rows, widths, groups, wrapped)


def _counts(matrix: Matrix) -> tables.Sheet:
    """For each year and theme: the reports, and how many of them have a passage for each question."""
    heads = ["Gruppe", "Verdi", "Rapporter", *matrix.questions]
    rows: list[list[tables.Cell]] = [["Alle", "", len(matrix.rows), *matrix.answered()]]
    counts = matrix.counts()
    for name, said, none in (("year", "År", "Uten år"), ("theme", "Tema", "Uten tema")):
        answered = matrix.answered_by(name)
        for value, number in counts[name].items():
            shown = int(value) if name == "year" and value else value or none
            rows.append([said, shown, number, *answered[value]])
    return tables.Sheet("Antall", heads, rows, [9, 34, 11, *[24] * len(matrix.questions)], fixed=2)


def _method(matrix: Matrix, index: Index) -> tables.Sheet:
    """What a method chapter needs: the questions, the filters, the date, the size of the base, and what strength means."""
    least = f"{matrix.least:.2f}".replace(".", ",")
    rows: list[list[tables.Cell]] = [
        ["Laget", matrix.made.isoformat(" ", "minutes")],
        ["Rapporter i basen", matrix.reports],
        ["Rapporter i matrisa", len(matrix.rows)],
        ["Filtre", described(matrix.filters, index.titles()) or "ingen"],
    ]
    for number, (question, understood) in enumerate(zip(matrix.questions, matrix.understood, strict=True), 1):
        rows.append([f"Spørsmål {number}", question])
        if understood != question:
            rows.append([f"Spørsmål {number}, søkt som", understood])
        rows.append([f"Spørsmål {number}, sannsynlig at basen svarer", round(matrix.probabilities[number - 1], 2)])
    rows += [
        ["Hva en rute er", "Tekststykket i rapporten som svarer best på spørsmålet. Alle tekststykker i rapportene er prøvd."],
        [
            "Styrke",
            f"0–1: hvor nær tekststykket er det beste i basen, i mening og i ord. Ruter under {least} er tomme. "
            "Styrke kan sammenlignes mellom rapporter for ett spørsmål, ikke mellom spørsmål.",
        ],
        ["Forbehold", "Maskinen finner tekst som ligner på et svar. Les siden før du bruker den."],
    ]
    return tables.Sheet("Metode", ["Opplysning", "Verdi"], rows, [44, 100], wrapped=frozenset((0, 1)))
