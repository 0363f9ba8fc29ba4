"""Doubtful words of passages: as they were read, beside what repair made of them, so that either form finds them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from index import stems
from index.records import unpack_pieces
from ingest.report import DOUBTFUL, Edit, Piece

VERSION = 1
BATCH = 500  # passages asked for at once

_EDITS = """
SELECT p.id, e.page, e.start, e.stop, e.before, e.after, e.why, e.confidence
FROM passages p JOIN edits e ON e.document = p.document AND e.page BETWEEN p.first_page AND p.last_page
WHERE e.confidence < ? AND p.id IN ({marks}) ORDER BY p.id, e.page, e.start
"""


class Form(NamedTuple):
    """How the word (or words) at characters [start, end) of a passage were read."""

    start: int
    end: int
    read: str

    def stems(self) -> list[str]:
        """What it is found by; a single letter is what a misreading left, and no word to find a text by."""
        return [stem for stem in stems.stems(self.read) if len(stem) > 1]


class _Undone(NamedTuple):
    """Characters [start, end) of a passage that read `before` where one edit is left out."""

    start: int
    end: int
    before: str


def forms(text: str, pieces: Sequence[Piece], edits: Mapping[int, Sequence[Edit]]) -> tuple[Form, ...]:
    """The words of a passage that `edits` (by page) changed, whole, each as it stands without those edits.

    What sure edits put right stays so, and both halves of a word that a line end cut are one word.
    """
    ends = [piece.start for piece in pieces[1:]] + [len(text)]
    found = sorted(
        _undone(piece, end, edit)
        for piece, end in zip(pieces, ends, strict=True)
        for edit in edits.get(piece.page, ())
        if edit.start < piece.raw_end and edit.end > piece.raw_start
    )
    whole: list[tuple[int, int, list[_Undone]]] = []
    for undone in found:
        start, end = _whole(text, undone.start, undone.end)
        if whole and start < whole[-1][1]:
            start, _, there = whole.pop()
            whole.append((start, end, [*there, undone]))
        else:
            whole.append((start, end, [undone]))
    return tuple(Form(start, end, _read(text, start, end, parts)) for start, end, parts in whole)


def of_passages(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, tuple[Form, ...]]:
    """The doubtful words of some passages of the catalog; passages without any are left out."""
    ids = list(ids)
    found: dict[int, tuple[Form, ...]] = {}
    for i in range(0, len(ids), BATCH):
        part = ids[i : i + BATCH]
        edits: dict[int, dict[int, list[Edit]]] = {}
        rows = db.execute(_EDITS.format(marks=_marks(part)), (DOUBTFUL, *part))
        for number, group in groupby(map(tuple, rows), key=lambda row: row[0]):
            pages = edits[number] = defaultdict(list)
            for _, page, *edit in group:
                pages[page].append(Edit(*edit))
        sql = f"SELECT id, text, pieces FROM passages WHERE id IN ({_marks(edits)})"
        for number, text, pieces in db.execute(sql, list(edits)) if edits else ():
            if there := forms(text, unpack_pieces(pieces), edits[number]):
                found[number] = there
    return found


def _undone(piece: Piece, end: int, edit: Edit) -> _Undone:
    """The characters of a piece, which ends at `end`, that the edit wrote."""
    if piece.raw_end - piece.raw_start != end - piece.start:  # mapped as a whole: the piece is the edit
        return _Undone(piece.start, end, edit.before)
    first, last = max(edit.start, piece.raw_start), min(edit.end, piece.raw_end)
    shift = piece.start - piece.raw_start
    return _Undone(first + shift, last + shift, edit.before[first - edit.start : last - edit.start])


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """The span drawn out to the ends of the words that it touches."""
    while start and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


def _read(text: str, start: int, end: int, parts: Sequence[_Undone]) -> str:
    out, at = [], start
    for part in parts:
        out += (text[at : part.start], part.before)
        at = part.end
    return "".join((*out, text[at:end]))


def _marks(ids: Iterable[int]) -> str:
    return ",".join("?" for _ in ids)
