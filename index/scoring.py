"""Every passage scored for a question, as the search scores its candidates: for an overview that must leave nothing out.

A search takes the passages nearest as wholes and the best by words, and scores those finely. A passage with one sentence that
answers may be among neither: of the cells that a matrix fills, from one in forty to one in six (the fewer the candidates beside
the passages, the more) has such a one as its best. So here all are scored, on the search's own scale, which its candidates set: a
candidate has the very score that the search gives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from index import abstracts, fuse, sentences
from index.bridge import Bridge
from index.query import Query
from index.ranking import APPARATUS, FOREIGN, TOWARDS
from index.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np


class Near(NamedTuple):
    """How near every row is to the question: the cosine of the passage, and of its nearest sentence (-1 where it has none)."""

    cosines: np.ndarray
    nearest: np.ndarray


def nearness(snapshot: Snapshot, vectors: Sequence[np.ndarray]) -> list[Near]:
    """For each of some questions, by their vectors: one pass over all rows, however many they are."""
    import numpy as np

    queries = np.stack(vectors)
    cosines = queries @ snapshot.vectors.all().T
    return [Near(*pair) for pair in zip(cosines, snapshot.sentences.nearest_of_all(queries), strict=True)]


def every_row(
    snapshot: Snapshot,
    query: Query,
    vector: np.ndarray | None,
    near: Near | None,
    bridge: Bridge | None,
    allowed: np.ndarray | None,
    weight: float,
    candidates: int,
) -> np.ndarray:
    """The score of each row, float32 [n]: 0 where it is not `allowed`. The arguments are those of `ranking.rank`, and `near`
    what `nearness` gave for the vector."""
    import numpy as np

    rows = np.arange(len(snapshot.passages)) if allowed is None else np.flatnonzero(allowed)
    scores = np.zeros(len(snapshot.passages), np.float32)
    if not len(rows):
        return scores
    count = max(1, min(candidates, len(rows)))
    chosen = np.zeros(len(rows), bool)  # the candidates, which set the scale
    concepts = bridge.by_meaning(vector) if bridge else None
    needed, floor = 1.0, 0.0
    if vector is not None and near is not None:
        cosines, nearest = near.cosines[rows], near.nearest[rows]
        first = np.argsort(-cosines, kind="stable")[:count]
        chosen[first] = True
        floor = float(cosines[first[-1]])
        needed = bridge.needed(vector, float(cosines[first[0]])) if bridge else 1.0
    by_words = None
    if weight < 1:
        bm25, ceiling = _by_words(snapshot, query, bridge, concepts, needed, rows)
        first = np.argsort(-bm25, kind="stable")[:count]
        chosen[first[bm25[first] > 0]] = True
        by_words = _scaled(bm25, chosen, 0.0, fuse.ENOUGH * ceiling)
    found = by_words
    if vector is not None and near is not None:
        near_by = _scaled(cosines + sentences.SHARE * np.maximum(0, nearest - cosines), chosen, floor, floor)
        whole = snapshot.abstracts.score(vector, snapshot.reports[rows])
        near_by = (1 - abstracts.SHARE) * near_by + abstracts.SHARE * _scaled(whole, chosen)
        direction = bridge.direction(concepts) if concepts is not None else None
        if direction is not None:
            towards = snapshot.vectors.all()[rows] @ direction
            near_by = (1 - needed * TOWARDS) * near_by + needed * TOWARDS * _scaled(towards, chosen)
        found = near_by
        if by_words is not None:
            shares = 1 - (1 - weight) * np.where(snapshot.foreign(query.text)[rows], FOREIGN, 1.0)
            found = fuse.combined(near_by, by_words, shares)
    scores[rows] = found * np.where(snapshot.apparatus[rows], APPARATUS, 1.0)
    return scores


def _by_words(
    snapshot: Snapshot, query: Query, bridge: Bridge | None, concepts: np.ndarray | None, needed: float, rows: np.ndarray
) -> tuple[np.ndarray, float]:
    """BM25 of the rows, for the question and the official terms that it is widened by; and the highest that it could get."""
    ceiling = snapshot.words.ceiling(query.words)
    bm25 = snapshot.words.of_all(query.words)[rows]
    crossings = bridge.crossings(query, concepts) if bridge else ()
    held = float(bm25.max()) / ceiling if ceiling else 0.0
    wanted = Bridge.widened(query, crossings, held, needed)
    return (snapshot.words.of_all(wanted)[rows] if len(wanted) > len(query.words) else bm25), ceiling


def _scaled(values: np.ndarray, chosen: np.ndarray, low: float | None = None, high: float | None = None) -> np.ndarray:
    """Values as 0..1 between the lowest and the highest of those chosen, or `low` and at least `high` where they are given."""
    some = values[chosen]
    top = float(some.max(initial=low if low is not None else float(some.min())))
    return fuse.scaled(values, float(some.min()) if low is None else low, top if high is None else max(top, high))
