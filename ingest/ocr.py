"""A page without text is read from its image with Norwegian Tesseract, which PyMuPDF carries; positions kept."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.report import Page
    from settings import Settings

LANGUAGE = "nor"
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
    """The page as OCR reads it, or None where OCR is off, not installed or fails."""
    from ingest.extract.pdf import read_page as lay_out

    folder = tessdata(settings.ocr.tessdata) if settings.ocr.enabled else None
    if folder is None:
        return None
    try:
        textpage = page.get_textpage_ocr(language=LANGUAGE, dpi=settings.ocr.dpi, full=True, tessdata=str(folder))
    except Exception:  # MuPDF raises its own kinds; the page is then reported as unread
        return None
    return lay_out(page, number, textpage, method="ocr")


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
