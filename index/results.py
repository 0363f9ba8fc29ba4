"""Ranked rows to results: each report with its best passages, what matched in them and their best sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index import catalog, doubtful, mark, views
from index.fuse import Ranked
from index.records import PassageHit, Result
from index.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np


def results(
    snapshot: Snapshot, ranked: Sequence[Ranked], stems: Sequence[str], vector: np.ndarray | None, shown: int
) -> tuple[Result, ...]:
    """The reports with up to `shown` passages each. `stems` and `vector` (None where no model was asked) are the question's."""
    ids = [int(snapshot.passages[row]) for r in ranked for row in r.rows[:shown]]
    with catalog.reading(snapshot.layout.catalog) as db:
        texts = views.passages(db, ids)
        forms = doubtful.of_passages(db, ids)
    rarity = snapshot.words.rarity
    found = []
    for r in ranked:
        hits = []
        for row, score in zip(r.rows[:shown], r.scores, strict=False):
            passage = texts.get(int(snapshot.passages[row]))
            if passage is None:  # swept away: this generation was left two builds ago
                continue
            text, read = passage["text"], forms.get(passage["id"], ())
            near = snapshot.sentences.of(vector, row) if vector is not None else {}
            hits.append(
                PassageHit(
                    id=passage["id"],
                    text=text,
                    page=passage["first_page"],
                    last_page=passage["last_page"],
                    section=passage["section"],
                    score=score,
                    best=mark.best_sentence(text, stems, rarity, near, read),
                    matches=mark.matches(text, stems, read),
                )
            )
        if hits:
            found.append(Result(snapshot.cards[r.report], r.score, tuple(hits)))
    return tuple(found)
