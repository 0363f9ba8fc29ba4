"""What paper and English OCR do to a page: a picture that is a little askew, and a text layer with ruined letters."""

from __future__ import annotations

import io
import math
import random
import re
from typing import NamedTuple


class Picture(NamedTuple):
    """A black-and-white picture, CCITT group 4 coded."""

    data: bytes
    width: int
    height: int


def picture(page, dpi: int, angle: float, specks: float, seed: int) -> Picture:
    """The page as a scanner sees it: turned by `angle` degrees, uneven, with a share `specks` of stray dots."""
    import numpy
    from PIL import Image

    shot = page.get_pixmap(dpi=dpi, colorspace="gray")
    image = Image.frombytes("L", (shot.width, shot.height), shot.samples)
    image = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    noise = numpy.random.default_rng(seed)
    grey = numpy.asarray(image, dtype=numpy.float32) + noise.normal(0, 14, (shot.height, shot.width))
    black = (grey < 150) ^ (noise.random(grey.shape) < specks)
    out = io.BytesIO()
    Image.fromarray(~black).convert("1").save(out, "TIFF", compression="group4", tiffinfo={278: shot.height})
    out.seek(0)
    with Image.open(out) as tiff:
        start, length = tiff.tag_v2[273], tiff.tag_v2[279]
    return Picture(out.getvalue()[start[0] : start[0] + length[0]], shot.width, shot.height)


def turned(x: float, y: float, angle: float, width: float, height: float) -> tuple[float, float]:
    """Where a point of the page lies once the page is turned by `angle` degrees round its middle."""
    a = math.radians(angle)
    dx, dy = x - width / 2, y - height / 2
    return width / 2 + dx * math.cos(a) + dy * math.sin(a), height / 2 - dx * math.sin(a) + dy * math.cos(a)


def ruined(word: str, confusions: dict[str, dict[str, float]], rng: random.Random) -> str:
    """`word` as English OCR reads it. `confusions`: letters -> readings with weights; "^x$" is x as a whole word."""
    whole = confusions.get(f"^{word}$")
    if whole:
        return _drawn(whole, rng)
    keys = sorted((k for k in confusions if not k.startswith("^")), key=len, reverse=True)
    return re.sub("|".join(map(re.escape, keys)), lambda m: _drawn(confusions[m[0]], rng), word)


def _drawn(readings: dict[str, float], rng: random.Random) -> str:
    return rng.choices(list(readings), list(readings.values()))[0]
