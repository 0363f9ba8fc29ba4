"""A page of a PDF as a picture, with what was found marked as a pen would mark it."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingest.report import Box

SOFT = (255, 244, 186)  # the passage
STRONG = (255, 214, 92)  # its best sentence
MARGIN = 1.5  # points around a box
LARGEST = 40_000_000  # pixels; a page may be called as large as a house, and would be drawn so
PATIENCE = 30  # seconds for other pages to be drawn
_pdf = threading.Lock()  # MuPDF must not be entered by two threads at once


@contextmanager
def _alone() -> Iterator[None]:
    """ValueError where another page has been drawn for so long that it may never be done."""
    if not _pdf.acquire(timeout=PATIENCE):
        raise ValueError("another page is being drawn")
    try:
        yield
    finally:
        _pdf.release()


def page_image(path: Path, number: int, boxes: Sequence[Box] = (), strong: Sequence[Box] = (), dpi: int = 120) -> bytes:
    """Page `number` (from 1) as PNG or JPEG bytes, the lesser of the two. Boxes are in points from the top left.

    A mark multiplies the paper's colour, so that black stays black. ValueError or RuntimeError (MuPDF's own errors
    are of that family) where the file has no such page or can't be drawn.
    """
    import numpy as np
    import pymupdf
    from PIL import Image

    with _alone(), pymupdf.open(path) as document:
        if not 1 <= number <= len(document):
            raise ValueError(f"no page {number}")
        shape = document[number - 1].rect
        dpi = min(dpi, int(72 * (LARGEST / max(1.0, shape.width * shape.height)) ** 0.5))
        if dpi < 1:
            raise ValueError(f"page {number} is too large")
        pixels = document[number - 1].get_pixmap(dpi=dpi, alpha=False, colorspace=pymupdf.csRGB)
        picture = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width, 3).copy()
    for colour, places in ((SOFT, boxes), (STRONG, strong)):
        marked = np.zeros(picture.shape[:2], bool)  # boxes that overlap are not darker for it
        for x0, y0, x1, y1 in places:
            left, top, right, bottom = (round(v * dpi / 72) for v in (x0 - MARGIN, y0 - MARGIN, x1 + MARGIN, y1 + MARGIN))
            marked[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
        picture[marked] = (picture[marked].astype(np.uint16) * np.array(colour, np.uint16) // 255).astype(np.uint8)
    image = Image.fromarray(picture)
    made = []
    for options in ({"format": "PNG"}, {"format": "JPEG", "quality": 85}):
        buffer = io.BytesIO()
        image.save(buffer, **options)
        made.append(buffer.getvalue())
    return min(made, key=len)
