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
    first = [encoding.repair(page) for page in pages]
    decoded = [apply(page, edits) for page, edits in zip(pages, first, strict=False)]
    second = codepage.repair(decoded)
    mapped = [apply(page, edits) for page, edits in zip(decoded, second, strict=False)]
    third = ocr.repair(mapped, language)
    out = []
    for page, text, one, two, three in zip(pages, decoded, first, second, third, strict=False):
        edits = compose(page, one, compose(text, two, three))
        out.append(Repaired(tuple(edits), damage.quality(page, edits, lexicon())))
    return out
