"""A picture of a page set upright: which way it lies, how its lines slope, and boxes turned back to the page as it is.

Turns are anticlockwise, in degrees: right angles (0, 90, 180, 270) first, then a small slope.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.report import Box, Page

if TYPE_CHECKING:
    from PIL.Image import Image

COARSE = tuple(n / 2 for n in range(-10, 11))  # slopes that are tried first, degrees; more than 5 is no scan's
CLEAR = 2.0  # times the contrast the other way, from which it is plain which way lines run
WIDTH = 600  # pixels of the small picture on which lines are sought


def turned(image: Image, turn: int) -> Image:
    """The picture turned by a right angle."""
    from PIL.Image import Transpose

    ways = {90: Transpose.ROTATE_90, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_270}
    return image.transpose(ways[turn]) if turn else image


def turns(image: Image) -> tuple[int, ...]:
    """The turns that may set a grey picture upright, the likeliest first, by which way its lines run; 0 is always one."""
    small = _small(image)
    across, down = (max(_contrast(way, slope) for slope in COARSE) for way in (small, turned(small, 90)))
    if across > CLEAR * down:
        return 0, 180
    return (90, 270, 0) if down > CLEAR * across else (0, 180, 90, 270)


def levelled(image: Image) -> tuple[Image, float]:
    """A grey picture with its lines level, and the angle it was turned by.

    Of all small angles it is the one at which rows of pixels differ most from their neighbours (Postl 1986).
    """
    import numpy as np
    from PIL.Image import Resampling

    small = _small(image)
    angle = max(COARSE, key=lambda slope: _contrast(small, slope))
    angle = float(max(np.arange(angle - 0.5, angle + 0.51, 0.1), key=lambda slope: _contrast(small, slope)))
    if abs(angle) < 0.15:
        return image, 0.0
    return image.rotate(angle, Resampling.BICUBIC, fillcolor=255), angle


def turned_back(page: Page, turn: int, slope: float, width: float, height: float) -> Page:
    """What was read of a picture turned by `turn` and then by `slope`, on the page as it is shown: `width`, `height` points.

    Words get the boxes in which they stand. Lines are for reading on: they keep their height on the upright page, as a
    share of it, so that the head and the foot of a page that lies on its side are still its head and its foot.
    """
    wide, high = (height, width) if turn in (90, 270) else (width, height)
    across, down = wide / (page.width or wide), high / (page.height or high)
    cos, sin = math.cos(math.radians(slope)), math.sin(math.radians(slope))

    def straight(box: Box) -> Box:
        """The box before the slope was taken out."""
        x0, y0, x1, y1 = box[0] * across, box[1] * down, box[2] * across, box[3] * down
        dx, dy = (x0 + x1 - wide) / 2, (y0 + y1 - high) / 2  # of the middle, from the middle of the page
        x, y = wide / 2 + cos * dx - sin * dy, high / 2 + sin * dx + cos * dy
        half, tall = (x1 - x0) / 2, (y1 - y0) / 2
        return x - half, y - tall, x + half, y + tall

    def standing(box: Box) -> Box:
        x0, y0, x1, y1 = straight(box)
        if turn == 90:
            return width - y1, x0, width - y0, x1
        if turn == 180:
            return width - x1, height - y1, width - x0, height - y0
        if turn == 270:
            return y0, height - x1, y1, height - x0
        return x0, y0, x1, y1

    def reading(box: Box) -> Box:
        x0, y0, x1, y1 = straight(box)
        return x0 * width / wide, y0 * height / high, x1 * width / wide, y1 * height / high

    words = tuple(word._replace(box=standing(word.box)) for word in page.words)
    lines = tuple(line._replace(box=reading(line.box)) if line.box else line for line in page.lines)
    return replace(page, words=words, lines=lines, width=width, height=height)


def _small(image: Image) -> Image:
    from PIL.Image import Resampling

    return image.resize((WIDTH, max(1, round(WIDTH * image.height / image.width))), Resampling.BOX)


def _contrast(image: Image, slope: float) -> float:
    """How much the rows of pixels differ from their neighbours when the picture is turned by `slope`."""
    import numpy as np
    from PIL.Image import Resampling

    if image.height < 2:
        return 0.0
    ink = 255.0 - np.asarray(image.rotate(slope, Resampling.BILINEAR, fillcolor=255) if slope else image, np.float32)
    return float((np.diff(ink.mean(1)) ** 2).mean())
