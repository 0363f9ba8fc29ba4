"""A page without text is read from its image with Norwegian Tesseract, which PyMuPDF carries; positions kept."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.report import Box, Page
    from settings import Settings

LANGUAGE = "nor"
MOST_SKEW = 5.0  # degrees
USUAL_PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
    "C:/Program Files/Tesseract-OCR/tessdata",
)


@cache
def tessdata(configured: str) -> Path | None:
    """The folder that holds the Norwegian data: the configured one, else TESSDATA_PREFIX, else a usual place."""
    places = [configured] if configured else [os.environ.get("TESSDATA_PREFIX", ""), *USUAL_PLACES]
    for place in places:
        if place and (Path(place) / f"{LANGUAGE}.traineddata").is_file():
            return Path(place)
    return None


def read_page(page: Any, number: int, settings: Settings) -> Page | None:
    """The page as OCR reads it, or None where OCR is off, not installed or fails.

    The image is turned upright first, since lines that slope are read in pieces; the boxes are turned back.
    """
    import pymupdf

    from ingest.extract.pdf import read_page as lay_out

    folder = tessdata(settings.ocr.tessdata) if settings.ocr.enabled else None
    if folder is None:
        return None
    try:
        picture = page.get_pixmap(dpi=settings.ocr.dpi, colorspace=pymupdf.csGRAY, alpha=False)
        upright, angle = _upright(picture)
        upright = pymupdf.Pixmap(pymupdf.csRGB, upright)  # of a grey one MuPDF reads nothing
        upright.set_dpi(settings.ocr.dpi, settings.ocr.dpi)
        read = pymupdf.open("pdf", upright.pdfocr_tobytes(compress=False, language=LANGUAGE, tessdata=str(folder)))
        found = lay_out(read[0], number, method="ocr")
    except Exception:  # MuPDF raises its own kinds; the page is then reported as unread
        return None
    return _turned_back(found, angle, page.rect.width, page.rect.height)


def _upright(picture: Any) -> tuple[Any, float]:
    """The picture with specks smoothed and its lines level, and the angle (degrees, anticlockwise) it was turned by.

    Of all small angles it is the one at which rows of pixels differ most from their neighbours (Postl 1986).
    """
    import numpy as np
    import pymupdf
    from PIL import Image, ImageFilter

    image = Image.frombytes("L", (picture.width, picture.height), picture.samples).filter(ImageFilter.MedianFilter(3))
    small = image.resize((600, max(1, round(600 * image.height / image.width))), Image.Resampling.BOX)

    def level(angle: float) -> float:
        ink = 255.0 - np.asarray(small.rotate(angle, Image.Resampling.BILINEAR, fillcolor=255), np.float32)
        return float((np.diff(ink.sum(1)) ** 2).sum())

    angle = max(np.arange(-MOST_SKEW, MOST_SKEW + 0.1, 0.5), key=level)
    angle = float(max(np.arange(angle - 0.5, angle + 0.51, 0.1), key=level))
    if abs(angle) < 0.15:
        angle = 0.0
    else:
        image = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    return pymupdf.Pixmap(pymupdf.csGRAY, image.width, image.height, image.tobytes(), False), angle


def _turned_back(page: Page, angle: float, width: float, height: float) -> Page:
    """The page with its boxes where they stand on the page as it is."""
    across, down = width / (page.width or width), height / (page.height or height)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))

    def back(box: Box) -> Box:
        x0, y0, x1, y1 = box[0] * across, box[1] * down, box[2] * across, box[3] * down
        dx, dy = (x0 + x1 - width) / 2, (y0 + y1 - height) / 2  # of the middle, from the middle of the page
        x, y = width / 2 + cos * dx - sin * dy, height / 2 + sin * dx + cos * dy
        half, tall = (x1 - x0) / 2, (y1 - y0) / 2
        return x - half, y - tall, x + half, y + tall

    words = tuple(word._replace(box=back(word.box)) for word in page.words)
    lines = tuple(line._replace(box=back(line.box)) if line.box else line for line in page.lines)
    return replace(page, words=words, lines=lines, width=width, height=height)


def unread_notice(pages: Sequence[int], settings: Settings) -> str:
    """One sentence on pages that have only an image, with the remedy."""
    which = f"side {pages[0]}" if len(pages) == 1 else f"{len(pages)} sider (første: {pages[0]})"
    if not settings.ocr.enabled:
        return f"{which} er bare bilde og ble ikke lest, fordi ocr.enabled er false i config.toml"
    if tessdata(settings.ocr.tessdata) is None:
        return (
            f"{which} er bare bilde og ble ikke lest: installer norsk Tesseract "
            "(Debian: apt-get install tesseract-ocr-nor) eller sett ocr.tessdata i config.toml"
        )
    return f"{which} er bare bilde, og OCR fant ingen tekst"
