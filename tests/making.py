"""Documents made on the spot for the tests: small PDFs with known places, pages of plain text."""

from __future__ import annotations

from pathlib import Path

import pymupdf

from ingest.report import Page, Traced

Placed = tuple[float, float, str, float]  # x, y of the base line, text, type size


def pdf(path: Path, pages: list[list[Placed]], rules: list[tuple[float, float, float, float]] = ()) -> Path:
    """A PDF of A4 pages with texts at their places; `rules` are lines drawn on every page."""
    document = pymupdf.open()
    for texts in pages:
        page = document.new_page(width=595, height=842)
        for x, y, text, size in texts:
            font = "hebo" if size > 11.5 else "helv"
            page.insert_text((x, y), text, fontsize=size, fontname=font)
        for x0, y0, x1, y1 in rules:
            page.draw_line((x0, y0), (x1, y1))
    document.save(path)
    return path


def running(x: float, top: float, lines: list[str], size: float = 10, pitch: float = 13) -> list[Placed]:
    """Lines of running text under each other."""
    return [(x, top + i * pitch, line, size) for i, line in enumerate(lines)]


def sound(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """The pages with nothing repaired."""
    return tuple(
        Page(p.number, p.raw, p.lines, p.words, p.width, p.height, p.method, Traced.of_page(p.raw, p.number)) for p in pages
    )
