"""Letters put right: encoding first, then letters swapped by rule, then OCR's confusions; detection before repair.

Each part takes the text as the part before left it; the edits are joined into one row on the raw page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.repair import codepage, damage, encoding, ocr
from ingest.repair.edits import apply, compose
from ingest.repair.lexicon import lexicon
from ingest.report import Edit

VERSION = 5  # of this stage; a change makes ingest read every document anew


@dataclass(frozen=True, slots=True)
class Repaired:
    """What repair found on a page: its edits, in order, and the share of sound words (0..1) in its raw text."""

    edits: tuple[Edit, ...] = ()
    quality: float = 1.0


def repair(pages: Sequence[str], language: str = "") -> list[Repaired]:
    """The edits of each raw page of ONE document; how it was damaged is inferred from the document itself.

    `language` ("nb", "nn") settles which Norwegian it is where it is known; else each paragraph shows it.
    `Traced.of_page(raw, n, repaired.edits)` is the repaired page: it has the same lines.
    """
    stages = (
        lambda texts: map(encoding.repair, texts),
        codepage.repair,
        lambda texts: map(encoding.rest, texts),
        lambda texts: ocr.repair(texts, language),
    )
    texts, edits = list(pages), [[] for _ in pages]
    for stage in stages:
        new = list(stage(texts))
        edits = [compose(page, old, more) for page, old, more in zip(pages, edits, new, strict=True)]
        texts = [apply(text, more) for text, more in zip(texts, new, strict=True)]
    return [Repaired(tuple(row), damage.quality(page, row, lexicon())) for page, row in zip(pages, edits, strict=True)]
