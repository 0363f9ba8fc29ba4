"""Pages read anew from their picture with Norwegian Tesseract, which PyMuPDF carries; positions kept.

Each page is read in a process of its own, on all cores: one that hangs or breaks MuPDF costs that page alone.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest import workers

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.report import Page
    from settings import Settings

LANGUAGE = "nor"
WELL = 0.45  # share of known words from which a picture stands upright; on its side or its head it is 0 to 0.25
NOISE = 0.25  # share of known, or of long words; in a photograph OCR sees 0.2 and 0.1, in any language more than 0.5
PIXELS = 60e6  # of a picture, at most: an A2 page at 300 dpi has 35 million
LATE_PAGES = 20  # after so many of a document that were not done in time, the rest are left
LEAST_DPI = 10  # what is so large that it can only be drawn coarser holds no text to be read
TRIAL_DPI = 150  # to tell which way a picture stands
WORD = re.compile(r"[^\W_]*[^\W\d_][^\W_]*")  # with a letter at least
LONG = re.compile(r"[^\W\d_]{4}|\d\d")
USUAL_PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
    "/opt/local/share/tessdata",
    f"{sys.prefix}/share/tessdata",
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


def lacking(settings: Settings) -> str:
    """Why no page can be read from its picture, as the end of a sentence, or "" where it can."""
    if not settings.ocr.enabled:
        return "fordi OCR er slått av"
    return "" if tessdata(settings.ocr.tessdata) else "fordi norsk OCR mangler"


def remedy(settings: Settings, notices: Sequence[str]) -> str:
    """What to do so that the pages can be read that `notices` tell were not: one sentence, or "" where nothing lacks."""
    why = lacking(settings)
    if not why or not any(notice.endswith(why) for notice in notices):
        return ""
    if not settings.ocr.enabled:
        return "OCR er slått av: sett ocr.enabled = true i config.toml for å lese sidene fra bildet"
    if settings.ocr.tessdata:
        where = f"mappa ocr.tessdata = «{settings.ocr.tessdata}» i config.toml har ikke {LANGUAGE}.traineddata"
    else:
        where = "Tesseract på norsk er ikke funnet"
    command = "brew install tesseract-lang" if sys.platform == "darwin" else "apt-get install tesseract-ocr-nor"
    return f"norsk OCR mangler, {where}: kjør «{command}», eller sett ocr.tessdata i config.toml til mappa med dataene"


def read_pages(
    path: Path,
    numbers: Sequence[int],
    settings: Settings,
    step: Callable[[int], None] = lambda n: None,
    stop: threading.Event | None = None,
    gate: threading.Semaphore | None = None,
) -> dict[int, Page | workers.Failure]:
    """What OCR reads on the pages (from 1) of a PDF, or why one could not be read; nothing where OCR is not at hand.

    `step(1)` is called as each page is done. A page without text comes back with method "none". Raises workers.Stopped soon
    after `stop` is set. `gate` as in workers.each.
    """
    if not numbers or lacking(settings):
        return {}
    found: dict[int, Page | workers.Failure] = {}
    late = 0
    reader = partial(_read_page, Path(path).absolute(), settings)
    room = workers.Room(settings.limits.memory_mb, settings.limits.output_mb)
    for number, page in workers.each(reader, numbers, settings.ocr.seconds_per_page, 0, room, stop, gate):
        found[number] = page
        step(1)
        late += isinstance(page, workers.Failure) and page.why == workers.LATE
        if late >= LATE_PAGES:
            break
    return {number: found[number] for number in numbers}


def sense(text: str) -> float:
    """The share of the words of a reading that are Norwegian or English ones of three letters or more; 0 without words.

    It is 0.6 to 0.8 for running text, since short words, which are found in any noise, are never counted as known.
    """
    from ingest.repair.lexicon import lexicon

    known = lexicon()
    words = [word.lower() for word in WORD.findall(text)]
    sound = sum(len(word) > 2 and (word in known.words or word in known.foreign or known.is_compound(word)) for word in words)
    return sound / len(words) if words else 0.0


def _read_page(path: Path, settings: Settings, number: int) -> Page:
    """One page, read in the process that this is called in. Raises what MuPDF raises."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    with pymupdf.open(path, filetype="pdf") as document:
        return read_page(document[number - 1], number, settings)


def read_page(page: Any, number: int, settings: Settings) -> Page:
    """A pymupdf page as OCR reads its picture, whichever way it stands and slopes. Raises what MuPDF raises."""
    import pymupdf
    from PIL import Image, ImageFilter

    from ingest import upright

    largest = 72 * (PIXELS / max(1.0, page.rect.width * page.rect.height)) ** 0.5  # dpi; posters are read a little coarser
    dpi, folder = min(settings.ocr.dpi, int(largest)), tessdata(settings.ocr.tessdata)
    if dpi < LEAST_DPI:
        return Page(number, "", width=page.rect.width, height=page.rect.height, method="none")
    picture = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY, alpha=False)
    image = Image.frombytes("L", (picture.width, picture.height), picture.samples).filter(ImageFilter.MedianFilter(3))
    less = min(1.0, TRIAL_DPI / dpi)
    small = image if less == 1.0 else image.resize((round(image.width * less), round(image.height * less)))

    def read(image: Image, turn: int, dpi: float) -> Page:
        level, slope = upright.levelled(upright.turned(image, turn))
        found = _read_image(level, number, dpi, folder)
        return upright.turned_back(found, turn, slope, page.rect.width, page.rect.height)

    unturned = None
    turns = upright.turns(image)
    plain = len(turns) < 4  # which way the lines run
    for turn in turns:
        if turn == 0:
            unturned = found = read(image, 0, dpi)
            if not (plain or says_something(found.raw)):
                break  # no lines to be seen, and noise read: a photograph
        else:
            found = read(small, turn, dpi * less)
        if sense(found.raw) >= WELL:
            return found if turn == 0 or less == 1.0 else read(image, turn, dpi)
    return unturned if says_something(unturned.raw) else replace(unturned, raw="", lines=(), words=(), method="none")


def says_something(text: str) -> bool:
    """Is a reading more than what OCR sees in a photograph? The words of any language are longer, and so are numbers."""
    words = text.split()
    return sense(text) >= NOISE or sum(bool(LONG.search(word)) for word in words) > NOISE * len(words)


def _read_image(image: Image, number: int, dpi: float, folder: Path) -> Page:
    import pymupdf

    from ingest.extract.pdf import read_page as lay_out

    picture = pymupdf.Pixmap(pymupdf.csGRAY, image.width, image.height, image.tobytes(), False)
    picture = pymupdf.Pixmap(pymupdf.csRGB, picture)  # of a grey one MuPDF reads nothing
    picture.set_dpi(round(dpi), round(dpi))
    with pymupdf.open("pdf", picture.pdfocr_tobytes(compress=False, language=LANGUAGE, tessdata=str(folder))) as read:
        return lay_out(read[0], number, method="ocr")
