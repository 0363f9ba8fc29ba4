"""What repair did to a document, told edit by edit: as data, and as a line for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.repair import Repaired
from ingest.repair.edits import apply
from ingest.report import DOUBTFUL, percent

AROUND = 32  # characters of the repaired text shown on either side, at most
KINDS = {"encoding": "tegnkoding", "codepage": "tegnsett", "ocr": "OCR"}

_CUT_BEFORE = re.compile(r"\S*\s")
_CUT_AFTER = re.compile(r"\s\S*\Z")


def explained(pages: Sequence[str], found: Sequence[Repaired]) -> list[dict[str, Any]]:
    """For each raw page of a document, what was found on it: its quality, and its edits with the repaired text around them.

    `start` and `end` are characters of the raw page; `context` is in one line and holds the whole word.
    """
    return [
        {"page": number, "quality": round(repaired.quality, 3), "edits": list(_edits(raw, repaired))}
        for number, (raw, repaired) in enumerate(zip(pages, found, strict=True), 1)
    ]


def lines(told: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The same for people: a line for each page, and under it a line for each edit."""
    for page in told:
        count = len(page["edits"])
        edits = "ingen rettelser" if not count else "1 rettelse" if count == 1 else f"{count} rettelser"
        yield f"Side {page['page']}: {edits}, {round(100 * page['quality'])} % av ordene var uskadde"
        yield from (f"  {_line(edit)}" for edit in page["edits"])


def _edits(raw: str, repaired: Repaired) -> Iterator[dict[str, Any]]:
    text = apply(raw, repaired.edits)
    longer = 0  # the repaired text than the raw one, so far
    for edit in repaired.edits:
        start = edit.start + longer
        facts = {name: value for name, value in edit._asdict().items() if name != "why"}
        yield facts | {"kind": edit.why, "context": _context(text, start, start + len(edit.after))}
        longer += len(edit.after) - len(edit.before)


def _context(text: str, start: int, end: int) -> str:
    """The characters [start, end) with the words around them, whole ones, in one line."""
    left, right = max(0, start - AROUND), min(len(text), end + AROUND)
    if left and not text[left - 1].isspace() and (cut := _CUT_BEFORE.match(text, left, start)):
        left = cut.end()
    if right < len(text) and not text[right].isspace() and (cut := _CUT_AFTER.search(text[:right], end)):
        right = cut.start()
    return " ".join(text[left:right].split())


def _line(edit: Mapping[str, Any]) -> str:
    kind = KINDS.get(edit["kind"], edit["kind"])
    after = f"«{_seen(edit['after'])}»" if edit["after"] else "tatt bort"
    sure = f"{percent(edit['confidence'])} % sikkert{', tvilsomt' if edit['confidence'] < DOUBTFUL else ''}"
    return f"tegn {edit['start']}–{edit['end']}: «{_seen(edit['before'])}» → {after} ({kind}, {sure}): {edit['context']}"


def _seen(text: str) -> str:
    """The text with what can't be seen, such as a soft hyphen, spelt out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
