"""Passages scored for a question: one formula, for the candidates of a search and for every passage of an overview.

A search takes the passages nearest as wholes and the best by words, and scores those (index/ranking.py). A passage with one
sentence that answers may be among neither: of the cells that a matrix fills, from one in forty to one in six (the fewer the
candidates beside the passages, the more) has such a one as its best. So there all are scored, on the search's own scale, which its
candidates set: a candidate has the very score that the search gives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from index import abstracts, fuse, sentences
from index.bridge import Bridge
from index.query import Query
from index.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np

APPARATUS = 0.8  # what a hit in a reference list, a note or a cover's facts counts beside one in the text
FOREIGN = 0.1
"""Of the words' share, what is left between a question and a report in two languages: names and loan words meet there."""
TOWARDS = 0.15  # of the vectors' share, what the direction of the nearest concepts counts


class Near(NamedTuple):
    """How near some rows are to the question: the cosine of the passage, and of its nearest sentence (-1 where it has none)."""

    cosines: np.ndarray
    nearest: np.ndarray


class ByWords(NamedTuple):
    """BM25 of some rows, and the highest that the question's words could get."""

    bm25: np.ndarray
    ceiling: float


class ByMeaning(NamedTuple):
    """What the vectors say of some rows: the question's vector; how near they are; the cosine of the last candidate; the direction
    of the nearest concepts, or None; and how much the question needs them, 0..1."""

    vector: np.ndarray
    near: Near
    floor: float
    direction: np.ndarray | None
    needed: float


class Scores(NamedTuple):
    """Of some rows by each search, None where it was not asked, and by both; float32 [n], 0..1."""

    words: np.ndarray | None
    vectors: np.ndarray | None
    both: np.ndarray


def scores(
    snapshot: Snapshot,
    query: Query,
    rows: np.ndarray,
    words: ByWords | None,
    meaning: ByMeaning | None,
    weight: float,
    chosen: np.ndarray | slice = fuse.EVERY,
) -> Scores:
    """The scores of `rows`, by one search or both, of which the vectors count `weight`. `chosen` (bool [n]): those of them
    that set the scale."""
    import numpy as np

    by_words = fuse.of_words(words.bm25, words.ceiling, chosen) if words else None
    by_vectors = _by_vectors(snapshot, rows, meaning, chosen) if meaning else None
    if by_words is None or by_vectors is None:
        found = by_vectors if by_words is None else by_words
    else:
        shares = 1 - (1 - weight) * np.where(snapshot.foreign(query.text)[rows], FOREIGN, 1.0)
        found = fuse.combined(by_vectors, by_words, shares)
    return Scores(by_words, by_vectors, found * np.where(snapshot.apparatus[rows], APPARATUS, 1.0))


def _by_vectors(snapshot: Snapshot, rows: np.ndarray, meaning: ByMeaning, chosen: np.ndarray | slice) -> np.ndarray:
    """A passage by itself and its nearest sentence, by its report as a whole, and by where the concepts lie."""
    import numpy as np

    cosines, nearest = meaning.near
    found = fuse.of_vectors(cosines + sentences.SHARE * np.maximum(0, nearest - cosines), meaning.floor, chosen)
    whole = snapshot.abstracts.score(meaning.vector, snapshot.reports[rows])
    found = (1 - abstracts.SHARE) * found + abstracts.SHARE * fuse.of_vectors(whole, among=chosen)
    if meaning.direction is None:
        return found
    share = meaning.needed * TOWARDS
    return (1 - share) * found + share * fuse.of_vectors(snapshot.vectors.score(meaning.direction, rows), among=chosen)


def nearness(snapshot: Snapshot, vectors: Sequence[np.ndarray]) -> list[Near]:
    """For each of some questions, by their vectors, how near every row is: one pass over all rows, however many they are."""
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
    found = np.zeros(len(snapshot.passages), np.float32)
    if not len(rows):
        return found
    count = max(1, min(candidates, len(rows)))
    chosen = np.zeros(len(rows), bool)  # the candidates, which set the scale
    concepts = bridge.by_meaning(vector) if bridge else None
    needed, meaning, words = 1.0, None, None
    if vector is not None and near is not None:
        near = Near(near.cosines[rows], near.nearest[rows])
        first = np.argsort(-near.cosines, kind="stable")[:count]
        chosen[first] = True
        needed = bridge.needed(vector, float(near.cosines[first[0]])) if bridge else 1.0
        direction = bridge.direction(concepts) if concepts is not None else None
        meaning = ByMeaning(vector, near, float(near.cosines[first[-1]]), direction, needed)
    if weight < 1:
        words = _by_words(snapshot, query, bridge, concepts, needed, rows)
        first = np.argsort(-words.bm25, kind="stable")[:count]
        chosen[first[words.bm25[first] > 0]] = True
    found[rows] = scores(snapshot, query, rows, words, meaning, weight, chosen).both
    return found


def _by_words(
    snapshot: Snapshot, query: Query, bridge: Bridge | None, concepts: np.ndarray | None, needed: float, rows: np.ndarray
) -> ByWords:
    """For the question and the official terms that it is widened by."""
    ceiling = snapshot.words.ceiling(query.words)
    bm25 = snapshot.words.of_all(query.words)[rows]
    crossings = bridge.crossings(query, concepts) if bridge else ()
    held = float(bm25.max()) / ceiling if ceiling else 0.0
    wanted = Bridge.widened(query, crossings, held, needed)
    return ByWords(snapshot.words.of_all(wanted)[rows] if len(wanted) > len(query.words) else bm25, ceiling)
