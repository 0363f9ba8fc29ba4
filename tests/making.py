"""Documents made on the spot for the tests: small PDFs with known places, pages of plain text."""

from __future__ import annotations

import random
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


def scan(
    path: Path,
    pages: list[list[Placed]],
    turn: int = 0,
    slope: float = 0.0,
    rotate: int = 0,
    layer: list[Placed] = (),
    dpi: int = 150,
) -> Path:
    """A PDF of the pages as pictures. The picture stands turned by a right angle and slopes (degrees, anticlockwise).

    `rotate` is the page's /Rotate (clockwise), `layer` a hidden text over each picture, as scanning programs lay it.
    """
    from PIL import Image

    drawn = pymupdf.open(pdf(path, pages))
    document = pymupdf.open()
    for source in drawn:
        pixels = source.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY)
        image = Image.frombytes("L", (pixels.width, pixels.height), pixels.samples)
        image = image.rotate(slope, Image.Resampling.BICUBIC, fillcolor=255).rotate(turn, expand=True)
        picture = pymupdf.Pixmap(pymupdf.csGRAY, image.width, image.height, image.tobytes(), False)
        page = document.new_page(width=image.width * 72 / dpi, height=image.height * 72 / dpi)
        page.insert_image(page.rect, pixmap=picture)
        for x, y, text, size in layer:
            page.insert_text((x, y), text, fontsize=size, render_mode=3)
        page.set_rotation(rotate)
    drawn.close()
    document.save(path)
    return path


def ruined(text: str, share: float = 0.5, seed: int = 1) -> str:
    """The text with a share of its letters exchanged for others, as no rule could mend them."""
    chance = random.Random(seed)
    return "".join(chance.choice("bcfjqwxzvh") if c.isalpha() and chance.random() < share else c for c in text)
